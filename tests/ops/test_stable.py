"""Floats keep their digits: every value and local derivative against 60 digits, from 1e-300 to 1000.

An error is measured as it must be measured in floats: relative to the number itself, or to what one unit in the last
place of the argument does to it, |x·f'(x)|, whichever is larger. silu(-745) = -745·exp(-745) has no more than 13 digits
whatever is done, because exp(-745) has none (reference numerics §6.1: 7e-14).
"""

import math
import sys

import pytest

from gradcli import forward, parse
from gradcli.ops import OPERATIONS, Operation, library, special
from gradcli.programs.functions import module
from gradcli.programs.languages import python
from gradcli.systems import FLOATS
from gradcli.systems.digits import Digits
from gradcli.systems.duals import Duals

DIGITS = Digits(60, binary=True)
ULP = 2.0**-52
inf = math.inf
LEAST = 4 * 5e-324
"""Below the smallest normal number a float has fewer digits."""

SIZES = (
    1e-300, 1e-200, 1e-100, 1e-20, 1e-8, 1e-5, 1e-3, 0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999999, 1.000001,
    1.01, 1.3, 1.5, 1.9, 2.1, 2.5, 3.3, 5.0, 8.0, 12.3, 19.0, 25.0, 37.0, 40.0, 100.1, 300.0, 350.0, 700.0, 745.0,
    1000.0,
)  # fmt: skip

UNITS = {"loggamma": 10}
"""More than 4 units in the last place: Python's math.lgamma between 1 and 2, where it is small, gives 8."""

SUBNORMAL = {"silu": 1000 * 5e-324, "mish": 1000 * 5e-324}
"""a·exp(a) from -708 on: the factor exp(a) is subnormal, its error is multiplied by a."""

ENTRIES = [
    entry for entry in OPERATIONS.values() if entry.arity == 1 and not entry.variadic and entry not in library.TABLE
]
every_entry = pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in ENTRIES])


def number(rule, system, *operands):
    """A rule of the table, or a constant, as a number of a system."""
    return system.number(rule if isinstance(rule, int) else rule(system, *operands))


def losses(entry: Operation, sizes=SIZES) -> list[str]:
    """Where the value or the local derivative in floats is off by more than 4 units of the last place."""
    found = []
    duals = Duals(DIGITS)
    for x in [sign * size for size in sizes for sign in (1, -1)]:
        exact = duals.dual(x, 1)
        value = duals.operate(entry, (exact,))
        if not DIGITS.is_finite(value.value):
            continue
        slope = duals.number(number(duals.local(entry, 0), duals, value, exact))
        y = number(FLOATS.rule(entry), FLOATS, x)
        for what, true, here in (
            ("value", value, y),
            ("derivative", slope, number(FLOATS.local(entry, 0), FLOATS, y, x)),
        ):
            if abs(true.value) > sys.float_info.max:
                if here != math.copysign(math.inf, true.value):
                    found.append(f"{what} at {x}: {here} is not infinite")
                continue
            units = UNITS.get(entry.name, 4) * ULP
            allowed = units * max(abs(true.value), abs(x * duals.tangent(true))) + SUBNORMAL.get(entry.name, LEAST)
            error = abs(DIGITS.number(here) - true.value)
            if not error <= allowed:
                found.append(f"{what} at {x}: {here} is not {DIGITS.context.nstr(true.value, 20)}")
    return found


@every_entry
def test_floats_keep_their_digits(entry):
    """4 units in the last place, from 1e-300 to 1000."""
    assert losses(entry) == []


HARD = {"gelu", "erfc", "erf"}
"""1 + erf(-300) needs 40,000 digits: their textbook form is compared up to 20."""

TEXTBOOK = [entry for entry in ENTRIES if (entry.stable and entry not in special.TABLE) or entry.name == "erfc"]


@pytest.mark.parametrize("name", "sigmoid tanh softplus logsigmoid silu gelu mish expm1 log1p".split())
def test_the_judge_sees_the_textbook_form_lose_digits(name):
    """Without its stable form each of these is found out."""
    assert losses(OPERATIONS[name]._replace(stable=())) != []


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in TEXTBOOK])
def test_stable_forms_are_the_textbook_forms_far_out(entry):
    """With 700 digits the textbook form loses nothing to 300, and says what the stable form says with 60."""
    wide = Digits(700, binary=True)
    for x in [sign * size for size in SIZES if size <= 300 for sign in (1, -1)]:
        if entry.name in HARD and abs(x) > 20:
            continue
        value = number(entry.value, wide, wide.number(x))
        if not wide.is_finite(value):
            continue
        pairs = [(value, number(entry.stable_value(), DIGITS, DIGITS.number(x)))]
        local = number(entry.local(0), wide, value, wide.number(x))
        pairs.append((local, number(entry.stable_local(0), DIGITS, pairs[0][1], DIGITS.number(x))))
        for textbook, stable in pairs:
            if wide.is_finite(textbook):
                assert abs(textbook - stable) <= 1e-50 * abs(textbook) + wide.context.mpf("1e-380"), x


@pytest.mark.parametrize(
    "operands",
    [
        (0, -40), (-40, 0), (1e-20, -40), (0, -700), (-1e-18, -41, -42), (-45, -44, 0), (0, 0, -40), (1, 1),
        (-2, 3, -1), (700, 699, -700), (-700, -701), (0, -0.0, -36.5),
    ],
)  # fmt: skip
def test_small_terms_beside_a_largest_one_near_0_are_not_lost(operands):
    """logsumexp against mpmath: log(1 + 4e-18) is 4e-18, in the passes, and in exported Python."""
    context = DIGITS.context
    with context.workdps(700):
        true = float(context.log(context.fsum(context.exp(context.mpf(x)) for x in operands)))
    names = "abc"[: len(operands)]
    graph = parse(f"logsumexp({', '.join(names)})")
    found = forward(graph, dict(zip(names, operands, strict=True))).value
    assert abs(found - true) <= 4 * ULP * abs(true)
    written = {}
    exec(module(graph, python.LANGUAGE), written)  # noqa: S102  (it is what is being tested)
    assert written["f"](*map(float, operands)) == found


@pytest.mark.parametrize(
    ("operands", "value"),
    [((inf, 1), inf), ((-inf, -inf), -inf), ((-inf, 2), 2), ((inf, -inf), inf), ((inf, inf), inf)],
)
def test_infinite_terms(operands, value):
    """Equal terms need no difference, which would be nan."""
    assert FLOATS.logsumexp(*operands) == value
