"""What a number system is: the first argument of every rule.

A system supplies the primitives (`gradcli.ops.PRIMITIVES`); every other name a rule calls on it is an entry of the rule
table, read in the same system. Numbers of a system add, subtract and multiply with Python's own signs, also with plain
Python integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

from gradcli.errors import OutOfRange
from gradcli.ops import OPERATIONS, Operation
from gradcli.ops.operation import Rule

CONSTANTS = ("pi", "e")
"""Named constants a formula may use; a literal is one of these or a decimal number."""


class System:
    """A number system; subclasses supply the primitives.

    name    the word for it in JSON: float, exact, symbolic, digits, rounded
    rounds  whether results are rounded, so that the stable forms of the table are used
    settle  None, or what the passes do to every number they have computed, before they go on with it: rounding it, or
            refusing it (`OutOfRange`). It takes the operation's name (`input` and `constant` for leaves, an empty text
            for numbers of the backward pass) and the number
    """

    name = ""
    rounds = False
    nan: Any
    settle: Callable[[str, Any], Any] | None = None

    def literal(self, text: str) -> Any:
        """The number written as `text`: a decimal number, `pi` or `e`."""
        raise NotImplementedError

    def number(self, value: Any) -> Any:
        """A number of this system from a Python int, float or Fraction, or from one of its own."""
        raise NotImplementedError

    def truth(self, condition: Any) -> bool | None:
        """Whether a condition holds; None when that cannot be known."""
        raise NotImplementedError

    def holds(self, condition: Rule, *operands: Any) -> bool | None:
        """Whether a condition of the table, `condition(m, *operands)`, holds; None when that cannot be known."""
        return self.truth(condition(self, *operands))

    def is_finite(self, value: Any) -> bool:
        """Whether `value` is a real, finite number."""
        raise NotImplementedError

    def to_float(self, value: Any) -> float:
        """`value` as the nearest Python float, nan when it is not a real number."""
        raise NotImplementedError

    def magnitudes(self, values: Sequence[Any]) -> Sequence[Any]:
        """The sizes of numbers that are finite and not 0, to be multiplied and compared with each other."""
        return [abs(self.number(value)) for value in values]

    def rule(self, operation: Operation) -> Rule:
        """The value rule to use here: `rule(m, *arguments)`."""
        return operation.stable_value() if self.rounds else operation.value

    def local(self, operation: Operation, k: int) -> Rule | int:
        """The rule of the local derivative with respect to argument `k`: `local(m, y, *arguments)`, or a number."""
        return operation.stable_local(k) if self.rounds else operation.local(k)

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """A function of SymPy's library by SymPy's name: its value (k = 0), or its derivative to argument k.

        As near as a float can be, nan where it is out of reach; systems with more digits have their own.
        """
        reference = _reference()
        try:
            value = reference.library(name, k, *(self.to_float(a) for a in arguments))
        except OutOfRange:
            return self.nan
        return self.number(reference.to_float(value))

    def __getattr__(self, name: str) -> Any:
        operation = OPERATIONS.get(name)
        if operation is None or name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no {name}, and the rule table no such entry")
        return partial(self.rule(operation), self)


@lru_cache(maxsize=1)
def _reference() -> Any:
    """Enough digits for every float; its library (mpmath) is loaded at the first call."""
    from gradcli.systems.digits import Digits

    return Digits(30)
