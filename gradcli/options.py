"""Options shared by commands: annotated types with their help, written once. One option has one meaning everywhere."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gradcli import formats
from gradcli.errors import UsageError
from gradcli.numbers import Numbers, chosen
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


class ColorName(Enum):
    """When colours are used."""

    auto = "auto"
    always = "always"
    never = "never"


AUTO = ColorName.auto


class ReadingName(Enum):
    """Who reads the formula."""

    gradcli = "gradcli"
    sympy = "sympy"


TYPED = ReadingName.gradcli

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
ReadAs = Annotated[
    ReadingName,
    typer.Option("--read-as", help="sympy: the graph of SymPy's own reading, compared with what was typed."),
]
Symbolic = Annotated[bool, typer.Option("--symbolic", help="Let variables without a value stand for themselves.")]
Exact = Annotated[bool, typer.Option("--exact", help="Fractions, roots and π instead of decimals; 0.1 is 1/10.")]
Precision = Annotated[
    int | None,
    typer.Option("--precision", metavar="N", min=1, max=1000, help="Compute N digits.", show_default=False),
]
Round = Annotated[
    int | None,
    typer.Option(
        "--round",
        metavar="N",
        min=0,
        max=100,
        help="As with a calculator: a value whose decimals do not end is rounded to N decimals (halves away from zero) "
        "and used so; the true result stands beside.",
        show_default=False,
    ),
]
RoundAll = Annotated[
    int | None,
    typer.Option(
        "--round-all",
        metavar="N",
        min=0,
        max=100,
        help="Round the result of every operation to N decimals.",
        show_default=False,
    ),
]
Pin = Annotated[
    list[str] | None,
    typer.Option("--pin", metavar="a=0.75", help="Set the value of the node a.", show_default=False),
]
Format = Annotated[
    FormatName | None, typer.Option("--format", help="How the result is written.", show_default=formats.DEFAULT)
]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Csv = Annotated[bool, typer.Option("--csv", help="The same as --format csv.")]


def table_option(*names: str) -> Any:
    """The option for the data table, with the names that the tables of a command have."""
    return typer.Option(
        "--table",
        metavar="|".join(names),
        help="Which data table, where the format writes one.",
        show_default=False,
        autocompletion=lambda incomplete: [name for name in names if name.startswith(incomplete)],
    )


TableName = Annotated[str | None, table_option("nodes", "edges", "inputs")]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write a file; its suffix is the format.", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="Let --output replace a file that exists.")]
Color = Annotated[ColorName, typer.Option("--color", help="Colours in tables.")]
Ascii = Annotated[bool, typer.Option("--ascii", help="ASCII only: df/dx for ∂f/∂x.")]
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


def numbers(
    symbolic: bool, exact: bool, precision: int | None, round: int | None, round_all: int | None, pin: list[str] | None
) -> Numbers:
    """The number system the user wants. Raises UsageError for wishes that exclude each other."""
    return chosen(symbolic, exact, precision, round, round_all, pin or ())


def style(digits: int) -> Style:
    """How numbers are written for people."""
    return Style(digits)


def output(
    format: FormatName | None,
    json: bool,
    csv: bool,
    table: str | None,
    get: str | None,
    path: str | None,
    force: bool,
    rows: int,
    color: ColorName,
    ascii: bool,
    digits: int = DEFAULT_DIGITS,
) -> Request:
    """How the user wants the result.

    Raises UsageError for wishes that exclude each other, or that a format cannot fulfil.
    """
    wishes = [str(format.value)] if format is not None else []
    wishes += ["json"] * json + ["csv"] * csv
    if len(set(wishes)) > 1:
        raise UsageError(f"the formats {' and '.join(wishes)} exclude each other", hint="give one of them")
    if get is not None and wishes:
        raise UsageError("--get writes bare numbers: it takes no format", hint="leave out the format")
    if force and path is None:
        raise UsageError("--force goes with --output", hint="write --output FILE --force")
    chosen = wishes[0] if wishes else None
    if chosen is None and path not in (None, "-") and get is None:
        chosen = formats.of_suffix(path)
        if chosen is None:
            raise UsageError(
                f"the suffix of {path} names no format", hint="add --format, or end it in .json, .csv, .md …"
            )
    chosen = chosen or formats.DEFAULT
    format_record = formats.named(chosen)
    if table is not None and (get is not None or "table" not in format_record.draws):
        tabular = ", ".join(formats.that(lambda each: "table" in each.draws))
        raise UsageError(f"--table goes with {tabular}", hint=f"the format is {chosen}")
    for option, changed in (("--rows", rows != DEFAULT_ROWS), ("--digits", digits != DEFAULT_DIGITS)):
        if changed and (get is not None or not format_record.rounds):
            what = f"{option} goes with {', '.join(formats.that(lambda each: each.rounds))}"
            raise UsageError(
                what, hint=f"{'--get' if get is not None else chosen} leaves nothing out and rounds nothing"
            )
    return Request(chosen, get, rows, table, path, force, str(color.value), ascii)
