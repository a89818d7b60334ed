"""Are two formulas the same function? Their values and gradients at many points, then their difference in symbols.

Points are judged in many digits, with every decimal as typed, so that neither the floats nor a literal 0.1 tells two
equal formulas apart. A proof takes SymPy's reading of both texts; no step of it guesses.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from gradcli.analysis.checking.check import TIME_LIMIT, Check, check
from gradcli.analysis.checking.evidence import DIGITS, reference
from gradcli.analysis.checking.points import TRIES, Interval, Progress, draw, silent
from gradcli.analysis.checking.proof import UNDECIDED, Proof, difference
from gradcli.analysis.checking.second_order import gradient_graphs
from gradcli.analysis.checking.verdict import Verdict
from gradcli.analysis.checking.witness import Testimony, Witness
from gradcli.errors import OutOfRange
from gradcli.graph import Graph
from gradcli.language import parse
from gradcli.passes import Forward, backward, corners, forward
from gradcli.systems import FLOATS
from gradcli.systems.digits import Digits
from gradcli.systems.time_limit import Clock, TimeUp, within

POINTS = 100
"""How many random points are compared when nobody says how many."""

ALIKE = 1e-25
"""How closely numbers in many digits must agree."""

GUARD = 20
"""Digits that rounding may take from the largest number that occurs."""

Where = Literal["alike", "differs", "corner", "outside"]


class Pair(NamedTuple):
    """A number of the first formula and of the second, as floats."""

    first: float
    second: float


class Comparison(NamedTuple):
    """The two formulas at one point.

    kind       alike; differs; corner: the values are alike, a gradient is a convention; outside: one has no value
    value      both values; nan where there is none
    gradients  both gradients, by name; 0 where a formula lacks the variable
    differing  what differs: "value", or names of variables
    """

    point: Mapping[str, float]
    kind: Where
    value: Pair
    gradients: Mapping[str, Pair]
    differing: Sequence[str] = ()


class Same(NamedTuple):
    """What was found about two formulas.

    names    the variables of both; `wrt` are those whose gradients are compared
    check    the check of the first formula at the point, where one was given
    there    the comparison at that point
    points   the comparisons at random points, those outside the domain of either left out
    outside  how many points have no value in the first, in the second formula, in both
    closed   at the point, what SymPy says of the second formula's gradients, by name
    chain    without a point, the gradients of the first formula by the chain rule, by name
    forms    without a point, SymPy's of the second one; None where they are long
    """

    first: Graph
    second: Graph
    names: Sequence[str]
    wrt: Sequence[str]
    seed: int
    check: Check | None
    there: Comparison | None
    points: Sequence[Comparison]
    outside: tuple[int, int, int]
    proof: Proof
    closed: Mapping[str, Testimony]
    chain: Mapping[str, Graph]
    forms: Mapping[str, Graph | None]

    @property
    def counterexample(self) -> Comparison | None:
        """The point itself if the formulas differ there, else the first random point where they do."""
        found = [*([self.there] if self.there else []), *self.points]
        return next((each for each in found if each.kind == "differs"), None)

    @property
    def verdict(self) -> Verdict:
        """disagree with a counterexample or a proof; agree when every point is alike; inconclusive without any."""
        if self.counterexample is not None or self.proof.kind == "differ":
            return "disagree"
        if self.there is not None and self.there.kind == "corner":
            return "not_differentiable"
        if self.there is not None and self.there.kind == "outside":
            return "outside_domain"
        return "agree" if self.points or self.there or self.proof.kind == "equal" else "inconclusive"

    @property
    def exit_status(self) -> int:
        """0 the same as far as anybody looked, 1 they differ, 3 not known."""
        return {"agree": 0, "disagree": 1}.get(self.verdict, 3)


def same(
    first: Graph,
    second: Graph,
    point: Mapping[str, Any] | None = None,
    fixed: Mapping[str, Any] | None = None,
    *,
    wrt: Sequence[str] | None = None,
    count: int = POINTS,
    seed: int = 0,
    ranges: Mapping[str, Interval] | None = None,
    time_limit: float = TIME_LIMIT,
    prove: bool = True,
    progress: Progress = silent,
) -> Same:
    """Compare two formulas at `point`, where there is one, and at `count` random points; then symbolically.

    Variables in `fixed` keep their values at every point. A point where either formula has no value does not count.
    After `time_limit` seconds no more points are drawn, and after as many again no more forms are tried. Without
    `prove` points are the only evidence, and SymPy is not asked.
    """
    names = tuple(dict.fromkeys((*first.inputs, *second.inputs)))
    chosen = names if wrt is None else tuple(wrt)
    known = dict(fixed or {})
    there, found = None, None
    clock = Clock(time_limit)
    if point is not None:
        complete = {name: float(point[name]) for name in names}
        there = clock.within(lambda: compare(first, second, complete, chosen))
        found = check(
            first,
            {name: complete[name] for name in first.inputs},
            [name for name in first.inputs if name in chosen],
            time_limit=time_limit,
        )
    points: list[Comparison] = []
    outside = [0, 0, 0]
    clock = Clock(time_limit)
    free = [name for name in names if name not in known]
    for number in draw(free, ranges or {}, seed) if free else ():
        at = {name: float(known[name] if name in known else number[name]) for name in names}
        try:
            compared = clock.within(lambda at=at: compare(first, second, at, chosen))  # type: ignore[misc]
        except TimeUp:
            break
        if compared.kind == "outside":
            missing = math.isnan(compared.value.first), math.isnan(compared.value.second)
            outside[2 if all(missing) else 0 if missing[0] else 1] += 1
        else:
            points.append(compared)
            progress(len(points))
        if len(points) == count or len(points) + sum(outside) >= TRIES * count:
            break
    differs = any(each.kind == "differs" for each in (*points, *([there] if there else [])))
    proof = UNDECIDED
    if prove:
        with contextlib.suppress(TimeUp):
            proof = within(time_limit, lambda: difference(first, second, differs=differs))
    counted = (outside[0], outside[1], outside[2])
    closed = {} if there is None else closed_forms(second, there)
    chain, forms = ({}, {}) if there is not None else gradient_formulas(first, second, chosen)
    return Same(first, second, names, chosen, seed, found, there, points, counted, proof, closed, chain, forms)


def closed_forms(graph: Graph, there: Comparison) -> dict[str, Testimony]:
    """What SymPy says of the gradients of a formula at a point: closed form and number; 0 for a variable it lacks."""
    witness = Witness(graph, {name: there.point[name] for name in graph.inputs})
    nothing = Testimony(0.0, parse("0"))
    witness.load()
    names = [name for name in there.gradients if name in graph.inputs]
    said = dict(zip(names, witness.testimonies(names, Clock(TIME_LIMIT)), strict=True))
    return {name: said.get(name, nothing) for name in there.gradients}


def gradient_formulas(
    first: Graph, second: Graph, names: Sequence[str]
) -> tuple[dict[str, Graph], dict[str, Graph | None]]:
    """The gradients as formulas: of the first one by the chain rule, of the second one as SymPy differentiates it."""
    chain = gradient_graphs(first, [name for name in names if name in first.inputs])
    witness, zero, clock = Witness(second, {}), parse("0"), Clock(TIME_LIMIT)

    def form(name: str) -> Graph | None:
        if name not in second.inputs:
            return zero
        return witness.closed_form_in_time(name, clock) if witness.choices <= 1 else None

    forms = {name: form(name) for name in names}
    return {name: chain.get(name, zero) for name in names}, forms


def compare(first: Graph, second: Graph, point: Mapping[str, float], wrt: Sequence[str]) -> Comparison:
    """Both formulas at one point, with as many digits as it takes to tell whether they differ."""
    floats = [_in_floats(graph, point, wrt) for graph in (first, second)]
    value = Pair(floats[0][0], floats[1][0])
    gradients = {name: Pair(floats[0][1][name], floats[1][1][name]) for name in wrt}
    differing: list[str] = []
    for digits in DIGITS:
        system = reference(digits, binary=False)
        try:
            runs = [forward(graph, _of(graph, point), system) for graph in (first, second)]
        except OutOfRange:
            break
        finite = [system.is_finite(run.value) for run in runs]
        if not all(finite):
            missing = [number if ok else math.nan for number, ok in zip(value, finite, strict=True)]
            return Comparison(point, "outside", Pair(*missing), gradients)
        numbers: dict[str, list[Any]] = {"value": [run.value for run in runs]}
        corner = any(True for run in runs for _ in corners(run))
        if not corner:
            slopes = [_gradients(run, wrt) for run in runs]
            numbers |= {name: [slope[name] for slope in slopes] for name in wrt}
        scale = max(abs(v) for run in runs for v in run.values if system.is_finite(v))
        told = {name: _alike(system, pair, scale) for name, pair in numbers.items()}
        differing = [name for name, alike in told.items() if alike is False]
        if differing:
            return Comparison(point, "differs", value, gradients, differing)
        if None not in told.values() or digits == DIGITS[-1]:
            return Comparison(point, "corner" if corner else "alike", value, gradients)
    return Comparison(point, "outside", Pair(math.nan, math.nan), gradients)


def _alike(system: Digits, pair: Sequence[Any], scale: Any) -> bool | None:
    """Whether two numbers are the same; None when the digits do not tell, because all that is left is rounding."""
    a, b = pair
    if not (system.is_finite(a) and system.is_finite(b)):
        return True  # a gradient that is no number at a point without a corner is a pole of both or of neither
    distance = abs(a - b)
    if distance <= ALIKE * max(abs(a), abs(b)):
        return True
    noise = scale * system.context.mpf(10) ** (GUARD - system.digits)
    return False if distance > noise else None


def _of(graph: Graph, point: Mapping[str, float]) -> dict[str, float]:
    return {name: point[name] for name in graph.inputs}


def _gradients(run: Forward, wrt: Sequence[str]) -> dict[str, Any]:
    """Its gradients by name; 0 for a variable that the formula lacks."""
    inputs = run.graph.inputs
    back = backward(run, [name for name in wrt if name in inputs])
    gradients = back.gradients
    return {name: gradients[inputs[name]] if name in inputs else run.system.number(0) for name in wrt}


def _in_floats(graph: Graph, point: Mapping[str, float], wrt: Sequence[str]) -> tuple[float, dict[str, float]]:
    run = forward(graph, _of(graph, point), FLOATS)
    return float(run.value), {name: float(value) for name, value in _gradients(run, wrt).items()}
