"""The forward pass, the backward pass and tangents, each written once over every number system.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008: tables 3.5 (forward mode) and 3.7
(incremental reverse mode). Results stand beside the graph; nothing has to be zeroed and nothing recurses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from gradcli.errors import UsageError
from gradcli.graph import CONSTANT, LEAVES, NO_PARAMETERS, Graph
from gradcli.ops import OPERATIONS
from gradcli.systems import FLOATS, System
from gradcli.systems import contribution as chain
from gradcli.systems.floats import Floats

COMPILED_FROM = 500
"""Nodes from which on compiled passes pay: compiling takes some milliseconds a process."""

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
        """The local derivatives of node `index`, one an argument; None for an argument that is not differentiated."""
        values, system = self.forward.values, self.forward.system
        arguments = self.graph.arguments[index]
        fixed = tuple(not self.depends[a] for a in arguments)
        operands = [values[a] for a in arguments]
        return tuple(
            None if fixed[k] else system.number(local(self.forward, index, k, fixed, operands))
            for k in range(len(arguments))
        )

    def edges(self) -> Iterator[Edge]:
        """Every edge that the backward pass goes over, in its order: output first, arguments in order."""
        system, graph = self.forward.system, self.graph
        for target in range(graph.output, -1, -1):
            upstream = self.reached[target]
            arguments = graph.arguments[target]
            if upstream is None or not arguments:
                continue
            fixed = tuple(not self.depends[a] for a in arguments)
            operands = [self.forward.values[a] for a in arguments]
            for k, source in enumerate(arguments):
                if fixed[k]:
                    continue
                factor = local(self.forward, target, k, fixed, operands)
                passed = contribution(self.forward, target, k, fixed, operands, upstream, factor=factor)
                contributed = system.number(0 if passed is None else passed)
                active = passed is not None
                yield Edge(source, target, k, system.number(upstream), system.number(factor), contributed, active)


def forward(
    graph: Graph, point: Mapping[str, Any], system: System = FLOATS, pins: Mapping[int, Any] | None = None
) -> Forward:
    """The value of every node at `point`, which holds a number of `system` (or a Python number) for every variable.

    `pins` sets the value of operations, by position, whatever their arguments are. Raises UsageError when a variable
    has no value.
    """
    values: list[Any] = []
    compiled = None if pins else compiled_loops(graph, system)
    if compiled is not None:
        loops, codes = compiled
        loops.forward(codes, graph.arguments, values, (_leaf(graph, i, point, system) for i in sorted(graph.texts)))
        return Forward(graph, system, values)
    pins, settle = pins or {}, system.settle
    rules = {name: system.rule(OPERATIONS[name]) for name in set(graph.operations) if name not in LEAVES}
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


def compiled_loops(graph: Graph, system: System) -> Any:
    """The fast loops for a large graph over floats and the code of every node; None where there are none."""
    if len(graph) < COMPILED_FROM or type(system) is not Floats:
        return None
    from gradcli.programs.loops import loops

    return loops(graph)


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
    moved = graph.depending_on(changed)
    rules: dict[str, Any] = {}
    for index in range(min(changed, default=len(values)) + 1, len(values)):
        if moved[index] and index not in changed:
            name = graph.operations[index]
            if name not in rules:
                rules[name] = system.rule(OPERATIONS[name])
            values[index] = rules[name](system, *[values[a] for a in graph.arguments[index]])
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
    compiled = None if run.pins else compiled_loops(graph, system)
    if compiled is not None:
        loops, codes = compiled

        def choose(index: int, gradient: Any) -> None:
            for k, passed in _contributions(run, depends, index, gradient):
                _add(system, gradients, graph.arguments[index][k], passed)

        loops.backward(codes, graph.arguments, values, gradients, depends, choose, graph.output)
        return Backward(run, upstream, depends, gradients)
    table = {
        name: (OPERATIONS[name], [system.local(OPERATIONS[name], k) for k in range(OPERATIONS[name].arity)])
        for name in set(graph.operations)
        if name not in LEAVES
    }
    operations, all_arguments, product = graph.operations, graph.arguments, chain.product
    each_settles = system.settle is not None
    for index in range(graph.output, -1, -1):
        gradient = gradients[index]
        arguments = all_arguments[index]
        if gradient is None or not arguments:
            continue
        operation, rules = table[operations[index]]
        if operation.variadic or operation.branches or each_settles or index in run.pins:
            for k, passed in _contributions(run, depends, index, gradient):
                _add(system, gradients, arguments[k], passed)
            continue
        operands = [values[a] for a in arguments]
        for rule, argument in zip(reversed(rules), reversed(arguments), strict=True):
            if depends[argument]:
                factor = rule if rule.__class__ is int else rule(system, values[index], *operands)  # type: ignore[operator]
                _add(system, gradients, argument, product(gradient, factor))
    return Backward(run, upstream, depends, gradients)


def _add(system: System, gradients: list[Any], index: int, contribution: Any) -> None:
    """Add a contribution to a node's gradient; later uses come first, so the sum reads in the order of the text."""
    old = gradients[index]
    gradients[index] = contribution if old is None else chain.settled(system, contribution + old)


def _contributions(run: Forward, depends: Sequence[bool], index: int, gradient: Any) -> Iterator[tuple[int, Any]]:
    """(argument, contribution) of any node, also one that chooses (max, where), closed branches left out."""
    arguments = run.graph.arguments[index]
    fixed = tuple(not depends[a] for a in arguments)
    operands = [run.values[a] for a in arguments]
    for k in reversed(range(len(arguments))):
        if not fixed[k]:
            passed = contribution(run, index, k, fixed, operands, gradient)
            if passed is not None:
                yield k, passed


def contribution(
    run: Forward,
    index: int,
    k: int,
    fixed: tuple[bool, ...],
    operands: Sequence[Any],
    upstream: Any,
    *,
    factor: Any = None,
) -> Any:
    """What node `index` passes on to its argument `k`; None where a closed branch passes nothing on.

    Of a pinned node by the textbook form, which is taken from its value: a(1 - a) for a = σ(s).
    """
    node = OPERATIONS[run.graph.operations[index]], NO_PARAMETERS, k, fixed, run.values[index], operands
    return chain.contribution(run.system, *node, upstream, textbook=index in run.pins, factor=factor)


def local(run: Forward, index: int, k: int, fixed: tuple[bool, ...], operands: Sequence[Any]) -> Any:
    """The local derivative of node `index` with respect to its argument `k`, in the same way."""
    node = OPERATIONS[run.graph.operations[index]], NO_PARAMETERS, k, fixed, run.values[index], operands
    return chain.local(run.system, *node, textbook=index in run.pins)


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
    return graph.depending_on(graph.inputs[name] for name in names)


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
            fixed = tuple(not depends[a] for a in arguments)
            operands = [values[a] for a in arguments]
            total = None
            for k, argument in enumerate(arguments):
                term = None if fixed[k] else contribution(run, index, k, fixed, operands, result[argument])
                if term is not None:
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
