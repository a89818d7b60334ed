"""The material of a report on a pass: what is known of it, as text and numbers, each thing computed once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from gradcli import ops
from gradcli.passes import Backward, Edge, Forward, corners
from gradcli.printers import unicode
from gradcli.report import Note, Style
from gradcli.report.passes.writers import Notation
from gradcli.report.spelling import spelling

LISTED = 5
"""How many unused names a note lists."""


class Trace:
    """One pass with everything that is shown of it.

    `back` is None for a forward pass; `truth` is the same pass in floats, where the one shown departs from it by
    rounding or pins. How numbers are spelled is for `spelling` alone to know.
    """

    def __init__(
        self,
        run: Forward,
        back: Backward | None = None,
        notes: Sequence[Note] = (),
        style: Style = Style(),  # noqa: B008  (immutable)
        truth: Forward | Backward | None = None,
    ) -> None:
        self.run = run
        self.graph = run.graph
        self.system = run.system
        self.back = back
        self.style = style
        self.gradients: Sequence[Any] = back.gradients if back else [None] * len(run.graph)
        self.edges: list[Edge] = list(back.edges()) if back else []
        self.spelling = spelling(run, self.gradients, style)
        self.output = self.graph.name(self.graph.output)
        self.write = Notation(run, self.spelling, self.output)
        self.true_run = truth.forward if isinstance(truth, Backward) else truth
        self.true_gradients = truth.gradients if isinstance(truth, Backward) else None
        self.nodes = [i for i in range(len(self.graph)) if not self.graph.is_leaf(i)]
        self.notes = [*notes, *self.own_notes()]
        self.exit_status = 0 if self.spelling.formulas or self.is_finite() else 3

    # -- values ---------------------------------------------------------------------------------------------------

    def written(self, value: Any) -> Any:
        """A number of the run as a float, or as a text where a float does not hold it."""
        return self.spelling.cell(value)

    def true_value(self, index: int) -> float | None:
        """The value of a node without rounding and pins; None where the one shown is meant to be true."""
        return None if self.true_run is None else self.true_run.system.to_float(self.true_run.values[index])

    def true_gradient(self, index: int) -> float | None:
        """The gradient of a node in the same way, where one was asked for."""
        gradient = None if self.true_gradients is None else self.true_gradients[index]
        return None if gradient is None or self.true_run is None else self.true_run.system.to_float(gradient)

    def say(self, value: Any) -> str:
        """A number of the run as people read it."""
        return self.spelling.say(value)

    def put_in(self, index: int) -> str:
        """A node's formula with the numbers put in, for a sentence: `5·3`."""
        return self.write.put_in(index)(unicode.DIALECT)[0]

    def starts_with_one(self) -> bool:
        """Whether the gradient that arrives at the output is 1, which is not written out."""
        if self.back is None:
            return True
        upstream = self.back.upstream
        return self.say(upstream) == "1" if self.spelling.formulas else bool(upstream == 1)

    def is_finite(self) -> bool:
        """Whether the value and every gradient that was asked for are finite."""
        asked = [self.run.value, *(self.gradients[i] for i in self.graph.inputs.values())]
        return all(value is None or self.system.is_finite(value) for value in asked)

    # -- notes ----------------------------------------------------------------------------------------------------

    def own_notes(self) -> Iterator[Note]:
        """What the pass itself has to say: unused names, corners, values that are not finite."""
        graph = self.graph
        yield from (Note(*remark) for remark in graph.remarks)
        used = graph.behind([graph.output])
        names = [(index, name) for name, index in graph.inputs.items()] + list(graph.bindings.items())
        unused = [name for index, name in names if index not in used]
        if unused:
            shown = ", ".join(unused[:LISTED]) + f" and {len(unused) - LISTED:,} more" * (len(unused) > LISTED)
            reach = "does" if len(unused) == 1 else "do"
            yield Note("unused", unused[0], f"{shown} {reach} not reach the output {graph.name(graph.output)}")
        if self.spelling.formulas:
            return
        if self.back:
            reached = {edge.target for edge in self.edges}
            for index in corners(self.run, self.back.depends):
                if index in reached:
                    yield self.corner_note(index)
        yield from self.domain_notes()

    def corner_note(self, index: int) -> Note:
        """There is no derivative at this node; which convention was used, and what others say."""
        operation = ops.OPERATIONS[self.graph.operations[index]]
        name = self.graph.name(index)
        where = self.put_in(index)
        message = f"{name} = {where} is at a corner: there is no derivative. Used: {operation.convention}"
        return Note("corner", name, f"{message}. {operation.elsewhere}.")

    def domain_notes(self) -> Iterator[Note]:
        """The first node whose value is not finite, or whose local derivative is not, with its operands."""
        if self.is_finite():
            return
        graph, values, finite = self.graph, self.run.values, self.system.is_finite
        for index in self.nodes:
            if index <= graph.output and not finite(values[index]):
                yield self.not_finite(index)
                return
        for edge in self.edges:
            if edge.active and not finite(edge.local):
                name, source = graph.name(edge.target), graph.name(edge.source)
                what = f"{name} = {self.put_in(edge.target)} has no finite slope here"
                yield Note("domain", name, f"{what}: ∂{name}/∂{source} = {self.say(edge.local)}")
                return
        for edge in self.edges:
            if not finite(edge.contribution):
                name = graph.name(edge.target)
                factors = [self.write.number(edge.upstream), self.write.number(edge.local)]
                product = self.write.applied("multiply", factors)(unicode.DIALECT)[0]
                yield Note("overflow", name, f"the gradient from {name}: {product} is not a finite number")
                return
        yield Note("overflow", None, "the sum of the gradients is not a finite number")

    def not_finite(self, index: int) -> Note:
        """Why the value of a node is not finite."""
        name, value = self.graph.name(index), self.system.to_float(self.run.values[index])
        what = f"{name} = {self.put_in(index)}"
        if math.isnan(value):
            return Note("domain", name, f"{what} is not a real number")
        operands = [self.system.to_float(self.run.values[a]) for a in self.graph.arguments[index]]
        if self.graph.operations[index] in ("divide", "log") or 0 in operands:
            return Note("domain", name, f"{what} is infinite: outside the domain")
        return Note("overflow", name, f"{what} is larger than a 64-bit float can hold")
