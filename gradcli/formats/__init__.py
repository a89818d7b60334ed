"""Output formats: one file each, found by listing this folder.

A format has a docstring (its help), `SUFFIX`, the end of its files' names, and `render(report, drawing) -> str`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

from gradcli.errors import UsageError
from gradcli.report import Report, Table

NAMES: Sequence[str] = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


class Drawing(NamedTuple):
    """What the place of the output allows, and what the user asked for.

    width  columns of the terminal; None where lines may be as long as they need (a pipe, a file)
    rows   the most rows of a table for people
    colour whether colours may be used
    table  the data table to write, by name; None for the first
    fragment  without what stands around a document
    """

    width: int | None = None
    rows: int = 200
    colour: bool = False
    table: str | None = None
    fragment: bool = False


TABULAR = ("csv", "tsv", "markdown", "plain")
"""Formats that write one data table."""

FOR_PEOPLE = ("table", "html", "latex")
"""Formats that round numbers to a few digits and show the first rows; the others leave nothing out."""


def data_table(report: Report, drawing: Drawing) -> Table:
    """The data table asked for. Raises UsageError when the report has none of that name."""
    tables = report.tables()
    if drawing.table is None:
        return next(iter(tables.values()))
    if drawing.table not in tables:
        raise UsageError(f"there is no table {drawing.table} here", hint=f"--table takes: {', '.join(tables)}")
    return tables[drawing.table]


def render(name: str, report: Report, drawing: Drawing) -> str:
    """The report in the format called `name`."""
    text: str = import_module(f"{__name__}.{name}").render(report, drawing)
    return text


def of_suffix(path: str) -> str | None:
    """The format of a file by its suffix; None when no format has it."""
    for name in NAMES:
        if path.endswith(import_module(f"{__name__}.{name}").SUFFIX):
            return name
    return None
