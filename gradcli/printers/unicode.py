"""Text for people: `(x + y)·y`, `σ(w·x + b)`, `x²`. It reads back to the same graph as well."""

import re

from gradcli import grammar
from gradcli.printers.expression import Dialect, Piece, atom, bracketed, number

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _square(a: Piece) -> Piece:
    return bracketed(a, grammar.ATOM) + "²", grammar.POWER


def _power(a: Piece, b: Piece) -> Piece:
    base = bracketed(a, grammar.ATOM)
    if re.fullmatch("-?[0-9]{1,3}", b[0]):
        return base + b[0].translate(SUPERSCRIPTS), grammar.POWER
    return f"{base}^{bracketed(b, grammar.POWER)}", grammar.POWER


SIGNS = {"multiply": "·", "less_equal": " ≤ ", "greater_equal": " ≥ ", "not_equal": " ≠ "}

DIALECT = Dialect(
    infix=SIGNS,
    names={"sigmoid": "σ"},
    special={
        "square": _square,
        "power": _power,
        "sqrt": lambda a: atom(f"√({a[0]})"),
        "abs": lambda a: atom(f"|{a[0]}|"),
    },
    constant=lambda text: number({"pi": "π"}.get(text, text)),
    derivative=lambda output, name: f"∂{output}/∂{name}",
    second_derivative=lambda output, first, second: (
        f"∂²{output}/∂{first}²" if first == second else f"∂²{output}/∂{first}∂{second}"
    ),
    dot="·",
)
