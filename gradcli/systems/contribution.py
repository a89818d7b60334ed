"""The chain rule's product, upstream · local derivative of one use of one node, in its one place.

Every reader of the rule table asks `contribution`: the backward pass and forward mode, the lists of edges, dual
numbers, paths, and the systems whose numbers are names in a program being written. None of them multiplies by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
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
    tangent: bool = False,
) -> Any:
    """What one use of one node passes on to its argument `k`: upstream · local derivative, in numbers of `system`.

    The node is `operation` with `parameters` on `operands`, of which some are `fixed` (depend on nothing that is
    differentiated); `y` is its value. With `tangent` it goes forward: `upstream` is the tangent of the argument and the
    result is part of the node's. With `textbook` the textbook form of the rule is used, whatever the system prefers;
    `factor` is the local derivative for who has it already. None where a closed branch passes nothing on: its rule is
    not evaluated.
    """
    if operation.branches and k in closed(system, operation, operands):
        return None
    if upstream.__class__ is Masked:
        return _behind_a_mask(system, operation, parameters, k, fixed, y, operands, upstream, textbook, factor)
    rules = operation.jvps if tangent else operation.vjps
    if rules:
        which = (k, fixed) if operation.variadic else ()
        rule = rules[0 if operation.variadic else k]
        if operation.branches and system.masks and not tangent:
            return _masked(system, k, operands, upstream, rule, y)
        passed = rule(system, y, upstream, *which, *operands, **parameters)
    else:
        if factor is None:
            factor = local(system, operation, parameters, k, fixed, y, operands, textbook=textbook)
        passed = product(upstream, factor)
    return settled(system, system.gathered(passed, y if tangent else operands[k]))


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
    """The local derivative of one node with respect to its argument `k`; the arguments are those of `contribution`.

    None for an operation on whole arrays that has arrays there: no number is passed on then.
    """
    if not operation.locals and any(system.shape(each) for each in (y, *operands)):
        return None
    rule = system.textbook(operation, k) if textbook else system.local(operation, k)
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


# -- masks ------------------------------------------------------------------------------------------------------------


class Masked:
    """A gradient that arrives where a condition holds, and nowhere else.

    Symbols do not know whether a condition holds, and in an array it may hold in some places only. What arrives behind
    such a branch is kept apart from its condition, so that the next product is masked and never multiplied by a 0:
    where(x > 0, 1/(2√x), 0), and not where(x > 0, 1, 0)/(2√x), which is nan at -1.

    value      the gradient where the condition holds, anything elsewhere
    condition  when it arrives, a number of the system; `negated` when it arrives where that does not hold
    mask       what makes 0 of it where nothing arrives; None when the value is 0 there already
    """

    __slots__ = ("condition", "found", "mask", "negated", "system", "value")
    __array_ufunc__ = None

    def __init__(
        self, system: System, value: Any, condition: Any, mask: Callable[[Any], Any] | None, *, negated: bool = False
    ) -> None:
        self.system = system
        self.value = value
        self.condition = condition
        self.mask = mask
        self.negated = negated
        self.found: Any = None

    def whole(self) -> Any:
        """The gradient, 0 where nothing arrives."""
        if self.found is None:
            self.found = self.value if self.mask is None else self.mask(self.value)
        return self.found

    def reach(self) -> Any:
        """When it arrives, as one condition."""
        return self.system.logical_not(self.condition) if self.negated else self.condition

    def holding(self, value: Any) -> Masked:
        """Another number under the same mask."""
        mask = self.mask or _under(self.system, self.reach())
        return Masked(self.system, value, self.condition, mask, negated=self.negated)

    def is_other_side_of(self, other: Masked) -> bool:
        """Whether one of the two always arrives."""
        return self.condition is other.condition and self.negated != other.negated


def _under(system: System, condition: Any) -> Callable[[Any], Any]:
    return lambda value: system.where(condition, value, 0)


def _masked(system: System, k: int, operands: Sequence[Any], upstream: Any, rule: Any, y: Any) -> Masked:
    """What a conditional whose condition is not known passes on to a branch; `rule` is its own."""
    found = Masked(system, upstream, operands[0], lambda value: rule(system, y, value, *operands), negated=k == 2)
    return _gathered(found, operands[k])


def _behind_a_mask(
    system: System,
    operation: Operation,
    parameters: Mapping[str, Any],
    k: int,
    fixed: tuple[bool, ...],
    y: Any,
    operands: Sequence[Any],
    upstream: Masked,
    textbook: bool,
    factor: Any,
) -> Any:
    """The contribution of a node that a masked gradient arrives at, under the same mask."""
    if operation.branches:
        own = Masked(system, None, operands[0], None, negated=k == 2)
        both = system.logical_and(upstream.reach(), own.reach())
        return _gathered(Masked(system, upstream.value, both, _under(system, both)), operands[k])
    node = system, operation, parameters, k, fixed, y, operands
    if operation.vjps:
        return contribution(*node, upstream.whole())
    if factor is None:
        factor = local(*node, textbook=textbook)
    passed = product(upstream.value, factor)
    if passed.__class__ is int and passed == 0:
        return passed
    return _gathered(upstream.holding(passed), operands[k])


def _gathered(masked: Masked, like: Any) -> Masked:
    """A masked gradient in the shape of the operand it goes to; there it arrives where any part of it does."""
    system = masked.system
    if system.shape(masked.condition) == system.shape(like) == system.shape(masked.value):
        return masked
    reach = system.gathered(system.where(masked.reach(), 1, 0), like)
    return Masked(system, system.gathered(masked.whole(), like), reach, _under(system, reach))


def added(contribution: Any, so_far: Any) -> Any:
    """The sum of two gradients of the same node, masked where both are."""
    first, second = contribution.__class__ is Masked, so_far.__class__ is Masked
    if not first and not second:
        return contribution + so_far
    if first and second and not contribution.is_other_side_of(so_far):
        system = contribution.system
        if contribution.condition is so_far.condition and contribution.mask and so_far.mask:
            return contribution.holding(contribution.value + so_far.value)
        either = system.logical_or(contribution.reach(), so_far.reach())
        return Masked(system, contribution.whole() + so_far.whole(), either, None)
    return whole(contribution) + whole(so_far)


def whole(gradient: Any) -> Any:
    """A gradient as a number of its system, masked or not."""
    return gradient.whole() if gradient.__class__ is Masked else gradient
