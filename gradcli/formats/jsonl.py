"""JSON Lines: the JSON object on one line, so that many answers make one stream."""

from __future__ import annotations

from gradcli.formats import Drawing, Format
from gradcli.formats.json import line
from gradcli.report import Report


def render(report: Report, drawing: Drawing) -> str:  # noqa: ARG001
    """The record on one line, ASCII only."""
    return line(dict(report.record())) + "\n"


FORMAT = Format(".jsonl", ("record",), render, joins="nothing")
