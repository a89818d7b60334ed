"""Sizes of numbers that neither overflow nor underflow: a mantissa and an exponent of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Magnitude:
    """The positive number mantissa · 2**exponent, with 1/2 <= mantissa < 1.

    A product has the mantissa that the product of doubles would have, so where that is in range both are the same.
    """

    exponent: int
    mantissa: float

    def __mul__(self, other: Magnitude) -> Magnitude:
        mantissa, shift = math.frexp(self.mantissa * other.mantissa)
        return Magnitude(self.exponent + other.exponent + shift, mantissa)


def magnitude(value: float) -> Magnitude:
    """|value| of a double that is finite and not 0."""
    mantissa, exponent = math.frexp(abs(value))
    return Magnitude(exponent, mantissa)
