"""Random graphs drawn from the rule table, smooth at a point drawn with them: the same seed, the same graphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from gradcli.graph import Graph, GraphBuilder
from gradcli.ops import OPERATIONS, Operation, library, special
from gradcli.systems import FLOATS

GRID = 64
"""Points and constants are multiples of 1/64, so that they are the same numbers in every system."""

NAMES = "xywbt"
MOST = 10
"""The most operations that are drawn for a graph; those without a use are added up at the end."""

T = TypeVar("T")


class RandomGraph(NamedTuple):
    """A graph and a value for each of its variables."""

    graph: Graph
    point: dict[str, float]


def random_graphs(seed: int) -> Iterator[RandomGraph]:
    """Random graphs without end, of all operations but those of function libraries, which take long."""
    slow = {entry.name for subject in (library, special) for entry in subject.TABLE}
    entries = [entry for name, entry in OPERATIONS.items() if name not in slow]
    chance = Random(seed)  # noqa: S311  (no secret: the same seed must give the same graphs)
    while True:
        yield _Drawing(chance).drawn(entries)


class _Drawing:
    """A graph that is being drawn. The value of every node is followed, so that operands can be chosen by it."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.builder = GraphBuilder()
        self.values: list[float] = []
        self.point: dict[str, float] = {}

    def drawn(self, entries: Sequence[Operation]) -> RandomGraph:
        """The whole graph."""
        self.leaf((-2.0, 2.0), variable=True)
        for _ in range(1 + int(self.chance.random() * MOST)):
            entry = self.one_of(entries)
            operands = [self.operand(interval) for interval in entry.sample]
            if not self.nearly_tied(entry, operands):
                self.node(entry, operands)
        used = {argument for arguments in self.builder.arguments for argument in arguments}
        for index in range(len(self.builder) - 1):
            if index not in used:
                self.node(OPERATIONS["add"], [index, len(self.builder) - 1])
        return RandomGraph(self.builder.finish(len(self.builder) - 1), self.point)

    def one_of(self, things: Sequence[T]) -> T:
        """One of several, each as likely."""
        return things[int(self.chance.random() * len(things))]

    def leaf(self, interval: tuple[float, float], *, variable: bool) -> int:
        """A new variable or constant in the interval."""
        low, high = interval
        number = round((low + (high - low) * (0.0625 + 0.875 * self.chance.random())) * GRID) / GRID
        self.values.append(number)
        if variable and len(self.point) < len(NAMES):
            name = NAMES[len(self.point)]
            self.point[name] = number
            return self.builder.input(name)
        return self.builder.constant(repr(number))

    def operand(self, interval: tuple[float, float]) -> int:
        """A node whose value is in the interval: often the latest, or any that is there, or a new leaf."""
        low, high = interval
        fitting = [index for index, value in enumerate(self.values) if low <= value <= high]
        choice = self.chance.random()
        if not fitting or choice < 0.2:
            return self.leaf(interval, variable=choice > 0.1)
        return fitting[-1] if choice > 0.6 else self.one_of(fitting)

    def node(self, entry: Operation, operands: Sequence[int]) -> None:
        """A new node."""
        self.builder.add(entry.name, tuple(operands))
        self.values.append(float(FLOATS.rule(entry)(FLOATS, *(self.values[index] for index in operands))))

    def nearly_tied(self, entry: Operation, operands: Sequence[int]) -> bool:
        """Whether there is a corner at the operands, or so near that rounding decides."""
        rounded = [round(self.values[index], 6) for index in operands]
        return entry.corner is not None and bool(FLOATS.truth(entry.corner(FLOATS, *rounded)))
