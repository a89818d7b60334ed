"""Symbols: a system whose numbers are nodes of a second graph.

Running a pass or a rule in Symbols writes down what it would compute, in typed order, as a graph that a printer can
print. Nothing is simplified; only 0 and 1 are absorbed (x·1, x + 0), and a typed number with a rule's own (3 - 1).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from gradcli.graph import GraphBuilder
from gradcli.ops import OPERATIONS, Operation
from gradcli.ops.operation import Rule
from gradcli.systems.system import CONSTANTS, System


class Symbol:
    """A number of `Symbols`: a node of its graph. Python integers may stand beside it in rules."""

    __slots__ = ("index", "symbols")

    def __init__(self, symbols: Symbols, index: int) -> None:
        self.symbols = symbols
        self.index = index

    def __add__(self, other: Any) -> Any:
        return self.symbols.add(self, other)

    def __radd__(self, other: Any) -> Any:
        return self.symbols.add(other, self)

    def __sub__(self, other: Any) -> Any:
        return self.symbols.subtract(self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.symbols.subtract(other, self)

    def __mul__(self, other: Any) -> Any:
        return self.symbols.multiply(self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.symbols.multiply(other, self)

    def __neg__(self) -> Any:
        return self.symbols.negate(self)


class Symbols(System):
    """Builds a graph: `variable` makes its inputs, and `builder.finish` closes it over a result."""

    name = "symbolic"
    masks = True

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.nan = self.literal("nan")

    def variable(self, name: str) -> Symbol:
        """The symbol called `name`."""
        return Symbol(self, self.builder.input(name))

    def literal(self, text: str) -> Symbol:
        """A number as typed."""
        return Symbol(self, self.builder.constant(text))

    def number(self, value: Any) -> Symbol:
        """A symbol as it is; a Python number as a leaf."""
        return value if isinstance(value, Symbol) else self.literal(repr(value))

    def node(self, operation: str, *arguments: Any, **parameters: Any) -> Symbol:
        """A new node of the second graph."""
        places = tuple(self.number(a).index for a in arguments)
        return Symbol(self, self.builder.add(operation, places, parameters=parameters))

    def truth(self, condition: Any) -> bool | None:
        """Only a plain number is known to be true or false."""
        text = self._text(condition)
        return None if text is None else float(text) != 0

    def is_finite(self, value: Any) -> bool:  # noqa: ARG002
        """A symbol stands for any number."""
        return True

    def to_float(self, value: Any) -> float:  # noqa: ARG002
        """A symbol has no value."""
        return float("nan")

    def rule(self, operation: Operation) -> Rule:
        """Not the rule but the node: a sigmoid stays a sigmoid, and 0·y a product."""
        if operation.name not in OPERATIONS:
            return operation.value
        return lambda m, *arguments, **parameters: m.node(operation.name, *arguments, **parameters)

    def local(self, operation: Operation, k: int) -> Rule | int:
        """The form that has a number wherever the gradient has one."""
        return operation.written_local(k)

    def __getattr__(self, name: str) -> Any:
        if name in OPERATIONS:
            return partial(self.node, name)
        raise AttributeError(name)

    def _text(self, value: Any) -> str | None:
        """The text of a plain number, None for anything else."""
        if isinstance(value, Symbol):
            return self.builder.texts[value.index] if self.builder.operations[value.index] == "constant" else None
        return repr(value)

    def _is(self, value: Any, number: int) -> bool:
        return self._text(value) == repr(number)

    def _folded(self, a: Any, b: Any, sign: int) -> Any:
        """a + sign·b when one is a typed number and the other a rule's own; None otherwise."""
        if isinstance(a, Symbol) == isinstance(b, Symbol):
            return None
        texts = [self._text(a), self._text(b)]
        if not all(text is not None and text.strip("-")[0] in "0123456789." and len(text) < 20 for text in texts):
            return None
        from decimal import Decimal

        return self.literal(f"{Decimal(texts[0] or 0) + sign * Decimal(texts[1] or 0):f}")

    def less(self, a: Any, b: Any) -> Any:
        """a < b; a number comes second, as people write it: x > 0."""
        return self.node("greater", b, a) if self._text(a) is not None else self.node("less", a, b)

    def less_equal(self, a: Any, b: Any) -> Any:
        """a <= b; a number comes second."""
        return self.node("greater_equal", b, a) if self._text(a) is not None else self.node("less_equal", a, b)

    def equal(self, a: Any, b: Any) -> Any:
        """a = b; of plain numbers 1 or 0."""
        texts = [self._text(each) for each in (a, b)]
        if None in texts or "nan" in texts:
            return self.node("equal", a, b)
        from decimal import Decimal

        first, second = (text if text in CONSTANTS else Decimal(text) for text in texts if text)
        return int(first == second)

    def logical_and(self, a: Any, b: Any) -> Any:
        """Both; a condition that is known needs not be written."""
        if a == 0 or b == 0:
            return 0
        return b if a == 1 else a if b == 1 else self.node("logical_and", a, b)

    def add(self, a: Any, b: Any) -> Any:
        """a + b."""
        if self._is(a, 0):
            return b
        if self._is(b, 0):
            return a
        return self._folded(a, b, 1) or self.node("add", a, b)

    def negate(self, a: Symbol) -> Symbol:
        """-a; of a plain number the other number."""
        text = self._text(a)
        if text is not None and text[0].isdigit():
            return self.literal(f"-{text}")
        return self.node("negate", a)

    def subtract(self, a: Any, b: Any) -> Any:
        """a - b."""
        if self._is(b, 0):
            return a
        if self._is(a, 0):
            return self.negate(self.number(b))
        return self._folded(a, b, -1) or self.node("subtract", a, b)

    def multiply(self, a: Any, b: Any) -> Any:
        """a·b."""
        if self._is(a, 0) or self._is(b, 0):
            return 0
        if self._is(a, 1):
            return b
        if self._is(b, 1):
            return a
        for factor, other in ((a, b), (b, a)):
            if self._is(factor, -1):
                return self.node("negate", other)
        return self.node("multiply", a, b)

    def divide(self, a: Any, b: Any) -> Any:
        """a/b."""
        if self._is(b, 1):
            return a
        return 0 if self._is(a, 0) else self.node("divide", a, b)

    def power(self, a: Any, b: Any) -> Any:
        """a**b; an exponent 2 is the operation square."""
        if self._is(b, 0):
            return 1
        if self._is(b, 1):
            return a
        return self.node("square", a) if self._is(b, 2) else self.node("power", a, b)

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """The node of a function; its derivatives are written out in the table."""
        if k:
            raise NotImplementedError(f"{name} has no written derivative")
        return self.node(name, *arguments)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """a if the condition holds, else b; equal plain numbers need no condition, nor does one that is known."""
        if isinstance(condition, int):
            return a if condition else b
        text = self._text(a)
        if text is not None and text == self._text(b):
            return a
        return self.node("where", condition, a, b)
