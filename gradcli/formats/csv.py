"""Comma-separated values with a heading (RFC 4180): one data table, every number in full."""

from __future__ import annotations

import io

from gradcli.formats import Drawing, Format, data_table
from gradcli.formats.plain import field
from gradcli.report import Report


def render(report: Report, drawing: Drawing, delimiter: str = ",") -> str:
    """The table asked for: nodes, edges or inputs."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    table = data_table(report, drawing)
    writer.writerow(column.name for column in table.columns)
    writer.writerows([field(cell) for cell in row] for row in table.rows)
    return stream.getvalue()


FORMAT = Format(".csv", ("table",), render, joins="one heading")
