"""The tidy form of a formula: multiplied out, or cancelled, by SymPy, where that makes it shorter.

`y + (x + y)` is `x + 2*y`. Only sums, products, quotients and whole powers are touched; every other operation, σ(w·x +
b) say, is a letter to SymPy and is written as it was typed. Sizes are bounded before SymPy is asked, and `simplify`,
which can run for minutes, never is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcli.errors import OutOfRange, ParseError
from gradcli.graph import CONSTANT, INPUT, Graph
from gradcli.printers.expression import Dialect, in_full, piece_in_full, tree_sizes
from gradcli.systems.bounded import terms
from gradcli.systems.rounded import decimal

OPERATIONS = 60
"""Larger formulas are left as they are."""

TERMS = 60
"""Formulas that would have more terms when they are multiplied out are left as they are."""

LETTERS = 8
"""Fractions in more letters are not cancelled: the greatest common divisor takes long."""

POWER = 12
"""Larger exponents are left as they are, as letters."""

_SUMS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negate": lambda a: -a,
    "square": lambda a: a**2,
    "reciprocal": lambda a: 1 / a,
}


def tidied(graph: Graph, index: int, dialect: Dialect, judge: Dialect | None = None) -> str | None:
    """Node `index` in its tidy form.

    None for a large formula, and where the form as typed has fewer operations, or no more characters (in the dialect
    `judge`, so that it is there in all dialects or in none).
    """
    size = tree_sizes(graph)[index]
    judge = judge or dialect
    typed = in_full(graph, index, judge)
    if not 2 <= size <= OPERATIONS or typed is None:
        return None
    try:
        expression, letters = _read(graph, index)
        if not 0 < terms(expression) <= TERMS or expression.has(*_unreal()):
            return None
        forms = _forms(expression)
        texts = [_written(each, graph, letters, judge) for each in forms]
        (best_size, best), form = min(zip(texts, forms, strict=True), key=lambda each: (each[0][0], len(each[0][1])))
        if best_size > size or len(best) >= len(typed):
            return None
        return best if judge is dialect else _written(form, graph, letters, dialect)[1]
    except (OutOfRange, ParseError):
        return None


def _unreal() -> tuple[Any, ...]:
    import sympy

    return sympy.nan, sympy.zoo, sympy.oo


def _forms(expression: Any) -> list[Any]:
    """The forms to choose from."""
    import sympy

    forms = [sympy.expand(expression)]
    powers = [each for each in expression.atoms(sympy.Pow) if each.exp.is_negative]
    if powers and len(expression.free_symbols) <= LETTERS:
        forms.append(sympy.cancel(expression))
    return forms


def _read(graph: Graph, index: int) -> tuple[Any, dict[str, int]]:
    """The formula as SymPy's, and what the letters stand for that are not variables: nodes of the graph."""
    import sympy

    found: dict[int, Any] = {}
    same: dict[Any, Any] = {}
    letters: dict[str, int] = {}
    prefix = "zz"
    while any(name.startswith(prefix) for name in graph.inputs):
        prefix += "z"
    for i in sorted(graph.behind([index])):
        name, text = graph.operations[i], graph.texts.get(i, "")
        operands = [found[a] for a in graph.arguments[i]]
        if name == INPUT:
            found[i] = sympy.Symbol(text)
        elif name == CONSTANT and text not in ("pi", "e", "nan"):
            number = decimal(text)
            found[i] = sympy.Rational(number.numerator, number.denominator)
        elif name in _SUMS:
            found[i] = _SUMS[name](*operands)
        elif name == "power" and operands[1].is_Integer and abs(operands[1]) <= POWER:
            found[i] = operands[0] ** operands[1]
        else:
            key = (graph.call(i), text, *operands)
            if key not in same:
                same[key] = sympy.Symbol(f"{prefix}{len(same)}")
                letters[str(same[key])] = i
            found[i] = same[key]
    return found[index], letters


def _written(expression: Any, graph: Graph, letters: dict[str, int], dialect: Dialect) -> tuple[int, str]:
    """SymPy's formula with the letters spelled out, and how many operations that has."""
    from gradcli.language.sympy.from_sympy import from_sympy

    def name(text: str) -> str:
        return in_full(graph, letters[text], dialect, brackets=True) or "…" if text in letters else dialect.name(text)

    result = from_sympy(expression)
    uses = result.uses()
    inner = sum(len(uses[i]) * tree_sizes(graph)[letters[each]] for each, i in result.inputs.items() if each in letters)
    size = tree_sizes(result)[result.output] + inner
    return size, piece_in_full(result, result.output, dialect._replace(name=name))[0]
