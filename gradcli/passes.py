"""The forward pass, the backward pass and tangents, each written once over every number system.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008: tables 3.5 (forward mode) and 3.7
(incremental reverse mode). Results stand beside the graph; nothing has to be zeroed and nothing recurses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from gradcli.errors import OutOfRange, UsageError
from gradcli.graph import CONSTANT, INPUT, LEAVES, Graph
from gradcli.ops import OPERATIONS, Operation
from gradcli.ops.operation import Rule
from gradcli.systems import FLOATS, System

NO_PINS: Mapping[int, Any] = MappingProxyType({})
"""No node is pinned to a value."""


class Forward(NamedTuple):
    """A graph with the value of every node, in one number system; `pins` are the nodes whose value was set."""

    graph: Graph
    system: System
    values: Sequence[Any]
    pins: Mapping[int, Any] = NO_PINS

    @property
    def value(self) -> Any:
        """The value of the output."""
        return self.values[self.graph.output]


class Edge(NamedTuple):
    """One use of a node by another, as the backward pass goes over it: contribution = upstream · local.

    `source` is used by `target` as its argument number `argument`. A closed branch of `where` is not active: it
    contributes nothing.
    """

    source: int
    target: int
    argument: int
    upstream: Any
    local: Any
    contribution: Any
    active: bool


class Backward(NamedTuple):
    """The gradient of every node: the derivative of the output with respect to it, times `upstream`.

    `depends` tells which nodes depend on something being differentiated; the others have gradient None. `reached` is
    the gradient of every node that one arrived at.
    """

    forward: Forward
    upstream: Any
    depends: Sequence[bool]
    reached: Sequence[Any]

    @property
    def graph(self) -> Graph:
        """The graph."""
        return self.forward.graph

    @property
    def gradients(self) -> tuple[Any, ...]:
        """Per node its gradient; 0 where the output does not depend on it, None where none was asked for."""
        number = self.forward.system.number
        return tuple(
            None if not depends else number(0 if gradient is None else gradient)
            for depends, gradient in zip(self.depends, self.reached, strict=True)
        )

    def gradient(self, name: str) -> Any:
        """The gradient of the variable or node called `name`.

        Raises UsageError when there is none of that name.
        """
        gradients = self.gradients
        for index in range(len(self.graph)):
            if self.graph.name(index) == name and not self.graph.is_constant(index):
                return gradients[index]
        raise UsageError(f"there is no node named {name}")

    def locals(self, index: int) -> tuple[Any, ...]:
        """The local derivatives of node `index`, one an argument; None for an argument that is not differentiated.

        Where no gradient arrives, also for an argument without a derivative; where one does, that raises UsageError.
        """
        values, system = self.forward.values, self.forward.system
        arguments = self.graph.arguments[index]
        fixed = tuple(not self.depends[a] for a in arguments)
        operands = [values[a] for a in arguments]
        missing = system.uncomputed is not None and any(v is system.uncomputed for v in (*operands, values[index]))
        refused = missing and not OPERATIONS[self.graph.operations[index]].branches
        found: list[Any] = []
        for k in range(len(arguments)):
            try:
                known = not fixed[k] and not refused
                local = system.number(_local(self.forward, index, k, fixed, operands)) if known else None
            except UsageError:
                if self.reached[index] is not None:
                    raise
                local = None
            found.append(local)
        return tuple(found)

    def edges(self) -> Iterator[Edge]:
        """Every edge that the backward pass goes over, in its order: output first, arguments in order."""
        system, graph = self.forward.system, self.graph
        for target in range(graph.output, -1, -1):
            upstream = self.reached[target]
            arguments = graph.arguments[target]
            if upstream is None or not arguments:
                continue
            operands = [self.forward.values[a] for a in arguments]
            closed = _closed(OPERATIONS[graph.operations[target]], system, operands)
            for argument, (source, local) in enumerate(zip(arguments, self.locals(target), strict=True)):
                if local is None:
                    continue
                active = argument not in closed
                contribution = _settled(system, upstream * local) if active else 0
                yield Edge(
                    source, target, argument, system.number(upstream), local, system.number(contribution), active
                )


def forward(
    graph: Graph, point: Mapping[str, Any], system: System = FLOATS, pins: Mapping[int, Any] | None = None
) -> Forward:
    """The value of every node at `point`, which holds a number of `system` (or a Python number) for every variable.

    `pins` sets the value of operations, by position, whatever their arguments are. Raises UsageError when a variable
    has no value.
    """
    values: list[Any] = []
    compiled = None if pins else system.loops(graph)
    if compiled is not None:
        loops, codes = compiled
        loops.forward(codes, graph.arguments, values, (_leaf(graph, i, point, system) for i in sorted(graph.texts)))
        return Forward(graph, system, values)
    pins, settle = pins or {}, system.settle
    rules = {name: system.rule(OPERATIONS[name]) for name in set(graph.operations) if name not in LEAVES}
    if system.uncomputed is not None and any(OPERATIONS[name].branches for name in rules):
        return _without_closed(graph, point, system, pins, rules)
    for index, (name, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if not arguments:
            value = _leaf(graph, index, point, system)
        elif index in pins:
            value = system.number(pins[index])
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
    graph: Graph, point: Mapping[str, Any], system: System, pins: Mapping[int, Any], rules: Mapping[str, Rule]
) -> Forward:
    """The forward pass where what is too much to compute does no harm behind a closed branch.

    Such a node, and what depends on it alone, has the value `system.uncomputed`. Raises OutOfRange when the output
    needs one.
    """
    values: list[Any] = []
    refused: dict[int, OutOfRange] = {}
    for index, (name, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        try:
            if not arguments:
                value = _leaf(graph, index, point, system)
            elif index in pins:
                value = system.number(pins[index])
            else:
                operands = [values[a] for a in arguments]
                closed = _closed(OPERATIONS[name], system, operands) if arguments[0] not in refused else ()
                needed = [a for k, a in enumerate(arguments) if k == 0 or k not in closed]
                value = next((system.uncomputed for a in needed if a in refused), None)
                if value is None:
                    value = rules[name](system, *[system.nan if a in refused else values[a] for a in arguments])
                else:
                    refused[index] = next(refused[a] for a in needed if a in refused)
            if system.settle is not None and index not in refused:
                value = system.settle(name, value)
        except OutOfRange as error:
            value, refused[index] = system.uncomputed, error
        values.append(value)
    if graph.output in refused:
        raise refused[graph.output]
    return Forward(graph, system, values, pins)


def _settled(system: System, value: Any) -> Any:
    """A number of the backward pass as its system keeps it."""
    return value if system.settle is None else system.settle("", value)


def resume(run: Forward, changed: Mapping[int, Any]) -> Forward:
    """The same run with other values for some nodes, by position, and for every node that depends on them.

    What does not depend on them is not computed again. The arguments of a changed node keep their values.
    """
    graph, system = run.graph, run.system
    values = list(run.values)
    for index, value in changed.items():
        values[index] = value
    moved = set(changed)
    rules: dict[str, Any] = {}
    for index in range(min(changed, default=len(values)) + 1, len(values)):
        arguments = graph.arguments[index]
        if index not in changed and not moved.isdisjoint(arguments):
            name = graph.operations[index]
            if name not in rules:
                rules[name] = system.rule(OPERATIONS[name])
            values[index] = rules[name](system, *[values[a] for a in arguments])
            moved.add(index)
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


def backward(run: Forward, wrt: Iterable[str] | None = None, upstream: Any = 1) -> Backward:
    """The gradient of every node, from the output back to the variables in `wrt` (default: all).

    `upstream` is the gradient that arrives at the output. A node that only closed branches lead to has gradient 0 and
    nothing behind it is evaluated.
    """
    graph, system, values = run.graph, run.system, run.values
    depends = _depends(graph, wrt)
    gradients: list[Any] = [None] * len(graph)
    upstream = system.number(upstream)
    if depends[graph.output]:
        gradients[graph.output] = upstream
    compiled = None if run.pins else system.loops(graph)
    if compiled is not None:
        loops, codes = compiled

        def choose(index: int, gradient: Any) -> None:
            for k, contribution in _chosen(run, depends, index, gradient):
                _add(system, gradients, graph.arguments[index][k], contribution)

        loops.backward(codes, graph.arguments, values, gradients, depends, choose, graph.output)
        return Backward(run, upstream, depends, gradients)
    table = {
        name: (OPERATIONS[name], [system.local(OPERATIONS[name], k) for k in range(OPERATIONS[name].arity)])
        for name in set(graph.operations)
        if name not in LEAVES
    }
    operations, all_arguments = graph.operations, graph.arguments
    each_settles = system.settle is not None
    for index in range(graph.output, -1, -1):
        gradient = gradients[index]
        arguments = all_arguments[index]
        if gradient is None or not arguments:
            continue
        operation, rules = table[operations[index]]
        if operation.variadic or operation.branches or each_settles or index in run.pins:
            for k, contribution in _chosen(run, depends, index, gradient):
                _add(system, gradients, arguments[k], contribution)
            continue
        operands = [values[a] for a in arguments]
        for rule, argument in zip(reversed(rules), reversed(arguments), strict=True):
            if depends[argument]:
                if rule.__class__ is int:
                    contribution = gradient if rule == 1 else gradient * rule
                else:
                    contribution = gradient * rule(system, values[index], *operands)  # type: ignore[operator]
                _add(system, gradients, argument, contribution)
    return Backward(run, upstream, depends, gradients)


def _add(system: System, gradients: list[Any], index: int, contribution: Any) -> None:
    """Add a contribution to a node's gradient; later uses come first, so the sum reads in the order of the text."""
    old = gradients[index]
    gradients[index] = contribution if old is None else _settled(system, contribution + old)


