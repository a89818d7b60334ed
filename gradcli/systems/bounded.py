"""Bounded: exact numbers for answers. What would take forever, or fill pages, is refused with `OutOfRange`.

SymPy computes exact powers, roots and comparisons when they are written down, however large they are. Here every
operand has been kept small first (`settle`), and comparisons are decided by digits, not by SymPy's proofs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gradcli.errors import OutOfRange
from gradcli.ops import OPERATIONS, PRIMITIVES, Operation
from gradcli.ops.operation import Rule
from gradcli.systems.digits import Digits
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

NESTED = 10
"""Functions inside each other: SymPy's time for their digits doubles with each."""

TERMS = 60
"""A sum of products is multiplied out when it has at most so many terms."""

MAGNITUDE = 1_000
"""Functions of irrational numbers beyond ±10**MAGNITUDE are refused."""

DIGITS = (60, 240, 500)
"""Digits in which irrational numbers are compared; each time with twice as many as well, which must agree."""

AGREED = 20
"""Digits that must agree."""

LIBRARY_FAULTS = (ArithmeticError, AttributeError, NotImplementedError, RecursionError, TypeError, ValueError)
"""What SymPy raises, far inside, for numbers that it cannot handle."""


class Bounded(Exact):
    """Exact numbers whose size, and the time they take, is bounded."""

    def __init__(self) -> None:
        super().__init__()
        self._systems = {digits: Digits(digits) for pair in DIGITS for digits in (pair, 2 * pair)}
        self._known: dict[Any, Any] = {}
        self.uncomputed = self.sympy.Dummy("uncomputed")

    def rule(self, operation: Operation) -> Rule:
        """The rule, with what SymPy cannot compute refused."""
        return _refusing(super().rule(operation))

    def local(self, operation: Operation, k: int) -> Rule | int:
        """The rule, in the same way."""
        rule = super().local(operation, k)
        return rule if isinstance(rule, int) else _refusing(rule)

    def _settle(self, operation: str, value: Any) -> Any:  # noqa: ARG002
        """The number, tidied where that makes it shorter. Raises OutOfRange when it is too long."""
        value = self.number(value)
        if value.is_Rational:
            if bits(value) > BITS:
                raise OutOfRange("a fraction of thousands of digits")
            return value
        if not value.is_number:
            return value
        if parts(value) > PARTS:
            raise OutOfRange("an irrational number that takes pages to write")
        if nested(value) > NESTED:
            raise OutOfRange(f"more than {NESTED} functions of irrational numbers inside each other")
        value = self._tidy(value)
        if any(bits(each) > BITS for each in value.atoms(self.sympy.Rational)):
            raise OutOfRange("a number of thousands of digits")
        if self._large(value, 10**MAGNITUDE):
            raise OutOfRange("a number of thousands of digits")
        return value

    settle = _settle

    # -- how large a number is: by digits, not by SymPy's proofs, which can take for ever ------------------------------

    def _near(self, value: Any, digits: int = DIGITS[0]) -> Any:
        """The number computed in so many digits, of which some may be wrong; nan when it is not real."""
        key = (value, digits)
        if key not in self._known:
            self._known[key] = _evaluated(value, self._systems[digits])
        return self._known[key]

    def near(self, value: Any) -> Any:
        """The number as one of mpmath's, right in AGREED digits; None when no digit can be told from those of 0."""
        for digits in DIGITS:
            low, high = self._near(value, digits), self._near(value, 2 * digits)
            if not self._systems[digits].is_finite(high):
                return high
            if high != 0 and abs(low - high) <= abs(high) * self._systems[digits].context.mpf(10) ** -AGREED:
                return high
        return None

    def decimal(self, value: Any, digits: int) -> str:
        """The number as a decimal of so many digits, however large or small it is."""
        near = self._near(value) if value.is_Rational else self.near(value)
        text: str = "0" if near is None else self._systems[DIGITS[0]].context.nstr(near, digits)
        return text

    def magnitudes(self, values: Sequence[Any]) -> list[Any]:
        """Fractions; where one of them is irrational, all in so many digits that AGREED are right."""
        numbers = [self.number(value) for value in values]
        if all(value.is_Rational for value in numbers):
            return [abs(Fraction(int(value.p), int(value.q))) for value in numbers]
        context = self._systems[DIGITS[0]].context
        return [abs(self.near(value) or context.mpf(0)) for value in numbers]

    def _large(self, value: Any, bound: int) -> bool:
        near = self._near(value)
        return bool(self._systems[DIGITS[0]].is_finite(near) and abs(near) > bound)

    def _sign(self, value: Any) -> int:
        """-1, 0 or 1. Raises OutOfRange when that cannot be decided."""
        if value.is_Rational:
            return int(value.p > 0) - int(value.p < 0)
        near = self.near(value)
        if near is not None and near == near:
            return 1 if near > 0 else -1
        if near is None and self._tidy(value) == 0:
            return 0
        raise OutOfRange("two numbers that may or may not be equal")

    def _tidy(self, value: Any) -> Any:
        """The number multiplied out, where that makes it shorter: (1 + √2)(1 - √2) is -1."""
        if not 0 < terms(value) <= TERMS:
            return value
        expanded = self.sympy.expand(value)
        return expanded if parts(expanded) < parts(value) else value

    def is_finite(self, value: Any) -> bool:
        """Whether it is a real, finite number."""
        value = self.number(value)
        if value is self.uncomputed:
            return False
        return bool(value.is_Rational or self._systems[DIGITS[0]].is_finite(self._near(value)))

    def to_float(self, value: Any) -> float:
        """The nearest double; nan when it is not a real number."""
        value = self.number(value)
        if value is self.uncomputed:
            return float("nan")
        system = self._systems[DIGITS[0]]
        if value.is_Rational:
            try:
                return int(value.p) / int(value.q)
            except OverflowError:
                return float("inf") if value.p > 0 else float("-inf")
        near = self.near(value)
        return 0.0 if near is None else system.to_float(near)

    def _real(self, value: Any) -> Any:
        return value if not value.is_number or self.is_finite(value) else self.nan

    # -- primitives ---------------------------------------------------------------------------------------------------

    def _condition(self, relation: Any, a: Any, b: Any) -> Any:
        a, b = self.number(a), self.number(b)
        if not (a.is_number and b.is_number):
            return super()._condition(relation, a, b)
        if not (self.is_finite(a) and self.is_finite(b)):
            return self.nan
        return self.number(int(bool(relation(self._sign(a - b), 0))))

    def abs(self, a: Any) -> Any:
        """Absolute value."""
        a = self.number(a)
        return (-a if self._sign(a) < 0 else a) if self.is_finite(a) else self.nan

    def divide(self, a: Any, b: Any) -> Any:
        """a/b; a/0 is no number."""
        b = self.number(b)
        if not b.is_Rational and b.is_number and self.is_finite(b) and self._sign(b) == 0:
            b = self.number(0)
        return super().divide(a, b)

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
        if a.is_number and a.has(self.sympy.log) and self._large(a, EXPONENT):
            raise OutOfRange("a huge power")
        return self._real(self.sympy.exp(a))

    def floor(self, a: Any) -> Any:
        """The largest whole number that is not above; raises OutOfRange where it has hundreds of digits."""
        a = self.number(a)
        if a.is_Rational:
            return self.number(int(a.p) // int(a.q))
        if not self.is_finite(a):
            return self.nan
        if self._large(a, 10 ** DIGITS[0]):
            raise OutOfRange("the whole part of a huge number")
        whole = self.number(int(self._systems[DIGITS[0]].floor(self._near(a, 2 * DIGITS[0]))))
        while self._sign(a - whole) < 0:
            whole -= 1
        while self._sign(a - whole - 1) >= 0:
            whole += 1
        return whole

    def _short(self, a: Any) -> None:
        if bits(a) > ROOT_BITS:
            raise OutOfRange("a root of a long number")


def _refusing(rule: Rule) -> Rule:
    """`rule`; raises OutOfRange for whatever SymPy raises inside."""

    def refusing(*arguments: Any, **parameters: Any) -> Any:
        try:
            return rule(*arguments, **parameters)
        except OutOfRange:
            raise
        except LIBRARY_FAULTS:
            raise OutOfRange("SymPy has no exact number here") from None

    return refusing


def _evaluated(value: Any, m: Digits) -> Any:
    """A SymPy number computed in many digits; nan when it, or a part of it, is not real."""
    if value.is_Rational:
        return m.context.mpf(int(value.p)) / int(value.q)
    if value.is_NumberSymbol:
        return m.context.mpf(value.evalf(m.digits + 5))
    operands = [_evaluated(each, m) for each in value.args]
    if any(operand != operand for operand in operands) or not (operands or value.is_Function):
        return m.nan
    if value.is_Add:
        return m.context.fsum(operands)
    if value.is_Mul:
        return m.context.fprod(operands)
    if value.is_Pow:
        return m.power(*operands)
    name = type(value).__name__
    known = {"Abs": "abs", "ExpBase": "exp", "Max": "max", "Min": "min"}.get(name, name)
    if known in OPERATIONS or known in PRIMITIVES:
        return m.context.mpf(getattr(m, known)(*operands))
    return m.library(name, 0, *operands)


def bits(value: Any) -> int:
    """How long a fraction is: the bits of the longer of its two numbers."""
    return max(int(value.p).bit_length(), int(value.q).bit_length())


def parts(value: Any) -> int:
    """How many parts an expression has, each counted as often as it is written."""
    count, stack = 0, [value]
    while stack and count <= 4 * PARTS:
        count += 1
        stack += stack.pop().args
    return count


def nested(value: Any) -> int:
    """How many functions, or powers that are not whole, stand inside each other."""
    deepest, stack = 0, [(value, 0)]
    while stack:
        each, depth = stack.pop()
        depth += bool(each.is_Function or (each.is_Pow and not each.exp.is_Integer))
        deepest = max(deepest, depth)
        stack += [(argument, depth) for argument in each.args]
    return deepest


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
