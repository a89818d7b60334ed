"""A check at many random points of the domain: the same seed gives the same points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from gradcli.analysis.checking.check import TIME_LIMIT, Check, VariableCheck, check
from gradcli.analysis.checking.verdict import SEVERITY, Finding, Verdict
from gradcli.analysis.checking.witness import Witness
from gradcli.graph import Graph
from gradcli.systems import FLOATS

NEAR = (-2.0, 2.0)
"""Where most numbers are drawn when no range is given."""

MAGNITUDES = (-3.0, 1.0)
"""The others are ±10**u with u drawn from here."""

FAR = 0.2
"""How many of the numbers are such ones."""

TRIES = 20
"""How often a point is drawn, for one that is wanted, before the search ends."""

Interval = tuple[float, float]
Progress = Callable[[int], object]
"""Told how many of the things to do are done."""


def silent(done: int) -> None:
    """Progress that nobody watches."""


class PointCheck(NamedTuple):
    """What the check found at one point.

    point    a value for every variable of the formula
    value    the value of the formula in floats
    finding  the gravest of its findings
    error    the largest relative error of a gradient, where there is a slope to compare it with; else nan
    """

    point: Mapping[str, float]
    value: float
    finding: Finding
    error: float
    variables: Sequence[VariableCheck]

    @property
    def verdict(self) -> Verdict:
        """The verdict in one word."""
        return self.finding.verdict


class PointChecks(NamedTuple):
    """What the check found at many points.

    drawn    how many points were drawn; `outside` of them have no value
    """

    graph: Graph
    wanted: int
    seed: int
    points: Sequence[PointCheck]
    outside: int

    @property
    def drawn(self) -> int:
        """How many points were drawn."""
        return len(self.points) + self.outside

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many points have each verdict, the gravest first; those that none has are left out."""
        found = [each.verdict for each in self.points]
        return {verdict: found.count(verdict) for verdict in SEVERITY if verdict in found}

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict; inconclusive when no point lies in the domain."""
        return next(iter(self.counts), "inconclusive")

    @property
    def worst(self) -> PointCheck | None:
        """The point with the gravest verdict; among those, with the largest relative error."""
        gravest = [each for each in self.points if each.verdict == self.verdict]
        return max(gravest, key=lambda each: -1.0 if math.isnan(each.error) else each.error, default=None)


def draw(names: Sequence[str], ranges: Mapping[str, Interval], seed: int) -> Iterator[dict[str, float]]:
    """Random points without end: a number of few digits for each name, from its range."""
    chance = Random(seed)  # noqa: S311  (no secret: the same seed must give the same points)
    while True:
        yield {name: _number(chance, ranges.get(name)) for name in names}


def _number(chance: Random, interval: Interval | None) -> float:
    """A number of the interval; without one, mostly of NEAR, else of any magnitude in MAGNITUDES."""
    if interval is None and chance.random() < FAR:
        low, high = MAGNITUDES
        size = 10 ** (low + (high - low) * chance.random())
        return float(f"{size if chance.random() < 0.5 else -size:.4g}")
    low, high = interval or NEAR
    place = chance.random()
    number = low * (1 - place) + high * place
    width = high - low
    rounded = round(number, 4 - math.floor(math.log10(width))) if math.isfinite(width) else number
    return min(max(rounded, low), high)


def check_points(
    graph: Graph,
    fixed: Mapping[str, float],
    count: int,
    *,
    seed: int = 0,
    ranges: Mapping[str, Interval] | None = None,
    wrt: Sequence[str] | None = None,
    upstream: float = 1.0,
    time_limit: float = TIME_LIMIT,
    progress: Progress = silent,
) -> PointChecks:
    """Check the gradient at `count` random points of the domain; variables in `fixed` keep their values.

    A point without a value is drawn again, at most TRIES times as often as points are wanted. `time_limit` is for each
    point. Raises UsageError for a name in `wrt` that the formula lacks.
    """
    known = {**{name: FLOATS.literal(text) for name, text in graph.defaults.items()}, **fixed}
    names = [name for name in graph.inputs if name not in known]
    found: list[PointCheck] = []
    outside = 0
    witness: Witness | None = None
    for number in draw(names, ranges or {}, seed):
        point = {name: float(known[name] if name in known else number[name]) for name in graph.inputs}
        result = check(graph, point, wrt, upstream=upstream, time_limit=time_limit, witness=witness)
        witness = result.witness or witness
        if result.value.verdict == "outside_domain":
            outside += 1
        else:
            found.append(_kept(result, point))
            progress(len(found))
        if len(found) == count or len(found) + outside >= TRIES * count:
            break
    return PointChecks(graph, count, seed, found, outside)


def _kept(result: Check, point: dict[str, float]) -> PointCheck:
    """What is kept of a check; its runs in many digits are let go."""
    finding = min(result.findings, key=lambda each: SEVERITY.index(each.verdict))
    errors = [relative_error(each.graph, each.difference) for each in result.variables]
    error = max((each for each in errors if not math.isnan(each)), default=math.nan)
    return PointCheck(point, float(result.back.forward.value), finding, error, result.variables)


def relative_error(a: float, b: float) -> Any:
    """|a - b| / max(|a|, |b|), as CS231n's notes compare gradients; 0 when both are 0, nan when one is not finite."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.nan
    largest = max(abs(a), abs(b))
    return 0.0 if largest == 0 else abs(a - b) / largest
