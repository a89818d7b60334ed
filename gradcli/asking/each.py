"""One question, or every row of a file (`--each q.csv`): one answer a row, errors by line, the worst exit status."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

from gradcli import formats, output
from gradcli.asking.files import read_stdin
from gradcli.asking.question import Asked, Problem, read
from gradcli.asking.rows import Row, sheet
from gradcli.errors import GradcliError, OutOfRange, UsageError, visible
from gradcli.report import Report, of_row
from gradcli.systems.time_limit import within

TIME_LIMIT = 10.0
TIME_PER_NODE = 0.01
"""Seconds that exact numbers and many digits may take, in all and besides for every node."""

SEVERITY = (0, 3, 1, 2)
"""Exit statuses from good to bad."""


def answer(asked: Asked, request: output.Request, report: Callable[[Problem], Report]) -> int:
    """Answer the question, or every row of its file; the exit status.

    Raises the errors of a single question; those of a row are told with its line, and the rows after it are answered.
    """
    path = asked.each
    if path is None:
        single, whole = answered(asked, report, request)
        output.deliver(whole, request)
        output.write_notes(single)
        return single.exit_status
    if asked.file is not None:
        raise UsageError("--each and --file were given", hint="put the formula into the column formula")
    request = request._replace(format=formats.named(request.format).several or request.format)
    format = formats.named(request.format)
    if format.joins is None:
        raise UsageError(f"--each writes no {request.format}: a document holds one answer", hint="leave out the format")
    if asked.formula == "-":
        if path == "-":
            raise UsageError("the formula and --each are both on standard input", hint="type the formula")
        asked = asked._replace(formula=read_stdin())
    found_sheet = sheet(path, has_formula=asked.formula is not None)
    path = "standard input" if path == "-" else path
    told: set[str] = set()
    texts: list[str] = []
    at_once = request.path is None or request.path in output.STDOUT
    first = True
    worst = 0
    used = asked.formula is None
    for row in found_sheet.rows:
        place = f"{path}:{row.line}: "
        found: Report | None = None
        try:
            if row.error is not None:
                raise row.error
            question = of_question(asked, row)
            used = used or not row.formula
            found, drawn = answered(question, report, request, row)
            text = cast(str, drawn)  # only a text joins others
        except GradcliError as error:
            output.to_stderr(located(error, place, as_json="record" in format.draws))
            status = error.exit_status
            text = unanswered(row, request)
        else:
            status = found.exit_status
            if request.get is not None:
                text = "\t".join([row.id, *text.split("\n")[:-1]]) + "\n"
            elif not first:
                text = format.following(text)
            first = False
        if not at_once:
            texts.append(text)
        elif text:
            output.deliver(text, request)
        if found is not None:
            # What a file holds besides is told once
            new = [note for note in found.notes if note.kind != "unused" or note.node not in told]
            told |= {str(note.node) for note in new if note.kind == "unused"}
            output.write_notes(found._replace(notes=new), place)
        worst = max(worst, status, key=lambda each: SEVERITY.index(each) if each in SEVERITY else len(SEVERITY))
    if not used:
        output.to_stderr(
            f"gradcli: note: every row of {visible(path)} has its own formula: the one typed is left out\n"
        )
    if not at_once:
        output.deliver("".join(texts), request)
    return worst


def of_question(asked: Asked, row: Row) -> Asked:
    """The question of one row: its own formula where it has one, and the answers that are to be judged."""
    question = asked._replace(formula=row.formula or asked.formula)
    if asked.answers is None or not row.answers:
        return question
    return question._replace(answers=[*row.answers, *asked.answers], partial=True)


def unanswered(row: Row, request: output.Request) -> str:
    """What stands in the place of a row that cannot be answered: `error` for every bare number, so that none shifts."""
    if request.get is None:
        return ""
    return "\t".join([row.id, *["error" for _ in request.get.split(",")]]) + "\n"


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
