"""Floats: Python's 64-bit numbers with IEEE 754 results, nan and infinities instead of exceptions.

Comparisons give 1.0 and 0.0, and nan when an operand is nan, so that nan goes through every choice as well.
"""

from __future__ import annotations

import math
from _thread import get_ident
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gradcli.errors import OutOfRange
from gradcli.systems.system import System
from gradcli.systems.time_limit import forgotten_when_stopped

if TYPE_CHECKING:
    from gradcli.systems.magnitude import Magnitude

nan, inf = math.nan, math.inf

WHOLE = 2.0**52
"""From here on every float is a whole number."""


class Floats(System):
    """IEEE double precision."""

    name = "float"
    rounds = True
    nan = nan

    def literal(self, text: str) -> float:
        """The double nearest to a decimal number, pi or e."""
        return {"pi": math.pi, "e": math.e}.get(text) or float(text)

    def number(self, value: Any) -> float:
        """`value` as a double."""
        return float(value)

    to_float = number

    def truth(self, condition: float) -> bool | None:
        """Zero is false, nan unknown, everything else true."""
        return None if condition != condition else condition != 0

    def is_finite(self, value: float) -> bool:
        """Neither nan nor infinite."""
        return math.isfinite(value)

    def magnitudes(self, values: Sequence[float]) -> list[Magnitude]:
        """The sizes, with room for products beyond the range of doubles."""
        from gradcli.systems.magnitude import magnitude

        return [magnitude(value) for value in values]

    @staticmethod
    def divide(a: float, b: float) -> float:
        """a/b; 1/0 is inf with the sign of both zeros, 0/0 nan."""
        try:
            return a / b
        except ZeroDivisionError:
            return math.copysign(inf, a) * math.copysign(1.0, b) if a and a == a else nan

    @staticmethod
    def power(a: float, b: float) -> float:
        """a**b as C's pow: a negative base with a broken exponent is nan, 0 to a negative power inf."""
        try:
            return math.pow(a, b)
        except OverflowError:
            return -inf if a < 0 and math.fmod(b, 2.0) in (1.0, -1.0) else inf
        except ValueError:
            if a == 0:
                odd = math.fmod(b, 2.0) in (1.0, -1.0)
                return math.copysign(inf, a) if odd else inf
            return nan

    @staticmethod
    def less(a: float, b: float) -> float:
        """1 if a < b, else 0; nan for nan."""
        return 1.0 if a < b else 0.0 if a >= b else nan

    @staticmethod
    def less_equal(a: float, b: float) -> float:
        """1 if a <= b, else 0; nan for nan."""
        return 1.0 if a <= b else 0.0 if a > b else nan

    @staticmethod
    def equal(a: float, b: float) -> float:
        """1 if a = b, else 0; nan for nan."""
        return 1.0 if a == b else 0.0 if a < b or a > b else nan

    @staticmethod
    def where(condition: float, a: float, b: float) -> float:
        """`a` if the condition is not zero, else `b`; nan if it is nan."""
        return 1.0 * (b if condition == 0 else a if condition == condition else nan)

    abs = staticmethod(math.fabs)
    tanh = staticmethod(math.tanh)
    cbrt = staticmethod(math.cbrt)
    asinh = staticmethod(math.asinh)
    atan = staticmethod(math.atan)
    atan2 = staticmethod(math.atan2)
    hypot = staticmethod(math.hypot)
    erf = staticmethod(math.erf)
    erfc = staticmethod(math.erfc)

    @staticmethod
    def sqrt(a: float) -> float:
        """Square root; nan below 0."""
        return math.sqrt(a) if a >= 0 else nan

    @staticmethod
    def exp(a: float) -> float:
        """Exponential function; inf where it overflows."""
        try:
            return math.exp(a)
        except OverflowError:
            return inf

    @staticmethod
    def log(a: float) -> float:
        """Natural logarithm; -inf at 0, nan below."""
        if a > 0:
            return math.log(a)
        return -inf if a == 0 else nan

    @staticmethod
    def sin(a: float) -> float:
        """Sine; nan at an infinity."""
        return math.sin(a) if -inf < a < inf else nan

    @staticmethod
    def cos(a: float) -> float:
        """Cosine; nan at an infinity."""
        return math.cos(a) if -inf < a < inf else nan

    @staticmethod
    def tan(a: float) -> float:
        """Tangent; nan at an infinity."""
        return math.tan(a) if -inf < a < inf else nan

    @staticmethod
    def asin(a: float) -> float:
        """Inverse of sin; nan outside [-1, 1]."""
        return math.asin(a) if -1 <= a <= 1 else nan

    @staticmethod
    def acos(a: float) -> float:
        """Inverse of cos; nan outside [-1, 1]."""
        return math.acos(a) if -1 <= a <= 1 else nan

    @staticmethod
    def sinh(a: float) -> float:
        """Hyperbolic sine; ±inf where it overflows."""
        try:
            return math.sinh(a)
        except OverflowError:
            return math.copysign(inf, a)

    @staticmethod
    def cosh(a: float) -> float:
        """Hyperbolic cosine; inf where it overflows."""
        try:
            return math.cosh(a)
        except OverflowError:
            return inf

    @staticmethod
    def acosh(a: float) -> float:
        """Inverse of cosh; nan below 1."""
        return math.acosh(a) if a >= 1 else nan

    @staticmethod
    def atanh(a: float) -> float:
        """Inverse of tanh; ±inf at ±1, nan beyond."""
        return math.atanh(a) if -1 < a < 1 else math.copysign(inf, a) if a in (1, -1) else nan

    @staticmethod
    def expm1(a: float) -> float:
        """exp(a) - 1; inf where it overflows."""
        try:
            return math.expm1(a)
        except OverflowError:
            return inf

    @staticmethod
    def log1p(a: float) -> float:
        """log(1 + a); -inf at -1, nan below."""
        return math.log1p(a) if a > -1 else -inf if a == -1 else nan

    @staticmethod
    def log2(a: float) -> float:
        """Logarithm to the base 2; -inf at 0, nan below."""
        return math.log2(a) if a > 0 else -inf if a == 0 else nan

    @staticmethod
    def log10(a: float) -> float:
        """Logarithm to the base 10; -inf at 0, nan below."""
        return math.log10(a) if a > 0 else -inf if a == 0 else nan

    @staticmethod
    def floor(a: float) -> float:
        """The largest whole number that is not above; the sign of a zero is kept."""
        return math.copysign(math.floor(a), a) if -WHOLE < a < WHOLE else a

    @staticmethod
    def round(a: float) -> float:
        """The nearest whole number, of two the even one; the sign of a zero is kept."""
        return math.copysign(round(a), a) if -WHOLE < a < WHOLE else a

    @staticmethod
    def mod(a: float, b: float) -> float:
        """Remainder with the sign of the divisor; nan for the divisor 0."""
        return a % b if b else nan

    @staticmethod
    def gamma(a: float) -> float:
        """Gamma function; inf where it overflows and at 0, nan at the other poles."""
        try:
            return math.gamma(a)
        except OverflowError:
            return inf
        except ValueError:
            return math.copysign(inf, a) if a == 0 else nan

    @staticmethod
    def loggamma(a: float) -> float:
        """Logarithm of the gamma function; inf at 0, nan below."""
        try:
            return math.lgamma(a) if a > 0 else inf if a == 0 else nan
        except OverflowError:
            return inf

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """A function of SymPy's library: one of the floats' own, or the one in many digits, rounded."""
        own = LIBRARY.get((name, k))
        return own(*arguments) if own else _in_many_digits(name, k, *arguments)