def _chosen(run: Forward, depends: Sequence[bool], index: int, gradient: Any) -> Iterator[tuple[int, Any]]:
    """(argument, contribution) of any node, also one that chooses (max, where), closed branches left out."""
    graph, system, values = run.graph, run.system, run.values
    arguments = graph.arguments[index]
    operation = OPERATIONS[graph.operations[index]]
    fixed = tuple(not depends[a] for a in arguments)
    operands = [values[a] for a in arguments]
    closed = _closed(operation, system, operands)
    for k in reversed(range(len(arguments))):
        if not fixed[k] and k not in closed:
            yield k, _settled(system, gradient * _local(run, index, k, fixed, operands))


def _local(run: Forward, index: int, k: int, fixed: tuple[bool, ...], operands: Sequence[Any]) -> Any:
    """The local derivative of one node with respect to its argument `k`.

    Of a pinned node the textbook form, which is taken from its value: a(1 - a) for a = σ(s).
    """
    system, y = run.system, run.values[index]
    operation = OPERATIONS[run.graph.operations[index]]
    rule = system.textbook(operation, k) if index in run.pins else system.local(operation, k)
    if isinstance(rule, int):
        return rule
    local = rule(system, y, k, fixed, *operands) if operation.variadic else rule(system, y, *operands)
    return _settled(system, local)


