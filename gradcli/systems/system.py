"""What a number system is: the first argument of every rule.

A system supplies the primitives (`gradcli.ops.PRIMITIVES`); every other name a rule calls on it is an entry of the rule
table, read in the same system. Numbers of a system add, subtract and multiply with Python's own signs, also with plain
Python integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gradcli.ops import OPERATIONS, Operation
from gradcli.ops.operation import Rule

CONSTANTS = ("pi", "e")
"""Named constants a formula may use; a literal is one of these or a decimal number."""


class System:
    """A number system; subclasses supply the primitives.

    name    the word for it in JSON: float, exact, symbolic, digits, rounded
    rounds  whether results are rounded, so that the stable forms of the table are used
    masks   whether a condition may be neither true nor false as a whole (a symbol, an array), so that what passes a
            conditional is kept under its mask
    settle  None, or what the passes do to every number they have computed, before they go on with it: rounding it, or
            refusing it (`OutOfRange`). It takes the operation's name (`input` and `constant` for leaves, an empty text
            for numbers of the backward pass) and the number
    uncomputed  None, or what stands for the value of a node that is too much to compute and that the output does not
            need, because a branch is closed
    """

    name = ""
    rounds = False
    masks = False
    nan: Any
    settle: Callable[[str, Any], Any] | None = None
    uncomputed: Any = None

    def literal(self, text: str) -> Any:
        """The number written as `text`: a decimal number, `pi` or `e`."""
        raise NotImplementedError

    def number(self, value: Any) -> Any:
        """A number of this system from a Python int, float or Fraction, or from one of its own."""
        raise NotImplementedError

    def truth(self, condition: Any) -> bool | None:
        """Whether a condition holds; None when that cannot be known."""
        raise NotImplementedError

    def holds(self, condition: Rule, *operands: Any, **parameters: Any) -> bool | None:
        """Whether a condition of the table, `condition(m, *operands, **parameters)`, holds; None for not known."""
        return self.truth(condition(self, *operands, **parameters))

    def is_finite(self, value: Any) -> bool:
        """Whether `value` is a real, finite number."""
        raise NotImplementedError

    def to_float(self, value: Any) -> float:
        """`value` as the nearest Python float, nan when it is not a real number."""
        raise NotImplementedError

    def magnitudes(self, values: Sequence[Any]) -> Sequence[Any]:
        """The sizes of numbers that are finite and not 0, to be multiplied and compared with each other."""
        return [abs(self.number(value)) for value in values]

    # -- the space that a number is in ----------------------------------------------------------------------------

    def shape(self, value: Any) -> Any:  # noqa: ARG002
        """The shape of a number; all plain numbers have the same one."""
        return ()

    def zero(self, like: Any) -> Any:  # noqa: ARG002
        """The zero of the space that `like` is in."""
        return self.number(0)

    def gathered(self, contribution: Any, like: Any) -> Any:  # noqa: ARG002
        """A contribution in the space of the number that it goes to: what was stretched to a shape is added up."""
        return contribution

    def arriving(self, upstream: Any, value: Any) -> Any:  # noqa: ARG002
        """The gradient that arrives at an output of this value. Raises UsageError when it is of another shape."""
        return self.number(upstream)

    # -- the rule table, as this system reads it ------------------------------------------------------------------

    def rule(self, operation: Operation) -> Rule:
        """The value rule to use here: `rule(m, *arguments, **parameters)`."""
        return operation.stable_value() if self.rounds else operation.value

    def local(self, operation: Operation, k: int) -> Rule | int:
        """The rule of the local derivative with respect to argument `k`, or a number.

        It is called as `local(m, y, *arguments, **parameters)`.
        """
        return operation.stable_local(k) if self.rounds else operation.local(k)

    def textbook(self, operation: Operation, k: int) -> Rule | int:
        """The textbook form of the same, which takes the value of the node as it is: a(1 - a) for a = σ(s)."""
        return operation.local(k) if self.rounds else self.local(operation, k)

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """A function of SymPy's library by SymPy's name: its value (k = 0), or its derivative to argument k."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        operation = OPERATIONS.get(name)
        if operation is None or name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no {name}, and the rule table no such entry")
        return partial(self.rule(operation), self)
