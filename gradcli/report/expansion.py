"""The chain rule written out at once, as a nested sum over paths, and what that costs against the graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gradcli.passes import Edge
from gradcli.report.blocks import Block, Equations, Formula, Sentence, Writer
from gradcli.report.words import plural

if TYPE_CHECKING:
    from gradcli.report.solution import Solution

FACTORS = 24
"""Local derivatives in a nested sum that is written out."""

COUNTED = 10**12
"""Larger counts are told as a power of ten."""


class Paths(NamedTuple):
    """The paths from the output down to the inputs asked for, counted without listing them.

    paths            how many there are
    multiplications  what they cost one by one: a path of k edges multiplies k - 1 times
    edges            what the graph costs: one multiplication an edge, but for those at the output, whose upstream is 1
    """

    paths: int
    multiplications: int
    edges: int


def counted(solution: Solution) -> Paths:
    """The paths of the backward pass, by one loop over its edges (the output's first)."""
    start = solution.start
    count, length = {start: 1}, {start: 0}
    edges = 0
    for edge in solution.trace.edges:
        if not edge.active or edge.target not in count:
            continue
        edges += edge.target != start
        count[edge.source] = count.get(edge.source, 0) + count[edge.target]
        length[edge.source] = length.get(edge.source, 0) + length[edge.target] + count[edge.target]
    ends = [i for i in solution.inputs if i in count and i != start]
    paths = sum(count[i] for i in ends)
    return Paths(paths, sum(length[i] for i in ends) - paths, edges)


def expansion(solution: Solution) -> Iterator[Block]:
    """The nested sum of every input, with the numbers; or only the count where it would be too long."""
    write, graph = solution.write, solution.graph
    start = solution.start
    if solution.trace.gradients[start] is None or graph.is_leaf(start):
        yield Sentence(["There is no path."])
        return
    found = counted(solution)
    asked = [i for i in solution.inputs if i in solution.incoming]
    sizes = {i: _size(solution, i) for i in asked}
    short = [i for i in asked if 0 < sizes[i] <= FACTORS][: solution.wishes.most]
    if short:
        yield Sentence(["The chain rule at once: multiply along every path, add the paths up."])
        yield Equations([_row(solution, i) for i in short])
    if len(short) < len(asked):
        rest = [i for i in asked if i not in short]
        yield Sentence(["The nested ", "sums for " if len(rest) > 1 else "sum for ", *solution.names(rest),
                        " would be too long to write out."])  # fmt: skip
    paths, one = large(found.paths), found.paths == 1
    from_start = [" from ", write.just(start), " to the inputs. "]
    yield Sentence(["There is 1 path" if one else f"There are {paths} paths", *from_start,
                    f"One by one they cost {_times(found.multiplications)}; the graph costs {_times(found.edges)}: "
                    "backpropagation multiplies once per edge, not once per path."])  # fmt: skip


def large(count: int) -> str:
    """A count with commas; a very large one as a power of ten."""
    if count <= COUNTED:
        return f"{count:,}"
    digits = int((count.bit_length() - 1) * 0.30103)
    if count >= 10 ** (digits + 1):
        digits += 1
    return f"more than 10^{digits}"


def _times(count: int) -> str:
    return plural(count, "multiplication", "multiplications") if count <= COUNTED else f"{large(count)} multiplications"


def _edges(solution: Solution) -> dict[int, list[Edge]]:
    """The active edges by the node they go back from."""
    return {
        target: [edge for edge in edges if edge.active] for target, edges in solution.outgoing.items()
    }  # fmt: skip


def _size(solution: Solution, goal: int) -> int:
    """How many local derivatives the nested sum for one input holds, by one loop; 0 where there is no path."""
    edges = _edges(solution)
    size: dict[int, int] = {goal: 0}
    for index in solution.nodes:
        terms = [1 + size[edge.source] for edge in edges.get(index, []) if edge.source in size]
        if terms:
            size[index] = sum(terms)
    return size.get(solution.start, 0)


def _row(solution: Solution, goal: int) -> Formula:
    """`∂f/∂y = ∂f/∂v1·∂v1/∂y + v1 = 3·1 + 5 = 8`."""
    write = solution.write
    edges = _edges(solution)
    symbols: dict[int, Writer | None] = {goal: None}
    numbers: dict[int, Writer | None] = {goal: None}
    for index in solution.nodes:
        onward = [edge for edge in edges.get(index, []) if edge.source in symbols]
        if onward:
            symbols[index] = write.total([_term(solution, write.local_symbol(e), symbols[e.source]) for e in onward])
            numbers[index] = write.total([_term(solution, write.number(e.local), numbers[e.source]) for e in onward])
    sides: list[Writer | tuple[str, Writer]] = []
    symbol, number = symbols[solution.start], numbers[solution.start]
    gradient = solution.trace.gradients[goal]
    first = solution.trace.gradients[solution.start]
    outer = not solution.plain_start or solution.start != solution.graph.output
    if symbol is not None and number is not None:
        start = write.derivative(solution.start)
        sides.append(write.product(start, symbol) if outer else symbol)
        if not solution.formulas:
            sides.append(write.product(write.number(first), number) if outer else number)
    whole = solution.start == solution.graph.output
    if whole and write.is_written(gradient):
        sides.append(write.result(gradient))
    comment = "" if whole or len(solution.incoming[goal]) == 1 else "only the paths through this node"
    return solution.distinct(write.derivative(goal), *sides, comment=comment)


def _term(solution: Solution, local: Writer, rest: Writer | None) -> Writer:
    """A local derivative times what comes below it."""
    return local if rest is None else solution.write.product(local, rest)
