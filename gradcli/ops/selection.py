"""Choosing: the largest, the smallest, absolute value, bounds, conditions.

Ties (DESIGN §2.4): k equal variables get 1/k each; a tie with something fixed (a number, a constant) gives 0.
"""

from collections.abc import Callable
from typing import Any

from gradcli.ops.operation import op

Number = Any


def _extreme(beats: Callable[[Any, Number, Number], Number]) -> Callable[..., Number]:
    """The argument that `beats` all others; nan when one is nan, because every comparison with nan is nan."""

    def value(m: Any, first: Number, *rest: Number) -> Number:
        for other in rest:
            first = m.where(beats(m, first, other), other, first)
        return first

    return value


def _extreme_local(beats: Callable[[Any, Number, Number], Number]) -> Callable[..., Number]:
    """1 for the only winner, 0 for a loser, an equal share in a tie."""
    value = _extreme(beats)

    def local(m: Any, y: Number, k: int, fixed: tuple[bool, ...], *arguments: Number) -> Number:
        mine = arguments[k]
        others = arguments[:k] + arguments[k + 1 :]
        best = value(m, *others)
        return m.where(beats(m, best, mine), 1, m.where(beats(m, mine, best), 0, _share(m, k, fixed, arguments)))

    return local


def _share(m: Any, k: int, fixed: tuple[bool, ...], arguments: tuple[Number, ...]) -> Number:
    """The share of argument `k` in a tie: nothing against a fixed winner, else one part of as many as are tied."""
    if len(arguments) == 2:
        return 0 if fixed[1 - k] else m.divide(1, 2)
    tied, against = 1, 0
    for j, other in enumerate(arguments):
        if j == k:
            continue
        equal = m.equal(other, arguments[k])
        tied = tied + equal
        if fixed[j]:
            against = against + equal
    share = m.divide(1, tied)
    return m.where(against, 0, share) if any(fixed) else share


def _tie(beats: Callable[[Any, Number, Number], Number]) -> Callable[..., Number]:
    """True when more than one argument wins."""
    value = _extreme(beats)

    def corner(m: Any, *arguments: Number) -> Number:
        best = value(m, *arguments)
        winners = 0
        for argument in arguments:
            winners = winners + m.equal(argument, best)
        return m.less(1, winners)

    return corner


def _smaller(m: Any, a: Number, b: Number) -> Number:
    return m.less(a, b)


def _larger(m: Any, a: Number, b: Number) -> Number:
    return m.less(b, a)


TIE = "a tie is split evenly; a tie with a constant gives 0"
TIE_ELSEWHERE = "PyTorch, JAX and SymPy split 1/2, 1/2; TensorFlow gives all to one"


_MASKS = (
    lambda m, y, g, c, a, b: 0,
    lambda m, y, g, c, a, b: m.where(c, g, 0),
    lambda m, y, g, c, a, b: m.where(c, 0, g),
)
"""What `where` passes on, back or forward: the gradient or tangent where its branch is taken, masked and not
multiplied, so that nothing behind the other branch can spoil it."""


def _between(m: Any, a: Number, b: Number, c: Number) -> Number:
    """1 where b < a < c."""
    return m.less(b, a) * m.less(a, c)


TABLE = (
    op("max", "The largest argument.",
       _extreme(_smaller),
       _extreme_local(_smaller),
       pattern="route", sample=((1.0, 2.0), (-1.0, 0.5)), variadic=True,
       corner=_tie(_smaller), convention=TIE, elsewhere=TIE_ELSEWHERE, aliases=("maximum", "Max")),

    op("min", "The smallest argument.",
       _extreme(_larger),
       _extreme_local(_larger),
       pattern="route", sample=((1.0, 2.0), (-1.0, 0.5)), variadic=True,
       corner=_tie(_larger), convention=TIE, elsewhere=TIE_ELSEWHERE, aliases=("minimum", "Min")),

    op("abs", "Absolute value.",
       lambda m, a: m.abs(a),
       lambda m, y, a: m.where(m.less(0, a), 1, m.where(m.less(a, 0), -1, 0)),
       sample=((0.25, 2.0),),
       corner=lambda m, a: m.equal(a, 0), convention="abs'(0) = 0",
       elsewhere="PyTorch and SymPy say 0, JAX 1; the slopes are -1 and 1", aliases=("Abs", "fabs")),

    op("where", "a if the condition holds, else b; the branch not taken is closed.",
       lambda m, c, a, b: m.where(c, a, b),
       0,
       lambda m, y, c, a, b: m.where(c, 1, 0),
       lambda m, y, c, a, b: m.where(c, 0, 1),
       vjps=_MASKS, jvps=_MASKS,
       pattern="route", sample=((1.0, 2.0), (-2.0, 2.0), (-2.0, 2.0)), branches=True, aliases=("ITE",)),

    op("clip", "a, but not below b and not above c.",
       lambda m, a, b, c: m.min(m.max(a, b), c),
       lambda m, y, a, b, c: m.where(_between(m, a, b, c), 1, 0),
       lambda m, y, a, b, c: m.where(m.less_equal(a, b) * m.less(b, c), 1, 0),
       lambda m, y, a, b, c: m.where(m.less(b, c) * m.less(a, c), 0, 1),
       pattern="route", sample=((-0.5, 0.5), (-2.0, -1.0), (1.0, 2.0)),
       corner=lambda m, a, b, c: m.equal(a, b) + m.equal(a, c),
       convention="at a bound the bound is taken: the gradient of a is 0",
       elsewhere="PyTorch says 1, JAX and SymPy 1/2; the slopes are 0 and 1", aliases=("clamp",)),
)  # fmt: skip
