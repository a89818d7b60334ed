"""The slopes of a function at a point, from its values alone: a ladder of ever smaller steps in many digits.

No derivative rule is used, so this is the independent judge of the rules. With enough digits a difference quotient with
h = 10**-20 is exact to twenty digits, and the two one-sided quotients tell a corner from a smooth point.

Source of the idea of halving the step until the estimates settle: L. F. Richardson, "The approximate arithmetical
solution by finite differences", Phil. Trans. R. Soc. A 210 (1911); the one-sided classes are gradcli's own.
"""

from __future__ import annotations

from math import frexp, inf, isfinite, log10, nan
from typing import Any, Literal, NamedTuple, Protocol

from gradcli.systems.digits import Digits

RUNGS = (20, 40, 80, 160, 330)
"""The steps are about 10**-k; a feature narrower than the last is not seen."""

RATIO_BITS = 10
"""The second step of a rung is 2**10 times smaller than the first."""

MOST_DIGITS = 2_500
"""Digits are trebled up to here where a quotient may be nothing but rounding."""

Kind = Literal["smooth", "corner", "jump", "infinite", "edge", "isolated", "unsettled"]


class Function(Protocol):
    """A function of one number, known at the point and around it."""

    x: float
    """Where the point is; it only sets the size of the steps."""

    def system(self, digits: int) -> Digits:
        """The number system with so many digits."""

    def at(self, system: Digits, offset: Any) -> Any:
        """The value, in `system`, at the point shifted by `offset`; nan where there is none."""

    def size(self, system: Digits) -> Any:
        """The largest magnitude that occurs in computing the value at the point: what its rounding is measured by."""


class Slopes(NamedTuple):
    """What the ladder found.

    kind     smooth, corner, jump (the function is not continuous), infinite (slope), edge (of the domain: one side has
             no values), isolated (neither has), unsettled (the rungs do not agree)
    left, right  one-sided slopes as floats; nan where there is none
    slope    the derivative, when smooth, with many digits
    error    its error bar
    steps    at a jump, how far the values beside the point are from the value at it, 0 on a side that does not jump;
             at an infinite slope the quotients
    orders   at an infinite slope, the powers of 1/h with which the quotients grow
    digits   digits carried on the last rung
    """

    kind: Kind
    left: float = nan
    right: float = nan
    slope: Any = None
    error: Any = None
    steps: tuple[float, float] = (0.0, 0.0)
    orders: tuple[float, float] = (0.0, 0.0)
    digits: int = 0


class _Side(NamedTuple):
    """The limit of a one-sided quotient: finite, infinite with an order of growth, none, or unsettled."""

    kind: Literal["finite", "infinite", "none", "unsettled"]
    limit: Any
    order: float = 0.0


def slopes(function: Function, hint: float = 1.0) -> Slopes:
    """The slopes of `function` at its point.

    `hint` is the order of magnitude that is expected; it only sets how many digits are carried.
    """
    x = function.x
    exponent = frexp(min(1.0, abs(x)))[1] - 1 if x and isfinite(x) else 0
    size = max(0.0, log10(abs(x))) if x and isfinite(x) else 0.0
    hidden = min(360.0, max(0.0, -log10(hint))) if hint and isfinite(hint) else 0.0
    before: Slopes | None = None
    last = 0
    for rung in RUNGS:
        digits = _rounded(3 * rung + size + 0.61 * abs(exponent) + 60 + hidden)
        found = _rung(function, digits, exponent - int(3.3219 * rung))
        if before is not None and _alike(before, found, rung - last):
            return found
        before, last = found, rung
    return Slopes("unsettled")


