"""Typst's mathematics: `(x + y) y`, `frac(x, y)`, `sigma(w x + b)`; it stands between dollar signs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcli import grammar
from gradcli.printers.expression import Dialect, Line, Piece, atom, bracketed, greek, names

_KNOWN = "sin cos tan sec csc cot sinh cosh tanh arcsin arccos arctan exp log max min sigma"
KNOWN = frozenset(_KNOWN.split())
"""Functions that Typst has a name for."""


def name(text: str) -> str:
    """A name: `x`, `x_1`, `theta`, words in quotation marks: `"loss"`."""
    stem, number, word, again = names.parts(text)
    if again:
        return f"{name(stem)}^((({again})))"
    if number:
        return f"{_letters(stem)}_{number}"
    return f"{_letters(stem)}_{_letters(word)}" if word else _letters(text)


def _letters(text: str) -> str:
    if len(text) == 1 and text.isascii():
        return text
    word = greek.LETTERS.get(text, text)
    return word if word in greek.WORDS and word != "varsigma" else literal_name(text)


def literal_name(text: str) -> str:
    """A name character by character."""
    return f'"{text}"'


def number(text: str) -> Piece:
    """A number: 1e-05 is 1 dot 10^(-5)."""
    if text in ("pi", "e", "nan", "inf", "-inf"):
        return atom({"inf": "infinity", "-inf": "-infinity", "nan": '"nan"'}.get(text, text))
    mantissa, e, exponent = text.lower().partition("e")
    if e:
        return f"{mantissa} dot 10^({int(exponent)})", grammar.PRODUCT
    return (text, grammar.SIGN) if text.startswith("-") else atom(text)


def times(first: str, second: str) -> str:
    """A blank where the product cannot be mistaken."""
    number_first = re.search(r"(?<![A-Za-z_(])[0-9.]+$", first)
    if second[:1].isdigit() or second.startswith((".", "cases")) or (second.startswith("frac") and number_first):
        return " dot "
    return " dot " if second.startswith("(") and not number_first and not first.endswith(")") else " "


def call(function: str, arguments: Sequence[str]) -> str:
    """`sin(x)`, `op("relu")(x)`."""
    if function not in KNOWN:
        stem = function.rstrip("'")
        function = (stem if len(stem) == 1 else f'op("{stem}")') + function[len(stem) :]
    return f"{function}({', '.join(arguments)})"


def _power(a: Piece, b: Piece) -> Piece:
    exponent = b[0] if re.fullmatch("[0-9]+|[A-Za-z]", b[0]) else f"({b[0]})"
    return f"{bracketed(a, grammar.ATOM)}^{exponent}", grammar.POWER


def _cases(condition: Piece, a: Piece, b: Piece) -> Piece:
    """Conditions one inside the other, in the last branch, are rows of one brace; in a product it has brackets."""
    nested = b[1] == grammar.TERNARY and b[0].startswith("cases(")
    rest = b[0].removeprefix("cases(").removesuffix(")") if nested else f'{b[0]} & "otherwise"'
    return f'cases({a[0]} & "if" {condition[0]}, {rest})', grammar.TERNARY


def program(statements: Sequence[Line]) -> str:
    """One statement as it is; several in lines that are aligned at the equals signs."""
    if len(statements) == 1:
        variable, text = statements[0]
        return f"{variable} = {text}" if variable else text
    return " \\\n".join(f"{variable} &= {text}" if variable else f"& {text}" for variable, text in statements)


DIALECT = Dialect(
    infix={
        "multiply": times, "equal": " = ", "logical_and": " and ", "logical_or": " or ",
    },
    prefix={"logical_not": "not "},
    names={"sigmoid": "sigma", "asin": "arcsin", "acos": "arccos", "atan": "arctan"},
    special={
        "divide": lambda a, b: (f"frac({a[0]}, {b[0]})", grammar.POWER),
        "square": lambda a: _power(a, atom("2")),
        "power": _power,
        "sqrt": lambda a: atom(f"sqrt({a[0]})"),
        "cbrt": lambda a: atom(f"root(3, {a[0]})"),
        "exp": lambda a: _power(atom("e"), a),
        "abs": lambda a: atom(f"abs({a[0]})"),
        "floor": lambda a: atom(f"floor({a[0]})"),
        "ceil": lambda a: atom(f"ceil({a[0]})"),
        "where": _cases,
    },
    letters={"exp": "e"},
    name=name,
    literally=literal_name,
    constant=number,
    call=call,
    derivative=lambda output, variable: f"frac(partial {output}, partial {variable})",
    dot=" dot.op ",
    program=program,
)  # fmt: skip
