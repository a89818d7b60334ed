"""Every path from an input to the output: how many there are, which ones, and which have the largest products.

The derivative of the output with respect to an input is the sum over all paths of the product of the local derivatives
along each (F. L. Bauer, Computational graphs and rounding error, SIAM J. Numer. Anal. 11, 1974). A graph of n edges may
have 2**(n/2) paths: they are counted without being listed, and listed one by one as they are asked for.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from gradcli.passes import Backward, Edge
from gradcli.passes.step import contribution
from gradcli.systems.contribution import settled, whole

ROOT = -1
"""Stands before all inputs, so that their paths are ranked together."""

ZERO, ORDINARY, INFINITE = range(3)
"""Kinds of factors: 0; finite and not 0; not finite."""

ANY, WITHOUT_INFINITE, ALL_ORDINARY, WITH_ZERO, WITH_INFINITE = range(5)
"""Kinds of what is left of a path, by its factors. WITH_ZERO: at least one is 0, and all are finite."""

EMPTY = (ANY, WITHOUT_INFINITE, ALL_ORDINARY)
"""The kinds that a path without any factor is of."""

AFTER: Mapping[tuple[int, int], int] = {
    **{(ANY, factor): ANY for factor in (ZERO, ORDINARY, INFINITE)},
    **{(WITHOUT_INFINITE, factor): WITHOUT_INFINITE for factor in (ZERO, ORDINARY)},
    (ALL_ORDINARY, ORDINARY): ALL_ORDINARY,
    (WITH_ZERO, ORDINARY): WITH_ZERO,
    (WITH_ZERO, ZERO): WITHOUT_INFINITE,
    (WITH_INFINITE, ZERO): WITH_INFINITE,
    (WITH_INFINITE, ORDINARY): WITH_INFINITE,
    (WITH_INFINITE, INFINITE): ANY,
}
"""What the rest of a path has to be after a factor; none where the path cannot be of the kind any more."""


class Path(NamedTuple):
    """One path: the input it begins at, and the edges to the output; none where the output is the input itself."""

    start: int
    edges: tuple[Edge, ...]

    @property
    def nodes(self) -> tuple[int, ...]:
        """The nodes on the path, from the input to the output."""
        return (self.start, *(edge.target for edge in self.edges))


class Paths:
    """The paths of a graph, over the edges that a gradient goes over; a closed branch is on none.

    counts           per input that is differentiated the number of its paths
    multiplications  how many multiplications it takes to go along every path, one an edge of each
    edges            how many the backward pass takes: one an edge
    closed           the edges that contribute nothing, because of a branch that is not taken
    """

    def __init__(self, back: Backward, edges: Iterable[Edge] | None = None, end: int | None = None) -> None:
        """`edges` are those of `back`, for who has them already; `end` is the node the paths lead to (the output)."""
        self.back = back
        graph = back.graph
        self.end = graph.output if end is None else end
        self.closed: list[Edge] = []
        self.edges = 0
        self._uses: dict[int, list[Edge]] = {}
        ways, length = {self.end: 1}, {self.end: 0}
        last = self.end
        for edge in back.edges() if edges is None else edges:
            if edge.target != last:
                ways.pop(last, None)  # counts may have thousands of digits
                length.pop(last, None)
                last = edge.target
            if edge.target not in ways:
                continue
            if not edge.active:
                self.closed.append(edge)
                continue
            self.edges += 1
            source, target = edge.source, edge.target
            ways[source] = ways.get(source, 0) + ways[target]
            length[source] = length.get(source, 0) + length[target] + ways[target]
            self._uses.setdefault(source, []).append(edge)
        for uses in self._uses.values():
            uses.sort(key=lambda edge: (edge.target, edge.argument))
        self.inputs = {name: index for name, index in graph.inputs.items() if back.depends[index]}
        self.counts = {name: ways.get(index, 0) for name, index in self.inputs.items()}
        self.multiplications = sum(length.get(index, 0) for index in self.inputs.values())

    @property
    def count(self) -> int:
        """How many paths there are."""
        return sum(self.counts.values())

    def product(self, path: Path) -> Any:
        """The upstream gradient times the local derivatives, from the output to the input, as the backward pass does.

        Raises OutOfRange when the number system gives up.
        """
        run, depends = self.back.forward, self.back.depends
        value = self.back.upstream
        for edge in reversed(path.edges):
            arguments = run.graph.arguments[edge.target]
            fixed = tuple([not depends[a] for a in arguments])
            operands = [run.values[a] for a in arguments]
            value = contribution(run, edge.target, edge.argument, fixed, operands, value, factor=edge.local)
        return run.system.number(whole(value))

    def total(self, products: Sequence[Any]) -> Any:
        """The sum of some products, in their order."""
        system = self.back.forward.system
        value = system.number(0)
        for each in products:
            value = settled(system, value + each)
        return system.number(value)

    # -- listing --------------------------------------------------------------------------------------------------

    def in_text(self) -> Iterator[Path]:
        """Every path, by input in order of first appearance, then by the order of the uses in the text."""
        return self._walk(ANY, {})

    def by_size(self) -> Iterator[Path]:
        """Every path, the largest magnitude of its product first; equal ones in the order of the text.

        Paths with a factor that is not finite come before all others, those with a factor 0 after all others. Sizes
        neither overflow nor underflow. The number system must be one of numbers.
        """
        kinds = self._kinds()
        return chain(self._walk(WITH_INFINITE, kinds), self._largest(kinds), self._walk(WITH_ZERO, kinds))

    def _walk(self, kind: int, kinds: Mapping[int, set[int]]) -> Iterator[Path]:
        """The paths of one kind, in the order of the text: depth first, never into a dead end."""
        output = self.end
        for start in self.inputs.values():
            if start == output and kind in EMPTY:
                yield Path(start, ())
            if kind != ANY and kind not in kinds.get(start, ()):
                continue
            edges: list[Edge] = []
            levels = [(kind, iter(self._uses.get(start, ())))]
            while levels:
                wanted, rest = levels[-1]
                edge = next(rest, None)
                if edge is None:
                    levels.pop()
                    if edges:
                        edges.pop()
                    continue
                left = wanted if wanted == ANY else AFTER.get((wanted, self._kind(edge)))
                if left is None or (left != ANY and left not in kinds[edge.target]):
                    continue
                if edge.target == output:
                    yield Path(start, (*edges, edge))
                else:
                    edges.append(edge)
                    levels.append((left, iter(self._uses[edge.target])))

    def _kind(self, edge: Edge) -> int:
        """The kind of an edge's factor."""
        system = self.back.forward.system
        return INFINITE if not system.is_finite(edge.local) else ORDINARY if system.truth(edge.local) else ZERO

    def _kinds(self) -> dict[int, set[int]]:
        """Per node, the kinds of paths that lead from it to the output."""
        output = self.end
        kinds: dict[int, set[int]] = {output: set(EMPTY)}
        for node in sorted(self._uses, reverse=True):
            found = kinds.setdefault(node, set())
            for edge in self._uses[node]:
                factor, rest = self._kind(edge), kinds[edge.target]
                found |= {kind for kind in range(5) if AFTER.get((kind, factor)) in rest}
        return kinds

    def _largest(self, kinds: Mapping[int, set[int]]) -> Iterator[Path]:
        """The paths whose factors are all finite and not 0, largest product first."""
        system, output = self.back.forward.system, self.end
        edges = [
            edge
            for uses in self._uses.values()
            for edge in uses
            if self._kind(edge) == ORDINARY and ALL_ORDINARY in kinds[edge.target]
        ]
        upstream = self.back.upstream
        plain = system.is_finite(upstream) and system.truth(upstream)
        unit, *factors = system.magnitudes([upstream if plain else 1, *(edge.local for edge in edges)])
        ways: dict[int, list[_Way]] = {}
        for edge, factor in zip(edges, factors, strict=True):
            ways.setdefault(edge.source, []).append(_Way(edge.target, factor, edge))
        starts = [index for index in self.inputs.values() if index in ways or index == output]
        ways[ROOT] = [_Way(index, None, None) for index in starts]
        if starts:
            for way, *rest in _Ranking(ways, output, unit).routes():
                yield Path(way.target, tuple(each.edge for each in rest if each.edge is not None))


