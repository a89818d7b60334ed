"""The backward pass: the gradient of every node, from the output back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from gradcli.errors import UsageError
from gradcli.graph import Graph
from gradcli.ops import OPERATIONS
from gradcli.passes.step import Forward, compiled, dependence, local, passed_on, plain_rules
from gradcli.passes.steps import Combine, Edge, Step, add, edges, steps
from gradcli.systems.contribution import product, whole


class Backward(NamedTuple):
    """The gradient of every node: the derivative of the output with respect to it, times `upstream`.

    `depends` tells which nodes depend on something being differentiated; the others have gradient None. `reached` is
    the gradient of every node that one arrived at; `combine` how its contributions were joined.
    """

    forward: Forward
    upstream: Any
    depends: Sequence[bool]
    reached: Sequence[Any]
    combine: Combine = add

    @property
    def graph(self) -> Graph:
        """The graph."""
        return self.forward.graph

    @property
    def gradients(self) -> tuple[Any, ...]:
        """Per node its gradient; 0 where the output does not depend on it, None where none was asked for."""
        system, values = self.forward.system, self.forward.values
        return tuple(
            None if not depends else system.zero(value) if gradient is None else system.number(whole(gradient))
            for depends, gradient, value in zip(self.depends, self.reached, values, strict=True)
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
                each = local(self.forward, index, k, fixed, operands) if known else None
            except UsageError:
                if self.reached[index] is not None:
                    raise
                each = None
            found.append(None if each is None else system.number(each))
        return tuple(found)

    def steps(self) -> Iterator[Step]:
        """The pass as it happens, one contribution after the other."""
        return steps(self.forward, self.depends, self.upstream, self.combine)

    def edges(self) -> Iterator[Edge]:
        """Every edge that the backward pass goes over, in its order: output first, arguments in order."""
        return edges(self.forward, self.depends, self.reached)


def backward(run: Forward, wrt: Iterable[str] | None = None, upstream: Any = 1, combine: Combine = add) -> Backward:
    """The gradient of every node, from the output back to the variables in `wrt` (default: all).

    `upstream` is the gradient that arrives at the output, in the output's shape where it has one. A node that only
    closed branches lead to has gradient 0 and nothing behind it is evaluated. `combine` is how contributions join; only
    a pass that is wrong on purpose has another than `add`. Raises UsageError for an unknown variable, and for an
    upstream that is not of the output's shape.
    """
    graph, system, values = run.graph, run.system, run.values
    depends = dependence(graph, wrt)
    upstream = system.arriving(upstream, run.value)
    gradients: list[Any] = [None] * len(graph)
    if depends[graph.output]:
        gradients[graph.output] = upstream
    found = Backward(run, upstream, depends, gradients, combine)
    operations, all_arguments = graph.operations, graph.arguments

    def choose(index: int, gradient: Any) -> None:
        """Any node, also one that chooses (max, where): closed branches pass nothing on."""
        for k, _, _, passed in passed_on(run, depends, index, gradient):
            if passed is not None:
                old = gradients[all_arguments[index][k]]
                gradients[all_arguments[index][k]] = passed if old is None else add(passed, old)

    fast = None if run.pins or combine is not add else compiled(graph, system)
    if fast is not None:
        loops, codes = fast
        loops.backward(codes, all_arguments, values, gradients, depends, choose, graph.output)
        return found
    table = {} if combine is not add else plain_rules(run)
    if not table:
        for step in found.steps():
            gradients[step.source] = step.gradient
        return found
    for index in range(graph.output, -1, -1):
        gradient = gradients[index]
        arguments = all_arguments[index]
        if gradient is None or not arguments:
            continue
        rules = table.get(operations[index])
        if rules is None or index in run.pins:
            choose(index, gradient)
            continue
        operands = [values[a] for a in arguments]
        for k in range(len(arguments) - 1, -1, -1):
            argument = arguments[k]
            if depends[argument]:
                rule = rules[k]
                factor = rule if rule.__class__ is int else rule(system, values[index], *operands)
                passed, old = product(gradient, factor), gradients[argument]
                gradients[argument] = passed if old is None else passed + old
    return found
