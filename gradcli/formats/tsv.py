"""Tab-separated values with a heading: one data table, every number in full."""

from __future__ import annotations

from gradcli.formats import Drawing, Format, csv
from gradcli.report import Report


def render(report: Report, drawing: Drawing) -> str:
    """The table asked for: nodes, edges or inputs."""
    return csv.render(report, drawing, delimiter="\t")


FORMAT = Format(".tsv", ("table",), render, joins="one heading")
