"""Digits: as many decimal digits as wanted, by mpmath; the reference for the floats.

Exponents are unlimited, so nothing overflows; operands that would take forever are refused with `OutOfRange`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from gradcli.errors import OutOfRange
from gradcli.systems import mpmath_functions
from gradcli.systems.system import System

EXPONENT_BITS = 27
"""exp and powers are refused when the result's binary exponent would need more bits than this."""

LARGEST_GAMMA = 10_000
"""The gamma function is refused beyond: with a thousand digits it takes minutes there."""

ANGLE_BITS = 40_000
"""Circular functions are refused for larger angles: reducing them needs that many digits of pi."""


GROWING = frozenset(("expm1", "sinh", "cosh"))
OWN = frozenset("asin acos atan atan2 asinh acosh hypot".split())  # noqa: SIM905
"""mpmath's functions that are taken as they are, nan where they are complex."""


class Digits(System):
    """`digits` decimal digits. With `binary` a literal means the double nearest to it, as it does in Floats.

    `shown` of them are written in answers (all, unless given); the others guard those against rounding.
    """

    name = "digits"
    rounds = True

    def __init__(self, digits: int = 50, *, binary: bool = False, shown: int | None = None) -> None:
        import mpmath

        self.context = mpmath.mp.clone()
        self.context.dps = digits
        self.digits = digits
        self.shown = digits if shown is None else shown
        self.binary = binary
        self.nan = self.context.nan
        self.tanh = self._real(self.context.tanh)

    def literal(self, text: str) -> Any:
        """The decimal number rounded to this many digits (or to a double first, with `binary`), pi or e."""
        named = {"pi": self.context.pi, "e": self.context.e}.get(text)
        if named is not None:
            return +named
        return self.context.mpf(float(text) if self.binary else text)

    def number(self, value: Any) -> Any:
        """`value` with this many digits."""
        if hasattr(value, "numerator") and not isinstance(value, int):
            return self.context.mpf(int(value.numerator)) / int(value.denominator)
        return self.context.mpf(value)

    def to_float(self, value: Any) -> float:
        """The nearest double; inf beyond its range."""
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")

    def truth(self, condition: Any) -> bool | None:
        """Zero is false, nan unknown, everything else true."""
        return None if self.context.isnan(condition) else bool(condition != 0)

    def is_finite(self, value: Any) -> bool:
        """Neither nan nor infinite."""
        return bool(self.context.isfinite(value))

    def _real(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` with nan where its result is complex or a pole."""

        def real(*arguments: Any) -> Any:
            try:
                result = function(*arguments)
            except (ZeroDivisionError, ValueError):
                return self.nan
            return result if isinstance(result, self.context.mpf) else self.nan

        return real

    def divide(self, a: Any, b: Any) -> Any:
        """a/b; 1/0 is inf, 0/0 nan."""
        if b == 0:
            return self.nan if a == 0 or a != a else self.context.inf if a > 0 else self.context.ninf
        return self.context.mpf(a) / b

    def power(self, a: Any, b: Any) -> Any:
        """a**b; a negative base with a broken exponent is nan, 0 to a negative power inf."""
        a, b = self.context.mpf(a), self.context.mpf(b)
        if a == 0:
            return self.context.inf if b < 0 else self.context.mpf(b == 0)
        if self.is_finite(a) and self.is_finite(b) and a != 1 and abs(a) != 1:
            log2 = abs(self.context.mag(a)) + 1
            if self.context.mag(b) + log2.bit_length() > EXPONENT_BITS + 8:
                raise OutOfRange(f"a power with exponent {self.context.nstr(b, 5)}")
        return self._real(self.context.power)(a, b)

    def less(self, a: Any, b: Any) -> Any:
        """1 if a < b, else 0; nan for nan."""
        return self._compare(a < b, a, b)

    def less_equal(self, a: Any, b: Any) -> Any:
        """1 if a <= b, else 0; nan for nan."""
        return self._compare(a <= b, a, b)

    def equal(self, a: Any, b: Any) -> Any:
        """1 if a = b, else 0; nan for nan."""
        return self._compare(a == b, a, b)

    def _compare(self, holds: bool, a: Any, b: Any) -> Any:
        return self.nan if a != a or b != b else self.context.one if holds else self.context.zero

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """`a` if the condition is not zero, else `b`; nan if it is nan."""
        return self.nan if condition != condition else self.context.mpf(b if condition == 0 else a)

    def abs(self, a: Any) -> Any:
        """Absolute value."""
        return abs(a)

    def sqrt(self, a: Any) -> Any:
        """Square root; nan below 0."""
        return self.context.sqrt(a) if a >= 0 else self.nan

    def exp(self, a: Any) -> Any:
        """Exponential function; raises OutOfRange when the result has more than 10**8 digits of exponent."""
        if self.is_finite(a) and a != 0 and self.context.mag(a) > EXPONENT_BITS:
            raise OutOfRange(f"exp({self.context.nstr(a, 5)})")
        return self.context.exp(a)

    def log(self, a: Any) -> Any:
        """Natural logarithm; -inf at 0, nan below."""
        return self.context.ninf if a == 0 else self.context.log(a) if a > 0 else self.nan

    def sin(self, a: Any) -> Any:
        """Sine; nan at an infinity."""
        return self._real(self.context.sin)(self._angle(a))

    def cos(self, a: Any) -> Any:
        """Cosine; nan at an infinity."""
        return self._real(self.context.cos)(self._angle(a))

    def tan(self, a: Any) -> Any:
        """Tangent; nan at an infinity."""
        return self._real(self.context.tan)(self._angle(a))

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """A function of SymPy's library; nan where it is complex, OutOfRange where it would take forever."""
        return mpmath_functions.evaluate(self.context, name, k, tuple(self.context.mpf(a) for a in arguments))

    def floor(self, a: Any) -> Any:
        """The largest whole number that is not above."""
        return self._whole(self.context.floor, a)

    def round(self, a: Any) -> Any:
        """The nearest whole number, of two the even one."""
        return self._whole(self.context.nint, a)

    def _whole(self, function: Callable[..., Any], a: Any) -> Any:
        """`function`, which may need as many digits as the number has."""
        if not self.is_finite(a):
            return a
        if a != 0 and self.context.mag(a) > ANGLE_BITS:
            raise OutOfRange("a remainder or whole part of a huge number")
        return function(a)

    def mod(self, a: Any, b: Any) -> Any:
        """Remainder with the sign of the divisor; nan for the divisor 0, or of an infinity."""
        if not self.is_finite(a) or b == 0 or b != b:
            return self.nan
        if not self.is_finite(b):
            return +a if a == 0 or (a > 0) == (b > 0) else b
        self._whole(self.context.floor, self.divide(a, b))
        return self.context.mpf(a) % b

    def log1p(self, a: Any) -> Any:
        """log(1 + a); -inf at -1, nan below."""
        return self.context.log1p(a) if a > -1 else self.context.ninf if a == -1 else self.nan

    def log2(self, a: Any) -> Any:
        """Logarithm to the base 2; -inf at 0, nan below."""
        return self._logarithm(a, 2)

    def log10(self, a: Any) -> Any:
        """Logarithm to the base 10; -inf at 0, nan below."""
        return self._logarithm(a, 10)

    def _logarithm(self, a: Any, base: int) -> Any:
        return self.context.ninf if a == 0 else self.context.log(a, base) if a > 0 else self.nan

    def cbrt(self, a: Any) -> Any:
        """Cube root, also of negative numbers."""
        return -self.context.cbrt(-a) if a < 0 else self.context.cbrt(a)

    def atanh(self, a: Any) -> Any:
        """Inverse of tanh; ±inf at ±1, nan beyond."""
        return self.context.inf * a if a in (1, -1) else self._real(self.context.atanh)(a)

    def gamma(self, a: Any) -> Any:
        """Gamma function; inf at 0, nan at the other poles."""
        if self.is_finite(a) and abs(a) > LARGEST_GAMMA:
            raise OutOfRange(f"gamma({self.context.nstr(a, 5)})")
        return self.context.inf if a == 0 else self.library("gamma", 0, a)

    def loggamma(self, a: Any) -> Any:
        """Logarithm of the gamma function; inf at 0, nan below."""
        return self.context.inf if a == 0 else self.library("loggamma", 0, a) if a > 0 else self.nan

    def __getattr__(self, name: str) -> Any:
        if name in GROWING:
            return partial(self._growing, name)
        if name in OWN:
            return self._real(getattr(self.context, name))
        if name in ("erf", "erfc"):
            return partial(self.library, name, 0)
        return super().__getattr__(name)

    def _growing(self, name: str, a: Any) -> Any:
        """An exponential function under another name, with the limit of `exp`."""
        if self.is_finite(a) and a != 0 and self.context.mag(a) > EXPONENT_BITS:
            raise OutOfRange(f"{name}({self.context.nstr(a, 5)})")
        return self._real(getattr(self.context, name))(a)

    def _angle(self, a: Any) -> Any:
        if self.is_finite(a) and a != 0 and self.context.mag(a) > ANGLE_BITS:
            raise OutOfRange("a circular function of a huge angle")
        return a
