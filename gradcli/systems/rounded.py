"""Rounded: the numbers of somebody with a calculator, who writes down `places` decimals and goes on with those.

Numbers are fractions, so +, - and × are exact. A result that is no terminating decimal (1/3, √2, exp, sin …) is
rounded when a pass keeps it; with `every` all results are. Local derivatives are the textbook's, taken from the rounded
values: σ' = a(1 - a). Halves are rounded away from zero. Numbers that are not finite are floats.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import isqrt, log2
from typing import Any

from gradcli.errors import OutOfRange
from gradcli.graph import LEAVES
from gradcli.ops import OPERATIONS, Operation
from gradcli.ops.operation import Rule
from gradcli.systems.floats import Floats
from gradcli.systems.system import System

DIGITS = 50
"""Digits in which irrational results are computed before they are rounded."""

BITS = 14_000
"""Longer numbers are refused: Python does not write integers of more than 4,300 digits."""

FLOAT_MAX = int(sys.float_info.max)

_FLOATS = Floats()


class _IrrationalError(ArithmeticError):
    """A result that is, or may be, no fraction."""


def _irrational(*_: Any) -> Any:
    """Leave the fractions."""
    raise _IrrationalError


def rounded(value: Fraction, places: int) -> Fraction:
    """`value` to so many decimals, halves away from zero: 0.125 is 0.13, -0.125 is -0.13."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**places)


def terminates(value: Fraction) -> bool:
    """Whether the decimal of `value` ends: its denominator has no other prime factors than 2 and 5."""
    rest = value.denominator
    rest >>= (rest & -rest).bit_length() - 1
    return bool(rest == 5 ** int(rest.bit_length() / log2(5)))  # the only power of 5 that is so long


def root(value: Fraction) -> Fraction | None:
    """The square root, if it is a fraction."""
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    return Fraction(above, below) if (above * above, below * below) == (value.numerator, value.denominator) else None


class Long(Fraction):
    """A fraction beyond the range of doubles: beside a float, which is not finite here, only its sign counts."""

    def __mul__(self, other: Any) -> Any:
        return (1 if self > 0 else -1) * other if isinstance(other, float) else super().__mul__(other)

    def __add__(self, other: Any) -> Any:
        return other if isinstance(other, float) else super().__add__(other)

    def __sub__(self, other: Any) -> Any:
        return -other if isinstance(other, float) else super().__sub__(other)

    def __rsub__(self, other: Any) -> Any:
        return other if isinstance(other, float) else super().__rsub__(other)

    __rmul__ = __mul__
    __radd__ = __add__


