"""The report: the one thing that every output format draws.

A command makes a report; a format draws it; neither knows the other. `record` is the JSON answer itself, `tables` are
the data tables of csv, tsv, markdown and plain, `screen` is what a person reads in a terminal, and `blocks` is a text
with formulas where the answer is one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from gradcli.report.blocks import Block


class Style(NamedTuple):
    """How numbers are written for people."""

    digits: int = 6


class Aligned(NamedTuple):
    """A cell that is an equation; its equals signs stand below the others of the column: `∂f/∂y = v1 = 5`."""

    parts: tuple[str, ...]


def equation(*parts: str) -> Aligned:
    """A cell `first = second = …`."""
    return Aligned(parts)


class Items(NamedTuple):
    """A cell that lists things: on one line, or one below the other where there is no room."""

    items: tuple[str, ...]


Cell = str | float | Aligned | Items | None


class Foreign(str):
    """A text that came from somebody else's file and is passed on, such as the id of a row: no program is to run it."""

    __slots__ = ()


class Column(NamedTuple):
    """A column: the name in machine formats, the heading for people, the side its cells lean to.

    On a narrow terminal, columns lose the left sides of their equations and then disappear, lowest `keep` first;
    one with keep 9 always stays whole. A column of formulas or sentences may `wrap` before any disappears.
    """

    name: str
    heading: str
    justify: Literal["left", "right"] = "left"
    keep: int = 9
    colour: str = ""
    wrap: bool = False


class Table(NamedTuple):
    """A named table; `ruled` ones are drawn with headings and a line, the others as aligned lines.

    `total` is how many rows there are where only the first ones are given; `title` stands above it, for people.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    ruled: bool = True
    total: int | None = None
    title: str = ""

    @property
    def left_out(self) -> int:
        """How many rows there are beyond those given."""
        return 0 if self.total is None else self.total - len(self.rows)


class Note(NamedTuple):
    """Something the reader should know: kind corner, reading, unused, domain or overflow, the node, a sentence."""

    kind: str
    node: str | None
    message: str

    def record(self) -> dict[str, str | None]:
        """The note as JSON."""
        return {"kind": self.kind, "node": self.node, "message": self.message}


class Report(ABC):
    """What a command found out; each part is made when a format asks for it.

    notes are also part of the record; exit_status is 0, 1 or 3.
    """

    notes: Sequence[Note] = ()
    exit_status: int = 0

    @abstractmethod
    def record(self) -> Mapping[str, Any]:
        """The answer as JSON (schema 1), numbers as they are."""

    @abstractmethod
    def title(self) -> str:
        """The first line for people."""

    @abstractmethod
    def screen(self, rows: int) -> Sequence[Table]:
        """Tables for people, drawn one below the other, with at most `rows` rows each."""

    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """Data tables for machines by name; the first one is the default."""

    def blocks(self, rows: int) -> Sequence[Block]:  # noqa: ARG002
        """A text with headings and formulas, for people; where there is one it is drawn in place of `screen`."""
        return ()

    def quantities(self) -> Mapping[str, Any]:
        """What `--get` can ask for, by name."""
        return {}
