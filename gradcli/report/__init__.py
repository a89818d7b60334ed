"""The report: the one thing that every output format draws.

A command makes a report; a format draws it; neither knows the other. A report is a record of its parts: whoever changes
one keeps all the others (`_replace`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from gradcli.report.formulas import Formula, Part, Phrase, told

if TYPE_CHECKING:
    from gradcli.report.blocks import Block
    from gradcli.report.picture import Picture


class Style(NamedTuple):
    """How numbers are written for people."""

    digits: int = 6


class Items(NamedTuple):
    """A cell that lists things: on one line, or one below the other where there is no room; `stacked`, always so."""

    items: tuple[Part | Phrase, ...]
    stacked: bool = False


Cell = str | float | Formula | Phrase | Items | None
"""Words; a number; a formula, whose signs stand below the others of its column; words and formulas; several of them."""

Title = Sequence[Phrase]
"""The first line for people: what it is about, and behind it the point or what else belongs there."""


class Foreign(str):
    """A text that came from somebody else's file and is passed on, such as the id of a row: no program is to run it."""

    __slots__ = ()


class Column(NamedTuple):
    """A column: the name in machine formats, the heading for people, the side its cells lean to.

    On a narrow terminal, columns lose the left sides of their equations and then disappear, lowest `keep` first;
    one with keep 9 always stays whole. A column of formulas or sentences may `wrap` before any disappears. A `detail`
    of a data table is left out where only names and numbers are wanted.
    """

    name: str
    heading: str
    justify: Literal["left", "right"] = "left"
    keep: int = 9
    colour: str = ""
    wrap: bool = False
    detail: bool = False


class Table(NamedTuple):
    """A named table; `ruled` ones are drawn with headings and a line, the others as aligned lines.

    `total` is how many rows there are where only the first ones are given; `title` stands above it, for people;
    `caption` says what it shows, where a page gives every table a line of its own; `drawn` in characters, like a plot,
    it is no text.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    ruled: bool = True
    total: int | None = None
    title: str = ""
    caption: str = ""
    drawn: bool = False

    @property
    def left_out(self) -> int:
        """How many rows there are beyond those given."""
        return 0 if self.total is None else self.total - len(self.rows)


def cell_text(cell: str | Formula | Phrase | Items) -> str:
    """A cell in the notation for people, on one line."""
    from gradcli.printers import unicode

    if isinstance(cell, Items):
        return ", ".join(map(cell_text, cell.items))
    if isinstance(cell, Phrase):
        return told(cell.parts, unicode.DIALECT)
    return cell.line(unicode.DIALECT) if isinstance(cell, Formula) else cell


def title_text(title: Title) -> str:
    """A title in the same notation."""
    return "   ".join(map(cell_text, title))


class Note(NamedTuple):
    """Something the reader should know: kind corner, reading, unused, domain or overflow, the node, a sentence."""

    kind: str
    node: str | None
    message: str

    def record(self) -> dict[str, str | None]:
        """The note as JSON."""
        return {"kind": self.kind, "node": self.node, "message": self.message}


def _no_text(rows: int) -> Sequence[Block]:  # noqa: ARG001
    return ()


def _no_quantities() -> Mapping[str, Any]:
    return {}


class Report(NamedTuple):
    """What a command found out. A part is a function without side effects: it is made when a format asks for it.

    command     the command
    title       the first line for people
    facts       what the JSON record holds of this command's own, numbers as they are
    screen      tables for people, drawn one below the other, with at most so many rows each
    tables      data tables for machines by name; the first one is the default
    blocks      a text with headings and formulas, for people; where there is one it is drawn in place of `screen`
    quantities  what `--get` can ask for, by name
    formula     the formula as it was typed, if there is one
    notes       what the reader should know
    unsaid      notes that only the record holds: people read the same elsewhere in the answer
    has_notes   whether the record has a place for notes
    exit_status 0, 1 or 3
    picture     None where there is nothing to draw
    id          of the row of a file that this is the answer to
    """

    command: str
    title: Callable[[], Title]
    facts: Callable[[], Mapping[str, Any]]
    screen: Callable[[int], Sequence[Table]]
    tables: Callable[[], Mapping[str, Table]]
    blocks: Callable[[int], Sequence[Block]] = _no_text
    quantities: Callable[[], Mapping[str, Any]] = _no_quantities
    formula: str | None = None
    notes: Sequence[Note] = ()
    unsaid: Sequence[Note] = ()
    has_notes: bool = True
    exit_status: int = 0
    picture: Picture | None = None
    id: str | None = None

    def record(self) -> dict[str, Any]:
        """The answer as JSON, schema 1: the facts in the envelope that all commands share."""
        record: dict[str, Any] = {"schema": 1}
        if self.id is not None:
            record["id"] = self.id
        record["command"] = self.command
        if self.formula is not None:
            record["formula"] = self.formula
        record |= self.facts()
        if self.has_notes:
            record["notes"] = [note.record() for note in (*self.notes, *self.unsaid)]
        return record


class Parts(Protocol):
    """What was found out, with the parts of its report as methods."""

    @property
    def notes(self) -> Sequence[Note]:
        """What the reader should know."""

    @property
    def exit_status(self) -> int:
        """0, 1 or 3."""

    def title(self) -> Title:
        """The first line for people."""

    def facts(self) -> Mapping[str, Any]:
        """What the JSON record holds."""

    def screen(self, rows: int) -> Sequence[Table]:
        """Tables for people."""

    def tables(self) -> Mapping[str, Table]:
        """Data tables for machines."""

    def quantities(self) -> Mapping[str, Any]:
        """What `--get` can ask for."""


def of_parts(command: str, parts: Parts, formula: str | None = None) -> Report:
    """The report of a command whose parts are methods of one object."""
    return Report(
        command,
        parts.title,
        parts.facts,
        parts.screen,
        parts.tables,
        quantities=parts.quantities,
        formula=formula,
        notes=parts.notes,
        exit_status=parts.exit_status,
    )


def of_row(report: Report, id: str) -> Report:
    """A report with the id of its row in front: in the title, in the record, and as a column of the data tables."""

    def tables() -> dict[str, Table]:
        return {
            name: table._replace(
                columns=[Column("id", "id"), *table.columns], rows=[[Foreign(id), *row] for row in table.rows]
            )
            for name, table in report.tables().items()
        }

    def titled() -> Title:
        first, *rest = report.title()
        return [Phrase((f"{id}: ", *first.parts)), *rest]

    return report._replace(title=titled, tables=tables, id=id)
