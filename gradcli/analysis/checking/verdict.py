"""What can be said of a gradient: the verdicts, their reasons, and the finding that holds one with its explanation."""

from __future__ import annotations

from typing import Literal, NamedTuple

Verdict = Literal["agree", "disagree", "not_differentiable", "outside_domain", "rounding", "inconclusive"]

SEVERITY: tuple[Verdict, ...] = (
    "disagree", "rounding", "outside_domain", "not_differentiable", "inconclusive", "agree",
)  # fmt: skip
"""The verdict of a whole check is the first of these that one of its findings has."""

Reason = Literal[
    "ok",
    "few_digits",
    "near_corner",
    "rule",
    "convention",
    "zero_times_infinity",
    "value",
    "float_value",
    "corner",
    "jump",
    "infinite_slope",
    "edge_of_domain",
    "partials_only",
    "not_real",
    "pole",
    "indeterminate",
    "no_neighbourhood",
    "overflow",
    "underflow",
    "cancellation",
    "true_overflow",
    "no_convergence",
    "out_of_range",
    "time_limit",
]
"""Why a verdict was given; which reasons each can have:

agree               ok; few_digits: six to nine digits only; near_corner: two numbers are almost equal
disagree            rule: a local derivative is wrong; convention: there is a derivative, but a corner's convention
                    hides it; zero_times_infinity: there is one, but the chain rule has 0·∞; value: SymPy's reading of
                    the text has another value; float_value: the float code of an operation is wrong
not_differentiable  corner: two slopes; jump: not continuous; infinite_slope; edge_of_domain: no values on one side;
                    partials_only: every variable alone has a slope, together they have none
outside_domain      not_real; pole: infinite; indeterminate: 0/0 and the like; no_neighbourhood: no values beside it
rounding            overflow, underflow: a step leaves the range of floats; cancellation: digits are lost in a
                    difference; true_overflow: the result itself is no float
inconclusive        no_convergence; out_of_range: a number is too large to compute with; time_limit
"""


class Cause(NamedTuple):
    """The node that decides: its name, its operation, the values of its operands."""

    node: str
    operation: str
    operands: tuple[float, ...] = ()


class Finding(NamedTuple):
    """A verdict and why: a reason by name, a sentence, what to do (empty when there is nothing to do), the cause."""

    verdict: Verdict
    reason: Reason
    explanation: str = ""
    advice: str = ""
    cause: Cause | None = None


AGREE = Finding("agree", "ok")
