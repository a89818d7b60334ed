"""The writing system: a number system whose numbers are names, so that reading a rule in it writes the rule down.

It is told the `Language`. Every program is written by it: functions that a language lacks, the backward pass as
statements, and the fast loops over floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from gradcli import grammar
from gradcli.graph import Call, Parameters
from gradcli.ops import NATIVE, OPERATIONS
from gradcli.ops.operation import PRIMITIVES
from gradcli.ops.unspecified import function_of
from gradcli.printers.expression import apply, atom, bracketed
from gradcli.programs.language import Language
from gradcli.systems.floats import LIBRARY
from gradcli.systems.system import System

Use = tuple[str, int]
"""A function that is called, by its name in the table, with a number of arguments."""


class Name:
    """A number of `Writer`: a name or a literal in the text. The signs + - * are the same in every language."""

    __slots__ = ("text", "writer")

    def __init__(self, writer: Writer, text: str) -> None:
        self.writer = writer
        self.text = text

    def __add__(self, other: Any) -> Name:
        return self.writer.between(self, "+", other)

    def __radd__(self, other: Any) -> Name:
        return self.writer.between(other, "+", self)

    def __sub__(self, other: Any) -> Name:
        return self.writer.between(self, "-", other)

    def __rsub__(self, other: Any) -> Name:
        return self.writer.between(other, "-", self)

    def __mul__(self, other: Any) -> Name:
        if other.__class__ is int and other == -1:
            return -self
        return self.writer.between(self, "*", other)

    def __rmul__(self, other: Any) -> Name:
        return self.writer.between(other, "*", self)

    def __neg__(self) -> Name:
        return self.writer.let(f"-{self.writer.write(self)}")


class Writer(System):
    """Reads rules and writes their statements down, in the forms that floats use.

    language    what is written
    statements  the name and the expression of each statement so far
    used        the functions that are called and that the language has not got itself
    """

    name = "float"
    rounds = True

    def __init__(self, language: Language, stem: str = "t") -> None:
        self.language = language
        self.statements: list[tuple[str, str]] = []
        self.used: set[Use] = set()
        self.nan = Name(self, language.nan)
        self._stem = stem
        self._count = 0

    def let(self, expression: str) -> Name:
        """A new name for an expression."""
        self._count += 1
        name = f"{self._stem}{self._count}"
        self.statements.append((name, expression))
        return Name(self, name)

    def write(self, value: Any) -> str:
        """A number as text that can stand beside any sign."""
        return value.text if isinstance(value, Name) else self.language.number(value)

    def expression(self, value: Any) -> str:
        """A number as an expression: where the last statement names it, that statement is taken back."""
        text = self.write(value)
        if not self.statements or self.statements[-1][0] != text:
            return text
        self._count -= 1
        return self.statements.pop()[1]

    def taken(self) -> Sequence[tuple[str, str]]:
        """The statements so far; those that follow begin a new list."""
        found, self.statements = self.statements, []
        return found

    def between(self, a: Any, sign: str, b: Any) -> Name:
        """Two numbers with a sign between them."""
        return self.let(f"{self.write(a)} {sign} {self.write(b)}")

    def call(self, operation: str, *arguments: Any, **parameters: Any) -> Name:
        """An operation as the language spells it; one that it lacks is a function by that name."""
        if operation not in self.language.has:
            self.used.add((operation, len(arguments)))
        call = Call(operation, Parameters(parameters)) if parameters else operation
        return self.let(apply(call, [atom(self.write(a)) for a in arguments], self.language.dialect)[0])

    def literal(self, text: str) -> Name:
        """A number of a rule's own: pi, e or a decimal."""
        return Name(self, bracketed(self.language.dialect.constant(text), grammar.ATOM))

    def number(self, value: Any) -> Name:
        """A name as it is; a Python number as a literal."""
        return value if isinstance(value, Name) else Name(self, self.write(value))

    def truth(self, condition: Any) -> bool | None:  # noqa: ARG002
        """Not known while the program is written."""
        return None

    def library(self, name: str, k: int, *arguments: Any) -> Name:
        """One of the floats' own functions. Raises UsageError for one that the language lacks."""
        own = LIBRARY.get((name, k))
        function = own.__name__ if own else ""
        if not self.language.calls(function):
            raise self.language.refusal(f"the derivative of {name}" if k else name)
        if function not in self.language.has:
            self.used.add((function, len(arguments)))
        return self.let(self.language.dialect.call(function, [self.write(a) for a in arguments]))

    def node(self, operation: str, *_: Any) -> Any:
        """Raises the language's refusal: a function that is not specified has no values."""
        raise self.language.refusal(function_of(operation).rstrip("'"))

    def __getattr__(self, name: str) -> Any:
        if name in OPERATIONS:
            if self.language.statements is not None or self.language.calls(name):
                self.__dict__[name] = found = partial(self.call, name)
                return found
            if name in PRIMITIVES or name in NATIVE:
                raise self.language.refusal(name)
        return super().__getattr__(name)
