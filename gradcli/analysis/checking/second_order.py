"""The gradient's own gradient: every ∂f/∂x as a graph of its own, checked as any formula is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from gradcli.analysis.checking.check import TIME_LIMIT, Check, check
from gradcli.analysis.checking.verdict import AGREE, SEVERITY, Verdict
from gradcli.analysis.checking.witness import Witness
from gradcli.graph import CONSTANT, INPUT, Graph, GraphBuilder
from gradcli.passes import backward, forward
from gradcli.systems.symbols import Symbols


class SecondOrder(NamedTuple):
    """What the checks found: `first` for the gradient, `rows` for the gradient of each of its components, by name."""

    first: Check
    rows: Mapping[str, Check]

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict, of the gradient and of the second derivatives."""
        found = [self.first.verdict, *(row.verdict for row in self.rows.values())]
        return min(found, key=SEVERITY.index)

    @property
    def exit_status(self) -> int:
        """0 all agree, 1 one disagrees, 3 none disagrees but not all are verified."""
        return {"agree": 0, "disagree": 1}.get(self.verdict, 3)


def check_second_order(
    graph: Graph,
    point: Mapping[str, Any],
    wrt: Iterable[str] | None = None,
    *,
    upstream: float = 1.0,
    time_limit: float = TIME_LIMIT,
) -> SecondOrder:
    """Check the gradient, and then the gradient of each of its components with respect to the variables in `wrt`.

    The referee of the second derivatives are the slopes of the gradient's values; SymPy differentiates its own reading
    of the text twice. `time_limit` is for each component.
    """
    chosen = tuple(graph.inputs) if wrt is None else tuple(wrt)
    first = check(graph, point, chosen, upstream=upstream, time_limit=time_limit)
    values = {name: float(first.back.forward.values[index]) for name, index in graph.inputs.items()}
    witness = first.witness or Witness(graph, values)
    rows = {}
    for name, component in gradient_graphs(graph, chosen).items():
        reading = witness.differentiated(name, component)
        row = check(component, values, chosen, upstream=upstream, time_limit=time_limit, witness=reading)
        # what SymPy says of the first derivative stands in `first`; at a corner it has its own
        rows[name] = replace(_as_good_as(first, name, row), reading=AGREE)
    return SecondOrder(first, rows)


def _as_good_as(first: Check, name: str, row: Check) -> Check:
    """The row of ∂f/∂name, where that itself does not exist or is wrong: then none of its derivatives agrees."""
    own = next(each.finding for each in first.variables if each.name == name)
    found = own if own.verdict in WITHOUT_A_DERIVATIVE else first.joint
    if found is None or found.verdict not in WITHOUT_A_DERIVATIVE:
        return row
    whose = f"∂{first.back.graph.name(first.back.graph.output)}/∂{name}" if found is own else "the gradient"
    why = f"there is no second derivative where {whose} {WITHOUT_A_DERIVATIVE[found.verdict]}"
    spoiled = found._replace(explanation=why, advice="")
    variables = tuple(
        each if each.verdict in WITHOUT_A_DERIVATIVE else each._replace(finding=spoiled, digits=None)
        for each in row.variables
    )
    if found.verdict == "outside_domain":  # its formula may have a number where the function has none
        variables = tuple(each._replace(graph=math.nan, digits=None) for each in variables)
    return replace(row, variables=variables)


WITHOUT_A_DERIVATIVE: Mapping[Verdict, str] = MappingProxyType({
    "disagree": "is wrong",
    "outside_domain": "has no value",
    "not_differentiable": "does not exist",
})  # fmt: skip
"""Verdicts on a first derivative that leave no second one, in words."""


def gradient_graphs(graph: Graph, wrt: Iterable[str]) -> dict[str, Graph]:
    """By name, ∂f/∂name written out in typed order, as a graph that has all variables of the formula."""
    system = Symbols()
    back = backward(forward(graph, {name: system.variable(name) for name in graph.inputs}, system), wrt)
    gradients = back.gradients
    return {name: only(system.builder, gradients[graph.inputs[name]].index, graph.inputs) for name in wrt}


def only(built: GraphBuilder, output: int, names: Iterable[str]) -> Graph:
    """The part of a graph under construction that `output` needs, with the variables `names` in front."""
    builder = GraphBuilder()
    for name in names:
        builder.input(name)
    place: dict[int, int] = {}
    for index in sorted(built.behind([output])):
        operation = built.operations[index]
        if operation == INPUT:
            place[index] = builder.input(built.texts[index])
        elif operation == CONSTANT:
            place[index] = builder.constant(built.texts[index])
        else:
            arguments = tuple(place[a] for a in built.arguments[index])
            place[index] = builder.add(operation, arguments, parameters=built.call(index).parameters)
    return builder.finish(place[output])
