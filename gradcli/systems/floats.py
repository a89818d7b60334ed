"""Floats: Python's 64-bit numbers with IEEE 754 results, nan and infinities instead of exceptions.

Comparisons give 1.0 and 0.0, and nan when an operand is nan, so that nan goes through every choice as well.
"""

from __future__ import annotations

import math
from typing import Any

from gradcli.graph import Graph
from gradcli.systems.system import System

nan, inf = math.nan, math.inf

COMPILED_FROM = 500
"""Nodes from which on compiled passes pay: compiling takes some milliseconds a process."""


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

    def loops(self, graph: Graph) -> Any:
        """Compiled passes for a large graph."""
        if len(graph) < COMPILED_FROM:
            return None
        from gradcli.systems.generated import loops

        return loops(graph)

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
        return b if condition == 0 else a if condition == condition else nan

    abs = staticmethod(math.fabs)
    tanh = staticmethod(math.tanh)

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
