"""Calls as libraries write them: torch.clamp(x, min=0), F.softplus(x, beta=2), F.relu6(x), F.mse_loss(y, t)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from gradcli import ops
from gradcli.language.lexer import Token
from gradcli.language.reader import Literal, Operand

if TYPE_CHECKING:
    from gradcli.language.expressions import Expressions

CALLED = {
    "sub": "subtract", "mul": "multiply", "div": "divide", "true_divide": "divide", "expit": "sigmoid",
    "sh": "sinh", "ch": "cosh", "th": "tanh", "sen": "sin", "senh": "sinh", "tgh": "tanh", "cotg": "cot",
    "arcsen": "asin", "ctan": "cot", "cotan": "cot", "arccosec": "acsc",
}  # fmt: skip
"""Other names of functions, only before a bracket: they are too short or too common to take them from variables."""

IGNORED = frozenset({"inplace", "out", "threshold", "name", "reduction", "dtype"})
"""Keyword arguments that change nothing about the number."""


class Call:
    """A call that is being read: its name, its arguments in their order, those with a name, where it ends."""

    def __init__(self, reader: Expressions, name: Token) -> None:
        self.reader = reader
        self.name = name
        self.named: dict[str, Operand] = {}
        self.arguments, self.end = reader.arguments(self.named)

    def apply(self, operation: str, *operands: Operand) -> Operand:
        """A node at the place of the call."""
        return self.reader.apply(operation, [*operands], self.name.start, self.end)

    def number(self, text: str) -> Operand:
        """A number that the library puts there."""
        return Operand(Literal(text), self.name.start, self.end)

    def take(self, count: int, *optional: Collection[str]) -> tuple[list[Operand], list[Operand | None]]:
        """The first `count` arguments, and those behind them, each by its place or one of its names.

        Raises ParseError for arguments that are missing, or that the function has not.
        """
        found, span = self.arguments, (self.name.start, self.end)
        if len(found) < count or len(found) > count + len(optional):
            wanted = "one argument" if count == 1 else f"{count} arguments"
            raise self.reader.error(f"{self.name.text} takes {wanted}, not {len(found)}", span)
        others: list[Operand | None] = [*found[count:]]
        left = {name: value for name, value in self.named.items() if name not in IGNORED}
        for names in optional[len(others) :]:
            given = next((name for name in names if name in left), None)
            others.append(left.pop(given) if given else None)
        if left:
            text = next(iter(left))
            raise self.reader.error(f"{self.name.text} has no argument {text}", span, f"write: {self.name.text}(x)")
        return found[:count], others

    def plain(self, operation: str) -> Operand:
        """The call as the table reads it."""
        entry = ops.with_arguments(ops.OPERATIONS[operation], len(self.arguments))
        self.reader.check_arity(entry, len(self.arguments), self.name, (self.name.start, self.end))
        return self.reader.applied(entry, self.arguments, self.name.start, self.end)


def _clamped(call: Call) -> Operand:
    """`clamp(x, min=0)`: max; `clamp(x, max=1)`: min; both: clip."""
    low_names, high_names = ("min", "a_min", "min_val", "lower"), ("max", "a_max", "max_val", "upper")
    (value,), (low, high) = call.take(1, low_names, high_names)
    if low is not None and high is not None:
        return call.apply("clip", value, low, high)
    if low is None and high is None:
        return call.plain("clip")
    entry = ops.OPERATIONS["min" if low is None else "max"]
    return call.reader.applied(entry, [value, *(each for each in (low, high) if each)], call.name.start, call.end)


def _leaky(call: Call) -> Operand:
    """`leaky_relu(x, negative_slope=0.1)`."""
    (value,), (slope,) = call.take(1, ("negative_slope", "alpha"))
    return call.apply("leaky_relu", value) if slope is None else call.apply("prelu", value, slope)


def _softplus(call: Call) -> Operand:
    """`softplus(x, beta=2)`: log(1 + exp(2x))/2."""
    (value,), (beta,) = call.take(1, ("beta",))
    if beta is None:
        return call.apply("softplus", value)
    return call.apply("divide", call.apply("softplus", call.apply("multiply", beta, value)), beta)


def _gelu(call: Call) -> Operand:
    """`gelu(x, approximate='tanh')`."""
    (value,), (kind,) = call.take(1, ("approximate",))
    exact = kind is None or kind.what in (Literal("none"), Literal("0"))
    return call.apply("gelu" if exact else "gelu_tanh", value)


def _elu(call: Call) -> Operand:
    """`elu(x, alpha=2)`: 2·(exp(x) - 1) below 0."""
    (value,), (alpha,) = call.take(1, ("alpha",))
    if alpha is None:
        return call.apply("elu", value)
    condition = call.apply("greater", value, call.number("0"))
    below = call.apply("multiply", alpha, call.apply("expm1", value))
    return call.apply("where", condition, value, below)


def _relu6(call: Call) -> Operand:
    """`relu6(x)`: x, but not below 0 and not above 6."""
    (value,), _ = call.take(1)
    return call.apply("clip", value, call.number("0"), call.number("6"))


def _hard_sigmoid(call: Call) -> Operand:
    """`hardsigmoid(x)`: relu6(x + 3)/6."""
    (value,), _ = call.take(1)
    raised = call.apply("add", value, call.number("3"))
    return call.apply("divide", call.apply("clip", raised, call.number("0"), call.number("6")), call.number("6"))


def _hardtanh(call: Call) -> Operand:
    """`hardtanh(x, min_val=-2, max_val=2)`."""
    (value,), (low, high) = call.take(1, ("min_val",), ("max_val",))
    if low is None and high is None:
        return call.apply("hardtanh", value)
    return call.apply("clip", value, low or call.number("-1"), high or call.number("1"))


def _of_difference(operation: str) -> Callable[[Call], Operand]:
    """A loss that is a function of the difference: `mse_loss(y, t)`."""

    def read(call: Call) -> Operand:
        (first, second), _ = call.take(2)
        return call.apply(operation, call.apply("subtract", first, second))

    return read


def _scaled(operation: str) -> Callable[[Call], Operand]:
    """`torch.add(x, y, alpha=2)`: x + 2y."""

    def read(call: Call) -> Operand:
        (first, second), (alpha,) = call.take(2, ("alpha",))
        if alpha is not None:
            second = call.apply("multiply", alpha, second)
        return call.apply(operation, first, second)

    return read


READERS: dict[str, Callable[[Call], Operand]] = {
    **dict.fromkeys(("clamp", "clip", "clip_by_value"), _clamped),
    "leaky_relu": _leaky,
    "softplus": _softplus,
    "gelu": _gelu,
    "elu": _elu,
    **dict.fromkeys(("relu6", "ReLU6"), _relu6),
    **dict.fromkeys(("hardsigmoid", "hard_sigmoid"), _hard_sigmoid),
    **dict.fromkeys(("hardtanh", "hard_tanh"), _hardtanh),
    **dict.fromkeys(("mse_loss", "squared_error"), _of_difference("square")),
    "l1_loss": _of_difference("abs"),
    "add": _scaled("add"),
    "subtract": _scaled("subtract"),
    "sub": _scaled("subtract"),
}
"""By name: what reads the call."""


def form(read: Callable[[Call], Operand]) -> Callable[[Expressions, Token], Operand]:
    """A way to read a call, as the forms have it: the name has been taken, its bracket comes next."""
    return lambda reader, name: read(Call(reader, name))


FORMS: dict[str, Callable[[Expressions, Token], Operand]] = {name: form(read) for name, read in READERS.items()}
