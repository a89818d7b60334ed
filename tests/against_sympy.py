"""The formulas of the lecture pages, read by gradcli and by SymPy's parse_expr. Prints one line.

    python tests/against_sympy.py

parse_expr is set up as its documentation advises for formulas as people write them: convert_xor and
implicit_multiplication_application after the standard transformations. It gets the right side of a statement, without
its comment. Programs of several lines are left out, because it reads one expression, and so is what holds no operation
(`x = 2`, a tensor). A formula is misread when the expression has other free variables than our graph, or another value
at a random point. From Python 3.12 on SymPy takes characters such as · for variables instead of refusing them, so that
more formulas are misread and fewer refused.
"""

from __future__ import annotations

import math
import random
import re
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

from gradcli import GradcliError, Graph, forward, parse
from gradcli.language.spelling import plain_name
from gradcli.printers import ascii
from gradcli.printers.expression import program

FORMULAS = Path(__file__).parent / "formulas"
REFUSED, MISREAD, SAME = "refuses", "misreads", "reads"
SIGN = re.compile(r"(?<![<>=!])=(?!=)")
"""The = of a statement."""


class Fixture(NamedTuple):
    """A line of a fixture file: what is typed, the names known to be variables, what is expected, whether a file."""

    typed: str
    names: tuple[str, ...]
    expected: str
    file: bool

    @property
    def is_program(self) -> bool:
        """Whether it has several lines."""
        return self.file or "\n" in self.typed


def fixtures(name: str) -> list[Fixture]:
    """The lines `names | typed | expected` of a fixture file; ⏎ is a new line, @ the name of a file of `listings`."""
    found = []
    for line in (FORMULAS / name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("##"):
            continue
        names, typed, expected = (field.strip() for field in line.split(" | "))
        file = typed.startswith("@")
        text = (FORMULAS / "listings" / typed[1:]).read_text(encoding="utf-8") if file else typed.replace("⏎", "\n")
        found.append(Fixture(text.rstrip("\n"), tuple(names.replace("-", "").split()), expected, file))
    return found


def read(fixture: Fixture) -> Graph | None:
    """Our graph of a formula; None when it is not read, or not as expected."""
    try:
        graph = parse(fixture.typed, names=fixture.names)
    except GradcliError:
        return None
    return graph if program(graph, ascii.DIALECT) == fixture.expected else None


def verdict(typed: str, graph: Graph) -> str:
    """What parse_expr makes of a formula: refuses, misreads or reads."""
    from sympy.parsing import sympy_parser as sympy

    rules = (*sympy.standard_transformations, sympy.convert_xor, sympy.implicit_multiplication_application)
    try:
        expression = sympy.parse_expr(SIGN.split(typed.partition("#")[0])[-1].strip(), transformations=rules)
    except Exception:  # noqa: BLE001  (whatever it raises, it does not read the formula)
        return REFUSED
    names = sorted(name for name in graph.inputs if name not in graph.defaults)
    try:
        symbols = {plain_name(symbol.name): symbol for symbol in expression.free_symbols}
        if sorted(symbols) != names:
            return MISREAD
        draw = random.Random(" ".join(names))
        point = {name: draw.uniform(0.5, 2.0) for name in names}
        result = expression.subs({symbols[name]: number for name, number in point.items()})
        value = float(bool(result) if result in (True, False) else result)
    except (AttributeError, TypeError, ValueError):
        return MISREAD
    return SAME if math.isclose(value, float(forward(graph, point).value), rel_tol=1e-9) else MISREAD


def compare() -> dict[str, str]:
    """What parse_expr makes of each formula that holds an operation; "" where gradcli does not read it as expected."""
    found = {}
    for fixture in fixtures("lectures.txt"):
        graph = read(fixture)
        if not fixture.is_program and (graph is None or any(graph.arguments)):
            found[fixture.typed] = verdict(fixture.typed, graph) if graph else ""
    return found


def line() -> str:
    """The line that README may quote."""
    from sympy import __version__

    verdicts = list(compare().values())
    python = ".".join(map(str, sys.version_info[:2]))
    return (
        f"{len(verdicts)} formulas of the lecture pages: gradcli reads {len(verdicts) - verdicts.count('')}, "
        f"SymPy's parse_expr refuses {verdicts.count(REFUSED)} and misreads {verdicts.count(MISREAD)} "
        f"(SymPy {__version__}, Python {python})"
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout.write(line() + "\n")
