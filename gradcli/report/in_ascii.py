"""A report spelled in ASCII: its cells, before they are laid out, so that columns stay straight."""

from __future__ import annotations

from gradcli.report import Aligned, Cell, Items, Report, Table
from gradcli.report.words import plain


def in_ascii(report: Report) -> Report:
    """The report for people who see ASCII only; what machines read is the same.

    A text with formulas stays as it is: its lines are no columns, and are spelled when they are written.
    """
    return report._replace(
        title=lambda: plain(report.title()), screen=lambda rows: [spelled(table) for table in report.screen(rows)]
    )


def spelled(table: Table) -> Table:
    """A table in ASCII."""
    columns = [column._replace(heading=plain(column.heading)) for column in table.columns]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return table._replace(columns=columns, rows=rows, title=plain(table.title))


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, Aligned):
        return Aligned(tuple(map(plain, cell.parts)))
    if isinstance(cell, Items):
        return Items(tuple(map(plain, cell.items)))
    return cell
