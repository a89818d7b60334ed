"""One step: what one node of a run passes on to one of its arguments, by the rules of the table.

The product itself, and which branches are closed, is `gradcli.systems.contribution`; here it is asked for a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from gradcli.errors import UsageError
from gradcli.graph import LEAVES, NO_PARAMETERS, Graph
from gradcli.ops import OPERATIONS, Operation
from gradcli.systems import Floats, System
from gradcli.systems import contribution as chain

NO_PINS: Mapping[int, Any] = MappingProxyType({})
"""No node is pinned to a value."""

COMPILED_FROM = 500
"""Nodes from which on compiled passes pay: compiling takes some milliseconds a process."""


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


def contribution(
    run: Forward,
    index: int,
    k: int,
    fixed: tuple[bool, ...],
    operands: Sequence[Any],
    upstream: Any,
    *,
    factor: Any = None,
    tangent: bool = False,
) -> Any:
    """What node `index` passes on to its argument `k`; None where a closed branch passes nothing on.

    Of a pinned node by the textbook form, which is taken from its value: a(1 - a) for a = σ(s). With `tangent` it is
    what the tangent of the argument, `upstream`, makes of the node's.
    """
    operation, parameters = run.graph.call(index)
    node = OPERATIONS[operation], parameters, k, fixed, run.values[index], operands
    return chain.contribution(run.system, *node, upstream, textbook=index in run.pins, factor=factor, tangent=tangent)


def local(run: Forward, index: int, k: int, fixed: tuple[bool, ...], operands: Sequence[Any]) -> Any:
    """The local derivative of node `index` with respect to its argument `k`; None where it is no number."""
    operation, parameters = run.graph.call(index)
    node = OPERATIONS[operation], parameters, k, fixed, run.values[index], operands
    return chain.local(run.system, *node, textbook=index in run.pins)


class Passed(NamedTuple):
    """What one node passes on to one of its arguments.

    argument      which argument
    upstream      what arrived at the node: its gradient, complete
    local         the local derivative, None for an operation on whole arrays
    contribution  the product; None where a branch is closed
    """

    argument: int
    upstream: Any
    local: Any
    contribution: Any


def passed_on(run: Forward, depends: Sequence[bool], index: int, upstream: Any) -> Iterator[Passed]:
    """What a node passes on to each argument that is differentiated, the last one first."""
    graph, system, y, textbook = run.graph, run.system, run.values[index], index in run.pins
    arguments = graph.arguments[index]
    operation, parameters = OPERATIONS[graph.operations[index]], graph.parameters.get(index, NO_PARAMETERS)
    fixed = tuple([not depends[a] for a in arguments])
    operands = [run.values[a] for a in arguments]
    if is_plain(operation) and not textbook and not parameters and _keeps_numbers(system):
        for k in range(len(arguments) - 1, -1, -1):
            if not fixed[k]:
                rule = system.local(operation, k)
                factor = rule if isinstance(rule, int) else rule(system, y, *operands)
                yield Passed(k, upstream, factor, chain.product(upstream, factor))
        return
    for k in range(len(arguments) - 1, -1, -1):
        if not fixed[k]:
            node = system, operation, parameters, k, fixed, y, operands
            factor = chain.local(*node, textbook=textbook)
            yield Passed(k, upstream, factor, chain.contribution(*node, upstream, textbook=textbook, factor=factor))


def plain_rules(run: Forward) -> Mapping[str, Sequence[Any]]:
    """Per operation of the graph whose contribution is the product with a local derivative and no more: its rules.

    None of them chooses, has parameters or acts on whole arrays, and the system keeps every number as it is computed.
    A pass may go over such nodes in a loop of its own: `product(upstream, rule(system, y, *operands))`.
    """
    if not _keeps_numbers(run.system):
        return {}
    entries = [OPERATIONS[name] for name in set(run.graph.operations) - LEAVES]
    return {entry.name: _rules(run.system, entry) for entry in entries if is_plain(entry)}


def _keeps_numbers(system: System) -> bool:
    """Whether a system keeps every number as it is computed, and nothing is masked or gathered."""
    return system.settle is None and not system.masks


def is_plain(entry: Operation) -> bool:
    """Whether what an entry passes on is a product with a local derivative that depends on value and operands only."""
    return not (entry.variadic or entry.branches or entry.vjps or entry.parameters)


def _rules(system: System, entry: Operation) -> Sequence[Any]:
    return [system.local(entry, k) for k in range(entry.arity)]


def dependence(graph: Graph, wrt: Iterable[str] | None) -> list[bool]:
    """Per node, whether it depends on a variable in `wrt` (default: on any). Raises UsageError for an unknown one."""
    if wrt is None:
        return graph.derived(_varies)
    names = set(wrt)
    unknown = names - set(graph.inputs)
    if unknown:
        raise UsageError(f"there is no variable named {sorted(unknown)[0]} in the formula")
    return graph.depending_on(graph.inputs[name] for name in names)


def _varies(graph: Graph) -> list[bool]:
    return graph.depending_on(graph.inputs.values())


def compiled(graph: Graph, system: System) -> Any:
    """Compiled passes for a large graph over floats, and the code of every node; None where there are none."""
    if system.__class__ is not Floats or len(graph) < COMPILED_FROM:
        return None
    from gradcli.programs.loops import loops

    return loops(graph)
