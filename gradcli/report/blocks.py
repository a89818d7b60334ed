"""Text with formulas: headings, sentences and rows of equations, which every format for people draws in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradcli.printers.expression import Dialect
from gradcli.report.formulas import Formula, Part, remark, told


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
