"""How values are given."""

from __future__ import annotations

from gradcli.language.values import read_value
from gradcli.report.plain_text import exact_number
from gradcli.systems import FLOATS
from gradcli.topics import columns

GUIDE = "values.md"

EXAMPLES = ("2", "-1e-5", "1/3", "pi/4", "sqrt(2)", "0,5")
"""Values as typed; the numbers they are read as are computed."""

WAYS = (
    ("--x 2", "before or after the formula; also --x=2"),
    ("--at x=2,y=3", "several, or names that are options: --at format=3"),
    ("--at point.json", 'a file with {"x": 2, "y": 3}; other names in it are no error'),
    ("--const t=5", "a constant: no gradient goes there"),
    ("--wrt x,y", "differentiate with respect to these only"),
    ("--upstream 4", "the gradient that arrives at the output; 1 unless given"),
    ("--name wx", "wx is one variable, not w times x"),
    ("--symbolic", "variables without a value stand for themselves"),
    ("--pin a=0.75", "the value of a node; its local derivatives are taken from it"),
    ("--each points.csv", "a row a question: columns id, formula and the variables"),
    ("no values", "the answer is symbolic"),
)


NUMBERS = (
    ("(nothing)", "64-bit floats; 0.1 is the double nearest to it"),
    ("--exact", "fractions, roots, π; 0.1 is 1/10"),
    ("--precision 50", "50 digits"),
    ("--round 2", "as with a calculator: a value whose decimals do not end (1/3, √2, σ) is"),
    ("", "rounded to 2 decimals; +, −, × and squares stay exact"),
    ("--round-all 2", "every result is rounded, in the backward pass as well"),
)


def text() -> str:
    """The ways to give values, and values as they are read."""
    numbers = [(f"--x {typed}", exact_number(read_value("x", typed).number(FLOATS))) for typed in EXAMPLES]
    lines = ["Every variable of the formula is an option.", "", *columns(WAYS)]
    lines += ["", "A value is a number or an expression of numbers:", "", *columns([("typed", "read as"), *numbers])]
    lines += [
        "",
        "Kinds of numbers; in all but floats a decimal is what was typed:",
        "",
    ]
    lines += columns(NUMBERS)
    return "\n".join(lines) + "\n"
