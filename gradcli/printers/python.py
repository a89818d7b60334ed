"""Python that runs with the standard library alone: a function `f(x, y)`, and `gradient(x, y)` beside it.

The functions compute what gradcli computes, bit for bit: the rules are those of the table, in the forms that floats
use, written down by a number system whose numbers are names; where `math` raises an exception they give nan or inf.
The expressions in them read back to the same graph.
"""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Callable, Sequence

from gradcli.graph import Graph
from gradcli.language import grammar
from gradcli.ops import NATIVE, OPERATIONS
from gradcli.printers.expression import Dialect, Piece, apply, atom
from gradcli.systems.floats import Floats

MATH = {
    "abs": "math.fabs", "tanh": "math.tanh", "cbrt": "math.cbrt", "asinh": "math.asinh", "atan": "math.atan",
    "atan2": "math.atan2", "hypot": "math.hypot", "erf": "math.erf", "erfc": "math.erfc", "round": "rint",
}  # fmt: skip
"""Functions under another name: those that are `math`'s as it stands; `round` is Python's own."""

SIGNS = frozenset({"add", "subtract", "multiply", "negate"})
"""Operations written with Python's own signs."""

LONGEST = 60
"""Operations on one line; a longer expression becomes several statements."""

_LITERAL = re.compile(r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?")
WHOLE = 2**53
"""Whole numbers below are doubles."""

_OWN = frozenset(name for name, each in vars(Floats).items() if isinstance(each, staticmethod))
COPIED = _OWN - MATH.keys() | {"round"}
"""Functions of Floats that are copied into the module."""

RESERVED = frozenset({"math", "inf", "nan", "gradient", "rint", "sinc_slope", "WHOLE"}) | NATIVE | COPIED


# -- the dialect ------------------------------------------------------------------------------------------------------


def name(text: str) -> str:
    """A variable; one that Python or the module would take for something else gets an index: lambda_0."""
    text = text.replace("@", "_")
    return literal_name(text) if keyword.iskeyword(text) or text in RESERVED or text in OPERATIONS else text


def literal_name(text: str) -> str:
    """A name that is nothing else's."""
    return f"{text}_0"


def constant(text: str) -> Piece:
    """A number: as typed where Python reads the same double."""
    if text in ("pi", "e", "inf", "nan"):
        return atom(f"math.{text}")
    value = float(text)
    if not math.isfinite(value):
        return atom("math.inf") if value > 0 else ("-math.inf", grammar.SIGN)
    digits = text.lstrip("-")
    if digits.isdigit():
        text = str(int(text)) if abs(value) < WHOLE else repr(value)
    return (text, grammar.SIGN) if text.startswith("-") else atom(text)


def _floats(arguments: Sequence[Piece]) -> Sequence[Piece]:
    """The same arguments; of numbers only, the first is written as a float, so that floats are computed."""
    if not all(_LITERAL.fullmatch(text) for text, _ in arguments):
        return arguments
    text, level = arguments[0]
    return [(repr(float(text)), level), *arguments[1:]]


def _signed(operation: str) -> Callable[..., Piece]:
    """An operation with a sign."""
    return lambda *arguments: apply(operation, _floats(arguments), _PLAIN)


def _function(operation: str) -> Callable[..., Piece]:
    """A call: of `math`, or of a function written beside it."""
    name = MATH.get(operation, operation)
    return lambda *arguments: atom(f"{name}({', '.join(text for text, _ in _floats(arguments))})")


_PLAIN = Dialect()


def _whole(graph: Graph, gradient: Sequence[str] | None) -> str:
    """The module that holds the formula as a function."""
    from gradcli.printers.python_module import module

    return module(graph, gradient)


DIALECT = Dialect(
    special={operation: _signed(operation) if operation in SIGNS else _function(operation) for operation in OPERATIONS},
    name=name,
    literally=literal_name,
    constant=constant,
    whole=_whole,
)
