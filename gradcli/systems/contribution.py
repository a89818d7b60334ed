"""The chain rule's product, upstream · local derivative of one use of one node, in its one place.

Every reader of the rule table asks `contribution`: the backward pass and forward mode, the lists of edges, dual
numbers, paths, and the systems whose numbers are names in a program being written. None of them multiplies by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from gradcli.ops import Operation
from gradcli.systems.system import System


def contribution(
    system: System,
    operation: Operation,
    parameters: Mapping[str, Any],
    k: int,
    fixed: tuple[bool, ...],
    y: Any,
    operands: Sequence[Any],
    upstream: Any,
    *,
    textbook: bool = False,
    factor: Any = None,
) -> Any:
    """What one use of one node passes on to its argument `k`: upstream · local derivative, in numbers of `system`.

    The node is `operation` with `parameters` on `operands`, of which some are `fixed` (depend on nothing that is
    differentiated); `y` is its value. In forward mode `upstream` is the tangent of the argument: the product is the
    same. With `textbook` the textbook form of the rule is used, whatever the system prefers; `factor` is the local
    derivative for who has it already. None where a closed branch passes nothing on: its rule is not evaluated.
    """
    if operation.branches and k in closed(system, operation, operands):
        return None
    if factor is None:
        factor = local(system, operation, parameters, k, fixed, y, operands, textbook=textbook)
    return settled(system, product(upstream, factor))


def product(upstream: Any, factor: Any) -> Any:
    """Upstream · local derivative; a local derivative that is the plain number 1 passes the upstream on as it is."""
    return upstream if factor.__class__ is int and factor == 1 else upstream * factor


def local(
    system: System,
    operation: Operation,
    parameters: Mapping[str, Any],
    k: int,
    fixed: tuple[bool, ...],
    y: Any,
    operands: Sequence[Any],
    *,
    textbook: bool = False,
) -> Any:
    """The local derivative of one node with respect to its argument `k`; the arguments are those of `contribution`."""
    rule = operation.local(k) if textbook else system.local(operation, k)
    if isinstance(rule, int):
        return rule
    which = (k, fixed) if operation.variadic else ()
    return settled(system, rule(system, y, *which, *operands, **parameters))


def closed(system: System, operation: Operation, operands: Sequence[Any]) -> Collection[int]:
    """The arguments of a conditional that contribute nothing: the condition, and the branch not taken if known."""
    if not operation.branches:
        return ()
    taken = system.truth(operands[0])
    return (0,) if taken is None else (0, 2) if taken else (0, 1)


def settled(system: System, value: Any) -> Any:
    """A number of the backward pass as its system keeps it."""
    return value if system.settle is None else system.settle("", value)
