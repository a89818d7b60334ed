"""Random graphs drawn from the rule table, each with a point: what Hypothesis feeds to the properties of the passes.

All numbers are multiples of 1/64 with few digits, so that a point and a constant are the same number in every system.
"""

import itertools
import math
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from gradcli.graph import CONSTANT, INPUT, Graph, GraphBuilder
from gradcli.ops import OPERATIONS, Operation, library, special
from gradcli.printers import ascii
from gradcli.printers.expression import one_level
from gradcli.systems import FLOATS

hypothesis = pytest.importorskip("hypothesis", reason="Hypothesis draws the random graphs")
st = pytest.importorskip("hypothesis.strategies", reason="Hypothesis draws the random graphs")

given = hypothesis.given

GRID = 64
NAMES = ("x", "y", "w", "b", "t")
EVERYWHERE = (-math.inf, math.inf)

EDGES = (
    0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, sys.float_info.max, -sys.float_info.max, 5e-324, 709.9, -800.0,
)  # fmt: skip
"""Numbers at the edges of IEEE 754, and where exp just leaves it."""

SLOW = (*library.TABLE, *special.TABLE)
"""Functions that mpmath or SymPy have to evaluate; they are tested one at a time."""

EVERY_OPERATION = tuple(entry for entry in OPERATIONS.values() if entry not in SLOW)

ANALYTIC = tuple(
    entry for entry in EVERY_OPERATION if entry.corner is None and not entry.branches and any(map(bool, entry.locals))
)
"""The operations that are one formula on their whole sample, so that SymPy can differentiate them without cases."""


def examples(count: int) -> Callable:
    """Settings of a property: `count` graphs, the same in every run, on however slow a machine."""
    return hypothesis.settings(
        max_examples=count, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
    )


class Problem(NamedTuple):
    """A graph and a value for each of its variables."""

    graph: Graph
    point: Mapping[str, float]

    def __repr__(self) -> str:
        """What a person needs to see of a counterexample: every node over its arguments, and the point."""
        graph = self.graph
        nodes = [i for i in range(len(graph)) if not graph.is_leaf(i)]
        lines = [f"{graph.name(i)} = {one_level(graph, i, ascii.DIALECT)}" for i in nodes]
        return f"{'; '.join(lines)} -> {graph.name(graph.output)} at {dict(self.point)}"


class _Drawing:
    """A graph that is being drawn. The value of every node is followed, so that operands can be chosen by it."""

    def __init__(self, draw: Callable, numbers: Callable[[tuple[float, float]], Any]) -> None:
        self.draw = draw
        self.numbers = numbers
        self.builder = GraphBuilder()
        self.values: list[float] = []
        self.point: dict[str, float] = {}

    def leaf(self, interval: tuple[float, float], *, variable: bool) -> int:
        """A new variable or constant in the interval."""
        if variable and len(self.point) < len(NAMES):
            name = NAMES[len(self.point)]
            self.point[name] = self.draw(self.numbers(interval))
            self.values.append(self.point[name])
            return self.builder.input(name)
        self.values.append(self.draw(grid(interval)))
        return self.builder.constant(f"{self.values[-1]:.9g}")

    def operand(self, interval: tuple[float, float]) -> int:
        """A node whose value is in the interval: often the latest, or any that is there, or a new leaf."""
        low, high = interval
        fitting = [i for i, value in enumerate(self.values) if low <= value <= high or interval == EVERYWHERE]
        choice = self.draw(st.integers(0, 9))
        if not fitting or choice < 2:
            return self.leaf(interval, variable=choice != 0)
        return fitting[-1] if choice > 5 else self.draw(st.sampled_from(fitting))

    def node(self, entry: Operation, operands: tuple[int, ...]) -> None:
        """A new node."""
        self.builder.add(entry.name, operands)
        self.values.append(FLOATS.rule(entry)(FLOATS, *(self.values[i] for i in operands)))

    def problem(self, output: int) -> Problem:
        """The graph that has been drawn, and its point."""
        return Problem(self.builder.finish(output), self.point)


def grid(interval: tuple[float, float]) -> Any:
    """Multiples of 1/64 in an interval; moderate ones where it has no ends."""
    low, high = (end if math.isfinite(end) else math.copysign(3.0, end) for end in interval)
    return st.integers(math.ceil(low * GRID), math.floor(high * GRID)).map(lambda n: n / GRID)


@st.composite
def smooth_problems(draw: Callable, operations: tuple[Operation, ...] = EVERY_OPERATION, most: int = 10) -> Problem:
    """A graph that is smooth around its point: every operand lies in the sample interval of its operation.

    Nodes are shared; at the end all that have no use are added up, so that the output depends on every one.
    """
    drawing = _Drawing(draw, grid)
    drawing.leaf((-2.0, 2.0), variable=True)
    for _ in range(draw(st.integers(1, most))):
        entry = draw(st.sampled_from(operations))
        intervals = list(entry.sample)
        if entry.variadic:
            intervals = draw(st.permutations(intervals + draw(st.lists(st.sampled_from(intervals), max_size=1))))
        operands = tuple(drawing.operand(interval) for interval in intervals)
        if not _nearly_tied(entry, [drawing.values[i] for i in operands]):
            drawing.node(entry, operands)
    used = set(itertools.chain.from_iterable(drawing.builder.arguments))
    for index in sorted({*range(len(drawing.builder) - 1)} - used):
        drawing.node(OPERATIONS["add"], (index, len(drawing.builder) - 1))
    return drawing.problem(len(drawing.builder) - 1)


def _nearly_tied(entry: Operation, operands: list[float]) -> bool:
    """Whether there is a corner at the operands, or so near that rounding decides."""
    return entry.corner is not None and entry.corner(FLOATS, *(round(value, 6) for value in operands)) != 0


@st.composite
def any_problems(draw: Callable, most: int = 30) -> Problem:
    """A graph of any operations on any operands, at zeros, infinities, nan and ordinary numbers.

    Values may be anything, ties and closed branches are common, and any node may be the output.
    """
    drawing = _Drawing(draw, lambda interval: st.sampled_from(EDGES) | grid(interval))
    drawing.leaf(EVERYWHERE, variable=True)
    for _ in range(draw(st.integers(1, most))):
        entry = draw(st.sampled_from(EVERY_OPERATION))
        count = draw(st.integers(2, 4)) if entry.variadic else entry.arity
        drawing.node(entry, tuple(drawing.operand(EVERYWHERE) for _ in range(count)))
    last = len(drawing.builder) - 1
    return drawing.problem(draw(st.sampled_from([last, draw(st.integers(0, last))])))


def renamed(graph: Graph, names: Mapping[str, str]) -> Graph:
    """The same graph, node for node, with other names for its variables."""
    builder = GraphBuilder()
    for index, (operation, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if operation == INPUT:
            builder.input(names[graph.texts[index]])
        elif operation == CONSTANT:
            builder.constant(graph.texts[index])
        else:
            builder.add(operation, arguments)
    return builder.finish(graph.output)