class _Way(NamedTuple):
    """A step towards the output: where it leads, the size of its factor (None: no factor), and its edge."""

    target: int
    factor: Any
    edge: Edge | None


class _Candidate:
    """A way to go on from a node: over its way number `way`, then as the path number `rank` from there."""

    __slots__ = ("rank", "size", "way")

    def __init__(self, size: Any, way: int, rank: int) -> None:
        self.size = size
        self.way = way
        self.rank = rank

    def __lt__(self, other: _Candidate) -> bool:
        if self.size == other.size:
            return (self.way, self.rank) < (other.way, other.rank)
        return bool(self.size > other.size)


class _Ranking:
    """The paths from every node to the output, the largest first; the next of a node is found when it is asked for.

    Multiplying by a positive factor keeps the order, so the k-th largest path of a node goes on as one of the first k
    of its neighbour. Source: V. M. Jiménez and A. Marzal, Computing the K shortest paths: a new algorithm and an
    experimental comparison, WAE 1999 (the recursive enumeration algorithm), here without recursion.
    """

    def __init__(self, ways: Mapping[int, Sequence[_Way]], output: int, unit: Any) -> None:
        self.ways = ways
        self.found = {output: [_Candidate(unit, 0, 0)]}
        self.waiting: dict[int, list[_Candidate]] = {}
        self.complete = {output}
        for node in sorted(ways, reverse=True):
            self.found[node] = [min(self._candidate(node, way, 0) for way in range(len(ways[node])))]

    def routes(self) -> Iterator[list[_Way]]:
        """Every path from ROOT as its ways."""
        rank = 0
        while rank < len(self.found[ROOT]):
            route = []
            node, at = ROOT, rank
            while node in self.ways:
                candidate = self.found[node][at]
                route.append(self.ways[node][candidate.way])
                node, at = route[-1].target, candidate.rank
            yield route
            rank += 1
            self._more(ROOT)

    def _candidate(self, node: int, way: int, rank: int) -> _Candidate:
        """The path from `node` over a way, then as the path number `rank` from there."""
        target, factor, _ = self.ways[node][way]
        size = self.found[target][rank].size
        return _Candidate(size if factor is None else size * factor, way, rank)

    def _more(self, node: int) -> None:
        """Find the next path from `node`: first the next one from the neighbour that the last one went over."""
        needed = [node]
        while True:
            last = self.found[needed[-1]][-1]
            target = self.ways[needed[-1]][last.way].target
            if target in self.complete or last.rank + 1 < len(self.found[target]):
                break
            needed.append(target)
        for each in reversed(needed):
            self._advance(each)

    def _advance(self, node: int) -> None:
        """Find the next path from `node`, whose neighbour has found the one that may be needed."""
        last = self.found[node][-1]
        if node not in self.waiting:
            others = (way for way in range(len(self.ways[node])) if way != last.way)
            self.waiting[node] = [self._candidate(node, way, 0) for way in others]
            heapq.heapify(self.waiting[node])
        if last.rank + 1 < len(self.found[self.ways[node][last.way].target]):
            heapq.heappush(self.waiting[node], self._candidate(node, last.way, last.rank + 1))
        if self.waiting[node]:
            self.found[node].append(heapq.heappop(self.waiting[node]))
        else:
            self.complete.add(node)
