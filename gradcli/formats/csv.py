"""Comma-separated values with a heading (RFC 4180): one data table, every number in full."""

from __future__ import annotations

import io
import re

from gradcli.formats import Drawing, Format, data_table
from gradcli.formats.plain import field
from gradcli.report import Foreign, Report

NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def render(report: Report, drawing: Drawing, delimiter: str = ",") -> str:
    """The table asked for: nodes, edges or inputs."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    table = data_table(report, drawing)
    writer.writerow(column.name for column in table.columns)
    writer.writerows([inert(cell) if isinstance(cell, Foreign) else field(cell) for cell in row] for row in table.rows)
    return stream.getvalue()


def inert(text: str) -> str:
    """A text of somebody else's, with an apostrophe before what a spreadsheet would compute or run: =, +, -, @.

    A plain number stays one.
    """
    begins = text.lstrip()[:1]
    if begins not in ("=", "+", "-", "@", "|", "%") or NUMBER.fullmatch(text.strip()):
        return text
    return f"'{text}"


FORMAT = Format(".csv", ("table",), render, joins="one heading")
