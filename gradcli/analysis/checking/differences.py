"""Finite differences in ordinary floats: the one that is shown, the curve of its error, and the textbook check.

They are shown, not believed: where floats see the function, they have about eleven digits and an honest error bar.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gradcli.analysis.checking.evidence import Evidence, Moved, reference
from gradcli.passes import forward, resume

DECADES = 15
"""The steps are |x|·10**(-k/2), over fifteen decades, and below 1 over as many more where |x| is larger."""

ROUGH = 1e3
"""Values that bend so many times more than they are rounded, from one float to the next, are not smooth for floats."""

TEXTBOOK = 1e-5
"""The step that textbooks use."""

HONEST = 10
"""An error bar may be this many times too small (reference numerics §3.2)."""

REFERENCE_DIGITS = 40
"""Digits in which the rounding of the floats is measured."""


class Difference(NamedTuple):
    """A difference quotient and its own error bar; `step` is the step it was taken with."""

    value: float
    error: float
    step: float

    @property
    def resolves(self) -> bool:
        """Whether it says anything: the error bar is smaller than the number, or both are 0."""
        return math.isfinite(self.value) and (self.error <= abs(self.value) or self.value == self.error == 0)

    def misses(self, slope: float) -> bool:
        """Whether its error bar is wrong by more than a factor of ten: there the floats do not see the function."""
        return abs(self.value - slope) > HONEST * self.error + 4 * math.ulp(slope)


class Quotient(NamedTuple):
    """(f(x + h) - f(x - h)) / 2h for one step, with the two values; nan where the function has no value."""

    step: float
    above: float
    below: float
    quotient: float


class FloatFunction:
    """The output in floats, times the upstream gradient, as a function of one node's value; everything else stays."""

    def __init__(self, evidence: Evidence, index: int) -> None:
        self.evidence = evidence
        self.index = index
        self.run = evidence.back.forward
        self.x = float(self.run.values[index])
        self.upstream = float(evidence.back.upstream)

    def __call__(self, x: float) -> float:
        """The output where the node has the value `x`."""
        return float(resume(self.run, {self.index: x}).value) * self.upstream

    def central(self, step: float) -> Quotient:
        """The central difference; the step is what floats make of x + h and x - h."""
        above, below = self.x + step, self.x - step
        high, low = self(above), self(below)
        return Quotient(step, high, low, (high - low) / (above - below) if above != below else math.nan)

    def forward(self, step: float) -> float:
        """The difference to one side."""
        above = self.x + step
        return (self(above) - self(self.x)) / (above - self.x) if above != self.x else math.nan

    def is_rough(self, noise: float) -> bool:
        """Whether the values bend from one float to the next, far beyond their rounding: no slope, as for sin at 1e22.

        A smooth function does not, as neighbouring floats are 1e-16 apart.
        """
        spacing = math.ulp(self.x)
        below, here, above = self(self.x - spacing), self(self.x), self(self.x + spacing)
        bend = abs((above - here) - (here - below))
        return self.x != 0 and bend > max(ROUGH * noise, max(abs(above - here), abs(here - below)) / 4)

    def noise(self) -> float:
        """How far the floats are from the true values about the point, measured in many digits."""
        system = reference(REFERENCE_DIGITS + int(abs(math.log10(abs(self.x) or 1))))
        function = Moved(self.evidence, {self.index: 1}, self.x)
        worst = 2.0**-53 * abs(self(self.x))
        for step in (0.0, 1e-2, -1e-4, 1e-6):
            x = self.x + step * (abs(self.x) or 1.0)
            true = function.at(system, system.number(x) - self.evidence.run(system).values[self.index])
            if system.is_finite(true) and math.isfinite(self(x)):
                worst = max(worst, float(abs(true - self(x))))
        return worst


def shown(function: FloatFunction) -> Difference | None:
    """The best difference that floats give: over many steps, the one whose error bar is smallest.

    The error bar is the change to half the step (truncation), the measured rounding of the values over the step, and
    how far any smaller step is off beyond its own rounding: a large step may miss what the function does in between.
    None where floats have no values, or jump from one float to the next. Reference: numerics §4.4.
    """
    noise = function.noise()
    if function.is_rough(noise):
        return None
    estimates: list[tuple[float, float, float]] = []
    for step in _steps(function.x):
        whole, half = function.central(step).quotient, function.central(step / 2).quotient
        value = half + (half - whole) / 3
        if math.isfinite(value):
            estimates.append((step, value, 0.1 * abs(whole - half) + 4 * noise / step))
    best: Difference | None = None
    for place, (step, value, error) in enumerate(estimates):
        beyond = 0.0
        for smaller, other, _ in estimates[place + 1 :]:
            beyond = max(beyond, abs(value - other) - 4 * noise / smaller)
        total = error + max(0.0, beyond)
        if math.isfinite(total) and (best is None or total < best.error):
            best = Difference(value, total, step)
    return best


def _steps(x: float) -> list[float]:
    """Steps from |x| down; only those that change x."""
    size = abs(x) or 1.0
    last = 2 * DECADES + max(0, math.ceil(2 * math.log10(size)))
    steps = [size * 10 ** (-k / 2) for k in range(1, min(last, 4 * DECADES) + 1)]
    return [step for step in steps if x + step / 2 != x]


def curve(function: FloatFunction, decades: Sequence[int] = range(1, 17)) -> list[Quotient]:
    """The central difference for h = 10**-1, 10**-2, …: first truncation falls, then rounding grows."""
    size = max(1.0, abs(function.x)) if function.x else 1.0
    return [function.central(size * 10.0**-k) for k in decades]


def complex_step(evidence: Evidence, index: int, step: float) -> float:
    """Im f(x + i·h)/h: no difference is taken, so the step may be as small as 1e-30.

    Raises UsageError for an operation that takes no complex numbers. Source: W. Squire and G. Trapp, "Using complex
    variables to estimate derivatives of real functions", SIAM Review 40 (1998).
    """
    from gradcli.systems.complexes import Complexes

    system = Complexes()
    run = forward(evidence.graph, evidence.point, system)
    value: Any = resume(run, {index: complex(evidence.back.forward.values[index], step)}).value
    return float(complex(value).imag) / step * float(evidence.back.upstream)


SCHEMES: dict[str, Callable[[FloatFunction, float], float]] = {
    "central": lambda function, step: function.central(step).quotient,
    "forward": lambda function, step: function.forward(step),
    "complex": lambda function, step: complex_step(function.evidence, function.index, step),
}
"""The ways of the textbook check."""
