"""Is the gradient right? Four witnesses for every variable, and one verdict with its reason.

The graph in floats is the accused. The same graph in many digits tells whether the rules are right or the floats lost
digits. SymPy reads the text a second time and differentiates that. The slopes of the values, taken in many digits
without any rule, are the referee.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from gradcli.analysis.checking import causes, judge
from gradcli.analysis.checking.differences import Difference, FloatFunction, shown
from gradcli.analysis.checking.evidence import Evidence, Moved
from gradcli.analysis.checking.slopes import Slopes, slopes
from gradcli.analysis.checking.verdict import AGREE, SEVERITY, Finding, Verdict
from gradcli.analysis.checking.witness import Testimony, Witness
from gradcli.errors import OutOfRange
from gradcli.graph import Graph
from gradcli.passes import Backward, backward, corners, forward
from gradcli.systems.time_limit import Clock, TimeUp, within

DIRECTION = (1.0, -0.7320508, 0.4142136, -0.2360680, 0.6457513, -0.3166248)
"""Speeds of the variables in the joint probe: unequal, so that nothing cancels by chance."""

MOST_SIGNS = 4
"""Variables whose speeds change sign from direction to direction: with n of them there are 2**(n - 1)."""

TOGETHER = {
    "corner": "{} together have no derivative here",
    "jump": "where {} move together the value jumps: there is no derivative here",
    "infinite": "where {} move together the slope is infinite: there is no derivative here",
}
"""What may happen along a direction, in words. Where there are no values nothing is said: x**y has none left of x = 0,
and both its slopes at (0, 2) are right.
"""

SILENT = Testimony()
"""What a witness says that was not asked."""

TIME_LIMIT = 10.0
"""Seconds a check may take."""


SHOWN_SECONDS = 1.0
"""Seconds that the difference in floats may take, which is only shown."""


class VariableCheck(NamedTuple):
    """One variable, or one inner node: what each witness says, and the finding.

    at          its position in the graph
    graph       its gradient in the graph, in floats: the accused
    precise     the same with many digits, as a float
    difference  the slope of the values, the referee; nan where there is none. `error` is its error bar
    left, right its one-sided slopes
    symbolic    what SymPy says
    digits      how many digits of graph and difference are the same; None when they cannot be compared
    """

    name: str
    at: int
    graph: float
    precise: float
    difference: float
    error: float
    left: float
    right: float
    symbolic: Testimony
    digits: int | None
    finding: Finding

    @property
    def verdict(self) -> Verdict:
        """The verdict in one word."""
        return self.finding.verdict


@dataclass(frozen=True)
class Check:
    """The findings for all variables, for the value, and for the variables together.

    joint    whether the variables together have a derivative; None where that was not asked
    value    whether the floats keep the value
    reading  whether SymPy's reading of the text has the same value
    nodes    the same for every inner node, where that was asked for
    """

    evidence: Evidence
    variables: tuple[VariableCheck, ...]
    value: Finding = AGREE
    reading: Finding = AGREE
    joint: Finding | None = None
    nodes: tuple[VariableCheck, ...] = ()
    witness: Witness | None = None

    @property
    def back(self) -> Backward:
        """The passes that are checked."""
        return self.evidence.back

    @property
    def findings(self) -> list[Finding]:
        """Every finding there is."""
        found = [each.finding for each in (*self.variables, *self.nodes)]
        return [self.value, self.reading, *found, *([self.joint] if self.joint else [])]

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict."""
        return min((finding.verdict for finding in self.findings), key=SEVERITY.index, default="agree")

    @property
    def exit_status(self) -> int:
        """0 all agree, 1 one disagrees, 3 none disagrees but not all are verified."""
        return {"agree": 0, "disagree": 1}.get(self.verdict, 3)

    @cached_property
    def shown(self) -> Mapping[str, Difference | None]:
        """By variable, the difference that floats give, with its own error bar."""
        return {each.name: self._shown(each) for each in self.variables}

    def _shown(self, each: VariableCheck) -> Difference | None:
        try:
            return within(SHOWN_SECONDS, lambda: shown(FloatFunction(self.evidence, each.at)))
        except OutOfRange:
            return None


