"""The formulas of the lecture pages, read by gradcli and by SymPy's parse_expr. Prints a table.

    python tests/against_sympy.py

The corpus is every formula and statement of the pages, those that gradcli refuses included. parse_expr is set up as its
documentation advises for formulas as people write them: convert_xor and implicit_multiplication_application after the
standard transformations; once it simplifies as it always does, once it gets evaluate=False. Of a line it
gets what stands between its =, without a comment, and the best of these readings counts; a program of several lines it
gets whole.

What is asked of a reading is what a graph of the typed text needs: the same operations in the same order. The meaning
of a text is that of the fixture, which was written by hand. A text that gradcli refuses (`∂f/∂a = y = 3`) and one that
only gives a value (`x = 2`) has the meaning of its right side if gradcli can read that; where it cannot either, what
SymPy makes of it counts as another meaning. From Python 3.12 on SymPy takes characters such as · for variables instead
of refusing them, so that more formulas have another meaning and fewer are refused.
"""

from __future__ import annotations

import math
import random
import re
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from gradcli import GradcliError, Graph, forward, from_sympy, parse
from gradcli.language.spelling import plain_name
from gradcli.language.sympy.same_nodes import Known, keys
from gradcli.printers import ascii
from gradcli.printers.expression import Piece, in_full, program

FORMULAS = Path(__file__).parent / "formulas"
KEPT, REORDERED, CHANGED, MISREAD, REFUSED = VERDICTS = (
    "as typed", "reordered", "other operations", "another meaning", "refused",
)  # fmt: skip
READERS = ("`parse_expr`", "`parse_expr`, `evaluate=False`", "gradcli")
SIGN = re.compile(r"(?<![<>=!])=(?!=)")
"""The = of a statement."""

CODE = "__import__('os').getpid()"
"""A text that is code. It does no harm: it asks for the number of its own process."""

_RUN = f"import os; from sympy.parsing.sympy_parser import parse_expr; print(parse_expr({CODE!r}) == os.getpid())"


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

    @property
    def sides(self) -> list[str]:
        """What stands between the =, without a comment; a program of several lines as it is."""
        if self.is_program:
            return [self.typed]
        return [side.strip() for side in SIGN.split(self.typed.partition("#")[0])]


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


def meaning(fixture: Fixture) -> Graph | None:
    """The graph that a reading is held against; None where there is none."""
    graph = read(fixture)
    if graph is None or not any(graph.arguments):
        try:
            return parse(fixture.sides[-1], names=fixture.names)
        except GradcliError:
            return None
    return graph


def verdict(fixture: Fixture, graph: Graph | None, **options: bool) -> str:
    """What parse_expr makes of a formula: of a line with several sides the best."""
    best = (KEPT, REORDERED, CHANGED, REFUSED, MISREAD)
    return min((verdict_of_side(side, graph, **options) for side in fixture.sides), key=best.index)


def verdict_of_side(text: str, graph: Graph | None, **options: bool) -> str:
    """What parse_expr makes of one expression."""
    from sympy.parsing import sympy_parser as sympy

    rules = (*sympy.standard_transformations, sympy.convert_xor, sympy.implicit_multiplication_application)
    try:
        expression = sympy.parse_expr(text, transformations=rules, **options)
    except Exception:  # noqa: BLE001  (whatever it raises, it does not read the formula)
        return REFUSED
    try:
        return MISREAD if graph is None else compared(graph, from_sympy(expression))
    except GradcliError:
        return MISREAD


def compared(graph: Graph, other: Graph) -> str:
    """How far the graph of another reading is ours."""
    names = {name: plain_name(name) for name in other.inputs}
    if sorted(names.values()) != sorted(name for name in graph.inputs if name not in graph.defaults):
        return MISREAD
    draw = random.Random(" ".join(sorted(names.values())))
    point = {name: draw.uniform(0.5, 2.0) for name in sorted(names.values())}
    ours = float(forward(graph, point).value)
    theirs = float(forward(other, {name: point[plain] for name, plain in names.items()}).value)
    if not math.isclose(ours, theirs, rel_tol=1e-9):
        return MISREAD
    if written(graph) == written(other):
        return KEPT
    known: Known = {}
    same = keys(graph, {}, known)[graph.output] == keys(renamed(other, names), {}, known)[other.output]
    return REORDERED if same and Counter(graph.operations) == Counter(other.operations) else CHANGED


def written(graph: Graph) -> str | None:
    """A graph in full, over its variables, whatever its statements are called."""
    return in_full(graph, graph.output, ascii.DIALECT._replace(name=plain_name, constant=number))


def number(text: str) -> Piece:
    """A number, 4.00 as 4.0."""
    return ascii.DIALECT.constant(text if text.isalpha() else repr(float(text)))


def renamed(graph: Graph, names: dict[str, str]) -> Graph:
    """The same graph over variables of other names."""
    return Graph(
        operations=graph.operations,
        arguments=graph.arguments,
        texts={index: names.get(text, text) for index, text in graph.texts.items()},
        bindings={},
        inputs={names[name]: index for name, index in graph.inputs.items()},
        defaults={},
        output=graph.output,
    )


def compare() -> list[tuple[str, list[str]]]:
    """Every formula of the pages with what the three readers make of it, in the order of READERS."""
    import sympy  # noqa: F401  (it switches its warnings on)

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for fixture in (*fixtures("lectures.txt"), *fixtures("lectures_refused.txt")):
            graph = meaning(fixture)
            own = KEPT if read(fixture) else REFUSED
            found.append((fixture.typed, [verdict(fixture, graph), verdict(fixture, graph, evaluate=False), own]))
    return found


def runs_code() -> list[str]:
    """What the readers make of CODE, each `run` or `refused`. SymPy's parser is tried in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _RUN], capture_output=True, encoding="utf-8", check=True)
    theirs = "run" if done.stdout.strip() == "True" else REFUSED
    try:
        parse(CODE)
    except GradcliError:
        return [theirs, theirs, REFUSED]
    return [theirs, theirs, "read"]


def table() -> str:
    """The table that README quotes."""
    from sympy import __version__

    rows = [verdicts for _, verdicts in compare()]
    counts = [Counter(column) for column in zip(*rows, strict=True)]
    python = ".".join(map(str, sys.version_info[:2]))
    lines: list[list[Any]] = [[f"{len(rows)} formulas", *VERDICTS, "code in the text"]]
    for reader, count, code in zip(READERS, counts, runs_code(), strict=True):
        lines.append([reader, *(count[each] for each in VERDICTS), code])
    head, *body = [f"| {' | '.join(map(str, line))} |\n" for line in lines]
    drawn = f"{head}|---|{'---:|' * len(VERDICTS)}---|\n{''.join(body)}"
    return f"{drawn}\nMeasured with SymPy {__version__} and Python {python}.\n"


if __name__ == "__main__":
    sys.stdout.write(table())
