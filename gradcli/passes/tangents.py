"""Forward mode: how fast every node changes; and where there is no derivative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.graph import LEAVES
from gradcli.ops import OPERATIONS
from gradcli.passes.step import Forward, contribution, dependence, plain_rules
from gradcli.systems.contribution import added, product, whole


def tangents(run: Forward, direction: Mapping[str, Any]) -> tuple[Any, ...]:
    """Forward mode: how fast every node changes when the variables change with the speeds in `direction`.

    The products are those of the backward pass, with the tangent of an argument in the place of the gradient that
    arrives; a node that does not change has tangent 0.
    """
    graph, system, values = run.graph, run.system, run.values
    depends = dependence(graph, direction)
    table = plain_rules(run)
    result: list[Any] = [None] * len(graph)
    for index, arguments in enumerate(graph.arguments):
        if not depends[index]:
            continue
        if not arguments:
            result[index] = system.arriving(direction[graph.texts[index]], values[index])
            continue
        fixed = tuple([not depends[a] for a in arguments])
        operands = [values[a] for a in arguments]
        rules = None if index in run.pins else table.get(graph.operations[index])
        total = None
        for k, argument in enumerate(arguments):
            if fixed[k] or result[argument] is None:
                continue
            if rules is None:
                term = contribution(run, index, k, fixed, operands, result[argument], tangent=True)
                if term is None:
                    continue
            else:
                rule = rules[k]
                factor = rule if rule.__class__ is int else rule(system, values[index], *operands)
                term = product(result[argument], factor)
            total = term if total is None else added(total, term)
        result[index] = total
    return tuple(
        [
            system.zero(value) if tangent is None else whole(tangent)
            for tangent, value in zip(result, values, strict=True)
        ]
    )


def corners(run: Forward, depends: Sequence[bool] | None = None) -> Iterator[int]:
    """The nodes at whose operands there is no derivative, so that a convention decides (DESIGN §9).

    Only arguments that depend on a variable count: two constants that are equal are no corner.
    """
    graph, system, values = run.graph, run.system, run.values
    depends = dependence(graph, None) if depends is None else depends
    for index, name in enumerate(graph.operations):
        if name in LEAVES or not depends[index]:
            continue
        operation = OPERATIONS[name]
        if operation.corner is None:
            continue
        distinct = list(dict.fromkeys(graph.arguments[index]))
        if operation.arity > len(distinct):
            continue
        operands = [values[a] for a in (distinct if operation.variadic else graph.arguments[index])]
        if system.holds(operation.corner, *operands, **graph.call(index).parameters):
            yield index
