"""Every entry of the table at every special point: 0, ±1, -0.0, the ends of its domain, ties, where forms switch.

The oracle reads values only, in 150 digits, and decides alone what kind of point it is: it takes one-sided limits of
difference quotients. Where there is a derivative, gradcli has it; where there is none, it says nan or an infinity, a
one-sided slope, or what the entry declares as its convention. Second derivatives are taken in two ways: the backward
pass over dual numbers, and the gradient of the gradient's own formula.
"""

import itertools
import math
from typing import NamedTuple

import pytest

from gradcli import backward, forward, parse
from gradcli.analysis.checking.second_order import gradient_graphs
from gradcli.graph import GraphBuilder
from gradcli.ops import OPERATIONS
from gradcli.systems import FLOATS
from gradcli.systems.digits import Digits
from gradcli.systems.duals import Duals

REFERENCE = Digits(150, binary=True)
mpf = REFERENCE.context.mpf
STEPS = (mpf(10) ** -16, mpf(10) ** -32)
"""Steps of the outer quotient."""

SHORT = (mpf(10) ** -60, mpf(10) ** -63)
"""Steps of the slopes inside a second derivative; one that still changes between them is infinite."""

DUALS = Duals(FLOATS)

ONE = (-2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
TWO = (-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 2.0)
THREE = (-1.0, 0.0, 1.0)
ORDERS = (0.0, 1.0)
BEHIND_AN_ORDER = (-1.0, 0.0, 1.0)

CONDITIONS = {"where", "logical_and", "logical_or", "logical_not"}
"""Their arguments are conditions: a number typed there is true or false, and 0 is alone among the numbers."""

ENTRIES = [
    pytest.param(entry, count, id=f"{entry.name}-{count}")
    for entry in OPERATIONS.values()
    if entry.name not in CONDITIONS
    for count in ((2, 3) if entry.variadic else (entry.arity,))
]


def points(entry, count):
    """The special points, signed zeros among them; atan2 has another value at -0.0, which digits have not."""
    if entry.constant:
        return list(itertools.product(ORDERS, BEHIND_AN_ORDER))
    found = itertools.product((ONE, TWO, THREE)[count - 1], repeat=count)
    signed = entry.name != "atan2"
    return [point for point in found if signed or "-0.0" not in map(str, point)]


class Side(NamedTuple):
    """The limit of a quotient from one side: finite, infinite, none (no values), unsettled."""

    kind: str
    limit: float = math.nan


def limit(quotient):
    """The limit for small steps: a number that two steps agree on."""
    first, second = (quotient(step) for step in STEPS)
    if not (REFERENCE.is_finite(first) and REFERENCE.is_finite(second)):
        return Side("none")
    if max(abs(first), abs(second)) < 1e-6:
        return Side("finite", 0.0)
    if abs(first - second) <= 1e-5 * max(abs(first), abs(second)):
        return Side("finite", float(second))
    if abs(second) < 0.99 * abs(first):
        return Side("finite" if abs(second) < 1e-6 else "unsettled", 0.0)
    return Side("infinite")


def is_smooth(sides):
    """Whether both sides have the same finite limit."""
    left, right = sides
    scale = max(1, abs(left.limit), abs(right.limit))
    return left.kind == right.kind == "finite" and abs(left.limit - right.limit) <= 1e-8 * scale


class Oracle:
    """The slopes of a value rule at a point."""

    def __init__(self, entry, point):
        self.entry, self.known = entry, {}
        self.point = [mpf(x) for x in point]

    def value(self, moves=()):
        """The value with some arguments moved, nan where there is none."""
        key = tuple(sorted(dict(moves).items()))
        if key not in self.known:
            operands = [x + dict(moves).get(k, 0) for k, x in enumerate(self.point)]
            found = REFERENCE.number(self.entry.value(REFERENCE, *operands))
            self.known[key] = found if REFERENCE.is_finite(found) else REFERENCE.nan
        return self.known[key]

    def first(self, k):
        """The limits from the left and from the right."""
        return [limit(lambda h, s=s: (self.value({k: s * h}) - self.value()) / (s * h)) for s in (-1, 1)]

    def slope(self, j, k, shift):
        """The derivative to argument j where argument k is shifted; one-sided where one side has no values."""

        def moved(step):
            return self.value({k: shift + step} if j == k else {k: shift, j: step})

        here = moved(mpf(0))
        quotients = [(moved(sign * step) - here) / (sign * step) for sign in (-1, 1) for step in SHORT]
        slopes = [each for each in quotients if each == each]
        if not slopes or max(slopes) - min(slopes) > 1e-20 * max(1, *map(abs, slopes)):
            return REFERENCE.nan
        return slopes[-1]

    def second(self, j, k):
        """The limits for the derivative, to argument k, of the derivative to argument j."""
        here = self.slope(j, k, mpf(0))
        return [limit(lambda h, s=s: (self.slope(j, k, s * h) - here) / (s * h)) for s in (-1, 1)]


def fault(found, sides, convention):
    """What is wrong with a number; empty where nothing is."""
    if is_smooth(sides):
        true = sides[1].limit
        return "" if abs(found - true) <= 1e-9 * max(1, abs(true)) else f"{found} is not {true}"
    limits = [side.limit for side in sides if side.kind in ("finite", "unsettled")]
    between = limits and min(limits) - 1e-9 <= found <= max(limits) + 1e-9
    if convention or not math.isfinite(found) or between:
        return ""
    return f"{found}, where the sides are {sides}"


def outside(entry, point):
    """Whether the entry itself says that the point is not in its domain."""
    if not entry.domain:
        return False
    return forward(parse(entry.domain), dict(zip("abc", point, strict=False))).value != 1


def graph_of(entry, count):
    """The operation over variables."""
    builder = GraphBuilder()
    return builder.finish(builder.add(entry.name, tuple(builder.input(name) for name in "abc"[:count])))


def faults(entry, count):
    """Everything that is wrong with an entry at its special points."""
    graph, found = graph_of(entry, count), []
    varying = {k: "abc"[k] for k in range(count) if k not in entry.constant}
    written = gradient_graphs(graph, varying.values())
    for operands in points(entry, count):
        if outside(entry, operands):
            continue
        oracle = Oracle(entry, operands)
        point = dict(zip("abc", operands, strict=False))
        corner = entry.corner is not None and FLOATS.truth(entry.corner(FLOATS, *operands))
        back = backward(forward(graph, point), varying.values())
        true = oracle.value()
        if not REFERENCE.is_finite(true):
            if math.isfinite(back.forward.value):
                found.append(f"{operands}: there is no value, not {back.forward.value}")
            continue
        if abs(back.forward.value - float(true)) > 1e-9 * max(1, abs(float(true))):
            found.append(f"{operands}: the value {back.forward.value} is not {float(true)}")
        smooth = {}
        for k, name in varying.items():
            sides = oracle.first(k)
            smooth[k] = is_smooth(sides)
            found += said(operands, f"∂{name}", fault(back.gradient(name), sides, corner))
            if smooth[k]:
                found += said(
                    operands, f"∂{name} as a formula", fault(forward(written[name], point).value, sides, corner)
                )
        for k, name in varying.items():
            moving = {other: DUALS.dual(x, 1) if other == name else DUALS.number(x) for other, x in point.items()}
            twice = backward(forward(graph, moving, DUALS), varying.values())
            for j, other in varying.items():
                if smooth[j]:
                    sides = oracle.second(j, k)
                    numbers = {"by duals": DUALS.tangent(twice.gradient(other))}
                    if is_smooth(sides):
                        again = backward(forward(written[other], point), varying.values())
                        numbers["by its formula"] = again.gradient(name)
                    for how, number in numbers.items():
                        found += said(operands, f"∂²{other}{name} {how}", fault(number, sides, corner))
    return found


def said(operands, what, wrong):
    """One line, or none."""
    return [f"{operands}: {what}: {wrong}"] if wrong else []


@pytest.mark.parametrize(("entry", "count"), ENTRIES)
def test_special_points(entry, count):
    """Value, first and second derivatives: right, or no finite number."""
    assert faults(entry, count) == []


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("sinc", {"written": ()}),
        ("sinc", {"stable": ()}),
        ("power", {"stable": ()}),
        ("power", {"written": ()}),
        ("Si", {"written": ()}),
        ("elliptic_e", {"stable": ()}),
    ],
)
def test_the_sweep_sees_a_form_that_does_not_hold(name, broken, monkeypatch):
    """Without the form that holds each of these is found out."""
    entry = OPERATIONS[name]
    from gradcli import ops

    monkeypatch.setitem(ops._operations, name, entry._replace(**broken))
    assert faults(ops.OPERATIONS[name], entry.arity) != []
