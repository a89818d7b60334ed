"""One line a row, fields separated by tabs, no headings: for the shell (cut, awk, sort)."""

from __future__ import annotations

from gradcli.formats import Drawing, Format, data_table
from gradcli.report import Aligned, Cell, Items, Report
from gradcli.report.words import exact_number


def render(report: Report, drawing: Drawing) -> str:
    """The data table asked for; of nodes, the name and the numbers."""
    table = data_table(report, drawing)
    left_out = ("kind", "operation", "expression") if table.name == "nodes" else ()
    shown = [i for i, column in enumerate(table.columns) if column.name not in left_out]
    return "".join("\t".join(field(row[i]) for i in shown) + "\n" for row in table.rows)


def field(cell: Cell) -> str:
    """A cell as text; an empty one where there is nothing."""
    if cell is None:
        return ""
    if isinstance(cell, (int, float)):
        return exact_number(float(cell))
    if isinstance(cell, Aligned):
        return " = ".join(cell.parts)
    if isinstance(cell, Items):
        return ", ".join(cell.items)
    return cell


FORMAT = Format(".tab", ("table",), render, joins="nothing")