def _closed(operation: Operation, system: System, operands: Sequence[Any]) -> tuple[int, ...]:
    """The arguments of a conditional that contribute nothing: the condition, and the branch not taken if known."""
    if not operation.branches:
        return ()
    taken = system.truth(operands[0])
    return (0,) if taken is None else (0, 2) if taken else (0, 1)


def _depends(graph: Graph, wrt: Iterable[str] | None) -> list[bool]:
    """Per node, whether it depends on a variable in `wrt` (default: on any)."""
    if wrt is None:
        if "depends" not in graph.derived:
            graph.derived["depends"] = _dependence(graph, set(graph.inputs))
        known: list[bool] = graph.derived["depends"]
        return known
    return _dependence(graph, set(wrt))


def _dependence(graph: Graph, names: set[str]) -> list[bool]:
    unknown = names - set(graph.inputs)
    if unknown:
        raise UsageError(f"there is no variable named {sorted(unknown)[0]} in the formula")
    depends: list[bool] = []
    append = depends.append
    for index, arguments in enumerate(graph.arguments):
        if len(arguments) == 2:
            a, b = arguments
            append(depends[a] or depends[b])
        elif len(arguments) == 1:
            append(depends[arguments[0]])
        elif arguments:
            append(any(depends[a] for a in arguments))
        else:
            append(graph.operations[index] == INPUT and graph.texts[index] in names)
    return depends


def tangents(run: Forward, direction: Mapping[str, Any]) -> tuple[Any, ...]:
    """Forward mode: how fast every node changes when the variables change with the speeds in `direction`.

    Uses the same local derivatives as the backward pass; a node that does not change has tangent 0.
    """
    graph, system, values = run.graph, run.system, run.values
    depends = _depends(graph, direction)
    zero = system.number(0)
    result: list[Any] = []
    for index, arguments in enumerate(graph.arguments):
        if not depends[index]:
            result.append(zero)
        elif not arguments:
            result.append(system.number(direction[graph.texts[index]]))
        else:
            operation = OPERATIONS[graph.operations[index]]
            fixed = tuple(not depends[a] for a in arguments)
            operands = [values[a] for a in arguments]
            closed = _closed(operation, system, operands)
            total = None
            for k, argument in enumerate(arguments):
                if not fixed[k] and k not in closed:
                    term = result[argument] * _local(run, index, k, fixed, operands)
                    total = term if total is None else total + term
            result.append(zero if total is None else total)
    return tuple(result)


def corners(run: Forward, depends: Sequence[bool] | None = None) -> Iterator[int]:
    """The nodes at whose operands there is no derivative, so that a convention decides (DESIGN §9).

    Only arguments that depend on a variable count: two constants that are equal are no corner.
    """
    graph, system, values = run.graph, run.system, run.values
    depends = _depends(graph, None) if depends is None else depends
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
        if system.holds(operation.corner, *operands):
            yield index
