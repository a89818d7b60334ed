"""One JSON object (schema 1): every number in the shortest digits that read back exactly, nothing left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gradcli.formats import Drawing
from gradcli.report import Report

SUFFIX = ".json"


def render(report: Report, drawing: Drawing) -> str:  # noqa: ARG001
    """The record, one line an entry of its lists, ASCII only."""
    from json import dumps

    def line(value: Any) -> str:
        return dumps(plain_numbers(value), ensure_ascii=True, allow_nan=False)

    def entry(value: Any) -> str:
        if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            return "[\n  " + ",\n  ".join(line(item) for item in value) + "\n ]"
        return line(value)

    body = ",\n ".join(f"{line(key)}: {entry(value)}" for key, value in report.record().items())
    return "{" + body + "}\n"


def plain_numbers(value: Any) -> Any:
    """`value` with "nan", "inf" and "-inf" for what JSON has no number for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {key: plain_numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_numbers(item) for item in value]
    return value
