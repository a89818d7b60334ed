"""One operation by itself, in floats: its values and slopes over an interval, and beside a difference quotient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gradcli import ops
from gradcli.graph import NO_PARAMETERS
from gradcli.systems import FLOATS, contribution

INTERVAL = (-5.0, 5.0)
"""The interval that is looked at, or the part of it where there are values."""

LOOKED = 1000
"""Places where it is looked for values."""

STEP = 1e-5
"""The step of the difference quotient."""

LETTERS = "abcd"
"""Names of arguments."""


class Sample(NamedTuple):
    """A local derivative with respect to the argument called `name` at a point, and the difference quotient there."""

    name: str
    point: Mapping[str, float]
    local: float
    quotient: float


def value(entry: ops.Operation, operands: Sequence[float]) -> float:
    """The value of an operation."""
    return FLOATS.number(FLOATS.rule(entry)(FLOATS, *operands))


def local(entry: ops.Operation, k: int, y: float, operands: Sequence[float]) -> float:
    """Its local derivative with respect to argument `k`, where the value is `y`."""
    fixed = (False,) * len(operands)
    return FLOATS.number(contribution.local(FLOATS, entry, NO_PARAMETERS, k, fixed, y, operands))


PLACES = (0.6, 0.8, 0.3)
"""How far into its sample interval each argument stands: unequal, so that the values are different."""


def sample_point(entry: ops.Operation) -> list[float]:
    """A point at which an operation is smooth, its arguments all different."""
    intervals = zip(entry.sample, PLACES, strict=False)
    point = [round(low + place * (high - low), 2) for (low, high), place in intervals]
    return [round(x) if k in entry.constant else x for k, x in enumerate(point)]


def samples(entry: ops.Operation) -> Iterator[Sample]:
    """Each local derivative at a point of the sample domain beside a central difference of the value.

    Those of arguments that must be constant, and those that are 0 everywhere, are left out.
    """
    point = sample_point(entry)
    named = dict(zip(LETTERS, point, strict=False))
    y = value(entry, point)
    for k, name in enumerate(named):
        if k in entry.constant or entry.local(k) == 0:
            continue
        above, below = (value(entry, [*point[:k], point[k] + h, *point[k + 1 :]]) for h in (STEP, -STEP))
        yield Sample(name, named, local(entry, k, y, point), (above - below) / (2 * STEP))


def extent(entry: ops.Operation) -> tuple[float, float]:
    """The first and last place of the interval where an operation of one argument has a value, as round as can be."""
    low, high = INTERVAL
    step = (high - low) / (LOOKED - 1)
    found = [x for x in (low + step * i for i in range(LOOKED)) if FLOATS.is_finite(value(entry, [x]))]
    if len(found) < 2:
        return INTERVAL
    first, last = (round(x) if abs(x - round(x)) < 2 * step else x for x in (found[0], found[-1]))
    return first, last


def curves(entry: ops.Operation, places: Sequence[float]) -> tuple[list[float], list[float]]:
    """Its values and its slopes at these places."""
    values = [value(entry, [x]) for x in places]
    return values, [local(entry, 0, y, [x]) for x, y in zip(places, values, strict=True)]
