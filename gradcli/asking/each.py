"""One question, or every row of a file (`--each q.csv`): one answer a row, errors by line, the worst exit status."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

from gradcli import formats, output
from gradcli.asking.files import read_file, read_stdin
from gradcli.asking.question import Asked, Problem, read
from gradcli.errors import GradcliError, OutOfRange, UsageError, visible
from gradcli.language.limits import FILE
from gradcli.language.spelling import plain_name
from gradcli.report import Report, of_row
from gradcli.systems.time_limit import within

TIME_LIMIT = 10.0
TIME_PER_NODE = 0.01
"""Seconds that exact numbers and many digits may take, in all and besides for every node."""

SEVERITY = (0, 3, 1, 2)
"""Exit statuses from good to bad."""


class Row(NamedTuple):
    """One row of the file: its line, its id, its formula if it has one, its values; or why it cannot be read."""

    line: int
    id: str
    formula: str | None
    values: dict[str, str]
    error: GradcliError | None = None


def answer(asked: Asked, request: output.Request, report: Callable[[Problem], Report]) -> int:
    """Answer the question, or every row of its file; the exit status.

    Raises the errors of a single question; those of a row are told with its line, and the rows after it are answered.
    """
    path = asked.each
    if path is None:
        found, text = answered(asked, report, request)
        output.deliver(text, request)
        output.write_notes(found)
        return found.exit_status
    if asked.file is not None:
        raise UsageError("--each and --file were given", hint="put the formula into the column formula")
    request = request._replace(format=formats.named(request.format).several or request.format)
    format = formats.named(request.format)
    if format.joins is None:
        raise UsageError(f"--each writes no {request.format}: a document holds one answer", hint="leave out the format")
    if asked.formula == "-":
        asked = asked._replace(formula=read_stdin())
    texts: list[str] = []
    at_once = request.path is None or request.path in output.STDOUT
    first = True
    worst = 0
    used = asked.formula is None
    for row in rows_of(path):
        place = f"{path}:{row.line}: "
        try:
            if row.error is not None:
                raise row.error
            question = asked._replace(formula=row.formula or asked.formula)
            used = used or not row.formula
            found, drawn = answered(question, report, request, row)
            text = cast(str, drawn)  # only a text joins others
        except GradcliError as error:
            output.to_stderr(located(error, place, as_json="record" in format.draws))
            status = error.exit_status
        else:
            if request.get is not None:
                text = "\t".join([row.id, *text.split("\n")[:-1]]) + "\n"
            elif not first:
                text = format.following(text)
            first = False
            if at_once:
                output.deliver(text, request)
            else:
                texts.append(text)
            output.write_notes(found, place)
            status = found.exit_status
        worst = max(worst, status, key=lambda each: SEVERITY.index(each) if each in SEVERITY else len(SEVERITY))
    if not used:
        output.to_stderr(
            f"gradcli: note: every row of {visible(path)} has its own formula: the one typed is left out\n"
        )
    if not at_once:
        output.deliver("".join(texts), request)
    return worst


def answered(
    asked: Asked, report: Callable[[Problem], Report], request: output.Request, row: Row | None = None
) -> tuple[Report, str | bytes]:
    """The report on one question, and how it is written. Raises UsageError when its number system gives up."""
    try:
        task = read(asked, None if row is None else row.values)

        def answer() -> tuple[Report, str | bytes]:
            found = report(task) if row is None else of_row(report(task), row.id)
            return found, output.text_of(found, request)

        return within(seconds(task), answer)
    except OutOfRange as error:
        raise UsageError(f"too much to compute: {error}", hint=asked.numbers.other()) from None


def seconds(task: Problem) -> float:
    """How long an answer may take: without end in floats and symbols, where a node takes no time at all.

    A check watches its time itself.
    """
    if task.system.name in ("float", "symbolic"):
        return math.inf
    return TIME_LIMIT + TIME_PER_NODE * len(task.graph)


def located(error: GradcliError, place: str, *, as_json: bool) -> str:
    """An error with its place in the file: as lines, or as one JSON record."""
    if as_json:
        from json import dumps

        return dumps({**error.record(), "place": place.rstrip(": ")}) + "\n"
    first, *rest = error.lines()
    return "\n".join([first.replace("gradcli: ", f"gradcli: {place}", 1), *rest]) + "\n"


def rows_of(path: str) -> Iterator[Row]:
    """The rows of a CSV file with a heading; empty cells are no values, a row that cannot be read carries its error.

    Raises UsageError for a file without a heading or with two columns of one name, EnvironmentFault for one that cannot
    be opened.
    """
    import csv

    csv.field_size_limit(FILE.characters)
    reader = csv.DictReader(io.StringIO(read_file(path)), strict=True, skipinitialspace=True)
    try:
        names = [plain_name(name.strip()) for name in reader.fieldnames or ()]
    except csv.Error as error:
        raise UsageError(f"{path}:1: {error}") from None
    if not names:
        raise UsageError(f"{path} is empty", hint="its first line names the columns: id,formula,x,y")
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise UsageError(f"{path} has two columns {repeated[0]}", hint="give every column its own name")
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, str(number), None, {}, UsageError(str(error)))
            return
        if None in cells:
            advice = "put quotation marks around a formula with commas"
            yield Row(reader.line_num, str(number), None, {}, UsageError("more cells than columns", hint=advice))
            continue
        texts = [(text or "").strip() for text in cells.values()]
        values = {name: text for name, text in zip(names, texts, strict=True) if text}
        formula = values.pop("formula", None)
        yield Row(reader.line_num, visible(values.pop("id", str(number))), formula, values)
