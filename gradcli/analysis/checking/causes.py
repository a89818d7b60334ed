"""Which node it is: the one at a corner, out of range, or where digits cancel; found by looking at the passes."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from gradcli import ops
from gradcli.analysis.checking.evidence import Evidence, Moved
from gradcli.analysis.checking.slopes import Kind, slopes
from gradcli.analysis.checking.verdict import Cause
from gradcli.errors import OutOfRange
from gradcli.graph import Graph
from gradcli.passes import Backward, Forward
from gradcli.systems import System

NEAR = 1e-9
"""Two numbers this close to a corner are worth a word."""

FAULT = 1e-6
"""A single rule in floats is right to more than this."""

LOST = 1e3
"""A node whose relative error is this much larger than its operands' has lost digits of its own."""


def gradient_of(evidence: Evidence, index: int) -> Any:
    """The gradient of a node in floats."""
    return evidence.back.gradients[index]


def that_count(back: Backward) -> set[int]:
    """The nodes that the output depends on at this point: branches that are closed do not count."""
    graph, run = back.graph, back.forward

    def counting(index: int) -> tuple[int, ...]:
        arguments = graph.arguments[index]
        if not arguments or not ops.OPERATIONS[graph.operations[index]].branches:
            return arguments
        taken = run.system.truth(run.values[arguments[0]])
        return arguments if taken is None else (arguments[0], arguments[1 if taken else 2])

    return graph.behind([graph.output], counting)


def cause(run: Forward, index: int) -> Cause:
    """A node as the cause of a finding, with the values of its operands."""
    graph = run.graph
    operands = tuple(run.system.to_float(run.values[a]) for a in graph.arguments[index])
    return Cause(graph.name(index), graph.operations[index], operands)


def position(graph: Graph, name: str) -> int:
    """Where the node called `name` stands in the graph."""
    return graph.names().index(name)


def number(run: Forward, cause: Cause) -> float:
    """The value of the node of a cause."""
    return float(run.values[position(run.graph, cause.node)])


def that_depend(evidence: Evidence, index: int) -> list[bool]:
    """Per node, whether it depends on node `index`, and counts."""
    return evidence.graph.depending_on([index], through=that_count(evidence.precise))


def first(evidence: Evidence, index: int, *kinds: Kind) -> Cause | None:
    """The first node whose value has slopes of one of the kinds when node `index` moves, by its values alone.

    Preferably one that the output feels: in 0*abs(x) + relu(x) at 0 that is relu. The edge of a domain is always felt.
    """
    above, gradients = that_depend(evidence, index), evidence.precise.gradients
    moved = Moved(evidence, {index: 1}, float(evidence.back.forward.values[index]))
    silent = None
    try:
        for node in range(index + 1, len(above)):
            if above[node] and slopes(moved.seen_at(node)).kind in kinds:
                if gradients[node] != 0 or "edge" in kinds:
                    return cause(evidence.back.forward, node)
                silent = node if silent is None else silent
    except OutOfRange:
        return None
    return None if silent is None else cause(evidence.back.forward, silent)


def near_corner(evidence: Evidence, index: int) -> Cause | None:
    """The first node that chooses between two numbers that are almost equal."""
    graph, values = evidence.graph, evidence.back.forward.values
    above = that_depend(evidence, index)
    for node, arguments in enumerate(graph.arguments):
        if not above[node] or not arguments:
            continue
        operation = ops.OPERATIONS[graph.operations[node]]
        if operation.corner is None or operation.pattern not in ("route", "gate") or len(arguments) < 2:
            continue
        ordered = sorted(float(values[a]) for a in dict.fromkeys(arguments))
        for a, b in pairwise(ordered):
            if a != b and b - a <= NEAR * max(abs(a), abs(b)):
                return cause(evidence.back.forward, node)
    return None


def infinite_local(evidence: Evidence, index: int) -> Cause | None:
    """The node whose local derivative is infinite, on the way to node `index`."""
    above, finite = that_depend(evidence, index), evidence.precise.forward.system.is_finite
    for edge in evidence.precise.edges():
        if edge.active and above[edge.source] and not finite(edge.local):
            return cause(evidence.back.forward, edge.target)
    return None


