"""The report of `gradcli explain`: a backward pass as a worked solution, section by section.

The order and the words follow the lectures: sketch the forward pass, begin at the output, and at every node receive the
upstream gradient, compute the local derivatives, apply the chain rule and pass the gradient on; where a node is used
more than once, add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from gradcli import ops
from gradcli.passes import Edge
from gradcli.printers import ascii, unicode
from gradcli.report import Note, Report, Table
from gradcli.report.blocks import Block, Equations, Formula, Heading, Part, Sentence, Writer, formula, sections
from gradcli.report.expansion import expansion
from gradcli.report.notation import Notation
from gradcli.report.screen import NUDGE, in_text
from gradcli.report.teaching import definition, rule
from gradcli.report.trace import Trace, reachable
from gradcli.report.words import plural, say

SHOWN = 40
"""Operations that are explained one by one; of a larger graph the first and the last ones."""

LISTED = 6
"""Names listed in a sentence; then how many more there are."""

SUMMED = 12
"""Contributions written out in a sum."""

CLOSED_FORMS = 1_000
"""Operations of a graph whose gradients are looked at as formulas; in larger ones they would all be too long."""

Item = TypeVar("Item")


class Wishes(NamedTuple):
    """What of the solution is asked for.

    brief    one line a node
    expand   the nested sum over paths as well
    most     the most operations that are explained one by one
    """

    brief: bool = False
    expand: bool = False
    most: int = SHOWN


class Solution(Report):
    """A worked solution; `start` is the position of the node it begins at."""

    def __init__(self, trace: Trace, wishes: Wishes, start: int) -> None:
        self.trace = trace
        self.wishes = wishes
        self.start = start
        self.notes: Sequence[Note] = trace.notes
        self.exit_status = trace.exit_status
        graph = trace.graph
        self.graph = graph
        self.back = trace.back
        self.formulas = trace.spelling.formulas
        self.plain_start = self.back is None or self.back.upstream is None or self._is_one(self.back.upstream)
        self.output = graph.name(graph.output)
        taken = set(graph.names())
        self.letter = self.output if self.plain_start else next(each for each in _letters() if each not in taken)
        self.write = Notation(trace, self.letter)
        below = _below(graph.arguments, start)
        self.nodes = [i for i in sorted(below) if not graph.is_leaf(i)]
        self.inputs = [i for i in graph.inputs.values() if i in below or start == graph.output]
        self.below = below
        self.incoming: dict[int, list[Edge]] = {}
        self.outgoing: dict[int, list[Edge]] = {}
        for edge in trace.edges:
            self.incoming.setdefault(edge.source, []).append(edge)
            self.outgoing.setdefault(edge.target, []).append(edge)
        self.corners = {note.node: note for note in trace.notes if note.kind == "corner"}

    def _is_one(self, value: Any) -> bool:
        if self.formulas:
            return self.trace.say(value) == "1"
        return bool(value == 1)

    # -- the report -------------------------------------------------------------------------------------------------

    def record(self) -> Mapping[str, Any]:
        """The record of the backward pass with the text, section by section."""
        record = dict(self.trace.record())
        notes = record.pop("notes")
        return {**record, "sections": sections(self.blocks(self.wishes.most), ascii.DIALECT), "notes": notes}

    def title(self) -> str:
        """`f = (x + y)·y   at x = 2, y = 3`."""
        return self.trace.title()

    def screen(self, rows: int) -> Sequence[Table]:
        """The tables of the backward pass."""
        return self.trace.screen(rows)

    def tables(self) -> Mapping[str, Table]:
        """The data tables of the backward pass."""
        return self.trace.tables()

    def blocks(self, rows: int) -> Sequence[Block]:  # noqa: ARG002
        """The solution."""
        parts: list[tuple[str, Iterator[Block]]] = [] if self.wishes.brief else [("Steps", self.steps())]
        parts += [("Forward", self.forward()), ("Backward", self.backward()), ("Add up", self.sums())]
        if not self.wishes.brief:
            parts.append(("Formulas", self.closed_forms()))
        if self.wishes.expand:
            parts.append(("All paths", expansion(self)))
        parts.append(("What it means", self.meaning()))
        found: list[Block] = []
        for number, (title, section) in enumerate(parts, start=1):
            found += [Heading([f"{number} {title}"]), *section]
        return found

    # -- 1 Steps ----------------------------------------------------------------------------------------------------

    def steps(self) -> Iterator[Block]:
        """One operation a line, what the letters are, what the functions are."""
        graph, write = self.graph, self.write
        if not self.nodes:
            yield Sentence(["There is no operation here: the output is ", write.just(self.start), " itself."])
        else:
            yield Sentence(["One operation a line. Every line has a name, so that later lines can use it."])
            yield from self.listed(
                self.nodes, lambda i: formula(write.name(i), write.one_level(i), comment=_spoken(graph.operations[i]))
            )
        if self.start != graph.output:
            names = [write.just(self.start), " and what it is computed from"]
            yield Sentence(["This starts at ", *names, ". The nodes above it are left out."])
        live = [i for i in self.inputs if self.trace.gradients[i] is not None]
        fixed = [i for i in self.inputs if self.trace.gradients[i] is None]
        parts: list[Part] = []
        if live:
            parts += [*self.names(live), " is an input" if len(live) == 1 else " are the inputs"]
            parts += ["; ", write.just(graph.output), " is the output. "] if self.nodes else [". "]
        if fixed:
            parts += [*self.names(fixed), " is kept fixed" if len(fixed) == 1 else " are kept fixed"]
            parts.append(": no gradient goes there. ")
        if parts:
            yield Sentence(_trimmed(parts))
        for name in dict.fromkeys(graph.operations[i] for i in self.nodes):
            meaning = definition(ops.OPERATIONS[name], write)
            if meaning:
                yield Sentence(meaning)

    def listed(self, items: Sequence[int], row: Any) -> Iterator[Block]:
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

    # -- 2 Forward --------------------------------------------------------------------------------------------------

    def forward(self) -> Iterator[Block]:
        """Every value with its arithmetic."""
        if not self.nodes:
            if self.formulas:
                yield Sentence(["There is nothing to compute."])
            else:
                value = self.write.result(self.trace.run.values[self.start])
                yield Sentence([formula(self.write.name(self.start), value), "."])
            return
        if not self.wishes.brief:
            yield Sentence(
                ["Write every line over the inputs."]
                if self.formulas
                else ["Put the numbers in, line by line, and keep every value: the backward pass needs them."]
            )
        yield from self.listed(self.nodes, self.forward_row)
        if self.trace.true_run is not None:
            true = say(self.trace.true_value(self.start), self.trace.style)
            yield Sentence(["Without rounding: ", formula(self.write.name(self.start), _text(true)), "."])

    def forward_row(self, index: int) -> Formula:
        """`v1 = x + y = 2 + 3 = 5`."""
        write, value = self.write, self.trace.run.values[index]
        if index in self.trace.run.pins:
            return formula(write.name(index), write.one_level(index), write.result(value), comment="set to this value")
        if self.formulas:
            sides = [write.number(value)] if write.is_written(value) else []
            comment = "" if sides else "too long to write out"
            return self.distinct(write.name(index), write.one_level(index), *sides, comment=comment)
        result = write.result(value, write.value_shown(index))
        return self.distinct(write.name(index), write.one_level(index), write.put_in(index), result)

    def distinct(self, *sides: Writer | tuple[str, Writer], comment: str = "") -> Formula:
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

    # -- 3 Backward -------------------------------------------------------------------------------------------------

    def backward(self) -> Iterator[Block]:
        """From the output back: at every node receive, the rule, multiply, pass on."""
        graph, write = self.graph, self.write
        if self.back is None or self.trace.gradients[self.start] is None:
            yield Sentence(["Nothing here depends on an input, so there is no gradient."])
            return
        visited = [i for i in reversed(self.nodes) if i in self.outgoing]
        if not self.wishes.brief:
            yield from self.opening()
        told: set[str] = set()
        first, last, left_out = few(visited, self.wishes.most)
        for index in first:
            yield from self.node(index, told)
        if left_out:
            yield Sentence([f"… {left_out:,} more nodes are left out: --rows {len(visited)} shows all …"])
        for index in last:
            yield from self.node(index, told)
        idle = [i for i in self.nodes if i not in self.outgoing and self.trace.gradients[i] is not None]
        if idle:
            is_one = len(idle) == 1
            parts: list[Part] = ["Nothing arrives at ", *self.names(idle)]
            yield Sentence([*parts, f": {'its gradient is' if is_one else 'their gradients are'} 0."])
        yield from self.unreached()

    def unreached(self) -> Iterator[Block]:
        """The inputs that no gradient arrives at."""
        for index in self.inputs:
            if self.trace.gradients[index] is None or self.incoming.get(index) or index == self.graph.output:
                continue
            reach = "No path leads from " if index not in reachable(self.graph) else "No gradient arrives at "
            ends: list[Part] = [" to ", self.write.just(self.graph.output)] if reach.startswith("No path") else []
            zero = formula(self.write.derivative(index), _text("0"))
            yield Sentence([reach, self.write.just(index), *ends, ": ", zero, "."])

    def opening(self) -> Iterator[Block]:
        """What a gradient is, the chain rule, and where the pass begins."""
        write, start = self.write, self.start
        output = self.graph.output
        some = self.inputs[0] if self.inputs else start
        some = next((i for i in self.inputs if self.trace.gradients[i] is not None), some)
        what: list[Part] = [formula(write.derivative(some)), " is the gradient of ", write.just(some), ": how fast "]
        upper = formula(_name(self.letter, write))
        yield Sentence([*what, upper, " changes when ", write.just(some), " changes, and nothing else."])
        yield Sentence(
            [
                "Go back, from the last line to the first. At every node: receive the gradient from above (the "
                "upstream gradient), compute the local derivative, multiply the two (the chain rule), and pass the "
                "product on."
            ]
        )
        gradient = self.trace.gradients[start]
        if not self.plain_start:
            parts: list[Part] = [write.just(output), " goes on into a quantity ", upper, ", and this gradient arrives: "]
            yield Sentence([*parts, formula(write.derivative(output), self.result(gradient or 0)), "."], "Start")
        if start != output:
            known = formula(write.derivative(start), *self.short(gradient))
            yield Sentence(["The gradient that arrives at ", write.just(start), " is known: ", known, "."], "Start")
        elif self.plain_start:
            one = formula(write.derivative(output), _text("1"))
            yield Sentence([one, ": the output changes as fast as itself."], "Start")

    def result(self, value: Any) -> tuple[str, Writer]:
        """A gradient with its sign."""
        return self.write.result(value)

    def short(self, value: Any) -> list[tuple[str, Writer]]:
        """A gradient, where it is not too long to be written out."""
        return [self.write.result(value)] if self.write.is_written(value) else []

    def node(self, index: int, told: set[str]) -> Iterator[Block]:
        """One node of the backward pass."""
        write, edges = self.write, self.outgoing[index]
        name = self.graph.operations[index]
        if self.wishes.brief:
            parts: list[Part] = [formula(write.name(index), write.one_level(index)), f" ({_spoken(name)}): "]
            for place, edge in enumerate(edges):
                parts += [", " if place else "", *self.brief_edge(edge)]
            yield Sentence([*parts, "."])
            return
        yield Heading([formula(write.name(index), write.one_level(index))], level=2)
        upstream = edges[0].upstream
        yield Sentence([formula(write.derivative(index), *self.short(upstream)), "."], "Receive")
        corner = self.corners.get(self.graph.name(index))
        convention = f" At a corner there is no derivative; used: {ops.OPERATIONS[name].convention}." if corner else ""
        yield Sentence([rule(ops.OPERATIONS[name], brief=name in told) + convention], "Rule")
        told.add(name)
        unclear = [edge for edge in edges if self.graph.arguments[index].count(edge.source) > 1]
        rows = []
        for edge in edges:
            if not edge.active:
                continue
            comment = ("as the first argument", "as the second argument")[edge.argument] if (
                edge in unclear and edge.argument < 2
            ) else ""  # fmt: skip
            rows.append(
                formula(write.derivative(edge.source, edge.target), *write.local_sides(edge), comment=comment)
            )
        if rows:
            yield Equations(rows)
        total = [edge for edge in edges if edge.active and write.is_ambiguous(edge) and edge not in unclear]
        if total:
            local = formula(write.derivative(total[0].source, index))
            yield Sentence(["Here ", local, " is the derivative of this one line, not yet the whole gradient."])
        active = [edge for edge in edges if edge.active]
        if active:
            yield Equations([self.product_row(edge) for edge in active], "Multiply")
        yield Sentence(self.passed_on(edges), "Pass on")

    def product_row(self, edge: Edge) -> Formula:
        """`∂f/∂x = ∂f/∂v1·∂v1/∂x = 3·1 = 3`; of a node used more than once its left side is in section Add up."""
        write = self.write
        single = len(self.incoming[edge.source]) == 1
        left = [write.derivative(edge.source)] if single else []
        at_output = self.graph.name(edge.target) == self.letter
        chain = [] if at_output and single else [
            write.product(write.derivative(edge.target), write.local_symbol(edge))
        ]  # fmt: skip
        if self.formulas:
            numbers: list[Writer | tuple[str, Writer]] = []
            if at_output and not chain:
                numbers.append(write.product(_text("1"), write.local(edge)))
            if write.is_written(edge.contribution):
                numbers.append(write.number(edge.contribution))
        else:
            numbers = [
                write.product(write.number(edge.upstream), write.number(edge.local)), self.contribution(edge)
            ]  # fmt: skip
        comment = "" if single else f"to {self.graph.name(edge.source)}"
        return self.distinct(*left, *chain, *numbers, comment=comment)

    def contribution(self, edge: Edge) -> tuple[str, Writer]:
        """What goes along an edge, with = where the digits beside it give it exactly."""
        write = self.write
        return write.result(edge.contribution, write.digits(edge.upstream) * write.digits(edge.local))

    def brief_edge(self, edge: Edge) -> list[Part]:
        """`∂f/∂x = 3·1 = 3`, or to which node a contribution goes."""
        write = self.write
        if not edge.active:
            return ["nothing to ", write.just(edge.source), " (not taken)"]
        row = self.product_row(edge)
        if self.formulas or len(row.sides) < 3:
            return [row._replace(comment=""), *([f" {row.comment}"] if row.comment else [])]
        short = [row.sides[0], *row.sides[-2:]] if not row.comment else row.sides[-2:]
        return [Formula(tuple(short), row.signs[-len(short) + 1 :]), *([f" {row.comment}"] if row.comment else [])]

    def passed_on(self, edges: Sequence[Edge]) -> list[Part]:
        """`3 to x, 3 to y.`"""
        parts: list[Part] = []
        for edge in edges:
            parts += [", "] if parts else []
            if not edge.active:
                parts += ["nothing to ", self.write.just(edge.source), " (not taken)"]
                continue
            if self.write.is_written(edge.contribution):
                parts.append(formula(self.write.number(edge.contribution)))
            else:
                parts.append("this")
            parts += [" to ", self.write.just(edge.source)]
            if len(self.incoming[edge.source]) > 1:
                parts.append(" (a contribution)")
        return [*parts, "."]

    # -- 4 Add up ---------------------------------------------------------------------------------------------------

    def sums(self) -> Iterator[Block]:
        """Every node that is used more than once: its contributions and their sum."""
        shared = [
            i for i in [*self.inputs, *self.nodes]
            if len(self.incoming.get(i, [])) > 1 and (i != self.start or self.start == self.graph.output)
        ]  # fmt: skip
        if not shared:
            yield Sentence(["No node is used more than once, so there is nothing to add."])
            return
        if not self.wishes.brief:
            yield Sentence(["A node that is used more than once gets a contribution from every use. Add them."])
        yield from self.listed(shared, self.sum_row)

    def sum_row(self, index: int) -> Formula:
        """`∂f/∂y = ∂f/∂v1·∂v1/∂y + 1·v1 = 3 + 5 = 8`."""
        write, edges = self.write, in_text(self.incoming[index])
        active = [edge for edge in edges if edge.active]
        gradient = self.trace.gradients[index]
        used = plural(len(edges), "use", "uses")
        if len(active) < len(edges):
            used += f", {len(edges) - len(active)} of them closed"
        if len(active) > SUMMED:
            return formula(write.derivative(index), *self.short(gradient), comment=f"the sum of {used}")
        chain = write.total([write.product(write.derivative(e.target), write.local_symbol(e)) for e in active])
        sides: list[Writer | tuple[str, Writer]] = [] if len(active) > 4 or self.wishes.brief or not active else [chain]
        if not self.formulas and active:
            sides.append(write.total([write.number(edge.contribution) for edge in active]))
        shown = None if self.formulas else sum(write.digits(edge.contribution) for edge in active)
        end = [write.result(gradient, shown)] if write.is_written(gradient) else []
        return self.distinct(write.derivative(index), *sides, *end, comment=used)

    # -- 5 Formulas -------------------------------------------------------------------------------------------------

    def closed_forms(self) -> Iterator[Block]:
        """The gradient of every input as one formula, and its value."""
        asked = [i for i in self.inputs if self.trace.gradients[i] is not None]
        if not asked or not self.nodes:
            yield Sentence(["There is no formula to write."])
            return
        if len(self.nodes) > CLOSED_FORMS:
            yield Sentence(["The formulas are too long to write out: the steps above are the shortest way to tell it."])
            return
        from gradcli.report.closed import closed_forms

        rows, long = closed_forms(self, asked)
        if rows:
            yield Sentence(["Substitute the lines into each other: every gradient as one formula, and its value."])
            first, _, left_out = few(rows, 2 * self.wishes.most)
            yield Equations(first if left_out else rows)
            if left_out:
                yield Sentence([f"… {len(rows) - len(first):,} more formulas are left out …"])
        if long:
            many = "The formulas of " if len(long) > 1 else "The formula of "
            tail = " are" if len(long) > 1 else " is"
            yield Sentence([many, *self.names(long), f"{tail} too long to write out: the steps above tell it."])

    # -- 6 What it means --------------------------------------------------------------------------------------------

    def meaning(self) -> Iterator[Block]:
        """What happens to the output when an input is raised a little, and what gradient descent does."""
        asked = [i for i in self.inputs if self.trace.gradients[i] is not None]
        if not asked:
            yield Sentence(["There is no input whose gradient was asked for."])
            return
        if self.formulas:
            yield Sentence(["Where a gradient is positive, raising that input raises the output, and gradient descent "
                            "lowers it; where it is negative, the other way round. Give values for the numbers: "
                            f"--{self.graph.name(asked[0])} 2."])  # fmt: skip
            return
        first, last, left_out = few(asked, self.wishes.most)
        for index in first:
            yield Sentence(self.meaning_of(index))
        if left_out:
            yield Sentence([f"… {left_out:,} more inputs are left out: --rows {len(asked)} shows all …"])
        for index in last:
            yield Sentence(self.meaning_of(index))

    def meaning_of(self, index: int) -> list[Part]:
        """`∂f/∂x = 3: raise x by 0.01: f rises by about 0.03. Gradient descent lowers x.`"""
        write, value = self.write, self.trace.gradients[index]
        name, upper = write.just(index), formula(_name(self.letter, write))
        gradient = self.trace.system.to_float(value)
        parts: list[Part] = [formula(write.derivative(index), write.result(value))]
        true = self.trace.true_gradient(index)
        if true is not None:
            parts += [" (without rounding ", formula(_text(say(true, self.trace.style))), ")"]
        parts.append(": ")
        if not math.isfinite(gradient):
            return [*parts, "no finite number, so it says nothing about ", upper, "."]
        if gradient == 0:
            linked = index in self.incoming
            effect = " hardly changes" if linked else " does not change"
            return [*parts, "raise ", name, " a little and ", upper, f"{effect}; gradient descent does not change ", name, "."]
        if self.corners:
            verb = "lowers" if gradient > 0 else "raises"
            parts += ["there is a corner on the way, so ", upper, " may change otherwise; gradient descent ", verb, " "]
            return [*parts, name, "."]
        size = say(float(f"{abs(gradient * NUDGE):.3g}"), self.trace.style)
        parts += ["raise ", name, " by ", formula(_text(str(NUDGE))), " and ", upper]
        parts += [f" {'rises' if gradient > 0 else 'falls'} by about ", formula(_text(size))]
        return [*parts, f"; gradient descent {'lowers' if gradient > 0 else 'raises'} ", name, "."]


def _below(arguments: Sequence[tuple[int, ...]], start: int) -> set[int]:
    """The nodes that `start` depends on, and itself."""
    found: set[int] = set()
    stack = [start]
    while stack:
        index = stack.pop()
        if index not in found:
            found.add(index)
            stack += arguments[index]
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
    number = 1
    while True:
        yield f"out{number}"
        number += 1


def _name(text: str, write: Notation) -> Writer:
    """A name that is no node's."""
    return lambda dialect: (write.suit(dialect).name(text), 9)


def _text(number: str) -> Writer:
    """A number that is given as text."""
    return lambda dialect: dialect.constant(number)


def _spoken(operation: str) -> str:
    """The name of an operation in a sentence."""
    return ops.OPERATIONS[operation].typed.removesuffix("()").replace("_", " ")


def _trimmed(parts: list[Part]) -> list[Part]:
    *before, last = parts
    return [*before, last.rstrip() if isinstance(last, str) else last]
