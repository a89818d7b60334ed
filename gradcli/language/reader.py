"""What the readers of a text share: the tokens and the place in them, errors, and the nodes made so far."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.errors import ParseError, Span
from gradcli.graph import GraphBuilder
from gradcli.language.lexer import BREAK, END, NAME, SIGN, Token, too_deep, too_many
from gradcli.language.limits import Limits


class Literal(NamedTuple):
    """A number that has been read but is not a node yet: it may become an exponent, or the 0 of a relu."""

    text: str


class Operand(NamedTuple):
    """A node or a number, and the place of the text it was read from, brackets included."""

    what: int | Literal
    start: int
    end: int


class Reader:
    """A cursor over the tokens of one text, and the graph that grows."""

    def __init__(self, text: str, tokens: list[Token], limits: Limits) -> None:
        self.text = text
        self.tokens = tokens
        self.limits = limits
        self.position = 0
        self.last = max((i for i, token in enumerate(tokens) if token.kind not in (BREAK, END)), default=-1)
        self.depth = 0
        self.builder = GraphBuilder(text)

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def ahead(self, count: int = 1) -> Token:
        """The token `count` places further on."""
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def is_next(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        token = self.tokens[self.position]
        return token.kind == SIGN and token.text in signs

    def at_end(self) -> bool:
        """Whether the statement ends here."""
        return self.tokens[self.position].kind in (BREAK, END)

    def take(self) -> Token:
        """The next token, and on to the one after it."""
        token = self.tokens[self.position]
        self.position += 1
        return token

    def words(self, start: int, end: int) -> set[str]:
        """The names among some tokens, and the letters that they are made of."""
        found = {self.tokens[place].text for place in range(start, end) if self.tokens[place].kind == NAME}
        return found.union(*found)

    def written(self, token: Token) -> str:
        """A token as it was typed."""
        return self.text[token.start : token.end]

    def typed(self, operand: Operand) -> str:
        """An operand as it was typed."""
        return self.text[operand.start : operand.end]

    def error(self, message: str, span: Span, hint: str | None = None) -> ParseError:
        """An error at a place of the text."""
        return ParseError(message, source=self.text, span=span, hint=hint)

    def deeper(self, span: Span) -> None:
        """Count one level of nesting."""
        self.depth += 1
        if self.depth > self.limits.depth:
            raise too_deep(self.text, span, self.limits)

    def node(self, operand: Operand) -> int:
        """The node of an operand; a number becomes one now."""
        if isinstance(operand.what, Literal):
            self.grow((operand.start, operand.end))
            return self.builder.constant(operand.what.text, (operand.start, operand.end))
        return operand.what

    def apply(self, operation: str, operands: list[Operand], start: int, end: int) -> Operand:
        """A new node for an operation that was typed from `start` to `end`."""
        arguments = tuple(
            [operand.what if operand.what.__class__ is int else self.node(operand) for operand in operands]
        )
        self.grow((start, end))
        return Operand(self.builder.add(operation, arguments, (start, end)), start, end)

    def grow(self, span: Span) -> None:
        """Refuse a graph over the limit."""
        if len(self.builder) >= self.limits.nodes:
            raise too_many(self.text, span, self.limits)
