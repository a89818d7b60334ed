"""Bounded: exact numbers for answers. What would take forever, or fill pages, is refused with `OutOfRange`.

SymPy computes exact powers, roots and comparisons when they are written down, however large they are. Here every
operand has been kept small first (`settle`), and comparisons are decided by digits, not by SymPy's proofs.
"""

from __future__ import annotations

from typing import Any

from gradcli.errors import OutOfRange
from gradcli.systems.exact import Exact
from gradcli.systems.rounded import decimal

BITS = 14_000
"""Numerator and denominator of an answer: Python does not write integers of more than 4,300 digits."""

ROOT_BITS = 1_000
"""Roots and broken powers of longer numbers are refused: SymPy looks for their factors."""

EXPONENT = 1_000
"""The largest power of an irrational number."""

PARTS = 400
"""Parts (numbers, functions, signs) of an irrational number; each of its roots and exponentials counts."""

TERMS = 60
"""A sum of products is multiplied out when it has at most so many terms."""

MAGNITUDE = 1_000
"""Functions of irrational numbers beyond ±10**MAGNITUDE are refused."""

DIGITS = (30, 200)
"""Digits in which two irrational numbers are compared, and in which they count as equal when they are still the same
and SymPy can reduce their difference to 0."""


class Bounded(Exact):
    """Exact numbers whose size, and the time they take, is bounded."""

    def _settle(self, operation: str, value: Any) -> Any:  # noqa: ARG002
        """The number, tidied where that makes it shorter. Raises OutOfRange when it is too long."""
        value = self.number(value)
        if value.is_Rational:
            if max(int(value.p).bit_length(), int(value.q).bit_length()) > BITS:
                raise OutOfRange("a fraction of thousands of digits")
            return value
        if not value.is_number:
            return value
        if parts(value) > PARTS:
            raise OutOfRange("an irrational number that takes pages to write")
        value = self._tidy(value)
        if value.is_finite and abs(self._digits(value, 5)) > self.sympy.Integer(10) ** MAGNITUDE:
            raise OutOfRange("a number of thousands of digits")
        return value

    settle = _settle

    def _tidy(self, value: Any) -> Any:
        """The number multiplied out, where that makes it shorter: (1 + √2)(1 - √2) is -1."""
        if not 0 < terms(value) <= TERMS:
            return value
        expanded = self.sympy.expand(value)
        return expanded if parts(expanded) < parts(value) else value

    def _digits(self, value: Any, digits: int) -> Any:
        """The number in so many digits; 0 when it cannot be told from 0 in many more."""
        return value.evalf(digits, maxn=4 * DIGITS[1], chop=False)

    def _sign(self, value: Any) -> int:
        """-1, 0 or 1. Raises OutOfRange when that cannot be decided."""
        if value.is_Rational:
            return int(value.p > 0) - int(value.p < 0)
        for digits in DIGITS:
            found = value.evalf(digits, maxn=2 * digits)
            if found.is_Float and abs(found) > self.sympy.Float(10) ** -digits:
                return 1 if found > 0 else -1
        if self._tidy(value) == 0:
            return 0
        raise OutOfRange("two numbers that may or may not be equal")

    def _condition(self, relation: Any, a: Any, b: Any) -> Any:
        a, b = self.number(a), self.number(b)
        difference = a - b
        if not difference.is_number or difference.has(self.sympy.nan, self.sympy.zoo) or difference.is_infinite:
            return super()._condition(relation, a, b)
        return self.number(int(bool(relation(self._sign(difference), 0))))

    def literal(self, text: str) -> Any:
        """The decimal number as typed. Raises OutOfRange when it has thousands of digits."""
        return super().literal(text) if text in ("pi", "e") else self.number(decimal(text))

    def power(self, a: Any, b: Any) -> Any:
        """a**b; raises OutOfRange for a result of absurd size, and for roots of long numbers."""
        a, b = self.number(a), self.number(b)
        if a.is_Rational and b.is_Rational and b.q != 1:
            self._short(a)
        if b.is_Rational and not a.is_Rational and a.is_number and abs(b) > EXPONENT:
            raise OutOfRange("a large power of an irrational number")
        return super().power(a, b)

    def sqrt(self, a: Any) -> Any:
        """The square root; raises OutOfRange for a long number."""
        a = self.number(a)
        if a.is_Rational:
            self._short(a)
        return self._real(self.sympy.sqrt(a))

    def exp(self, a: Any) -> Any:
        """The exponential function; raises OutOfRange where it would be written out as a huge power."""
        a = self.number(a)
        if a.is_number and a.has(self.sympy.log) and abs(self._digits(a, 5)) > EXPONENT:
            raise OutOfRange("a huge power")
        return self._real(self.sympy.exp(a))

    def floor(self, a: Any) -> Any:
        """The largest whole number that is not above; raises OutOfRange where it has hundreds of digits."""
        a = self.number(a)
        if not a.is_Rational and a.is_finite and abs(self._digits(a, 5)) > self.sympy.Integer(10) ** DIGITS[1]:
            raise OutOfRange("the whole part of a huge number")
        return self._real(self.sympy.floor(a))

    def _short(self, a: Any) -> None:
        if max(int(a.p).bit_length(), int(a.q).bit_length()) > ROOT_BITS:
            raise OutOfRange("a root of a long number")


def parts(value: Any) -> int:
    """How many parts an expression has, each counted as often as it is written."""
    count, stack = 0, [value]
    while stack and count <= 4 * PARTS:
        count += 1
        stack += stack.pop().args
    return count


def terms(value: Any) -> int:
    """The most terms that `value` has when it is multiplied out; 0 when there are no products of sums."""
    if value.is_Add:
        return sum([max(1, terms(each)) for each in value.args])
    if value.is_Mul:
        product = 1
        for each in value.args:
            product *= max(1, terms(each))
            if product > 10**6:
                break
        return product
    if value.is_Pow and value.exp.is_Integer and value.base.is_Add:
        power: int = max(1, terms(value.base)) ** min(20, abs(int(value.exp)))
        return min(10**6, power)
    return 1
