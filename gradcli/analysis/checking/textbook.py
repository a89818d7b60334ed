"""The check as it is taught: difference quotients with a chosen step, and how their error falls and grows with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gradcli.analysis.checking.check import Check, VariableCheck
from gradcli.analysis.checking.differences import SCHEMES, TEXTBOOK, FloatFunction, Quotient, curve


class Wishes(NamedTuple):
    """What is asked for: the curve of the error, and a difference quotient (a scheme of SCHEMES and a step)."""

    curve: bool = False
    scheme: str | None = None
    step: float = TEXTBOOK


def smooth(check: Check) -> list[VariableCheck]:
    """The variables with a derivative."""
    return [each for each in check.variables if not math.isnan(each.difference)]


def curves(check: Check, wishes: Wishes) -> Mapping[str, Sequence[Quotient]]:
    """By name, the central differences for smaller and smaller steps; none where they are not asked for."""
    if not wishes.curve:
        return {}
    return {each.name: curve(FloatFunction(check.evidence, each.at)) for each in smooth(check)}


def quotients(check: Check, wishes: Wishes) -> Mapping[str, float]:
    """By name, the difference quotient that was asked for, if one was. Raises UsageError as the scheme does."""
    if wishes.scheme is None:
        return {}
    take = SCHEMES[wishes.scheme]
    return {each.name: take(FloatFunction(check.evidence, each.at), wishes.step) for each in check.variables}


def central(check: Check, each: VariableCheck) -> tuple[float, Quotient]:
    """The place, and the central difference there with the usual step, in the size of the place."""
    function = FloatFunction(check.evidence, each.at)
    step = TEXTBOOK * (10 ** math.floor(math.log10(abs(function.x))) if function.x else 1.0)
    return function.x, function.central(step)