def check(
    graph: Graph,
    point: Mapping[str, Any],
    wrt: Iterable[str] | None = None,
    *,
    upstream: float = 1.0,
    nodes: bool = False,
    time_limit: float = TIME_LIMIT,
    witness: Witness | None = None,
) -> Check:
    """Check the gradient at `point` (numbers by name) for the variables in `wrt` (default: all).

    With `nodes` the gradient of every inner node as well. After `time_limit` seconds what is not yet known is
    inconclusive. The values are looked at first; SymPy, who is a witness but not the judge, has the rest of the time.
    `witness` is SymPy's reading of the same formula where it is known already, at any point. Raises UsageError when a
    variable has no value, TimeUp when the time passes before there are gradients to check.
    """
    chosen = tuple(graph.inputs) if wrt is None else tuple(wrt)
    back = within(time_limit, lambda: backward(forward(graph, point), chosen, upstream))
    values = {name: float(back.forward.values[index]) for name, index in graph.inputs.items()}
    witness = Witness(graph, values) if witness is None else witness.moved(values)
    witness.load()
    clock = Clock(time_limit)
    evidence = Evidence(back, chosen, clock)
    found = _Findings(evidence, [(name, index) for name, index in graph.inputs.items() if name in chosen])
    found.gather(nodes=nodes)
    if found.outside:
        return Check(evidence, tuple(found.variables), value=found.value)
    testimonies = witness.testimonies([each.name for each in found.variables], clock)
    variables = [
        each._replace(symbolic=testimony.times(upstream))
        for each, testimony in zip(found.variables, testimonies, strict=True)
    ]
    return Check(
        evidence,
        tuple(variables),
        value=found.value,
        reading=_reading(evidence, witness),
        joint=found.joint,
        nodes=tuple(found.inner) if nodes else (),
        witness=witness,
    )


class _Findings:
    """What is found, piece by piece: where the time is up, what is known by then stays.

    outside  whether the formula has no value at the point, or none that can be computed
    """

    def __init__(self, evidence: Evidence, places: Sequence[tuple[str, int]]) -> None:
        self.evidence = evidence
        self.places = places
        self.value = AGREE
        self.variables: list[VariableCheck] = []
        self.inner: list[VariableCheck] = []
        self.joint: Finding | None = None
        self.outside = True

    def gather(self, *, nodes: bool) -> None:
        """Find all there is; with `nodes` for every inner node as well."""
        evidence = self.evidence
        try:
            evidence.clock.within(lambda: self._gathered(nodes=nodes))
        except OutOfRange as error:
            stopped = _stopped(error)
            self.value = stopped if self.outside else self.value
            missing = self.places[len(self.variables) :]
            self.joint = None if missing else stopped
            self.variables += [_unknown(evidence, *place, stopped) for place in missing]

    def _gathered(self, *, nodes: bool) -> None:
        evidence = self.evidence
        outside = judge.domain(evidence)
        self.value = outside or judge.value(evidence)
        if outside is not None:
            self.variables = [_unknown(evidence, *place, outside) for place in self.places]
            return
        self.outside = False
        for place in self.places:
            self.variables.append(_variable(evidence, *place))
        wrong = any(each.finding.reason == "rule" for each in self.variables)
        if nodes or wrong:
            for each in inner_nodes(evidence):
                self.inner.append(each)
        self.variables = [_blamed(each, self.inner, evidence) for each in self.variables]
        self.joint = _joint(evidence, self.variables)


def inner_nodes(evidence: Evidence) -> Iterator[VariableCheck]:
    """Every inner node's gradient against the slope of what follows it, in the order of the backward pass."""
    graph, depends = evidence.graph, evidence.back.depends
    for index in range(graph.output - 1, -1, -1):
        if not graph.is_leaf(index) and depends[index]:
            yield _variable(evidence, graph.name(index), index)


def _variable(evidence: Evidence, name: str, index: int) -> VariableCheck:
    """What the graph and the values say of one gradient; SymPy has not been asked."""
    gradient = float(evidence.back.gradients[index])
    try:
        precise = evidence.precise.gradients[index]
        hints = [abs(float(v)) for v in (gradient, precise) if math.isfinite(v) and v]
        x = float(evidence.back.forward.values[index])
        found = slopes(Moved(evidence, {index: 1}, x), min(hints, default=1.0))
        finding = judge.judge(evidence, index, found)
    except OutOfRange as stop:
        return _unknown(evidence, name, index, _stopped(stop))
    smooth = found.kind == "smooth"
    slope, error = (float(found.slope), float(found.error)) if smooth else (math.nan, math.nan)
    digits = same_digits(gradient, slope)
    as_float = evidence.precise.forward.system.to_float(precise)
    return VariableCheck(
        name, index, gradient, as_float, slope, error, found.left, found.right, SILENT, digits, finding
    )


def _unknown(evidence: Evidence, name: str, index: int, finding: Finding) -> VariableCheck:
    """A variable about which only the graph has something to say."""
    gradient = float(evidence.back.gradients[index])
    return VariableCheck(name, index, gradient, math.nan, math.nan, math.nan, math.nan, math.nan, SILENT, None, finding)


