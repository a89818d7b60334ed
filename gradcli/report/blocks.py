"""Text with formulas: headings, sentences and rows of equations, which every format for people draws in its own way.

A formula is kept as its sides, each a `Writer`: it is told the dialect and writes itself. So the terminal, LaTeX and
MathML show the same formula, and none of them has to read another's text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gradcli.printers.expression import Dialect, Piece

Writer = Callable[[Dialect], Piece]
"""One side of an equation: what it is in a dialect."""

EQUAL = "="
ROUGHLY = "≈"


Comment = tuple[str | Writer, ...]
"""Words, and names among them, behind an equation."""


class Formula(NamedTuple):
    """`v1 = w·x ≈ 0.75`: sides with a sign between each and the next, = or ≈; a comment in words may follow."""

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


class Heading(NamedTuple):
    """The title of a section (level 1) or of a part of it (level 2)."""

    parts: Sequence[Part]
    level: int = 1


class Sentence(NamedTuple):
    """Words and formulas; `label` stands before them: "Receive"."""

    parts: Sequence[Part]
    label: str = ""


class Equations(NamedTuple):
    """Formulas one below the other, their first signs aligned."""

    rows: Sequence[Formula]
    label: str = ""


Block = Heading | Sentence | Equations


def told(parts: Sequence[Part], dialect: Dialect) -> str:
    """The parts as one text, in a dialect that spells its signs as they are."""
    return "".join(part if isinstance(part, str) else part.line(dialect) for part in parts)


def remark(row: Formula, dialect: Dialect) -> str:
    """The comment of a formula, in such a dialect."""
    return "".join(part if isinstance(part, str) else part(dialect)[0] for part in row.comment)


def sections(blocks: Sequence[Block], dialect: Dialect) -> list[dict[str, Any]]:
    """The blocks as data: a list of sections, each with its title and what stands in it."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            found.append({"title": told(block.parts, dialect), "blocks": []})
            continue
        entry: dict[str, Any]
        if isinstance(block, Equations):
            rows = [{"formula": row.line(dialect), "comment": remark(row, dialect)} for row in block.rows]
            entry = {"kind": "equations", "label": block.label, "rows": rows}
        elif isinstance(block, Heading):
            entry = {"kind": "heading", "label": "", "text": told(block.parts, dialect)}
        else:
            entry = {"kind": "sentence", "label": block.label, "text": told(block.parts, dialect)}
        found[-1]["blocks"].append(entry)
    return found
