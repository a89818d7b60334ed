"""Complexes: Python's complex floats, for the complex step, Im f(x + i·h)/h.

The textbook forms are read, as they are analytic. Comparisons, absolute values and whole parts go by the real part: the
imaginary part is only the shadow of a step (J. Martins, P. Sturdza and J. Alonso, "The complex-step derivative
approximation", ACM TOMS 29 (2003), §4).
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

from gradcli.errors import UsageError
from gradcli.systems.system import System

nan = complex(math.nan, 0.0)


class Complexes(System):
    """Complex numbers of two doubles; nan where a function has no value."""

    name = "complex"
    nan = nan

    def literal(self, text: str) -> complex:
        """The double nearest to a decimal number, pi or e."""
        return complex({"pi": math.pi, "e": math.e}.get(text) or float(text))

    def number(self, value: Any) -> complex:
        """`value` as a complex number."""
        return complex(value)

    def to_float(self, value: Any) -> float:
        """The real part."""
        return complex(value).real

    def truth(self, condition: complex) -> bool | None:
        """Zero is false, nan unknown, everything else true."""
        return None if condition != condition else condition != 0

    def is_finite(self, value: Any) -> bool:
        """Whether both parts are finite."""
        return cmath.isfinite(value)

    def divide(self, a: complex, b: complex) -> complex:
        """a/b; nan for a divisor 0."""
        return complex(a) / b if b != 0 else nan

    def power(self, a: complex, b: complex) -> complex:
        """a**b; whole powers of any number, other powers of those right of 0."""
        b = complex(b)
        if b.imag == 0 and b.real == int(b.real) and abs(b.real) < 1e9 and (a != 0 or b.real >= 0):
            return complex(a) ** int(b.real)
        return self._safe(lambda: cmath.exp(b * cmath.log(a))) if complex(a).real > 0 else nan

    def less(self, a: complex, b: complex) -> complex:
        """1 if the real part of a is smaller, else 0."""
        return complex(complex(a).real < complex(b).real)

    def less_equal(self, a: complex, b: complex) -> complex:
        """1 if the real part of a is not larger, else 0."""
        return complex(complex(a).real <= complex(b).real)

    def equal(self, a: complex, b: complex) -> complex:
        """1 if the real parts are equal, else 0."""
        return complex(complex(a).real == complex(b).real)

    def where(self, condition: complex, a: complex, b: complex) -> complex:
        """`a` if the condition is not zero, else `b`."""
        return complex(a if condition else b)

    def abs(self, a: complex) -> complex:
        """The number with a positive real part: a or -a."""
        return -a if complex(a).real < 0 else a

    def floor(self, a: complex) -> complex:
        """The whole part of the real part."""
        return complex(math.floor(complex(a).real))

    def round(self, a: complex) -> complex:
        """The real part to the nearest whole number, of two the even one."""
        return complex(round(complex(a).real))

    def sqrt(self, a: complex) -> complex:
        """Square root; nan below 0."""
        return cmath.sqrt(a) if complex(a).real >= 0 else nan

    def log(self, a: complex) -> complex:
        """Natural logarithm; nan at 0 and below."""
        return cmath.log(a) if complex(a).real > 0 else nan

    def _safe(self, function: Callable[[], complex]) -> complex:
        try:
            return function()
        except (OverflowError, ValueError, ZeroDivisionError):
            return nan

    def __getattr__(self, name: str) -> Any:
        if name in ("exp", "sin", "cos", "tan", "tanh", "asin", "acos", "atan"):
            function = getattr(cmath, name)
            return lambda a: self._safe(lambda: function(a))
        if name in ("erf", "gamma", "atan2"):
            raise UsageError(f"the complex step cannot take {name}", hint="use --scheme central")
        return super().__getattr__(name)

    def library(self, name: str, k: int, *arguments: Any) -> Any:  # noqa: ARG002
        """Raises UsageError: these functions take no complex numbers here."""
        raise UsageError(f"the complex step cannot take {name}", hint="use --scheme central")
