"""The forward pass: the value of every node, in evaluation order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from gradcli.errors import OutOfRange, UsageError
from gradcli.graph import CONSTANT, LEAVES, Graph
from gradcli.ops import OPERATIONS
from gradcli.passes.step import Forward, compiled
from gradcli.systems import FLOATS, System
from gradcli.systems.contribution import closed


def forward(
    graph: Graph, point: Mapping[str, Any], system: System = FLOATS, pins: Mapping[int, Any] | None = None
) -> Forward:
    """The value of every node at `point`, which holds a number of `system` (or a Python number) for every variable.

    `pins` sets the value of operations, by position, whatever their arguments are. Raises UsageError when a variable
    has no value.
    """
    values: list[Any] = []
    fast = None if pins else compiled(graph, system)
    if fast is not None:
        loops, codes = fast
        loops.forward(codes, graph.arguments, values, (_leaf(graph, i, point, system) for i in sorted(graph.texts)))
        return Forward(graph, system, values)
    pins, settle = pins or {}, system.settle
    rules = {name: system.rule(OPERATIONS[name]) for name in set(graph.operations) if name not in LEAVES}
    special = {**_with_parameters(graph, system), **{i: _pinned(value) for i, value in pins.items()}}
    if system.uncomputed is not None and any(OPERATIONS[name].branches for name in rules):
        return Forward(graph, system, _without_closed(graph, point, system, rules, special), pins)
    for index, (name, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if not arguments:
            value = _leaf(graph, index, point, system)
        elif index in special:
            value = special[index](system, *[values[a] for a in arguments])
        elif len(arguments) == 2:
            a, b = arguments
            value = rules[name](system, values[a], values[b])
        elif len(arguments) == 1:
            value = rules[name](system, values[arguments[0]])
        else:
            value = rules[name](system, *[values[a] for a in arguments])
        values.append(value if settle is None else settle(name, value))
    return Forward(graph, system, values, pins)


def _without_closed(
    graph: Graph,
    point: Mapping[str, Any],
    system: System,
    rules: Mapping[str, Callable[..., Any]],
    special: Mapping[int, Callable[..., Any]],
) -> list[Any]:
    """The values where what is too much to compute does no harm behind a closed branch.

    Such a node, and what depends on it alone, has the value `system.uncomputed`. Raises OutOfRange when the output
    needs one.
    """
    values: list[Any] = []
    refused: dict[int, OutOfRange] = {}
    for index, (name, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        try:
            if not arguments:
                value = _leaf(graph, index, point, system)
            else:
                operands = [system.nan if a in refused else values[a] for a in arguments]
                known = arguments[0] not in refused
                skipped = [k for k in closed(system, OPERATIONS[name], operands) if k] if known else []
                for k, argument in enumerate(arguments):
                    if argument in refused and k not in skipped:
                        raise refused[argument]
                value = special.get(index, rules[name])(system, *operands)
            values.append(value if system.settle is None else system.settle(name, value))
        except OutOfRange as error:
            refused[index] = error
            values.append(system.uncomputed)
    if graph.output in refused:
        raise refused[graph.output]
    return values


def _with_parameters(graph: Graph, system: System) -> dict[int, Callable[..., Any]]:
    """The rules of the nodes that have parameters, by position."""
    return {
        index: partial(system.rule(OPERATIONS[graph.operations[index]]), **parameters)
        for index, parameters in graph.parameters.items()
    }


def _pinned(value: Any) -> Callable[..., Any]:
    """The rule of a node whose value is set."""
    return lambda system, *operands: system.number(value)  # noqa: ARG005  (whatever the operands are)


def resume(run: Forward, changed: Mapping[int, Any]) -> Forward:
    """The same run with other values for some nodes, by position, and for every node that depends on them.

    What does not depend on them is not computed again. The arguments of a changed node keep their values.
    """
    graph, system = run.graph, run.system
    values = list(run.values)
    for index, value in changed.items():
        values[index] = value
    moved = graph.depending_on(changed)
    rules: dict[str, Any] = {}
    special = _with_parameters(graph, system)
    for index in range(min(changed, default=len(values)) + 1, len(values)):
        if moved[index] and index not in changed:
            name = graph.operations[index]
            if name not in rules:
                rules[name] = system.rule(OPERATIONS[name])
            values[index] = special.get(index, rules[name])(system, *[values[a] for a in graph.arguments[index]])
    return Forward(graph, system, values, run.pins)


def _leaf(graph: Graph, index: int, point: Mapping[str, Any], system: System) -> Any:
    text = graph.texts[index]
    if graph.operations[index] == CONSTANT:
        return system.literal(text)
    if text in point:
        return system.number(point[text])
    if text in graph.defaults:
        return system.literal(graph.defaults[text])
    raise UsageError(f"no value for the variable {text}", source=graph.source, span=graph.span(index))