def _stopped(error: OutOfRange) -> Finding:
    if isinstance(error, TimeUp):
        return Finding("inconclusive", "time_limit", "the time limit has passed", "give it more: --time-limit 60")
    what = f"{error} is too large to compute with, in any number of digits"
    return Finding("inconclusive", "out_of_range", what, "try a smaller point")


def _reading(evidence: Evidence, witness: Witness) -> Finding:
    """Whether SymPy's reading has the graph's value; agreement when SymPy has none."""
    if witness.value is None:
        return AGREE
    exact = evidence.precise.forward.system
    return judge.reading(evidence.precise.forward.value, exact.context.mpf(str(witness.value)), witness.typed)


def _joint(evidence: Evidence, variables: Sequence[VariableCheck]) -> Finding | None:
    """The slope along one direction against the gradient: min(|x|, |y|) has partial derivatives at 0, but no other."""
    if len(variables) < 2 or any(each.verdict not in ("agree", "rounding") for each in variables):
        return None
    sizes = _speeds(evidence, variables)
    together = [
        _along(evidence, {each.at: sign * size for each, sign, size in zip(variables, signs, sizes, strict=True)})
        for signs in _directions(evidence, len(variables))
    ]
    found = next((kind for kind in together if kind in TOGETHER), None)
    if found is None:
        return AGREE if "agree" in together else None
    names = " and ".join([", ".join(each.name for each in variables[:-1]), variables[-1].name])
    what = f"every variable alone has a slope, but {TOGETHER[found].format(names)}"
    return Finding("not_differentiable", "partials_only", what, "the gradient predicts no other direction")


def _speeds(evidence: Evidence, variables: Sequence[VariableCheck]) -> list[float]:
    """How fast each variable moves in the joint probe, in proportion to its size."""
    sizes = [min(abs(float(evidence.back.forward.values[each.at])), 1.0) or 1.0 for each in variables]
    return [abs(DIRECTION[number % len(DIRECTION)]) * size for number, size in enumerate(sizes)]


def _directions(evidence: Evidence, count: int) -> list[tuple[int, ...]]:
    """Signs of the speeds, one tuple a direction; several where the formula chooses at this very point.

    A direction and its opposite are one line, so the first sign is +.
    """
    usual = tuple(1 if DIRECTION[number % len(DIRECTION)] > 0 else -1 for number in range(count))
    if not any(corners(evidence.precise.forward, evidence.back.depends)):
        return [usual]
    others = [(1, *signs) for signs in product((1, -1), repeat=min(count, MOST_SIGNS) - 1)]
    return list(dict.fromkeys([usual, *(signs + usual[len(signs) :] for signs in others)]))


def _along(evidence: Evidence, speeds: Mapping[int, float]) -> str:
    """What the values do along a direction: agree with the gradient, or one of TOGETHER; else empty."""
    expected = sum((evidence.precise.gradients[at] * speed for at, speed in speeds.items()), start=0)
    try:
        found: Slopes = slopes(Moved(evidence, speeds, 0.0), abs(float(expected)) or 1.0)
    except TimeUp:
        raise
    except OutOfRange:
        return ""
    if found.kind != "smooth":
        return found.kind
    mass = sum(abs(speed) * evidence.mass[index] for index, speed in speeds.items())
    return "agree" if abs(found.slope - expected) <= 1e-9 * mass + 10 * found.error else "corner"


def _blamed(variable: VariableCheck, nodes: Sequence[VariableCheck], evidence: Evidence) -> VariableCheck:
    """A wrong gradient with the node whose rule is wrong: the first after which the gradients are wrong."""
    if variable.finding.reason != "rule":
        return variable
    wrong = [each for each in (*nodes, variable) if each.verdict == "disagree"]
    first = next((each for each in wrong if each.at != variable.at), variable)
    graph = evidence.graph
    users = [node for node, k in graph.uses()[first.at] if evidence.back.depends[node]]
    good = {each.at for each in nodes if each.verdict == "agree"} | {graph.output}
    suspects = [node for node in users if node in good] or users
    if not suspects:
        return variable
    blamed = [causes.cause(evidence.back.forward, node) for node in suspects]
    named = ", ".join(f"{cause.node} ({cause.operation})" for cause in blamed)
    where = f"the first wrong gradient is that of {first.name}: the rule of {named} is wrong"
    what = f"{variable.finding.explanation}; {where}"
    return variable._replace(finding=variable.finding._replace(explanation=what, cause=blamed[0]))


def same_digits(a: float, b: float) -> int | None:
    """How many significant digits two numbers share (16 for equal ones); None when one is not finite."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return None
    if a == b:
        return 16
    largest = max(abs(a), abs(b))
    return max(0, min(16, math.floor(-math.log10(abs(a / largest - b / largest)))))
