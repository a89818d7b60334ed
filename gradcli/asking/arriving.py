"""`--upstream`: a number, or a formula over the names of the question: `2*(y-t)`, what a loss behind it passes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from gradcli.errors import GradcliError
from gradcli.graph import Graph
from gradcli.language.parser import parse
from gradcli.language.values import Value, read_value
from gradcli.passes import forward


class Arriving(NamedTuple):
    """The gradient that arrives at the output, as a formula; `names` are those that are no nodes of the question."""

    formula: Graph
    names: tuple[str, ...] = ()

    def number(self, system: Any, graph: Graph, point: Mapping[str, Any], values: Mapping[str, Value]) -> Any:
        """Its value at a point of the question; the names that only it has are among `values`, or stay letters."""
        if not self.formula.inputs:
            return forward(self.formula, {}, system).value
        run = forward(graph, point, system).values
        nodes = places(graph)
        known = {
            name: run[nodes[name]]
            if name in nodes
            else values[name].number(system)
            if name in values
            else system.variable(name)
            for name in self.formula.inputs
        }
        return forward(self.formula, known, system).value


def places(graph: Graph) -> dict[str, int]:
    """The nodes of a graph by name; its output as well where it is a variable."""
    named = {graph.name(index): index for index in range(len(graph)) if not graph.is_constant(index)}
    return {graph.output_name(): graph.output, **named}


def arriving(text: str, graph: Graph, known: Collection[str]) -> Arriving:
    """What was typed for --upstream, read. Raises UsageError, as for a value, where it cannot be read."""
    nodes = places(graph)
    try:
        formula = parse(text, names={*known, *nodes})
    except GradcliError:
        return Arriving(read_value("upstream", text).graph)
    if not formula.inputs or formula.bindings:
        return Arriving(read_value("upstream", text).graph)
    return Arriving(formula, tuple(name for name in formula.inputs if name not in nodes))
