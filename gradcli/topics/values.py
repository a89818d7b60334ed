"""How values are given."""

from __future__ import annotations

from gradcli.language.values import read_value
from gradcli.report.words import exact_number
from gradcli.systems import FLOATS
from gradcli.topics import columns

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
    ("--each points.csv", "a row a question: columns id, formula and the variables"),
    ("no values", "the answer is symbolic"),
)


def text() -> str:
    """The ways to give values, and values as they are read."""
    numbers = [(f"--x {typed}", exact_number(read_value("x", typed).number(FLOATS))) for typed in EXAMPLES]
    lines = ["Every variable of the formula is an option.", "", *columns(WAYS)]
    lines += ["", "A value is a number or an expression of numbers:", "", *columns([("typed", "read as"), *numbers])]
    return "\n".join(lines) + "\n"
