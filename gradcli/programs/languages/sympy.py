"""SymPy code: `x*y + Rational(1, 3)`, `Max(0, x)`, `Piecewise((x, x > 0), (0, True))`.

Numbers stay exact where Python would divide them first. Operations that SymPy lacks are written in those it has:
sigmoid(x) as 1/(1 + exp(-x)).
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable

from gradcli.ops import library
from gradcli.printers.expression import Dialect, Piece, apply, atom, number
from gradcli.programs.language import Language

CALLS = {
    "max": "Max", "min": "Min", "abs": "Abs", "sign": "sign", "floor": "floor", "ceil": "ceiling", "mod": "Mod",
    "step": "Heaviside", "equal": "Eq", "not_equal": "Ne", "logical_and": "And", "logical_or": "Or",
    "logical_not": "Not",
}  # fmt: skip
"""Functions that SymPy calls by another name."""

_SAME = """
    add subtract multiply divide negate power square sqrt exp log log_base relu where less less_equal greater
    greater_equal sin cos tan sec csc cot asin acos atan atan2 sinc sinh cosh tanh asinh acosh atanh erf erfc erfinv
    gamma loggamma digamma beta
"""
"""Operations that it has under the same name, or that are spelled below."""

_LITERAL = re.compile(r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?")
_NAMES = re.compile(r"[EINOQS]|[Ll]ambda|beta|gamma|zeta|Si|Ci|pi")
"""Names that mean something to SymPy when they stand alone."""


def name(text: str) -> str:
    """A variable; one that Python or SymPy would take for something else gets an index: lambda_0."""
    return literal_name(text) if keyword.iskeyword(text) or _NAMES.fullmatch(text) else text.replace("@", "_")


def literal_name(text: str) -> str:
    """A name that is nothing else's."""
    return f"{text}_0"


def constant(text: str) -> Piece:
    """A number; e is exp(1), because the letter E alone is a name of a variable to us."""
    plain = text.lstrip("0") or "0" if text.isdigit() else text
    return number({"e": "exp(1)", "inf": "oo", "-inf": "-oo"}.get(text, plain))


def _exact(text: str) -> str:
    """A number as SymPy's own."""
    if not _LITERAL.fullmatch(text):
        return text
    return f"Integer({text})" if text.lstrip("-").isdigit() else f"Float({text})"


def _plain(operation: str) -> Callable[..., Piece]:
    """An operation with a sign; Python would compute with numbers only, so the first of them is SymPy's."""

    def write(*arguments: Piece) -> Piece:
        if all(_LITERAL.fullmatch(text) for text, _ in arguments):
            arguments = (atom(_exact(arguments[0][0])), *arguments[1:])
        return apply(operation, arguments, _PLAIN)

    return write


def _divide(a: Piece, b: Piece) -> Piece:
    if all(re.fullmatch("-?[0-9]+", text) for text, _ in (a, b)):
        return atom(f"Rational({a[0]}, {b[0]})")
    return _plain("divide")(a, b)


def _call(function: str) -> Callable[..., Piece]:
    return lambda *arguments: atom(f"{function}({', '.join(text for text, _ in arguments)})")


def _where(condition: Piece, a: Piece, b: Piece) -> Piece:
    return atom(f"Piecewise(({a[0]}, {condition[0]}), ({b[0]}, True))")


_PLAIN = Dialect()
_SIGNS = ("add", "subtract", "multiply", "negate", "power", "square", "less", "less_equal", "greater", "greater_equal")

_EXPRESSIONS = Dialect(
    names={"log_base": "log"},
    special={
        **{operation: _plain(operation) for operation in _SIGNS},
        **{operation: _call(function) for operation, function in CALLS.items()},
        "divide": _divide,
        "relu": lambda a: atom(f"Max(0, {a[0]})"),
        "copy": lambda a: a,
        "sqrt": lambda a: atom(f"sqrt({a[0]})"),
        "where": _where,
    },
    name=name,
    literally=literal_name,
    constant=constant,
    derivative=lambda output, variable: f"d{output}_d{variable}",
)

LANGUAGE = Language(
    dialect=_EXPRESSIONS,
    has=frozenset(_SAME.split()) | CALLS.keys() | {entry.name for entry in library.TABLE},
    lacks="SymPy's code has no word for",
    instead="latex",
)