def _in_many_digits(name: str, k: int, *arguments: float) -> float:
    """A function of SymPy's library as near as a float can be, nan where it is out of reach."""
    reference = _reference(get_ident())
    try:
        return reference.to_float(reference.library(name, k, *arguments))
    except OutOfRange:
        return nan


@lru_cache(maxsize=8)
def _reference(thread: int) -> System:  # noqa: ARG001  (part of the key)
    """Enough digits for every float, each thread's own; its library (mpmath) is loaded at the first call."""
    from gradcli.systems.digits import Digits

    return Digits(30)


forgotten_when_stopped(_reference.cache_clear)


def sinc_slope(a: float) -> float:
    """The derivative of sin(a)/a: its series below 2, where (cos(a) - sin(a)/a)/a would cancel (DLMF 10.53.1)."""
    if not -inf < a < inf:
        return a * 0 if a == a else nan
    if abs(a) >= 2:
        return (math.cos(a) - math.sin(a) / a) / a
    square, total = a * a, 0.0
    for coefficient in _SINC_SERIES:
        total = total * square + coefficient
    return total * a


_SINC_SERIES = tuple((-1) ** n * 2 * n / math.factorial(2 * n + 1) for n in range(14, 0, -1))

LIBRARY = {("sinc", 1): sinc_slope}
"""Derivatives without a rule that keeps its digits, by name and argument."""
