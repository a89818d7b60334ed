"""What a programming language is: how it spells a graph, what it has of its own, how functions are written in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from gradcli.errors import UsageError
from gradcli.printers.expression import Dialect
from gradcli.programs.runtime import EMPTY, Runtime, read

Variant = tuple[Sequence[str], Sequence[str]]
"""What a function does with one number of arguments: its parameters, and its lines."""


class Statements(NamedTuple):
    """How functions are written in a language, piece by piece; every field makes text.

    assign      a line that gives an expression a name
    result      the line that gives one expression back
    results     the line that gives several back, together
    under       lines that run only where all of some tests hold
    nothing     the word for a gradient that nothing has arrived at
    is_nothing  the test for it, and `is_something` the opposite one
    holds       the test for a number that is a condition and may hold: true of nan as well
    fails       the test for one that may not hold: true of nan as well
    either      of a test and two expressions, the first one where it holds, else the second one
    parameter   a parameter with a number that stands for it where it is left out
    function    a function: its name, a line of documentation or nothing, a variant for every number of arguments that
                it is called with
    module      a whole text, of the lines of its constants, and functions
    longest     operations in one expression; beyond that it becomes several lines
    """

    assign: Callable[[str, str], str]
    result: Callable[[str], str]
    results: Callable[[Sequence[str]], str]
    under: Callable[[Sequence[str], Sequence[str]], Sequence[str]]
    nothing: str
    is_nothing: Callable[[str], str]
    is_something: Callable[[str], str]
    holds: Callable[[str], str]
    fails: Callable[[str], str]
    either: Callable[[str, str, str], str]
    parameter: Callable[[str, str], str]
    function: Callable[[str, str, Sequence[Variant]], str]
    module: Callable[[Sequence[str], Sequence[str]], str]
    longest: int = 60


def plain_number(value: float) -> str:
    """A number as most languages write it, in brackets when it is negative."""
    text = repr(float(value))
    return f"({text})" if text.startswith("-") else text


class Language(NamedTuple):
    """How one language says a graph.

    dialect     how expressions are spelled; every operation of `has`, and calls of functions that are written beside
    has         the operations that it has itself, as the dialect spells them. Others are told in these: in a language
                of expressions by their textbook form, else by a function beside the program
    lacks       begins the sentence that refuses an operation it cannot say
    instead     the notation or language that is offered then
    number      how a number of a rule is written
    nan         not a number
    runtime     the file of `gradcli.programs.runtime` with functions that it lacks and no rule can say, or nothing
    statements  how functions are written; None in a language of expressions, and where all is read through to what
                the language has
    """

    dialect: Dialect
    has: Collection[str]
    lacks: str
    instead: str
    number: Callable[[float], str] = plain_number
    nan: str = "nan"
    runtime: str = ""
    statements: Statements | None = None

    def texts(self) -> Runtime:
        """The functions and constants of its runtime."""
        return read(self.runtime) if self.runtime else EMPTY

    def spelled(self, operation: str) -> str:
        """The name that an operation's function has there."""
        return self.dialect.names.get(operation, operation)

    def calls(self, function: str) -> bool:
        """Whether a function by this name can be called without a rule: its own, or one of its runtime."""
        return function in self.has or self.spelled(function) in self.texts().functions

    def refusal(self, what: str) -> UsageError:
        """The error for something that it cannot say."""
        return UsageError(f"{self.lacks} {what}", hint=f"choose another dialect: --to {self.instead}")