def _rounded(digits: float) -> int:
    """The next multiple of 32, so that the variables of one formula share their runs."""
    return -int(-digits // 32) * 32


def _rung(function: Function, digits: int, bits: int) -> Slopes:
    """One rung, with steps 2**bits and 2**(bits - RATIO_BITS); with more digits where the quotients drown."""
    while True:
        system = function.system(digits)
        middle = function.at(system, system.number(0))
        right: list[Any] = []
        left: list[Any] = []
        for step_bits in (bits, bits - RATIO_BITS):
            step = system.context.ldexp(1, step_bits)
            right.append((function.at(system, step) - middle) / step)
            left.append((middle - function.at(system, -step)) / step)
        scale = function.size(system) + system.context.ldexp(1, bits)
        noise = system.context.ldexp(scale, 8 - int(3.3219 * digits) - bits + RATIO_BITS)
        drowned = any(0 < abs(q) <= noise * 10**20 for q in (*left, *right))
        if not drowned or 3 * digits > MOST_DIGITS:
            break
        digits *= 3
    sides = _side(system, left, noise), _side(system, right, noise)
    return _classified(system, *sides, left, right, noise, bits)._replace(digits=digits)


def _side(system: Digits, quotients: list[Any], noise: Any) -> _Side:
    first, second = quotients
    if first != first or second != second:
        return _Side("none", system.nan)
    if not (system.is_finite(first) and system.is_finite(second)):
        return _Side("infinite", second, inf)  # 0**y left of y = 0
    difference, largest = abs(second - first), max(abs(first), abs(second))
    if largest <= noise:
        return _Side("finite", system.number(0))
    if difference <= 1e-6 * largest:
        return _Side("finite", second)
    if abs(second) < abs(first) / 64 or (first * second > 0 and abs(second) < abs(first) * 0.9):
        return _Side("finite", system.number(0))  # shrinks like a power of the step, as the slope of |x|**1.5 does
    if first * second > 0 and abs(second) > abs(first):
        order = float(system.context.log(second / first) / system.context.log(2**RATIO_BITS))
        return _Side("infinite", system.context.inf * (1 if second > 0 else -1), order)
    return _Side("unsettled", system.nan)


def _classified(
    system: Digits, left: _Side, right: _Side, lefts: list[Any], rights: list[Any], noise: Any, bits: int
) -> Slopes:
    ends = system.to_float(left.limit), system.to_float(right.limit)
    kinds = {left.kind, right.kind}
    if "none" in kinds:
        return Slopes("isolated" if kinds == {"none"} else "edge", *ends)
    if "unsettled" in kinds:
        return Slopes("unsettled", *ends)
    if "infinite" in kinds:
        if max(left.order, right.order) < 0.9:
            quotients = system.to_float(lefts[1]), system.to_float(rights[1])
            return Slopes("infinite", *ends, steps=quotients, orders=(left.order, right.order))
        width = system.context.ldexp(1, bits - RATIO_BITS)
        steps = [
            system.to_float(quotients[1] * width) if side.order >= 0.9 else 0.0
            for side, quotients in ((left, lefts), (right, rights))
        ]
        return Slopes("jump", *ends, steps=(steps[0], steps[1]))
    if left.limit == 0 and right.limit == 0:
        return Slopes("smooth", 0.0, 0.0, system.number(0), noise)
    gaps = [abs(r - s) for r, s in zip(rights, lefts, strict=True)]
    middles = [(r + s) / 2 for r, s in zip(rights, lefts, strict=True)]
    if gaps[1] <= gaps[0] / 8 or gaps[1] <= system.number("1e-18") * abs(middles[1]) + noise:
        return Slopes("smooth", *ends, middles[1], abs(middles[1] - middles[0]) + noise)
    return Slopes("corner", *ends)


def _alike(a: Slopes, b: Slopes, decades: int) -> bool:
    """Whether two rungs, so many powers of ten apart, say the same."""
    if a.kind != b.kind or a.kind == "unsettled":
        return False
    if a.kind == "smooth":
        larger = max(abs(a.slope), abs(b.slope))
        return bool(abs(a.slope - b.slope) <= larger * 1e-9 + a.error + b.error)
    if a.kind == "jump":
        pairs = ((a.steps[0], b.steps[0]), (a.steps[1], b.steps[1]))
        return all(p == q or abs(p - q) <= 1e-6 * max(abs(p), abs(q)) + 1e-15 for p, q in pairs)
    if a.kind == "infinite":
        sides = zip(a.steps, b.steps, a.orders, strict=True)
        return all(_keeps_growing(first, second, order * decades) for first, second, order in sides if order)
    pairs = ((a.left, b.left), (a.right, b.right))
    return all(
        p == q or p != p or q != q or (abs(p - q) <= 1e-9 * max(abs(p), abs(q)) and max(abs(p), abs(q)) < inf)
        for p, q in pairs
    )


def _keeps_growing(first: float, second: float, expected: float) -> bool:
    """Whether a quotient grew by about the powers of ten that its growth promised; what oscillates does not."""
    if first * second <= 0 or abs(second) <= abs(first):
        return False
    return 0.4 * expected <= log10(abs(second)) - log10(abs(first)) <= 2.5 * expected
