"""Python that runs with the standard library alone: a function `f(x, y)`, and `gradient(x, y)` beside it.

The functions compute what gradcli computes, bit for bit: the rules are those of the table, in the forms that floats
use; where `math` raises an exception they give nan or inf. The expressions in them read back to the same graph.
"""

from __future__ import annotations

import keyword
import math
import re
import textwrap
from collections.abc import Callable, Sequence
from functools import lru_cache

from gradcli import grammar
from gradcli.ops import NATIVE, OPERATIONS
from gradcli.printers.expression import Dialect, Piece, apply, atom
from gradcli.programs.language import Language, Statements, Variant
from gradcli.programs.runtime import read

MATH = {
    "abs": "math.fabs", "tanh": "math.tanh", "cbrt": "math.cbrt", "asinh": "math.asinh", "atan": "math.atan",
    "atan2": "math.atan2", "hypot": "math.hypot", "erf": "math.erf", "erfc": "math.erfc",
}  # fmt: skip
"""Functions of `math` that are those of the table as they stand."""

NAMES = MATH | {"round": "rint"}
"""Functions under another name: `math`'s, and one whose name is Python's own for something else."""

SIGNS = frozenset({"add", "subtract", "multiply", "negate"})
"""Operations written with Python's own signs."""

RUNTIME = "python.py"

_LITERAL = re.compile(r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?")
WHOLE = 2**53
"""Whole numbers below are doubles."""


# -- expressions ------------------------------------------------------------------------------------------------------


def name(text: str) -> str:
    """A variable; one that Python or the module would take for something else gets an index: lambda_0."""
    text = text.replace("@", "_")
    return literal_name(text) if keyword.iskeyword(text) or text in OPERATIONS or text in _reserved() else text


@lru_cache(maxsize=1)
def _reserved() -> frozenset[str]:
    """The names that mean something in the module."""
    runtime = read(RUNTIME)
    return NATIVE | {"math", "gradient"} | runtime.functions.keys() | runtime.constants.keys()


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
    for text, _ in arguments:
        if not _LITERAL.fullmatch(text):
            return arguments
    text, level = arguments[0]
    return [(repr(float(text)), level), *arguments[1:]]


def _signed(operation: str) -> Callable[..., Piece]:
    """An operation with a sign."""
    return lambda *arguments: apply(operation, _floats(arguments), _PLAIN)


def _called(operation: str) -> Callable[..., Piece]:
    """A call: of `math`, or of a function written beside it."""
    name = NAMES.get(operation, operation)
    return lambda *arguments: atom(f"{name}({', '.join([text for text, _ in _floats(arguments)])})")


_PLAIN = Dialect()

_EXPRESSIONS = Dialect(
    names=NAMES,
    special={operation: _signed(operation) if operation in SIGNS else _called(operation) for operation in OPERATIONS},
    name=name,
    literally=literal_name,
    constant=constant,
)


# -- functions --------------------------------------------------------------------------------------------------------


def _under(tests: Sequence[str], lines: Sequence[str]) -> Sequence[str]:
    return [f"if {' and '.join(tests)}:", *(f"    {line}" for line in lines)]


def _results(texts: Sequence[str]) -> str:
    """A tuple."""
    return f"return {', '.join(texts)}{',' if len(texts) == 1 else ''}" if texts else "return ()"


def _function_text(name: str, doc: str, variants: Sequence[Variant]) -> str:
    """A function; with several variants it looks how many arguments there are."""
    lines = [f'"""{doc}"""'] if doc else []
    (parameters, last), *others = reversed(variants)
    for names, body in reversed(others):
        fetched = f"{', '.join(names)} = arguments"
        lines += _under([f"len(arguments) == {len(names)}"], [fetched, *body])
    lines += [f"{', '.join(parameters)} = arguments", *last] if others else last
    head = "*arguments" if others else ", ".join(parameters)
    return f"def {name}({head}):\n{textwrap.indent(chr(10).join(lines), '    ')}\n"


def _module(constants: Sequence[str], functions: Sequence[str]) -> str:
    """The whole text; `math` is imported where it is needed."""
    text = "\n\n".join(functions)
    imports = "import math\n\n" if constants or "math." in text else ""
    start = "".join(f"{line}\n" for line in constants)
    return (imports + (f"{start}\n\n" if start else "\n" if imports else "") + text).rstrip("\n")


LANGUAGE = Language(
    dialect=_EXPRESSIONS,
    has=SIGNS | MATH.keys(),
    lacks="Python's math has no function for",
    instead="sympy",
    nan="math.nan",
    runtime=RUNTIME,
    statements=Statements(
        assign=lambda name, text: f"{name} = {text}",
        result=lambda text: f"return {text}",
        results=_results,
        under=_under,
        nothing="None",
        is_nothing=lambda name: f"{name} is None",
        is_something=lambda name: f"{name} is not None",
        holds=lambda condition: f"{condition} != 0.0",
        fails=lambda condition: f"not {condition} > 0.0 and not {condition} < 0.0",
        either=lambda test, first, second: f"{first} if {test} else {second}",
        parameter=lambda name, value: f"{name}={value}",
        function=_function_text,
        module=_module,
    ),
)
