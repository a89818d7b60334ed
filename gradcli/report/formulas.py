"""Formulas in a report: what writes itself in any dialect, and words among such formulas.

A formula is kept as its sides, each a `Writer`: it is told the dialect and writes itself. So the terminal, LaTeX and
MathML show the same formula, and none of them has to read another's text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gradcli.printers.expression import Dialect, Piece

Writer = Callable[["Dialect"], "Piece"]
"""One side of an equation: what it is in a dialect."""

EQUAL = "="
ROUGHLY = "≈"
TO = "→"
FROM = "←"

Comment = tuple["str | Writer", ...]
"""Words, and names among them, behind an equation."""


class Formula(NamedTuple):
    """`v1 = w·x ≈ 0.75`: sides with a sign between each and the next; a comment in words may follow."""

    sides: tuple[Writer, ...]
    signs: tuple[str, ...] = ()
    comment: Comment = ()

    def texts(self, dialect: Dialect) -> list[str]:
        """The sides in a dialect."""
        return [side(dialect)[0] for side in self.sides]

    def line(self, dialect: Dialect) -> str:
        """The whole on one line, in a dialect that spells its signs as they are; without the comment."""
        first, *rest = self.texts(dialect)
        return first + "".join(f" {sign} {text}" for sign, text in zip(self.signs, rest, strict=True))


def formula(first: Writer, *rest: Writer | tuple[str, Writer], comment: str | Comment = ()) -> Formula:
    """A formula of sides; one given as (sign, side) has that sign before it instead of =."""
    words = ((comment,) if comment else ()) if isinstance(comment, str) else comment
    pairs = [each if isinstance(each, tuple) else (EQUAL, each) for each in rest]
    return Formula((first, *(side for _, side in pairs)), tuple(sign for sign, _ in pairs), words)


Part = str | Formula
"""A piece of a sentence: words, or a formula."""


class Phrase(NamedTuple):
    """Words and formulas in a row."""

    parts: tuple[Part, ...]


def phrase(*parts: Part) -> Phrase:
    """A row of words and formulas."""
    return Phrase(parts)


def told(parts: Sequence[Part], dialect: Dialect) -> str:
    """The parts as one text, in a dialect that spells its signs as they are."""
    return "".join(part if isinstance(part, str) else part.line(dialect) for part in parts)


def remark(row: Formula, dialect: Dialect) -> str:
    """The comment of a formula, in such a dialect."""
    return "".join(part if isinstance(part, str) else part(dialect)[0] for part in row.comment)


def listed(items: Sequence[Part], between: str = ", ") -> list[Part]:
    """The items in a row, with words between each and the next."""
    parts: list[Part] = []
    for item in items:
        parts += [between, item] if parts else [item]
    return parts


# -- writers ---------------------------------------------------------------------------------------------------------


def number(text: str) -> Writer:
    """A number that is given as text."""
    return lambda dialect: dialect.constant(text)


def name(text: str) -> Writer:
    """A name that need not be a node's."""

    def write(dialect: Dialect) -> Piece:
        from gradcli.printers.expression import atom

        return atom(dialect.name(text))

    return write


def words(text: str) -> Writer:
    """Words in the place of a formula."""

    def write(dialect: Dialect) -> Piece:
        from gradcli.printers.expression import atom

        return atom(dialect.words(text))

    return write


def derivative(above: str, below: str) -> Writer:
    """∂above/∂below, over names."""

    def write(dialect: Dialect) -> Piece:
        from gradcli.printers.expression import atom

        return atom(dialect.derivative(dialect.name(above), dialect.name(below)))

    return write


def second_derivative(above: str, first: str, second: str) -> Writer:
    """∂²above/∂first∂second; ∂²above/∂first² where both are one."""

    def write(dialect: Dialect) -> Piece:
        from gradcli.printers.expression import atom

        return atom(dialect.second_derivative(*map(dialect.name, (above, first, second))))

    return write


def equation(above: str, text: str) -> Formula:
    """`x = 2`: a name and a number that is given as text."""
    return formula(name(above), number(text))


def digits(text: str) -> Formula:
    """A number that is given as text, by itself."""
    return formula(number(text))