def out_of_range(evidence: Evidence) -> Cause | None:
    """The first node whose value is a number that no float can hold, too large or too small."""
    run, exact = evidence.back.forward, evidence.precise.forward
    counting = that_count(evidence.precise)
    for index, true in enumerate(exact.values):
        value = float(run.values[index])
        if index not in counting or not exact.system.is_finite(true):
            continue
        if not math.isfinite(value) or (abs(value) < 2.0**-1022 and value != true):
            return cause(run, index)
    return None


def contribution_out_of_range(evidence: Evidence, index: int) -> Cause | None:
    """The node on the way to node `index` at which a local derivative, or a product with it, leaves the floats."""
    above, finite = that_depend(evidence, index), evidence.precise.forward.system.is_finite
    for ours, true in zip(evidence.back.edges(), evidence.precise.edges(), strict=False):
        if not above[ours.source]:
            continue
        for value, exact in ((ours.local, true.local), (ours.contribution, true.contribution)):
            small = abs(float(value)) < 2.0**-1022 and exact != value
            if finite(exact) and (small or not math.isfinite(float(value))):
                return cause(evidence.back.forward, ours.target)
    return None


def float_fault(evidence: Evidence, index: int) -> Cause | None:
    """The first node whose rule, in floats, is not what the same rule says in many digits of the same floats.

    Nothing that came before it can be to blame, as both have it. `index` is the output for its value, else the node
    whose gradient is wrong; local derivatives count on the way to it.
    """
    run, system = evidence.back.forward, evidence.precise.forward.system
    graph = run.graph
    counting, above = that_count(evidence.precise), that_depend(evidence, index)
    values = [system.number(float(value)) for value in run.values]
    there = evidence.precise._replace(forward=Forward(graph, system, values))
    for node, arguments in enumerate(graph.arguments):
        operands = [values[a] for a in arguments]
        if node not in counting or not arguments or not all(map(system.is_finite, operands)):
            continue
        called, rounded = graph.call(node), values[node]
        exact = system.rule(ops.OPERATIONS[called.operation])(system, *operands, **called.parameters)
        if _differ(rounded, exact, system):
            return cause(run, node)
        if not above[node] or node == index:
            continue
        values[node] = exact
        locals = zip(evidence.back.locals(node), there.locals(node), strict=True)
        values[node] = rounded
        if any(ours is not None and _differ(system.number(float(ours)), true, system) for ours, true in locals):
            return cause(run, node)
    return None


def _differ(value: Any, exact: Any, system: System) -> bool:
    """Whether a float is not the number that it should be, which a float could hold."""
    size = abs(system.to_float(exact)) if system.is_finite(exact) else math.nan
    if size == 0:
        return not abs(value) <= FAULT
    return 2.0**-1000 < size < math.inf and not abs(value - exact) <= FAULT * size


def cancelling(evidence: Evidence) -> Cause | None:
    """The node whose value has lost more digits, against its operands, than any other."""
    run = evidence.back.forward
    worst, found = LOST, None
    for index in sorted(that_count(evidence.precise)):
        arguments = run.graph.arguments[index]
        if not arguments:
            continue
        before = max(max(_error(evidence, a) for a in arguments), 2.0**-53)
        growth = _error(evidence, index) / before
        if growth > worst:
            worst, found = growth, index
    return None if found is None else cause(run, found)


def _error(evidence: Evidence, index: int) -> float:
    """The relative error of a node's value in floats."""
    value, exact = float(evidence.back.forward.values[index]), evidence.precise.forward.values[index]
    if value == exact:
        return 0.0
    if not math.isfinite(value) or exact == 0:
        return 1.0
    return min(1.0, float(abs(value - exact) / abs(exact)))


def digits_kept(evidence: Evidence, index: int) -> int:
    """How many of sixteen digits of a node's value the floats have right."""
    error = _error(evidence, index)
    return 16 if error == 0 else max(0, min(16, math.floor(-math.log10(error))))


def largest(evidence: Evidence) -> Any:
    """The largest magnitude of a value."""
    values, finite = evidence.precise.forward.values, evidence.precise.forward.system.is_finite
    return max((abs(v) for v in values if finite(v)), default=1)