class Rounded(System):
    """A calculator with `places` decimals; `every` rounds the results of +, - and × as well."""

    name = "rounded"

    def __init__(self, places: int, *, every: bool = False) -> None:
        from gradcli.systems.digits import Digits

        self.places = places
        self.every = every
        self.nan = float("nan")
        self.precise = Digits(DIGITS + places)

    # -- what a pass keeps ----------------------------------------------------------------------------------------

    def _settle(self, operation: str, value: Any) -> Any:
        """The number as it is written down. Raises OutOfRange when that has thousands of digits."""
        value = self.number(value)
        if not isinstance(value, Fraction):
            return value
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > 4 * BITS:
            raise OutOfRange("a number of thousands of digits")
        if not terminates(value) or (self.every and operation not in LEAVES):
            value = rounded(value, self.places)
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > BITS:
            raise OutOfRange("a number of thousands of digits")
        return value

    settle = _settle

    def rule(self, operation: Operation) -> Rule:
        """The textbook value in fractions; where it leaves them, the value in many digits, rounded."""
        return self._first(operation.value, self.precise.rule(operation))

    def local(self, operation: Operation, k: int) -> Rule | int:
        """The textbook rule in the same way; the stable one where the textbook form is undefined."""
        textbook, stable = operation.local(k), operation.stable_local(k)
        if isinstance(textbook, int) or isinstance(stable, int):
            return textbook
        rule = self._first(textbook, textbook, stable, plain=2 if operation.variadic else 0)
        return lambda m, y, *operands, **parameters: rule(m, y, *operands, **parameters) if y == y else m.nan

    def _first(self, exact: Rule, *others: Rule, plain: int = 0) -> Callable[..., Any]:
        """`exact` in fractions, else the first of the others that is finite in many digits.

        After the first operand come `plain` ones that are no numbers of the system.
        """

        def rule(m: Rounded, first: Any, *rest: Any, **parameters: Any) -> Any:
            marks, operands = rest[:plain], rest[plain:]
            if all(isinstance(a, (int, Fraction)) for a in (first, *operands)):
                try:
                    return m.number(exact(m, first, *rest, **parameters))
                except _IrrationalError:
                    pass
            precise = m.precise
            numbers = [precise.number(first), *marks, *map(precise.number, operands)]
            result = m.nan
            for other in others:
                result = m.number(precise.number(other(precise, *numbers, **parameters)))
                if isinstance(result, Fraction):
                    return rounded(result, m.places)
            return result

        return rule

    def __getattr__(self, name: str) -> Any:
        operation = OPERATIONS.get(name)
        if operation is None or name.startswith("_"):
            raise AttributeError(name)
        return partial(operation.value, self)

    # -- numbers --------------------------------------------------------------------------------------------------

    def literal(self, text: str) -> Any:
        """The decimal number as typed; pi and e as fractions near them that are no decimals, for the pass to round."""
        if text in ("pi", "e"):
            return self.number(self.precise.literal(text)) + Fraction(1, 3 * 10 ** (DIGITS + self.places))
        return decimal(text)

    def number(self, value: Any) -> Any:
        """A fraction; a float where it is not finite."""
        if isinstance(value, int):
            value = Fraction(value)
        if isinstance(value, Fraction):
            return value if -FLOAT_MAX <= value <= FLOAT_MAX else Long(value)
        if isinstance(value, float):
            return Fraction(value) if _FLOATS.is_finite(value) else value
        if not self.precise.is_finite(value):
            return float(value)
        if value != 0 and abs(self.precise.context.mag(value)) > BITS:
            if value < 1 and value > -1:
                return Fraction(0)
            raise OutOfRange("a number of thousands of digits")
        sign, mantissa, exponent, _ = value._mpf_
        number = Fraction(int(mantissa)) * Fraction(2) ** exponent
        return self.number(-number if sign else number)

    def truth(self, condition: Any) -> bool | None:
        """Zero is false, nan unknown, everything else true."""
        return None if condition != condition else condition != 0

    def holds(self, condition: Rule, *operands: Any, **parameters: Any) -> bool | None:
        """Whether a condition holds, in fractions or in many digits."""
        return self.truth(self._first(condition, condition)(self, *operands, **parameters))

    def is_finite(self, value: Any) -> bool:
        """Neither nan nor infinite."""
        return isinstance(value, (int, Fraction)) or _FLOATS.is_finite(value)

    def to_float(self, value: Any) -> float:
        """The nearest double; inf beyond its range."""
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")

    # -- primitives: in fractions, or not at all --------------------------------------------------------------------

    def divide(self, a: Any, b: Any) -> Any:
        """a/b, not by 0."""
        return Fraction(a) / Fraction(b) if b else _irrational()

    def power(self, a: Any, b: Any) -> Any:
        """a**b for a whole number b and a result that can be written down."""
        a, b = Fraction(a), Fraction(b)
        if b.denominator != 1 or (a == 0 and b < 0):
            return _irrational()
        if abs(b) * max(a.numerator.bit_length(), a.denominator.bit_length()) > 4 * BITS and a not in (0, 1, -1):
            return _irrational()
        return a ** int(b)

    def sqrt(self, a: Any) -> Any:
        """The square root of a square."""
        found = root(Fraction(a)) if a >= 0 else None
        return _irrational() if found is None else found

    @staticmethod
    def exp(a: Any) -> Any:
        """1 at 0, and so for the cosine."""
        return Fraction(1) if a == 0 else _irrational()

    cos = exp

    @staticmethod
    def log(a: Any) -> Any:
        """0 at 1, and so for the arc cosine."""
        return Fraction(0) if a == 1 else _irrational()

    @staticmethod
    def sin(a: Any) -> Any:
        """0 at 0, and so for the functions with the same zero."""
        return Fraction(0) if a == 0 else _irrational()

    tan = tanh = asin = atan = erf = sin
    acos = log
    atan2 = gamma = staticmethod(_irrational)

    def library(self, name: str, k: int, *arguments: Any) -> Any:  # noqa: ARG002
        """Not in fractions."""
        return _irrational()

    @staticmethod
    def abs(a: Any) -> Any:
        """Absolute value."""
        return abs(a)

    @staticmethod
    def floor(a: Any) -> Any:
        """The largest whole number that is not above."""
        return Fraction(a.__floor__())

    @staticmethod
    def round(a: Any) -> Any:
        """The nearest whole number, of two the even one."""
        return Fraction(round(a))

    @staticmethod
    def less(a: Any, b: Any) -> Any:
        """1 if a < b, else 0."""
        return Fraction(int(a < b))

    @staticmethod
    def less_equal(a: Any, b: Any) -> Any:
        """1 if a <= b, else 0."""
        return Fraction(int(a <= b))

    @staticmethod
    def equal(a: Any, b: Any) -> Any:
        """1 if a = b, else 0."""
        return Fraction(int(a == b))

    @staticmethod
    def where(condition: Any, a: Any, b: Any) -> Any:
        """`a` if the condition is not zero, else `b`."""
        return b if condition == 0 else a


LONGEST = 4_000
"""Characters, and the largest exponent, of a literal that is read exactly."""


def decimal(text: str) -> Fraction:
    """The decimal number as typed: 0.1 is 1/10. Raises OutOfRange when it has thousands of digits."""
    exponent = text.lower().partition("e")[2] or "0"
    if len(text) > LONGEST or len(exponent) > 6 or abs(int(exponent)) > LONGEST:
        raise OutOfRange("a number of thousands of digits")
    return Fraction(text)


def written(value: Fraction) -> str:
    """A terminating decimal in all its digits: 1/8 is 0.125."""
    places = 0
    below = value.denominator
    while below % 10 == 0:
        below //= 10
        places += 1
    while below > 1:
        below = below // 2 if below % 2 == 0 else below // 5
        places += 1
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text
