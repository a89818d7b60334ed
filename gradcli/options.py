"""Options shared by commands: annotated types with their help, written once. One option has one meaning everywhere."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from gradcli import formats
from gradcli.errors import UsageError
from gradcli.output import Request
from gradcli.report import Style

DEFAULT_DIGITS = 6
DEFAULT_ROWS = 200

if TYPE_CHECKING:

    class FormatName(Enum):
        """The name of an output format."""

        table = "table"
else:
    FormatName = Enum("FormatName", {name: name for name in formats.NAMES}, type=str)

DEFAULT_FORMAT = FormatName["table"]

Formula = Annotated[
    str | None,
    typer.Argument(metavar="FORMULA", help="The formula, in quotes; - reads standard input.", show_default=False),
]
File = Annotated[
    str | None, typer.Option("--file", metavar="FILE", help="Read the formula from a file.", show_default=False)
]
Each = Annotated[
    str | None,
    typer.Option(
        "--each",
        metavar="FILE.csv",
        help="Answer every row of a file; its columns: id, formula, and the variables.",
        show_default=False,
    ),
]
At = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        metavar="x=2,y=3",
        help="Values, the same as --x 2 --y 3 for any name; or a file: point.json.",
        show_default=False,
    ),
]
Name = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="wx", help="wx is one variable, not w times x.", show_default=False),
]
Wrt = Annotated[
    str | None,
    typer.Option("--wrt", metavar="x,y", help="Differentiate with respect to these only.", show_default=False),
]
Const = Annotated[
    list[str] | None,
    typer.Option("--const", metavar="t", help="A constant: no gradient goes there. Also t=5.", show_default=False),
]
Upstream = Annotated[
    str, typer.Option("--upstream", metavar="G", help="The gradient that arrives at the output.", show_default=True)
]
Symbolic = Annotated[bool, typer.Option("--symbolic", help="Let variables without a value stand for themselves.")]
Format = Annotated[FormatName, typer.Option("--format", help="How the result is written.")]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Get = Annotated[
    str | None,
    typer.Option(
        "--get",
        metavar="x,a.value",
        help="Bare numbers only: the gradient of x (the value in forward, and of the output), a.value, a.gradient.",
        show_default=False,
    ),
]
Digits = Annotated[int, typer.Option("--digits", min=1, max=17, help="Significant digits in tables.")]
Rows = Annotated[int, typer.Option("--rows", min=1, help="The most rows of a table for people.")]


def style(digits: int) -> Style:
    """How numbers are written for people."""
    return Style(digits)


def output(format: FormatName, json: bool, get: str | None, rows: int) -> Request:
    """How the user wants the result.

    Raises UsageError for two wishes that exclude each other.
    """
    if json and format.value not in ("table", "json"):
        raise UsageError(f"--json and --format {format.value} exclude each other", hint="give one of them")
    if get is not None and (json or format.value != "table"):
        raise UsageError("--get writes bare numbers: it takes no format", hint="leave out --format and --json")
    return Request("json" if json else str(format.value), get, rows)
