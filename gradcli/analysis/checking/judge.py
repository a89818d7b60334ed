"""From the evidence to a finding (reference numerics §4.5): pure rules, in the order in which they decide.

The slopes of the values are the referee. The graph in many digits is compared with them: are the rules right? Then the
graph in floats with the graph in many digits: did the floats keep it? A point without a derivative is never a pass.
"""

from __future__ import annotations

import math
from typing import Any

from gradcli import ops
from gradcli.analysis.checking import causes, sentences
from gradcli.analysis.checking.evidence import DIGITS, Evidence
from gradcli.analysis.checking.slopes import Slopes
from gradcli.analysis.checking.stable_forms import suggestion
from gradcli.analysis.checking.verdict import AGREE, Finding

RULES = 1e-12
"""How closely the rules, in many digits, must meet the slope of the values."""

FLOAT = 1e-6
"""How closely the floats must meet it; beyond FEW the agreement is worth a word."""

FEW = 1e-9

SMALLEST = 2.0**-1074
"""The smallest float; gradients below 64 times it, on both sides, are alike."""


def judge(evidence: Evidence, index: int, found: Slopes) -> Finding:
    """The finding for the gradient of node `index`, whose values have the slopes `found`."""
    if found.kind == "smooth":
        return _compared(evidence, index, found)
    if found.kind == "corner":
        return _corner(evidence, index, found)
    if found.kind == "isolated":
        name = evidence.graph.name(index)
        what = f"there is a value here, but none beside it when {name} moves: no derivative with respect to {name}"
        return Finding("outside_domain", "no_neighbourhood", what, f"leave it out: --const {name}")
    if found.kind == "edge":
        return _edge(evidence, index, found)
    if found.kind == "jump":
        below, above = found.steps
        cause = causes.first(evidence, index, "jump")
        height = sentences.short(max(abs(below), abs(above)))
        what = f"jump{sentences.where(evidence, cause)}: beside the point the value differs by {height}"
        return Finding(
            "not_differentiable",
            "jump",
            what,
            sentences.conventions(cause, float(causes.gradient_of(evidence, index))),
            cause,
        )
    if found.kind == "infinite":
        cause = causes.first(evidence, index, "infinite")
        sides = f"{sentences.short(found.left)} from the left and {sentences.short(found.right)} from the right"
        what = f"infinite slope{sentences.where(evidence, cause)}: {sides}"
        return Finding("not_differentiable", "infinite_slope", what, "", cause)
    what = "the difference quotients do not settle: the function oscillates, or changes in less than 10^-330"
    return Finding("inconclusive", "no_convergence", what, "try a point near by")


def domain(evidence: Evidence) -> Finding | None:
    """Why the formula has no value at the point; None when it has one, at every node that counts."""
    back = evidence.precise
    run, graph, finite = back.forward, back.graph, back.forward.system.is_finite
    counting = causes.that_count(back)
    for index, value in enumerate(run.values):
        if index not in counting or finite(value):
            continue
        cause = causes.cause(run, index)
        what = f"{graph.name(index)} = {sentences.substituted(run, index)}"
        operation = ops.OPERATIONS[graph.operations[index]]
        need = sentences.domain(operation)
        operands = [run.system.to_float(run.values[a]) for a in graph.arguments[index]]
        if not math.isnan(run.system.to_float(value)):
            if finite(run.value) or not math.isnan(run.system.to_float(run.value)):
                return Finding("outside_domain", "pole", f"{what} is infinite", need, cause)
            what = f"{what} is infinite, and what follows has no value"
            return Finding("outside_domain", "indeterminate", what, need, cause)
        if operation.name == "divide" and operands == [0, 0]:
            advice = "for sin(x)/x write sinc(x), for x·log(y) xlogy(x, y)"
            return Finding("outside_domain", "indeterminate", f"{what} has no value", advice, cause)
        return Finding("outside_domain", "not_real", f"{what} is not a real number", need, cause)
    return None


