"""Values as typed: `2`, `-1e-5`, `1/3`, `pi/4`, `0,5`. They go through the same parser; no name may stand in them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from gradcli.errors import ParseError, UsageError
from gradcli.graph import Graph
from gradcli.language.parser import parse
from gradcli.passes import forward
from gradcli.systems import FLOATS, System

_DECIMAL_COMMA = re.compile(r"\s*[+-]?[0-9]+,[0-9]+\s*")
_THOUSANDS = re.compile(r"\s*[+-]?(?!0,)([0-9]{1,3}),([0-9]{3})\s*")
"""1,500: a comma between thousands, or a decimal one."""


class Value(NamedTuple):
    """A value as a constant formula, so that every number system can read it in its own way."""

    text: str
    graph: Graph
    note: str = ""

    def number(self, system: System) -> Any:
        """The value in a number system."""
        return forward(self.graph, {}, system).value


def read_range(name: str, text: str) -> tuple[float, float]:
    """An interval as typed, `-1:1` or `0:2pi`. Raises UsageError when it is none, or empty."""
    ends = text.split(":")
    if len(ends) != 2:
        raise UsageError(f"--range {name}={text}: no interval", hint=f"write --range {name}=-1:1")
    low, high = (float(read_value(name, end).number(FLOATS)) for end in ends)
    if not low < high:
        raise UsageError(f"--range {name}={text}: the first end is not the smaller", hint=f"write --range {name}=-1:1")
    return low, high


def read_value(name: str, text: str, *, decimal_comma: bool = False) -> Value:
    """The value given for the variable `name`.

    `1,500` has two readings and is an error, but not with `decimal_comma`, where other numbers around it settle it.
    Raises UsageError, with the option named, when it is no finite number.
    """
    note = ""
    parts = _THOUSANDS.fullmatch(text)
    if parts and not decimal_comma:
        hint = f"write {parts[1]}{parts[2]} for thousands, {parts[1]}.{parts[2]} for a decimal number"
        raise UsageError(f"--{name} {text.strip()} can be read in two ways", hint=hint)
    if _DECIMAL_COMMA.fullmatch(text):
        note = f"--{name} {text.strip()} is read as {text.strip().replace(',', '.')}"
        text = text.replace(",", ".")
    if not text.strip():
        raise UsageError(f"no value for {name}", hint=f"write --{name} 2")
    if ";" in text or "\n" in text.strip():
        raise UsageError(f"the value of {name} is more than one number: {text}", hint=f"write --{name} 2")
    try:
        graph = parse(text)
    except ParseError as error:
        raise UsageError(
            f"the value of {name} cannot be read: {error.message}",
            source=error.source,
            span=error.span,
            hint=error.hint,
        ) from None
    if graph.inputs or graph.bindings:
        raise UsageError(
            f"the value of {name} is no number: {text}", hint=f"write a number, for example --{name} 2 or --{name} 1/3"
        )
    value = Value(text.strip(), graph, note)
    if not FLOATS.is_finite(value.number(FLOATS)):
        raise UsageError(f"the value of {name} is not a finite number: {text}")
    return value
