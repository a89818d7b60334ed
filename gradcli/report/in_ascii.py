"""A report spelled in ASCII: its cells, before they are laid out, so that columns stay straight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.report import Aligned, Cell, Items, Report, Table
from gradcli.report.blocks import Block
from gradcli.report.words import plain


class InAscii(Report):
    """Another report, for people who see ASCII only; what machines read is the same."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.notes = report.notes
        self.exit_status = report.exit_status
        self.picture = report.picture

    def record(self) -> Mapping[str, Any]:
        """The record as it is."""
        return self.report.record()

    def title(self) -> str:
        """The title in ASCII."""
        return plain(self.report.title())

    def screen(self, rows: int) -> Sequence[Table]:
        """The tables with every heading and cell in ASCII."""
        return [spelled(table) for table in self.report.screen(rows)]

    def blocks(self, rows: int) -> Sequence[Block]:
        """The text as it is: its lines are no columns, and are spelled when they are written."""
        return self.report.blocks(rows)

    def tables(self) -> Mapping[str, Table]:
        """The data tables as they are."""
        return self.report.tables()

    def quantities(self) -> Mapping[str, Any]:
        """The quantities as they are."""
        return self.report.quantities()


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