def value(evidence: Evidence) -> Finding:
    """Whether the floats keep the value of the output."""
    run, exact = evidence.back.forward, evidence.precise.forward.value
    system = evidence.precise.forward.system
    number = float(run.value)
    if math.isfinite(number):
        small = 8 * 2.0**-52 * len(run.graph) * system.to_float(causes.largest(evidence))
        if abs(number - exact) <= max(FLOAT * abs(exact), 4 * SMALLEST):
            return AGREE
        if exact == 0 and abs(number) <= small:
            return AGREE
    return _rounding(evidence, None, exact)


def reading(value: Any, other: Any, formula: str) -> Finding:
    """Whether SymPy's reading of the text, `formula`, has the same value as the graph."""
    if abs(value - other) <= RULES * max(abs(value), abs(other)) or max(abs(value), abs(other)) < 1e-40:
        return AGREE
    what = (
        f"the value differs: the graph says {sentences.short(value)}, "
        f"SymPy's reading {formula} says {sentences.short(other)}"
    )
    return Finding("disagree", "value", what, "compare: gradcli forward FORMULA --read-as sympy")


def _compared(evidence: Evidence, index: int, found: Slopes) -> Finding:
    """At a smooth point: right, a wrong rule, or lost digits."""
    exact = evidence.precise.gradients[index]
    if not _rules_right(evidence, index, exact, found):
        again = evidence.backward(2 * max(found.digits, DIGITS[1])).gradients[index]
        if not _rules_right(evidence, index, again, found):
            return _disagree(evidence, index, exact, found)
    gradient = float(causes.gradient_of(evidence, index))
    if _float_good(evidence, index, gradient, found.slope):
        return _agree(evidence, index, gradient, found)
    return _rounding(evidence, index, found.slope)


def _rules_right(evidence: Evidence, index: int, exact: Any, found: Slopes) -> bool:
    slope = found.slope
    if not evidence.precise.forward.system.is_finite(exact):
        return False
    if max(abs(exact), abs(slope)) < SMALLEST / 64:
        return True
    cancelled = evidence.mass[index] * evidence.precise.forward.system.number("1e-30")
    return bool(abs(exact - slope) <= RULES * abs(slope) + 10 * found.error + cancelled)


def _float_good(evidence: Evidence, index: int, gradient: float, slope: Any) -> bool:
    if not math.isfinite(gradient):
        return False
    if abs(gradient - slope) <= max(FLOAT * max(abs(gradient), abs(slope)), 4 * SMALLEST):
        return True
    floor = 8 * 2.0**-52 * len(evidence.graph) * evidence.mass[index]
    return bool(slope == 0 and abs(gradient) <= floor)


def _agree(evidence: Evidence, index: int, gradient: float, found: Slopes) -> Finding:
    slope = found.slope
    if abs(gradient - slope) > max(FEW * max(abs(gradient), abs(slope)), 4 * SMALLEST) and slope != 0:
        what = "right, to few digits: the floats lose some on the way"
        return Finding("agree", "few_digits", what, suggestion(evidence.graph))
    near = causes.near_corner(evidence, index)
    if near is not None:
        what = f"right, but very near a corner{sentences.where(evidence, near)}"
        return Finding("agree", "near_corner", what, "", near)
    return AGREE


def _disagree(evidence: Evidence, index: int, exact: Any, found: Slopes) -> Finding:
    slope = sentences.short(found.slope)
    if not evidence.precise.forward.system.is_finite(exact):
        cause = causes.infinite_local(evidence, index)
        where = sentences.where(evidence, cause)
        what = f"the chain rule meets 0·∞{where}: the derivative exists and is {slope}, the graph cannot say so"
        return Finding("disagree", "zero_times_infinity", what, "simplify the formula before differentiating it", cause)
    corner = causes.first(evidence, index, "corner", "jump")
    used = "" if corner is None else ops.OPERATIONS[corner.operation].convention
    if corner is not None and used:
        what = f"there is a derivative, {slope}, but the convention{sentences.where(evidence, corner)} hides it: {used}"
        return Finding("disagree", "convention", what, "write the formula without the corner", corner)
    return Finding("disagree", "rule", f"the slope of the values is {slope}, the rules say {sentences.short(exact)}")


