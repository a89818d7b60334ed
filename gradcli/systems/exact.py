"""Exact: SymPy's numbers (fractions, roots, pi), and its expressions when a variable stands for itself.

The textbook form of every rule is used; where it is undefined although the stable one is not (x**0 at 0), the stable
one. What is not a real number is nan.
"""

from __future__ import annotations

from typing import Any

from gradcli.errors import OutOfRange
from gradcli.ops import Operation
from gradcli.ops.operation import Rule
from gradcli.systems.system import System

POWER_BITS = 100_000
"""A power is refused when its exact result would have more bits than this."""

LARGEST_FACTORIAL = 1_000
"""The gamma function and its kin are refused for larger numbers: they would be written out."""


OWN = frozenset("sqrt exp log sin cos tan tanh asin acos atan atan2 floor erf".split())  # noqa: SIM905
"""SymPy's functions that are taken as they are."""


class Exact(System):
    """Exact numbers. With `binary` a literal means the double nearest to it, as it does in Floats."""

    name = "exact"

    def __init__(self, *, binary: bool = False) -> None:
        import sympy

        self.sympy = sympy
        self.binary = binary
        self.nan = sympy.nan

    def literal(self, text: str) -> Any:
        """The decimal number as typed (0.1 is 1/10), pi or e."""
        from fractions import Fraction

        named = {"pi": self.sympy.pi, "e": self.sympy.E}.get(text)
        return named if named is not None else self.number(float(text) if self.binary else Fraction(text))

    def number(self, value: Any) -> Any:
        """`value` exactly: a float is the binary fraction that it is."""
        if isinstance(value, float):
            return self.sympy.Rational(*value.as_integer_ratio()) if value - value == 0 else self.sympy.Float(value)
        if isinstance(value, int):
            return self.sympy.Integer(value)
        if hasattr(value, "numerator") and not isinstance(value, self.sympy.Basic):
            return self.sympy.Rational(int(value.numerator), int(value.denominator))
        return value

    def to_float(self, value: Any) -> float:
        """The nearest double; nan when it is not a real number."""
        try:
            return float(value)
        except (TypeError, ValueError):
            return float("nan")
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")

    def truth(self, condition: Any) -> bool | None:
        """Zero is false, another number true, anything else unknown."""
        value = self.number(condition)
        return None if value is self.nan or not value.is_number else bool(value != 0)

    def is_finite(self, value: Any) -> bool:
        """Whether it is a real, finite number."""
        value = self.number(value)
        return bool(value.is_number and value.is_extended_real and value.is_finite)

    def local(self, operation: Operation, k: int) -> Rule | int:
        """The textbook rule, or the stable one where the textbook form is undefined."""
        textbook, stable = operation.local(k), operation.stable_local(k)
        if isinstance(textbook, int) or stable is textbook or isinstance(stable, int):
            return textbook

        def local(m: Exact, y: Any, *arguments: Any, **parameters: Any) -> Any:
            if y is m.nan:
                return m.nan
            result = m.number(textbook(m, y, *arguments, **parameters))
            return stable(m, y, *arguments, **parameters) if result.has(m.sympy.nan, m.sympy.zoo) else result

        return local

    def _real(self, value: Any) -> Any:
        return self.nan if value.is_number and value.is_extended_real is False else value

    def divide(self, a: Any, b: Any) -> Any:
        """a/b; a/0 is undefined (zoo)."""
        return self.number(a) / b

    def power(self, a: Any, b: Any) -> Any:
        """a**b; nan where it is not real; raises OutOfRange for a result of absurd size."""
        a, b = self.number(a), self.number(b)
        if a.is_Rational and b.is_Rational and a not in (0, 1, -1):
            bits = max(int(a.p).bit_length(), int(a.q).bit_length())
            if abs(b) * bits > POWER_BITS:
                raise OutOfRange("an exact power of absurd size")
        return self._real(a**b)

    def less(self, a: Any, b: Any) -> Any:
        """1 if a < b, else 0."""
        return self._condition(self.sympy.Lt, a, b)

    def less_equal(self, a: Any, b: Any) -> Any:
        """1 if a <= b, else 0."""
        return self._condition(self.sympy.Le, a, b)

    def equal(self, a: Any, b: Any) -> Any:
        """1 if a = b, else 0."""
        return self._condition(self.sympy.Eq, a, b)

    def _condition(self, relation: Any, a: Any, b: Any) -> Any:
        a, b = self.number(a), self.number(b)
        if self.nan in (a, b):
            return self.nan
        holds = relation(a, b)
        if holds in (self.sympy.true, self.sympy.false):
            return self.number(int(bool(holds)))
        return self.sympy.Piecewise((1, holds), (0, True))

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """`a` if the condition is not zero, else `b`."""
        condition, a, b = self.number(condition), self.number(a), self.number(b)
        if condition is self.nan:
            return self.nan
        if condition.is_number:
            return a if condition != 0 else b
        return self.sympy.Piecewise((a, self._holds(condition)), (b, True))

    def _holds(self, condition: Any) -> Any:
        """The relation behind a symbolic truth value."""
        if isinstance(condition, self.sympy.Piecewise) and [e for e, _ in condition.args] == [1, 0]:
            return condition.args[0][1]
        return self.sympy.Ne(condition, 0)

    def abs(self, a: Any) -> Any:
        """Absolute value."""
        return self.sympy.Abs(a)

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """SymPy's own function, or its derivative to argument k; nan where it is not real."""
        function = getattr(self.sympy, name)
        numbers = [self.number(a) for a in arguments]
        if "gamma" in name and any(a.is_Rational and abs(a) > LARGEST_FACTORIAL for a in numbers):
            raise OutOfRange(f"the exact {name} of a large number")
        if k == 0:
            return self._real(function(*numbers))
        places = [self.sympy.Dummy() for _ in numbers]
        derivative = function(*places).fdiff(k)
        return self._real(derivative.xreplace(dict(zip(places, numbers, strict=True))))

    def gamma(self, a: Any) -> Any:
        """Gamma function."""
        return self.library("gamma", 0, a)

    def round(self, a: Any) -> Any:
        """The nearest whole number, of two the even one."""
        a = self.number(a)
        above = self.floor(a + self.sympy.Rational(1, 2))
        odd = above - 2 * self.floor(above / 2)
        return above - self.where(self.equal(above - a, self.sympy.Rational(1, 2)), odd, 0)

    def __getattr__(self, name: str) -> Any:
        if name in OWN:
            function = getattr(self.sympy, name)
            return lambda *arguments: self._real(function(*map(self.number, arguments)))
        return super().__getattr__(name)
