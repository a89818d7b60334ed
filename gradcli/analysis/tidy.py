"""The short form of a formula: equal terms collected, factors cancelled, multiplied out where that makes it shorter.

`y + (x + y)` is `x + 2·y`, and `1/σ·(σ·(1 - σ))·x` is `x·(1 - σ)`. Only sums, products, quotients and whole powers are
touched; every other operation, σ(w·x + b) say, is written as it was typed. SymPy is asked only where a sum stands below
a fraction line, which takes the greatest common divisor of polynomials; sizes are bounded before, and `simplify`, which
can run for minutes, is never called.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gradcli.analysis.collected import POWER, TERMS, Collected, copy
from gradcli.errors import OutOfRange, ParseError
from gradcli.graph import CONSTANT, INPUT, Graph, GraphBuilder
from gradcli.printers.expression import Dialect, in_full, tree_sizes
from gradcli.systems.bounded import terms
from gradcli.systems.rounded import decimal

OPERATIONS = 60
"""Larger formulas are left as they are."""

LETTERS = 8
"""Fractions in more letters are not cancelled: the greatest common divisor takes long."""

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
    """Node `index` in its short form.

    None for a large formula, and where the form as typed has fewer operations, or no more characters (in the dialect
    `judge`, so that it is there in all dialects or in none), or the same factors in an order that is no better.
    """
    size = tree_sizes(graph)[index]
    judge = judge or dialect
    typed = in_full(graph, index, judge)
    if not 2 <= size <= OPERATIONS or typed is None:
        return None
    try:
        best = shortest(graph, index)
        text = in_full(best, best.output, judge) or typed
        operations = tree_sizes(best)[best.output]
        if operations > size or len(text) >= len(typed) or (operations == size and _only_moved(typed, text)):
            return None
        return in_full(best, best.output, dialect)
    except (OutOfRange, ParseError):
        return None


def _only_moved(typed: str, text: str) -> bool:
    """Whether the names and numbers are the same, and no number has come to the front."""
    words, others = (re.findall(r"\w+", each) for each in (typed, text))
    return sorted(words) == sorted(others) and (words[0] == others[0] or not others[0].isdigit())


def shortest(graph: Graph, index: int) -> Graph:
    """The form with the fewest operations, as a graph; of equal ones the one that multiplies least out.

    Raises OutOfRange where there is a division by 0, or a number too long.
    """
    reading = Collected(graph, index)
    forms = [reading.written(reading.total)]
    with suppress(OutOfRange):
        forms.append(reading.written(reading.expanded(reading.total)))
    if reading.has_a_divisor_sum(reading.total):
        forms += _cancelled(graph, index)
    return min(forms, key=lambda each: tree_sizes(each)[each.output])


def _cancelled(graph: Graph, index: int) -> list[Graph]:
    """SymPy's forms of a fraction of sums, as graphs; none where it has none."""
    try:
        expression, letters = _read(graph, index)
        if not 0 < terms(expression) <= TERMS or expression.has(*_unreal()):
            return []
        return [_written(each, graph, letters) for each in _forms(expression)]
    except (OutOfRange, ParseError):
        return []


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


def _written(expression: Any, graph: Graph, letters: dict[str, int]) -> Graph:
    """SymPy's formula with the nodes in the place of their letters."""
    from gradcli.language.sympy.from_sympy import from_sympy

    result = from_sympy(expression)
    builder = GraphBuilder()
    place: dict[int, int] = {}
    copied: dict[int, int] = {}
    for i, (operation, arguments) in enumerate(zip(result.operations, result.arguments, strict=True)):
        text = result.texts.get(i, "")
        if text in letters and operation == INPUT:
            place[i] = copy(builder, graph, letters[text], copied)
        elif arguments:
            place[i] = builder.add(operation, tuple(place[a] for a in arguments))
        else:
            place[i] = builder.input(text) if operation == INPUT else builder.constant(text)
    return builder.finish(place[result.output])
