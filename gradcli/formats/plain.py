"""One line a row, fields separated by tabs, no headings: for the shell (cut, awk, sort)."""

from __future__ import annotations

from gradcli.formats import Drawing, Format, data_table
from gradcli.report import Cell, Report, cell_text
from gradcli.report.plain_text import exact_number


def render(report: Report, drawing: Drawing) -> str:
    """The data table asked for, without its details: of nodes, the name and the numbers."""
    table = data_table(report, drawing)
    shown = [i for i, column in enumerate(table.columns) if not column.detail]
    return "".join("\t".join(field(row[i]) for i in shown) + "\n" for row in table.rows)


def field(cell: Cell) -> str:
    """A cell as text; an empty one where there is nothing."""
    if cell is None:
        return ""
    return exact_number(float(cell)) if isinstance(cell, (int, float)) else cell_text(cell)


FORMAT = Format(".tab", ("table",), render, joins="nothing")
