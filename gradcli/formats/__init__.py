"""Output formats: one file each, found by listing this folder.

A format is a file that ends in one record, its `FORMAT`; the docstring of the file is its help. Everything that others
have to know of a format is a field of this record: nobody but the file itself asks for a format by name.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Literal, NamedTuple

from gradcli.errors import UsageError
from gradcli.report import Report, Table

NAMES: Sequence[str] = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))

DEFAULT = "table"
"""What is written where nobody asked for a format."""

SHORT: Sequence[str] = ("json", "csv")
"""The formats that are options as well: --json is --format json."""

Part = Literal["table", "record", "page", "picture"]
"""What a format can draw of a report: one data table, the JSON record, what people read, the picture."""


class Drawing(NamedTuple):
    """What the place of the output allows, and what the user asked for.

    width  columns of the terminal; None where lines may be as long as they need (a pipe, a file)
    rows   the most rows of a table for people
    colour whether colours may be used
    table  the data table to write, by name; None for the first
    fragment  without what stands around a document
    digits significant digits, where the format writes numbers for people itself
    ascii  whether what is laid out in columns of characters must be spelled in ASCII
    """

    width: int | None = None
    rows: int = 200
    colour: bool = False
    table: str | None = None
    fragment: bool = False
    ascii: bool = False
    digits: int = 6


class Format(NamedTuple):
    """How a report is written.

    suffix     the end of its files' names
    draws      which parts of a report it draws, the first of them that the report has
    render     the report as a text, or as bytes where the format is no text
    joins      what stands between several answers of one file: "nothing"; "one heading", the first line of the first;
               "blank line"; None where a document holds one answer
    several    the format that several answers are written in, by name, where it is another one
    rounds     whether it is for people: numbers are rounded to a few digits and the first rows are shown; the others
               leave nothing out
    is_bytes   whether it is no text, so that no terminal can show it
    fragments  whether it can leave out what stands around a document
    """

    suffix: str
    draws: Sequence[Part]
    render: Callable[[Report, Drawing], str | bytes]
    joins: Literal["nothing", "one heading", "blank line"] | None = None
    several: str | None = None
    rounds: bool = False
    is_bytes: bool = False
    fragments: bool = False

    def draws_only(self, part: Part) -> bool:
        """Whether it draws one part of a report and no other."""
        return tuple(self.draws) == (part,)

    def following(self, text: str) -> str:
        """The text of an answer that stands behind another one."""
        if self.joins == "one heading":
            return text.partition("\n")[2]
        return "\n" + text if self.joins == "blank line" else text


@cache
def named(name: str) -> Format:
    """The format called `name`, one of NAMES."""
    found: Format = import_module(f"{__name__}.{name}").FORMAT
    return found


def that(suits: Callable[[Format], bool]) -> Iterator[str]:
    """The names of the formats that suit, for a sentence that lists them."""
    return (name for name in NAMES if suits(named(name)))


def render(name: str, report: Report, drawing: Drawing) -> str | bytes:
    """The report in the format called `name`. Raises UsageError when it draws pictures and the report has none."""
    format = named(name)
    if format.draws_only("picture") and report.picture is None:
        others = ", ".join(that(lambda each: not each.draws_only("picture")))
        raise UsageError(f"{name} draws a picture, and this answer has none", hint=f"--format takes: {others}")
    return format.render(report, drawing)


def of_suffix(path: str) -> str | None:
    """The format of a file by its suffix; None when no format has it."""
    return next((name for name in NAMES if path.endswith(named(name).suffix)), None)


def data_table(report: Report, drawing: Drawing) -> Table:
    """The data table asked for. Raises UsageError when the report has none of that name."""
    tables = report.tables()
    if drawing.table is None:
        return next(iter(tables.values()))
    if drawing.table not in tables:
        raise UsageError(f"there is no table {drawing.table} here", hint=f"--table takes: {', '.join(tables)}")
    return tables[drawing.table]
