"""One JSON object (schema 1): every number in the shortest digits that read back exactly, nothing left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from gradcli.formats import Drawing, Format
from gradcli.report import Report

if TYPE_CHECKING:
    from json import JSONEncoder


def render(report: Report, drawing: Drawing) -> str:  # noqa: ARG001
    """The record, one line an entry of its lists, ASCII only."""

    def entry(value: Any) -> str:
        text = line(value)
        if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            # inside a JSON text a quotation mark is escaped, so this is found between entries only
            return "[\n  " + text[1:-1].replace('}, {"', '},\n  {"') + "\n ]"
        return text

    body = ",\n ".join(f"{line(key)}: {entry(value)}" for key, value in report.record().items())
    return "{" + body + "}\n"


def line(value: Any) -> str:
    """`value` as JSON on one line, ASCII only."""
    encoder = _encoder()
    try:
        return encoder.encode(value)
    except ValueError:  # something in it is not finite; to look for that first takes longer than all the rest
        return encoder.encode(plain_numbers(value))


@cache
def _encoder() -> JSONEncoder:
    from json import JSONEncoder

    return JSONEncoder(allow_nan=False)


def plain_numbers(value: Any) -> Any:
    """`value` with "nan", "inf" and "-inf" for what JSON has no number for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {key: plain_numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_numbers(item) for item in value]
    return value


FORMAT = Format(".json", ("record",), render, several="jsonl")
