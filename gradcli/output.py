"""Where a result goes: built whole, then written at once; notes go to standard error."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Sequence
from typing import NamedTuple

from gradcli import formats
from gradcli.errors import EnvironmentFault, ReaderLeft, UsageError, closest, visible
from gradcli.language.spelling import same_name
from gradcli.report import Report, Style
from gradcli.report.plain_text import exact_number, plain

SIGNS = "∂·─"
"""What tables are drawn with; a stream that cannot carry it gets ASCII."""

DEFAULT_DIGITS = 6
DEFAULT_ROWS = 200


class Request(NamedTuple):
    """How the user wants the result.

    get     names of quantities, for bare numbers
    table   the data table, by name
    path    the file it goes to; `force` lets it replace one that exists
    colour  auto, always or never
    ascii   ASCII spellings only
    digits  significant digits in tables for people
    fragment  a document without what stands around it, to be put into another
    """

    format: str = formats.DEFAULT
    get: str | None = None
    rows: int = DEFAULT_ROWS
    table: str | None = None
    path: str | None = None
    force: bool = False
    colour: str = "auto"
    ascii: bool = False
    digits: int = DEFAULT_DIGITS
    fragment: bool = False

    @property
    def style(self) -> Style:
        """How numbers are written for people."""
        return Style(self.digits)


def requested(
    *,
    format: str | None = None,
    short: Sequence[str] = (),
    table: str | None = None,
    get: str | None = None,
    bare: str | None = None,
    text: bool = False,
    output: str | None = None,
    force: bool = False,
    rows: int = DEFAULT_ROWS,
    color: str = "auto",
    ascii: bool = False,
    digits: int = DEFAULT_DIGITS,
) -> Request:
    """How the user wants the result.

    `short` are the formats asked for by an option of their own; `bare` is the quantity that stands alone where no
    format is asked for; a `text` is rounded in every format.

    Raises UsageError for wishes that exclude each other, or that a format cannot fulfil.
    """
    wishes = list(dict.fromkeys([*([format] if format else []), *short]))
    if len(wishes) > 1:
        raise UsageError(f"the formats {' and '.join(wishes)} exclude each other", hint="give one of them")
    if get is not None and wishes:
        raise UsageError("--get writes bare numbers: it takes no format", hint="leave out the format")
    if force and output is None:
        raise UsageError("--force goes with --output", hint="write --output FILE --force")
    get = bare if get is None and not wishes else get
    chosen = wishes[0] if wishes else formats.DEFAULT if get is not None else format_of(output)
    record = formats.named(chosen)
    if table is not None and (get is not None or "table" not in record.draws):
        tabular = ", ".join(formats.that(lambda each: "table" in each.draws))
        raise UsageError(f"--table goes with {tabular}", hint=f"the format is {chosen}")
    for option, changed in (
        ("--rows", rows != DEFAULT_ROWS),
        ("--digits", digits != DEFAULT_DIGITS and not text),
    ):
        if changed and (get is not None or not record.rounds):
            what = f"{option} goes with {', '.join(formats.that(lambda each: each.rounds))}"
            raise UsageError(
                what, hint=f"{'--get' if get is not None else chosen} leaves nothing out and rounds nothing"
            )
    return Request(chosen, get, rows, table, output, force, color, ascii, digits)


def format_of(path: str | None) -> str:
    """The format that the suffix of a file names; without a file the table. Raises UsageError for another suffix."""
    if path in (None, "-"):
        return formats.DEFAULT
    found = formats.of_suffix(str(path))
    if found is None:
        raise UsageError(f"the suffix of {path} names no format", hint="add --format, or end it in .json, .csv, .md …")
    return found


def write(report: Report, request: Request) -> int:
    """Write the result where it was asked for and the notes to standard error; the exit status."""
    deliver(text_of(report, request), request)
    write_notes(report)
    return report.exit_status


def deliver(text: str | bytes, request: Request) -> None:
    """Write the whole text, or the bytes, to the file asked for, or to standard output."""
    if request.ascii and isinstance(text, str):
        text = plain(text)
    if request.path is None:
        to_stdout(text)
    else:
        to_file(text, request.path, force=request.force)


def text_of(report: Report, request: Request) -> str | bytes:
    """The result as it was asked for: bare numbers, or the report in a format."""
    return bare(report, request.get) if request.get is not None else drawn(report, request)


def write_notes(report: Report, place: str = "") -> None:
    """Write the notes of a report to standard error; `place` says which row they are about."""
    for note in report.notes:
        to_stderr(f"gradcli: {place}note: {visible(note.message)}\n")


def terminal_width() -> int:
    """Columns of the terminal; 80 where there is none."""
    return max(20, shutil.get_terminal_size().columns)


def drawn(report: Report, request: Request) -> str | bytes:
    """The report in the format asked for. Raises UsageError for bytes on a terminal."""
    terminal = request.path is None and sys.stdout is not None and sys.stdout.isatty()
    format = formats.named(request.format)
    if terminal and format.is_bytes:
        raise UsageError(
            f"{request.format} is no text: a terminal cannot show it", hint=f"write --output FILE{format.suffix}"
        )
    drawing = formats.Drawing(
        width=terminal_width() if terminal else None,
        rows=request.rows,
        colour=colours(request.colour, terminal=terminal),
        table=request.table,
        fragment=request.fragment,
        ascii=request.ascii or (request.path is None and encodable(SIGNS) != SIGNS),
        digits=request.digits,
    )
    return formats.render(request.format, report, drawing)


def colours(wish: str, *, terminal: bool) -> bool:
    """Whether to use colours: --color wins, then NO_COLOR and FORCE_COLOR (when not empty), then the terminal."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
