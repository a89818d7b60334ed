"""What the sections of a worked solution share: the pass, its edges by node, ways to list and to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count as count_up
from typing import Any, NamedTuple, TypeVar

from gradcli import ops
from gradcli.passes import Edge, Forward
from gradcli.printers import unicode
from gradcli.report.blocks import Block, Equations, Sentence
from gradcli.report.formulas import Comment, Formula, Part, Writer, formula
from gradcli.report.passes.trace import Trace
from gradcli.report.passes.writers import Notation

LISTED = 6
"""Names listed in a sentence; then how many more there are."""

TERMS = 4
"""Contributions whose products are written out as well."""

Item = TypeVar("Item")


class Wishes(NamedTuple):
    """What of the solution is asked for.

    most     the most operations that are explained one by one; of a larger graph the first and the last ones
    brief    one line a node
    expand   the nested sum over paths as well
    descend  what gradient descent does with every input as well: the output is a loss
    """

    most: int
    brief: bool = False
    expand: bool = False
    descend: bool = False


class Material:
    """A backward pass from the node at `start` on, as the sections tell it.

    nodes     the operations that `start` depends on, and itself, in evaluation order
    inputs    the variables it depends on; all of them where it is the output
    letter    the quantity whose gradients are taken: the output, or a later one where the upstream gradient is not 1
    corners   the nodes without a derivative; `behind_corners` what they depend on
    stop      the first node whose value is no real number: nothing after it can be told; None where all have one
    incoming  the edges that a node's gradient comes from; `outgoing` those it goes on to
    """

    def __init__(self, trace: Trace, wishes: Wishes, start: int) -> None:
        self.trace = trace
        self.wishes = wishes
        self.start = start
        graph = trace.graph
        self.graph = graph
        self.back = trace.back
        self.formulas = trace.spelling.formulas
        self.plain_start = trace.starts_with_one()
        taken = set(graph.names())
        self.letter = (
            graph.name(graph.output) if self.plain_start else next(each for each in _letters() if each not in taken)
        )
        self.write = Notation(trace.run, trace.spelling, self.letter)
        below = graph.behind([start])
        self.nodes = [i for i in sorted(below) if not graph.is_leaf(i)]
        self.inputs = [i for i in graph.inputs.values() if i in below or start == graph.output]
        self.incoming: dict[int, list[Edge]] = {}
        self.outgoing: dict[int, list[Edge]] = {}
        for edge in trace.edges:
            self.incoming.setdefault(edge.source, []).append(edge)
            self.outgoing.setdefault(edge.target, []).append(edge)
        corners = {note.node for note in trace.notes if note.kind == "corner"}
        self.corners = {i for i in self.nodes if graph.name(i) in corners} if corners else set()
        self.behind_corners = graph.behind(self.corners)
        self.stop = next((i for i in self.nodes if self._has_no_value(i)), None)

    def _has_no_value(self, index: int) -> bool:
        """Whether the value of an operation that is looked at is no real number."""
        run = self.trace.run
        if self.formulas or run.system.is_finite(run.values[index]) or index not in counting(run, self.start):
            return False
        return self.trace.not_finite(index).kind == "domain"

    def listed(self, items: Sequence[int], row: Callable[[int], Formula]) -> Iterator[Block]:
        """Rows of equations; of many items the first and the last ones, with a line that says so."""
        first, last, left_out = few(items, self.wishes.most)
        yield Equations([row(i) for i in first])
        if left_out:
            yield Sentence([f"… {left_out:,} more of them are left out: --rows {len(items)} shows all …"])
            yield Equations([row(i) for i in last])

    def names(self, items: Sequence[int]) -> list[Part]:
        """`x, y and z`."""
        shown = list(items[:LISTED])
        parts: list[Part] = []
        for place, index in enumerate(shown):
            if place:
                parts.append(" and " if place == len(shown) - 1 and len(items) == len(shown) else ", ")
            parts.append(self.write.just(index))
        if len(items) > len(shown):
            parts.append(f" and {len(items) - len(shown):,} more")
        return parts

    def distinct(self, *sides: Writer | tuple[str, Writer], comment: str | Comment = ()) -> Formula:
        """An equation without sides that repeat the one before."""
        first, *rest = sides
        kept: list[Writer | tuple[str, Writer]] = []
        text = ""
        for side in rest:
            new = (side[1] if isinstance(side, tuple) else side)(unicode.DIALECT)[0]
            if kept and new == text:
                kept[-1] = side
            else:
                kept.append(side)
            text = new
        return formula(first if not isinstance(first, tuple) else first[1], *kept, comment=comment)

    def result(self, value: Any) -> tuple[str, Writer]:
        """A gradient with its sign."""
        return self.write.result(value)

    def short(self, value: Any) -> list[tuple[str, Writer]]:
        """A gradient, where it is not too long to be written out."""
        return [self.write.result(value)] if self.write.is_written(value) else []


def counting(run: Forward, start: int) -> set[int]:
    """The nodes that `start` depends on at this point: closed branches do not count, nor what a set value replaces."""
    found: set[int] = set()
    stack = [start]
    while stack:
        index = stack.pop()
        if index in found:
            continue
        found.add(index)
        arguments = run.graph.arguments[index]
        if index in run.pins:
            continue
        if arguments and ops.OPERATIONS[run.graph.operations[index]].branches:
            taken = run.system.truth(run.values[arguments[0]])
            arguments = arguments if taken is None else (arguments[0], arguments[1 if taken else 2])
        stack += arguments
    return found


def few(items: Sequence[Item], most: int) -> tuple[Sequence[Item], Sequence[Item], int]:
    """All items; of more than `most` the first ones, the last ones, and how many there are between."""
    if len(items) <= most:
        return items, (), 0
    first = (most + 1) // 2
    last = most - first
    return items[:first], items[len(items) - last :] if last else (), len(items) - most


def _letters() -> Iterator[str]:
    yield from ("L", "J", "out")
    yield from (f"out{count}" for count in count_up(1))


def spoken(operation: str) -> str:
    """The name of an operation in a sentence."""
    return ops.OPERATIONS[operation].typed.removesuffix("()").replace("_", " ")
