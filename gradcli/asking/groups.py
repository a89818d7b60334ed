"""The groups of options that commands share, written once. One option has one meaning everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcli import formats
from gradcli.asking.options import Group, Texts, choice, flag, text, whole, word
from gradcli.output import DEFAULT_DIGITS, DEFAULT_ROWS

QUESTION = Group(
    "The question",
    {
        "formula": (
            Annotated[
                str | None,
                typer.Argument(
                    metavar="FORMULA", help="The formula, in quotes; - reads standard input.", show_default=False
                ),
            ],
            None,
        ),
        "at": (
            Annotated[
                Texts,
                text(
                    "--at",
                    metavar="x=2,y=3",
                    help="Values, the same as --x 2 --y 3 for any name; or a file: point.json.",
                ),
            ],
            None,
        ),
        "const": (
            Annotated[Texts, text("--const", metavar="t", help="A constant: no gradient goes there. Also t=5.")],
            None,
        ),
    },
)
"""The formula and its values."""

GRADIENT = Group(
    "The question",
    {
        "wrt": (
            Annotated[Texts, text("--wrt", metavar="x,y", help="Differentiate with respect to these only.")],
            None,
        ),
        "upstream": (
            Annotated[
                str,
                text(
                    "--upstream",
                    metavar="G",
                    help="The gradient that arrives at the output, also 2*(y-t).",
                    show_default=True,
                ),
            ],
            "1",
        ),
    },
)
"""Which derivatives."""

SOURCE = Group(
    "The question",
    {
        "name": (Annotated[Texts, text("--name", metavar="wx", help="wx is one variable, not w times x.")], None),
        "file": (Annotated[str | None, text("--file", metavar="FILE", help="Read the formula from a file.")], None),
        "each": (
            Annotated[
                str | None,
                text(
                    "--each",
                    metavar="FILE.csv",
                    help="Answer every row of a file; its columns: id, formula, and the variables.",
                ),
            ],
            None,
        ),
        "read_as": (
            Annotated[
                str,
                choice(
                    "--read-as",
                    ("gradcli", "sympy"),
                    help="sympy: the graph of SymPy's own reading, compared with what was typed.",
                ),
            ],
            "gradcli",
        ),
    },
)
"""Where the formula stands, and how it is read."""

NUMBERS = Group(
    "The numbers",
    {
        "symbolic": (
            Annotated[bool, flag("--symbolic", help="Let variables without a value stand for themselves.")],
            False,
        ),
        "exact": (
            Annotated[bool, flag("--exact", help="Fractions, roots and π instead of decimals; 0.1 is 1/10.")],
            False,
        ),
        "precision": (
            Annotated[int | None, whole("--precision", least=1, most=1000, help="Compute N digits, up to 1000.")],
            None,
        ),
        "round": (
            Annotated[
                int | None,
                whole(
                    "--round",
                    least=0,
                    most=100,
                    help="As with a calculator: a value whose decimals do not end is rounded to N decimals (halves "
                    "away from zero) and used so; the true result stands beside.",
                ),
            ],
            None,
        ),
        "round_all": (
            Annotated[
                int | None,
                whole("--round-all", least=0, most=100, help="Round the result of every operation to N decimals."),
            ],
            None,
        ),
        "pin": (Annotated[Texts, text("--pin", metavar="a=0.75", help="Set the value of the node a.")], None),
    },
)
"""What is computed with."""

ANSWER = Group(
    "The answer",
    {
        "get": (
            Annotated[
                Texts,
                text(
                    "--get",
                    metavar="x,a.value",
                    help="Bare numbers only: the gradient of x (the value in forward, and of the output), a.value, "
                    "a.gradient.",
                ),
            ],
            None,
        ),
        "format": (
            Annotated[
                str | None,
                choice(
                    "--format",
                    formats.NAMES,
                    metavar="NAME",
                    help=f"How it is written: {', '.join(formats.NAMES)}. Without it: {formats.DEFAULT}, or as the "
                    "file is called.",
                ),
            ],
            None,
        ),
        "json": (Annotated[bool, flag("--json", help="The same as --format json.")], False),
        "csv": (Annotated[bool, flag("--csv", help="The same as --format csv.")], False),
        "digits": (
            Annotated[int, whole("--digits", least=1, most=17, help="Significant digits in tables.")],
            DEFAULT_DIGITS,
        ),
        "rows": (Annotated[int, whole("--rows", least=1, help="The most rows of a table for people.")], DEFAULT_ROWS),
        "output": (
            Annotated[
                str | None,
                text("--output", "-o", metavar="FILE", help="Write a file; its suffix is the format."),
            ],
            None,
        ),
        "force": (Annotated[bool, flag("--force", help="Let --output replace a file that exists.")], False),
        "color": (
            Annotated[str, choice("--color", ("auto", "always", "never"), help="Colours in tables.")],
            "auto",
        ),
        "ascii": (Annotated[bool, flag("--ascii", help="ASCII only: df/dx for ∂f/∂x.")], False),
    },
)
"""How the answer is written."""


def answer(*tables: str) -> Group:
    """How the answer is written, with the names of the data tables that the command has, if it has any."""
    if not tables:
        return ANSWER
    option = word("--table", tables, help="Which data table, where the format writes one.")
    listed = list(ANSWER.options.items())
    place = [name for name, _ in listed].index("digits")
    table = ("table", (Annotated[str | None, option], None))
    return ANSWER._replace(options=dict([*listed[:place], table, *listed[place:]]))