"""Names of standard output as a file."""


def to_file(text: str | bytes, path: str, *, force: bool) -> None:
    """Write a file whole or not at all: beside its place first, then moved there.

    A device or a pipe cannot be replaced: the result goes into it. Raises EnvironmentFault when a file exists and
    `force` is not given, when there is a folder, or when it cannot be written.
    """
    if path in STDOUT:
        to_stdout(text)
        return
    try:
        if os.path.isdir(path):
            raise EnvironmentFault(f"{path} is a folder")
        if os.path.islink(path):
            with contextlib.suppress(FileNotFoundError):
                os.stat(path)  # a link that leads to itself raises
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as stream:
                stream.write(bytes_of(text))
            return
        if not force and os.path.lexists(path):
            raise FileExistsError
        replace_file(bytes_of(text), os.path.realpath(path) if force else path, force=force)
    except FileExistsError:
        raise EnvironmentFault(f"{path} exists already", hint="add --force to replace it") from None
    except BrokenPipeError:
        raise ReaderLeft from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise EnvironmentFault(f"cannot write {path}: {reason}") from None


def bytes_of(text: str | bytes) -> bytes:
    """What stands in a file: a text in UTF-8, its line ends as they are."""
    return text.encode("utf-8") if isinstance(text, str) else text


def replace_file(content: bytes, target: str, *, force: bool) -> None:
    """Write `content` to a new file beside `target` and move it there.

    Raises OSError; FileExistsError without `force`.
    """
    temporary = os.path.join(os.path.dirname(target), f".gradcli-{os.getpid()}-{os.urandom(6).hex()}")
    try:
        with open(temporary, "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if not force:
            claim(temporary, target)
        elif os.path.exists(target):
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def claim(temporary: str, target: str) -> None:
    """Make `target` ours, in one step that only one process can take. Raises FileExistsError when it is another's.

    A hard link gives the whole file its name at once (the temporary name is left to be removed); a file system without
    links gets an empty file first, which is then replaced.
    """
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))


def bare(report: Report, names: str) -> str:
    """The quantities called `names` (x,a.value), one a line. Raises UsageError for an unknown one."""
    found = report.quantities()
    lines = []
    for asked in names.split(","):
        name = asked.strip()
        if name not in found:
            name = same_name(name, found)
        if name not in found:
            near = closest(name, found)
            hint = f"did you mean {near[0]}?" if near else f"there is: {', '.join(n for n in found if '.' not in n)}"
            raise UsageError(f"--get {name}: nothing has that name", hint=hint)
        quantity = found[name]
        if quantity is None:
            raise UsageError(f"--get {name}: no gradient was asked for there", hint=f"{name.split('.')[0]} is constant")
        lines.append(exact_number(quantity) if isinstance(quantity, float) else str(quantity))
    return "".join(f"{line}\n" for line in lines)


def to_stdout(text: str | bytes) -> None:
    """Write to standard output, a text in ASCII where it cannot encode more.

    Raises EnvironmentFault when it is closed or full; ReaderLeft when nobody reads any more.
    """
    stream = sys.stdout
    if stream is None:
        raise EnvironmentFault("standard output is closed")
    if isinstance(getattr(stream, "buffer", None), io.RawIOBase):
        # PYTHONUNBUFFERED: there Python forgets what a write that stopped midway has left
        stream = open(stream.fileno(), "w", encoding=stream.encoding, errors=stream.errors, closefd=False)  # noqa: SIM115
    try:
        if isinstance(text, str):
            stream.write(encodable(text))
        else:
            stream.buffer.write(text)
        stream.flush()
    except BrokenPipeError:
        raise ReaderLeft from None
    except OSError as error:
        raise EnvironmentFault(f"cannot write the result: {error.strerror}") from None


def encodable(text: str) -> str:
    """`text` as standard output can carry it: itself, or its ASCII spelling."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return plain(text)
    return text


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
