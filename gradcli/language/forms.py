"""Calls that are a way of writing something else: SymPy's Piecewise, Rational, And …"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gradcli.language.lexer import END, Token
from gradcli.language.reader import Literal, Operand

if TYPE_CHECKING:
    from gradcli.language.expressions import Expressions


def _piecewise(reader: Expressions, name: Token) -> Operand:
    """`Piecewise((a, condition), (b, True))`: conditions one inside the other."""
    opening = reader.take()
    reader.deeper(opening.span)
    branches: list[tuple[Operand, Operand]] = []
    while True:
        if not reader.is_next("("):
            raise reader.error("Piecewise takes pairs", reader.token.span, "write: Piecewise((a, x > 0), (b, True))")
        branches.append(_pair(reader))
        if not reader.is_next(","):
            break
        reader.take()
    end = reader.close(opening).end
    reader.depth -= 1
    result, last = branches[-1]
    if last.what != Literal("1"):
        hint = "end it with a branch for everything else: (b, True)"
        raise reader.error("this Piecewise has no last branch", (name.start, end), hint)
    for value, condition in reversed(branches[:-1]):
        result = reader.apply("where", [condition, value, result], name.start, end)
    return Operand(result.what, name.start, end)


def _pair(reader: Expressions) -> tuple[Operand, Operand]:
    """`(value, condition)`, the condition read first, as it is evaluated."""
    opening = reader.take()
    start = reader.position
    comma = _comma(reader)
    reader.position = comma + 1
    condition = reader.expression()
    reader.close(opening)
    after = reader.position
    reader.position = start
    value = reader.expression()
    if reader.position != comma:
        raise reader.unexpected(value)
    reader.position = after
    return value, condition


def _comma(reader: Expressions) -> int:
    """The place of the comma of the pair that begins here."""
    depth = 0
    for position in range(reader.position, len(reader.tokens)):
        token = reader.tokens[position]
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth < 0 or token.kind == END:
            break
        if depth == 0 and token.text == ",":
            return position
    raise reader.error("a pair has a comma", reader.token.span, "write: Piecewise((a, x > 0), (b, True))")


def _rational(reader: Expressions, name: Token) -> Operand:
    """`Rational(1, 2)`: a quotient."""
    arguments, end = reader.arguments()
    if len(arguments) not in (1, 2):
        raise reader.error("Rational takes two numbers", (name.start, end), "write: Rational(1, 2) or 1/2")
    if len(arguments) == 1:
        return Operand(arguments[0].what, name.start, end)
    return reader.apply("divide", arguments, name.start, end)


def _number(reader: Expressions, name: Token) -> Operand:
    """`Integer(2)`, `Float(0.5)`: the number itself."""
    arguments, end = reader.arguments()
    if len(arguments) != 1:
        raise reader.error(f"{name.text} takes one number", (name.start, end), f"write: {name.text}(2) or 2")
    return Operand(arguments[0].what, name.start, end)


def _joined(operation: str) -> Callable[[Expressions, Token], Operand]:
    """`And(a, b, c)`: one node for every pair."""

    def read(reader: Expressions, name: Token) -> Operand:
        arguments, end = reader.arguments()
        if not arguments:
            raise reader.error(f"{name.text} takes conditions", (name.start, end), f"write: {name.text}(x > 0, y > 0)")
        result = arguments[0]
        for argument in arguments[1:]:
            result = reader.apply(operation, [result, argument], name.start, end)
        return Operand(result.what, name.start, end)

    return read


FORMS: dict[str, Callable[[Expressions, Token], Operand]] = {
    "Piecewise": _piecewise,
    "Rational": _rational,
    "Integer": _number,
    "Float": _number,
    "And": _joined("logical_and"),
    "Or": _joined("logical_or"),
}
"""By name: what reads the call whose bracket is next."""
