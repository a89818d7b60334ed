"""What a page says about its values, compared with them: `a = σ(1.1) ≈ 0.75`.

A number is compared after rounding to the digits that are printed; a formula of numbers is as exact as its roughest
number; a formula of names is compared at the point, or at random points where there is none.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from gradcli.graph import Claim, Graph
from gradcli.passes import forward
from gradcli.systems import FLOATS

POINTS = 8
"""Random points at which two formulas are compared where no values are given."""

_NUMBER = re.compile(r"(?:[0-9]+(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?")
_AGREE = 1e-9


class Judged(NamedTuple):
    """A claim that has been compared.

    text   the claim as typed
    value  the value it is about; None where formulas were compared at random points
    holds  whether it is right; None where it cannot be compared
    """

    text: str
    value: float | None
    holds: bool | None

    def sentence(self) -> str:
        """What to say about it."""
        if self.holds is None:
            return f"the page says {self.text}; that is not compared"
        if self.value is None:
            return f"the page says {self.text}; at random points that is {'the same' if self.holds else 'not the same'}"
        if self.holds:
            return f"the page says {self.text}; exact {self.value:.5g}"
        return f"the page says {self.text}; exact {self.value:.10g}, which is not the same"


def judged(graph: Graph, point: Mapping[str, Any]) -> list[Judged]:
    """The claims of a text, compared at a point given in floats; variables without a value are drawn."""
    if graph.claims is None:
        return []
    whole, claims = graph.claims
    known = {name: float(value) for name, value in point.items() if name in whole.inputs}
    known |= {name: FLOATS.literal(text) for name, text in whole.defaults.items() if name not in known}
    missing = [name for name in whole.inputs if name not in known]
    draw = random.Random(0)  # noqa: S311  (points of a comparison, nothing secret)
    points = [known] if not missing else [{**known, **_drawn(missing, draw)} for _ in range(POINTS)]
    values = [forward(whole, each, FLOATS).values for each in points]
    return [_compared(graph.source, whole, claim, values, drawn=bool(missing)) for claim in claims]


def _drawn(names: list[str], draw: random.Random) -> dict[str, float]:
    """A random value for each name, away from 0."""
    return {name: draw.uniform(0.2, 2) for name in names}


def _compared(source: str, whole: Graph, claim: Claim, values: list[Any], *, drawn: bool) -> Judged:
    """One claim, against the values of all nodes at each point."""
    text = source[slice(*claim.span)]
    depends = drawn and any(whole.operations[node] == "input" for node in whole.behind([claim.about]))
    if depends and claim.numeric:
        return Judged(text, None, None)
    pairs = [(float(each[claim.about]), float(each[claim.node])) for each in values]
    step = _step(text) if claim.numeric else 0.0
    holds = all(_is_near(value, said, step) for value, said in pairs)
    if any(math.isnan(number) for pair in pairs for number in pair):
        return Judged(text, None, None)
    return Judged(text, None if depends else pairs[0][0], holds)


def _is_near(value: float, said: float, step: float) -> bool:
    """Whether a value is what is said, to half of the last digit that is printed."""
    tolerance = _AGREE * max(abs(value), abs(said), 1e-300)
    return abs(value - said) <= max(step / 2 * (1 + _AGREE), tolerance)


def _step(text: str) -> float:
    """The place value of the last printed digit of the roughest number; 0 for a formula of whole numbers."""
    numbers = [found for found in _NUMBER.finditer(text) if not text[: found.start()].endswith(("_", "^"))]
    places = [
        int(found[3] or 0) - len(found[1] or found[2] or "")
        for found in numbers
        if found[1] or found[2] or found[3] or len(numbers) == 1
    ]
    return float(10.0 ** max(places)) if places else 0.0