def _corner(evidence: Evidence, index: int, found: Slopes) -> Finding:
    cause = causes.first(evidence, index, "corner")
    gradient = float(causes.gradient_of(evidence, index))
    low, high = sorted((found.left, found.right))
    left, right = sentences.short(found.left), sentences.short(found.right)
    sides = f"the slope is {left} from the left and {right} from the right"
    if low <= gradient <= high:
        used = f"The graph says {sentences.short(gradient)}, which lies between them"
    else:
        used = f"The graph says {sentences.short(gradient)}, which does not lie between them"
    what = f"corner{sentences.where(evidence, cause)}: {sides}. {used}"
    return Finding("not_differentiable", "corner", what, sentences.conventions(cause, gradient), cause)


def _edge(evidence: Evidence, index: int, found: Slopes) -> Finding:
    right_only = math.isnan(found.left)
    side, other = ("left", found.right) if right_only else ("right", found.left)
    cause = causes.first(evidence, index, "edge")
    what = f"edge of the domain{sentences.where(evidence, cause)}: there are no values to the {side}"
    if not math.isnan(other):
        what += f"; the slope on the other side is {sentences.short(other)}"
    return Finding("not_differentiable", "edge_of_domain", what, "", cause)


def _rounding(evidence: Evidence, index: int | None, exact: Any) -> Finding:
    """Why floats lose a gradient, or the value of the output (index None), that is `exact` in truth."""
    run, precise = evidence.back.forward, evidence.precise
    truth = f"in many digits it is {sentences.short(exact)}"
    if not math.isfinite(precise.forward.system.to_float(exact)):
        what = f"the result itself is larger than any 64-bit float: {sentences.short(exact)}"
        return Finding("rounding", "true_overflow", what, "", causes.out_of_range(evidence))
    fault = causes.float_fault(evidence, evidence.graph.output if index is None else index)
    if fault is not None:
        what = f"the rules are right, but floats get them wrong{sentences.where(evidence, fault)}; {truth}"
        return Finding("disagree", "float_value", what, "please report it", fault)
    narrow = evidence.narrow
    same = narrow.forward.value if index is None else narrow.gradients[index]
    good = narrow.forward.system.is_finite(same) and abs(same - exact) <= FLOAT * abs(exact)
    cause = causes.out_of_range(evidence)
    if good and cause is not None:
        large = any(math.isinf(v) for v in (causes.number(run, cause), *cause.operands)) or math.isnan(
            causes.number(run, cause)
        )
        kind = "overflow" if large else "underflow"
        limit = "is larger than a 64-bit float holds (1.8e308)" if large else "is smaller than a 64-bit float holds"
        at = causes.position(evidence.graph, cause.node)
        what = f"{cause.node} = {sentences.substituted(precise.forward, at)} {limit}. The rules are right: {truth}"
        return Finding("rounding", kind, what, sentences.use(suggestion(evidence.graph)), cause)  # type: ignore[arg-type]
    if good:
        edge = None if index is None else causes.contribution_out_of_range(evidence, index)
        if edge is None:
            said = sentences.short(run.value if index is None else causes.gradient_of(evidence, index))
            what = f"the rules are right and nothing leaves the range of floats, yet they say {said}; {truth}"
            return Finding("disagree", "float_value", what, "please report it")
        there = sentences.where(evidence, edge)
        what = f"a product of the chain rule leaves the range of floats{there}. The rules are right: {truth}"
        return Finding("rounding", "overflow", what, sentences.use(suggestion(evidence.graph)), edge)
    cause = causes.cancelling(evidence)
    if cause is not None:
        at = causes.position(evidence.graph, cause.node)
        lost = causes.digits_kept(evidence, at)
        numbers = sentences.substituted(run, at, digits=17)
        what = f"{cause.node} = {numbers} keeps {lost} of 16 digits. The rules are right: {truth}"
        return Finding("rounding", "cancellation", what, sentences.use(suggestion(evidence.graph, at)), cause)
    where = "" if index is None else f" at {evidence.graph.name(index)}"
    what = f"contributions that are added{where} cancel, and their digits with them. The rules are right: {truth}"
    return Finding("rounding", "cancellation", what, sentences.use(suggestion(evidence.graph)))
