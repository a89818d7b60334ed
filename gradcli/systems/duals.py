"""Duals: numbers that carry a tangent, how fast they change; forward mode as a number system.

Value and tangent are numbers of an inner system, Floats or Digits. The rule table is the inner system's: an operation
has the value and the local derivatives that stand there, and the tangent of the result is Σ local·tangent. The backward
pass run in Duals gives, as tangents of the gradients, the Hessian times the direction.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, chapter 5.1 (second-order adjoints by
forward over reverse).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from gradcli.graph import NO_PARAMETERS
from gradcli.ops import OPERATIONS, Operation
from gradcli.ops.operation import Rule
from gradcli.systems.contribution import contribution, product
from gradcli.systems.system import System


class Dual:
    """A number of `Duals`; a tangent None is one that never changes."""

    __slots__ = ("duals", "tangent", "value")

    def __init__(self, duals: Duals, value: Any, tangent: Any = None) -> None:
        self.duals = duals
        self.value = value
        self.tangent = tangent

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.tangent!r})"

    def __add__(self, other: Any) -> Dual:
        return self.duals.apply("add", self, other)

    def __radd__(self, other: Any) -> Dual:
        return self.duals.apply("add", other, self)

    def __sub__(self, other: Any) -> Dual:
        return self.duals.apply("subtract", self, other)

    def __rsub__(self, other: Any) -> Dual:
        return self.duals.apply("subtract", other, self)

    def __mul__(self, other: Any) -> Dual:
        return self.duals.apply("multiply", self, other)

    def __rmul__(self, other: Any) -> Dual:
        return self.duals.apply("multiply", other, self)

    def __neg__(self) -> Dual:
        return self.duals.apply("negate", self)


class Duals(System):
    """Dual numbers over `inner`; `dual` makes one that changes."""

    def __init__(self, inner: System) -> None:
        self.inner = inner
        self.name = inner.name
        self.rounds = inner.rounds
        self.masks = inner.masks
        self.nan = Dual(self, inner.nan)

    def dual(self, value: Any, tangent: Any) -> Dual:
        """The number `value` that changes with the speed `tangent`."""
        return Dual(self, self.inner.number(value), self.inner.number(tangent))

    def literal(self, text: str) -> Dual:
        """A number that does not change."""
        return Dual(self, self.inner.literal(text))

    def number(self, value: Any) -> Dual:
        """A dual number as it is; another number as one that does not change."""
        return value if isinstance(value, Dual) else Dual(self, self.inner.number(value))

    def tangent(self, value: Any) -> Any:
        """How fast a number changes, in the inner system."""
        tangent = self.number(value).tangent
        return self.inner.number(0) if tangent is None else tangent

    def truth(self, condition: Any) -> bool | None:
        """Whether the value is not zero."""
        return self.inner.truth(self.number(condition).value)

    def is_finite(self, value: Any) -> bool:
        """Whether the value is; the tangent may be infinite."""
        return self.inner.is_finite(self.number(value).value)

    def to_float(self, value: Any) -> float:
        """The value as a float."""
        return self.inner.to_float(self.number(value).value)

    def shape(self, value: Any) -> Any:
        """That of the value."""
        return self.inner.shape(self.number(value).value)

    def zero(self, like: Any) -> Dual:
        """The zero of the inner system, which does not change."""
        return Dual(self, self.inner.zero(self.number(like).value))

    def gathered(self, contribution: Any, like: Any) -> Dual:
        """Value and tangent gathered."""
        number, like = self.number(contribution), self.number(like).value
        tangent = None if number.tangent is None else self.inner.gathered(number.tangent, like)
        return Dual(self, self.inner.gathered(number.value, like), tangent)

    def arriving(self, upstream: Any, value: Any) -> Dual:
        """The gradient that arrives, and how fast it changes."""
        number = self.number(upstream)
        return Dual(self, self.inner.arriving(number.value, self.number(value).value), number.tangent)

    def rule(self, operation: Operation) -> Rule:
        """The operation on dual numbers."""
        return lambda m, *arguments, **parameters: m.operate(operation, arguments, parameters)

    def apply(self, name: str, *arguments: Any, **parameters: Any) -> Dual:
        """The operation called `name` on dual numbers."""
        return self.operate(OPERATIONS[name], arguments, parameters)

    def operate(
        self, operation: Operation, arguments: tuple[Any, ...], parameters: Mapping[str, Any] = NO_PARAMETERS
    ) -> Dual:
        """Value by the inner system's rule, tangent as the sum of what the arguments that change pass on."""
        numbers = [self.number(a) for a in arguments]
        values = [number.value for number in numbers]
        inner = self.inner
        y = inner.number(inner.rule(operation)(inner, *values, **parameters))
        fixed = tuple(number.tangent is None for number in numbers)
        tangent = None
        for k, number in enumerate(numbers):
            if number.tangent is None:
                continue
            term = contribution(inner, operation, parameters, k, fixed, y, values, number.tangent, tangent=True)
            if term is not None:
                tangent = term if tangent is None else tangent + term
        return Dual(self, y, tangent)

    def library(self, name: str, k: int, *arguments: Any) -> Dual:
        """A function of SymPy's library; its derivative, of one argument, has the library's second derivative."""
        if k == 0:
            return self.apply(name, *arguments)
        (number,) = map(self.number, arguments)
        value = self.inner.number(self.inner.library(name, k, number.value))
        if number.tangent is None:
            return Dual(self, value)
        return Dual(self, value, product(number.tangent, self.inner.library(f"{name}'", k, number.value)))

    def __getattr__(self, name: str) -> Any:
        if name in OPERATIONS:
            return partial(self.apply, name)
        raise AttributeError(f"Duals has no {name}, and the rule table no such entry")
