"""One question, or every row of a file (`--each q.csv`): one answer a row, errors by line, the worst exit status."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import typer

from gradcli import output
from gradcli.errors import GradcliError, UsageError
from gradcli.problem import Asked, Problem, read, read_file
from gradcli.report import Report, Table

SEVERITY = (0, 3, 1, 2)
"""Exit statuses from good to bad."""


class Row(NamedTuple):
    """One row of the file: its line, its id, its formula if it has one, its values."""

    line: int
    id: str
    formula: str | None
    values: dict[str, str]


class Named(Report):
    """A report with the id of its row in front."""

    def __init__(self, report: Report, id: str) -> None:
        self.report = report
        self.id = id
        self.notes = report.notes
        self.exit_status = report.exit_status

    def record(self) -> Mapping[str, Any]:
        """The record, with the id after the schema."""
        record = dict(self.report.record())
        return {"schema": record.pop("schema"), "id": self.id, **record}

    def title(self) -> str:
        """The title, with the id."""
        return f"{self.id}: {self.report.title()}"

    def screen(self, rows: int) -> Any:
        """The tables for people."""
        return self.report.screen(rows)

    def tables(self) -> Mapping[str, Table]:
        """The data tables, with a column for the id."""
        found = {}
        for name, table in self.report.tables().items():
            column = table.columns[0].__class__("id", "id")
            rows = [[self.id, *row] for row in table.rows]
            found[name] = Table(table.name, [column, *table.columns], rows, table.ruled, table.total)
        return found

    def quantities(self) -> Mapping[str, Any]:
        """The quantities."""
        return self.report.quantities()


def answer(ctx: typer.Context, asked: Asked, request: output.Request, report: Callable[[Problem], Report]) -> int:
    """Answer the question, or every row of its file; the exit status.

    Raises the errors of a single question; those of a row are told with its line, and the rows after it are answered.
    """
    if asked.each is None:
        return output.write(report(read(ctx, asked)), request)
    if asked.file is not None:
        raise UsageError("--each and --file were given", hint="put the formula into the column formula")
    if request.format == "json":
        request = request._replace(format="jsonl")
    texts: list[str] = []
    worst = 0
    for row in rows_of(asked.each):
        place = f"{asked.each}:{row.line}: "
        try:
            question = asked._replace(formula=row.formula or asked.formula)
            found = Named(report(read(ctx, question, row.values)), row.id)
            text = output.text_of(found, request)
        except GradcliError as error:
            output.to_stderr("".join(f"{line}\n" for line in located(error, place)))
            status = error.exit_status
        else:
            if request.get is not None:
                text = "\t".join([row.id, *text.split("\n")[:-1]]) + "\n"
            elif request.format == "table" and texts:
                text = "\n" + text
            texts.append(text)
            output.write_notes(found, place)
            status = found.exit_status
        worst = max(worst, status, key=lambda each: SEVERITY.index(each) if each in SEVERITY else len(SEVERITY))
    output.deliver("".join(texts), request)
    return worst


def located(error: GradcliError, place: str) -> list[str]:
    """The lines of an error, the first one with its place in the file."""
    first, *rest = error.lines()
    return [first.replace("gradcli: ", f"gradcli: {place}", 1), *rest]


def rows_of(path: str) -> Iterator[Row]:
    """The rows of a CSV file with a heading; empty cells are no values.

    Raises UsageError for a file without a heading or with a row longer than it, EnvironmentFault for an unreadable one.
    """
    import csv

    reader = csv.DictReader(io.StringIO(read_file(path)), strict=True, skipinitialspace=True)
    try:
        if not reader.fieldnames:
            raise UsageError(f"{path} is empty", hint="its first line names the columns: id,formula,x,y")
        for number, cells in enumerate(reader, start=1):
            if None in cells:
                raise UsageError(f"{path}:{reader.line_num}: more cells than columns")
            values = {name.strip(): text.strip() for name, text in cells.items() if text and text.strip()}
            formula = values.pop("formula", None)
            yield Row(reader.line_num, values.pop("id", str(number)), formula, values)
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num}: {error}") from None
