"""Duals: forward mode and second derivatives by the same rule table."""

import math

import pytest
from strategies import EVERY_OPERATION, examples, given, smooth_problems

from gradcli import backward, forward, parse, tangents
from gradcli.systems import FLOATS
from gradcli.systems.digits import Digits
from gradcli.systems.duals import Duals

DIGITS = Digits(50)
SYSTEMS = pytest.mark.parametrize("inner", [FLOATS, DIGITS], ids=["floats", "digits"])


def moved(duals, point, direction):
    """The point, moving in a direction."""
    return {name: duals.dual(value, direction.get(name, 0)) for name, value in point.items()}


@examples(60)
@given(smooth_problems())
def test_a_pass_in_duals_is_forward_mode(problem):
    """Every node's value and tangent are those of `tangents`, over floats and over 50 digits."""
    direction = {name: 1 + index for index, name in enumerate(problem.point)}
    for inner, tolerance in ((FLOATS, 1e-12), (DIGITS, 1e-45)):
        duals = Duals(inner)
        run = forward(problem.graph, moved(duals, problem.point, direction), duals)
        plain = forward(problem.graph, problem.point, inner)
        assert [number.value for number in run.values] == list(plain.values)
        expected = tangents(plain, direction)
        scale = 1 + max(abs(number) for number in expected)
        pairs = zip(map(duals.tangent, run.values), expected, strict=True)
        assert all(abs(a - b) <= tolerance * scale for a, b in pairs)


ENTRIES = [entry for entry in EVERY_OPERATION if not entry.variadic and any(rule != 0 for rule in entry.locals)]


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in ENTRIES])
def test_second_derivatives_of_every_entry(entry):
    """The slope of a local derivative by Duals, stable forms and all, is mpmath's of the local derivative."""
    duals, wide = Duals(DIGITS), Digits(60)
    point = [low + (high - low) * (0.3 + 0.1 * k) for k, (low, high) in enumerate(entry.sample)]
    for k, rule in enumerate(entry.locals):
        if isinstance(rule, int):
            continue
        for j in range(entry.arity):
            numbers = [duals.dual(x, int(i == j)) for i, x in enumerate(point)]
            found = duals.tangent(duals.local(entry, k)(duals, duals.operate(entry, tuple(numbers)), *numbers))

            def slope(x, rule=rule, j=j):
                operands = [*map(wide.number, point[:j]), x, *map(wide.number, point[j + 1 :])]
                return wide.number(rule(wide, wide.rule(entry)(wide, *operands), *operands))

            expected = wide.context.diff(slope, wide.number(point[j]))
            assert abs(found - expected) <= 1e-35 * (1 + abs(expected))


@SYSTEMS
@pytest.mark.parametrize(
    ("formula", "point", "direction", "expected"),
    [
        ("x**2*y", {"x": 2.0, "y": 3.0}, {"x": 1}, {"x": 6, "y": 4}),
        ("x**2*y", {"x": 2.0, "y": 3.0}, {"y": 1}, {"x": 4, "y": 0}),
        ("x**2*y", {"x": 2.0, "y": 3.0}, {"x": 1, "y": 2}, {"x": 14, "y": 4}),
        ("sin(x)*sin(x)", {"x": 0.5}, {"x": 1}, {"x": 2 * math.cos(1)}),
        ("exp(x*y)", {"x": 0.5, "y": 2.0}, {"x": 1}, {"x": 4 * math.e, "y": 2 * math.e}),
        ("sinc(x)", {"x": 1.0}, {"x": 1}, {"x": math.sin(1) - 2 * math.cos(1)}),
        ("relu(x)*x", {"x": 3.0}, {"x": 1}, {"x": 2}),
        ("sqrt(x) if x > 0 else y*y", {"x": -4.0, "y": 3.0}, {"x": 1, "y": 1}, {"x": 0, "y": 2}),
        ("max(x, y)*x", {"x": 3.0, "y": 1.0}, {"x": 1}, {"x": 2, "y": 0}),
    ],
)
def test_the_backward_pass_in_duals_is_the_hessian_times_a_direction(formula, point, direction, expected, inner):
    """Tangents of the gradients: worked examples."""
    duals = Duals(inner)
    back = backward(forward(parse(formula), moved(duals, point, direction), duals))
    found = {name: float(duals.tangent(back.gradient(name))) for name in point}
    assert found == pytest.approx(expected, rel=1e-13, abs=1e-13)
    plain = backward(forward(parse(formula), point, inner))
    assert {name: back.gradient(name).value for name in point} == {name: plain.gradient(name) for name in point}


def test_a_number_that_does_not_change_has_tangent_0():
    """A constant, a literal and an integer of a rule carry no tangent."""
    duals = Duals(FLOATS)
    assert (duals.tangent(3), duals.tangent(duals.literal("2.5"))) == (0.0, 0.0)
    assert (duals.to_float(duals.literal("2.5")), duals.is_finite(duals.nan)) == (2.5, False)
    assert duals.tangent(duals.dual(2, 3) * 2 - 1) == 6.0
    assert repr(duals.dual(2, 3)) == "Dual(2.0, 3.0)"


def test_a_tie_with_a_number_that_does_not_change():
    """max(x, 1) at 1 gives 0, a tie of two numbers that change the mean of both."""
    duals = Duals(FLOATS)
    assert duals.tangent(duals.max(duals.dual(1, 5), 1)) == 0.0
    assert duals.tangent(duals.max(duals.dual(1, 5), duals.dual(1, 2))) == 3.5
