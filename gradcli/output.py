"""Where a result goes: built whole, then written at once; notes go to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from typing import NamedTuple

from gradcli import formats
from gradcli.errors import EnvironmentFault, ReaderLeft, UsageError, closest, visible
from gradcli.report import Report
from gradcli.report.words import exact_number, plain


class Request(NamedTuple):
    """How the user wants the result."""

    format: str = "table"
    get: str | None = None
    rows: int = 200


def write(report: Report, request: Request) -> int:
    """Write the result to standard output and the notes to standard error; the exit status."""
    to_stdout(text_of(report, request))
    write_notes(report)
    return report.exit_status


def text_of(report: Report, request: Request) -> str:
    """The result as it was asked for: bare numbers, or the report in a format."""
    return bare(report, request.get) if request.get is not None else drawn(report, request)


def write_notes(report: Report, place: str = "") -> None:
    """Write the notes of a report to standard error; `place` says which row they are about."""
    for note in report.notes:
        to_stderr(f"gradcli: {place}note: {visible(note.message)}\n")


def drawn(report: Report, request: Request) -> str:
    """The report in the format asked for."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    drawing = formats.Drawing(
        width=max(20, shutil.get_terminal_size().columns) if terminal else None,
        rows=request.rows,
        colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
    )
    return formats.render(request.format, report, drawing)


def bare(report: Report, names: str) -> str:
    """The quantities called `names` (x,a.value), one a line. Raises UsageError for an unknown one."""
    found = report.quantities()
    lines = []
    for name in (part.strip() for part in names.split(",")):
        if name not in found:
            near = closest(name, found)
            hint = f"did you mean {near[0]}?" if near else f"there is: {', '.join(n for n in found if '.' not in n)}"
            raise UsageError(f"--get {name}: nothing has that name", hint=hint)
        quantity = found[name]
        if quantity is None:
            raise UsageError(f"--get {name}: no gradient was asked for there", hint=f"{name.split('.')[0]} is constant")
        lines.append(exact_number(quantity) if isinstance(quantity, float) else str(quantity))
    return "".join(f"{line}\n" for line in lines)


def to_stdout(text: str) -> None:
    """Write to standard output, in ASCII where it cannot encode more.

    Raises EnvironmentFault when it is closed or full; ReaderLeft when nobody reads any more.
    """
    stream = sys.stdout
    if stream is None:
        raise EnvironmentFault("standard output is closed")
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        text = plain(text)
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise ReaderLeft from None
    except OSError as error:
        raise EnvironmentFault(f"cannot write the result: {error.strerror}") from None


def to_stderr(text: str) -> None:
    """Write a note or an error; nothing more can be done where that fails."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.write(text.encode(stream.encoding or "ascii", "backslashreplace").decode(stream.encoding or "ascii"))
        stream.flush()
    except OSError:
        return
