"""Is somebody's answer right? A number to the digits in which it was given, or a formula as a function.

The true answer is the graph's own: the two passes over symbols, evaluated in many digits where a number is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from gradcli.analysis.checking.evidence import reference
from gradcli.analysis.checking.points import Interval
from gradcli.analysis.checking.same import compare, same
from gradcli.analysis.checking.second_order import only
from gradcli.errors import OutOfRange
from gradcli.graph import Graph
from gradcli.passes import backward, corners, forward
from gradcli.passes.step import dependence
from gradcli.systems import FLOATS
from gradcli.systems.symbols import Symbols
from gradcli.systems.time_limit import TimeUp, within

DIGITS = 60
"""Digits in which a true number is computed."""

SLACK = 1e-13
"""How far a number without a rounding of its own may be from the true one, relative to it: that of 64-bit floats."""

CERTAIN = 3
"""Digits that a whole number must have to count as rounded: 22026 is e¹⁰, 8 is not 8.3."""

PLAIN = re.compile(r"[+-]?(?P<whole>[0-9]*)(?:\.(?P<decimals>[0-9]*))?(?:[eE](?P<exponent>[+-]?[0-9]+))?")
"""A number whose digits say how it was rounded."""

Part = Literal["value", "gradient"]
Kind = Literal["number", "formula"]
Verdict = Literal["right", "wrong", "unverified", "missing"]


class Answer(NamedTuple):
    """An answer as it was read.

    name   what it is about, as it was typed: `y`, `a.value`
    part   whether it is the value or the gradient of a node
    at     the node's position
    text   the answer, as it was typed
    graph  the answer read; None where there is none
    unit   a unit of the last digit that was typed, where it is a rounded number
    """

    name: str
    part: Part
    at: int
    text: str
    graph: Graph | None
    unit: float | None = None


class Judged(NamedTuple):
    """An answer with its verdict.

    kind     how it was judged: as a number at the point, or as a formula, at every point
    rounding half a unit of the last digit that was typed; None where the answer is not a rounded number
    truth    the true number; None without a point
    formula  the true formula
    reason   why, in words, where the verdict alone does not say it
    """

    answer: Answer
    verdict: Verdict
    kind: Kind
    rounding: float | None
    truth: float | None
    formula: Graph
    reason: str = ""


class Answers(NamedTuple):
    """The answers to a question, judged; `point` is empty without one."""

    graph: Graph
    point: Mapping[str, float]
    answers: Sequence[Judged]

    @property
    def verdict(self) -> Verdict:
        """wrong if one is wrong or missing, unverified if one is not known, else right."""
        found = {each.verdict for each in self.answers}
        return "wrong" if found & {"wrong", "missing"} else "unverified" if "unverified" in found else "right"

    @property
    def exit_status(self) -> int:
        """0 all are right, 1 one is wrong, 3 one is not known."""
        return {"right": 0, "wrong": 1}.get(self.verdict, 3)


class Judge:
    """A question with the true answers to it, in symbols; each is written down when it is asked for.

    point     the values of variables, as far as there are some
    constants names among them that stay at their value when a formula is judged
    upstream  the gradient that arrives at the output
    """

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, Any],
        constants: Sequence[str],
        upstream: float,
        *,
        seed: int,
        ranges: Mapping[str, Interval],
        count: int,
        time_limit: float,
    ) -> None:
        own = {name: FLOATS.literal(text) for name, text in graph.defaults.items()}
        self.graph = graph
        self.point = {**own, **point}
        self.fixed = {name: float(self.point[name]) for name in constants if name in self.point}
        self.upstream = upstream
        self.seed, self.ranges, self.count, self.time_limit = seed, ranges, count, time_limit
        self.symbols = Symbols()
        self.run = forward(graph, {name: self.symbols.variable(name) for name in graph.inputs}, self.symbols)
        arriving = 1 if upstream == 1 else self.symbols.literal(repr(float(upstream)))
        self.gradients = backward(self.run, None, arriving).gradients
        self.has_point = set(graph.inputs) <= set(self.point)

    def judged(self, answers: Sequence[Answer]) -> Answers:
        """All answers with their verdicts."""
        at = {name: float(self.point[name]) for name in self.graph.inputs} if self.has_point else {}
        return Answers(self.graph, at, [self.judge(each) for each in answers])

    def judge(self, answer: Answer) -> Judged:
        """One answer with its verdict."""
        true = self.run.values[answer.at] if answer.part == "value" else self.gradients[answer.at]
        formula = self._graph_of(self.symbols.number(0 if true is None else true))
        truth = self._number(formula)
        if answer.graph is None:
            kind: Kind = "number" if self.has_point else "formula"
            return Judged(answer, "missing", kind, None, truth, formula, "there is no answer")
        own = self._graph_of(self._over_variables(answer.graph))
        needs_no_point = not _variables(formula)
        if not answer.graph.inputs and (self.has_point or needs_no_point):
            return self._as_number(answer, own, formula, truth)
        return self._as_formula(answer, own, formula, truth)

    def _graph_of(self, symbol: Any) -> Graph:
        """A symbol as a graph that has all variables of the question."""
        return only(self.symbols.builder, symbol.index, self.graph.inputs)

    def _over_variables(self, graph: Graph) -> Any:
        """An answer, in which names of nodes may stand, over the variables of the question."""
        named = {self.graph.name(index): index for index in range(len(self.graph)) if not self.graph.is_constant(index)}
        point = {name: self.run.values[named[name]] for name in graph.inputs}
        return self.symbols.number(forward(graph, point, self.symbols).value)

    def _number(self, formula: Graph) -> float | None:
        """The true number, for people; None without a point."""
        if not self.has_point and _variables(formula):
            return None
        return float(reference(DIGITS, binary=False).to_float(self._in_digits(formula)))

    def _in_digits(self, formula: Graph) -> Any:
        """A formula at the point, in many digits; nan where they do not suffice."""
        system = reference(DIGITS, binary=False)
        point = {name: self.point.get(name, 0.0) for name in formula.inputs}
        try:
            return forward(formula, point, system).value
        except OutOfRange:
            return system.literal("nan")

    def _as_number(self, answer: Answer, own: Graph, formula: Graph, truth: float | None) -> Judged:
        """A number at the point, or one that is the same at every point."""
        system = reference(DIGITS, binary=False)
        true, given = self._in_digits(formula), self._in_digits(own)
        unit = answer.unit
        half = None if unit is None else unit / 2
        if not system.is_finite(true):
            return Judged(answer, "unverified", "number", half, truth, formula, "there is no number here")
        if not system.is_finite(given):
            return Judged(answer, "wrong", "number", half, truth, formula, "the answer is no number")
        allowed = max(abs(true) * SLACK, system.literal(repr(unit)) * (1 + SLACK) / 2 if unit is not None else 0)
        right = bool(abs(given - true) <= allowed) or self._prints(answer, given)
        if answer.part == "gradient" and self._at_a_corner(answer.at):
            if right:
                return Judged(answer, "right", "number", half, truth, formula, "by convention: there is no derivative")
            return Judged(answer, "unverified", "number", half, truth, formula, "there is no derivative here")
        return Judged(answer, "right" if right else "wrong", "number", half, truth, formula)

    def _prints(self, answer: Answer, given: Any) -> bool:
        """Whether it is the very float that the passes end with, in all its digits."""
        if not self.has_point or len(re.sub(r"[^0-9]", "", answer.text.lower().partition("e")[0]).lstrip("0")) < 15:
            return False
        run = forward(self.graph, {name: self.point[name] for name in self.graph.inputs}, FLOATS)
        numbers = run.values if answer.part == "value" else backward(run, None, self.upstream).gradients
        return numbers[answer.at] is not None and float(numbers[answer.at]) == float(given)

    def _at_a_corner(self, at: int) -> bool:
        """Whether a convention decides the gradient of a node."""
        if not self.has_point:
            return False
        name = next((name for name, place in self.graph.inputs.items() if place == at), None)
        run = forward(
            self.graph, {each: self.point[each] for each in self.graph.inputs}, reference(DIGITS, binary=False)
        )
        behind = self.graph.behind([self.graph.output])
        depends = dependence(self.graph, None if name is None else [name])
        return any(corner in behind for corner in corners(run, depends))

    def _as_formula(self, answer: Answer, own: Graph, formula: Graph, truth: float | None) -> Judged:
        """The same function, at random points of the domain; constants keep their values."""
        try:
            found = within(
                self.time_limit,
                lambda: same(
                    formula, own, None, self.fixed, wrt=(), count=self.count, seed=self.seed, ranges=self.ranges,
                    time_limit=self.time_limit, prove=False,
                ),
            )  # fmt: skip
        except TimeUp:
            return Judged(answer, "unverified", "formula", None, truth, formula, "it takes too long")
        points = list(found.points)
        if not set(self.graph.inputs) - set(self.fixed):
            points.append(compare(formula, own, {name: self.fixed[name] for name in self.graph.inputs}, ()))
        if any(each.kind == "differs" for each in points):
            return Judged(answer, "wrong", "formula", None, truth, formula, self._only_here(answer, own, formula))
        if any(each.kind in ("alike", "corner") for each in points):
            return Judged(answer, "right", "formula", None, truth, formula)
        if found.outside[1] and not found.outside[0]:
            return Judged(answer, "wrong", "formula", None, truth, formula, "it has no value where the true one has")
        return Judged(answer, "unverified", "formula", None, truth, formula, "no point has a value in both")

    def _only_here(self, answer: Answer, own: Graph, formula: Graph) -> str:
        """Why a wrong formula may have looked right."""
        if answer.graph is not None and not answer.graph.inputs:
            return f"it depends on {', '.join(_variables(formula))}: a formula is wanted, or a point"
        at = {name: float(self.point[name]) for name in self.graph.inputs} if self.has_point else None
        if at is not None and compare(formula, own, at, ()).kind == "alike":
            return "it has the right number at this point only"
        return ""


def rounding(text: str) -> float | None:
    """A unit of the last digit of a number as typed: 0.01 for 0.75; None for a formula and for a short whole number."""
    match = PLAIN.fullmatch(text.strip())
    if match is None or not (match["whole"] or match["decimals"]):
        return None
    exponent = int(match["exponent"] or 0)
    if abs(exponent) > 300:
        return None
    if match["decimals"]:
        return float(f"1e{exponent - len(match['decimals'])}")
    return float(f"1e{exponent}") if len(match["whole"].lstrip("0")) >= CERTAIN else None


def _variables(graph: Graph) -> list[str]:
    """The variables that the output is computed from."""
    behind = graph.behind([graph.output])
    return [name for name, index in graph.inputs.items() if index in behind]
