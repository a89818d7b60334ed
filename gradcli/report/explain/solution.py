"""The worked solution of a backward pass, section by section.

The order and the words follow the lectures: sketch the forward pass, begin at the output, and at every node receive the
upstream gradient, compute the local derivatives, apply the chain rule and pass the gradient on; where a node is used
more than once, add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.printers import ascii
from gradcli.report import Note, Report, Table
from gradcli.report.blocks import Block, Heading, sections
from gradcli.report.explain.backward import backward
from gradcli.report.explain.closed import closed_forms
from gradcli.report.explain.expansion import expansion
from gradcli.report.explain.material import Material, Wishes
from gradcli.report.explain.meaning import meaning
from gradcli.report.explain.steps import forward, steps
from gradcli.report.explain.sums import sums
from gradcli.report.trace import Trace


class Solution(Report):
    """A worked solution; `start` is the position of the node it begins at."""

    def __init__(self, trace: Trace, wishes: Wishes, start: int) -> None:
        self.trace = trace
        self.wishes = wishes
        self.start = start
        self.notes: Sequence[Note] = trace.notes
        self.exit_status = trace.exit_status

    def record(self) -> Mapping[str, Any]:
        """The record of the backward pass with the text, section by section."""
        record = dict(self.trace.record())
        notes = record.pop("notes")
        return {**record, "sections": sections(self.blocks(self.wishes.most), ascii.DIALECT), "notes": notes}

    def title(self) -> str:
        """`f = (x + y)·y   at x = 2, y = 3`."""
        return self.trace.title()

    def screen(self, rows: int) -> Sequence[Table]:
        """The tables of the backward pass."""
        return self.trace.screen(rows)

    def tables(self) -> Mapping[str, Table]:
        """The data tables of the backward pass."""
        return self.trace.tables()

    def blocks(self, rows: int) -> Sequence[Block]:  # noqa: ARG002
        """The solution."""
        material, wishes = Material(self.trace, self.wishes, self.start), self.wishes
        parts: list[tuple[str, Iterator[Block]]] = [] if wishes.brief else [("Steps", steps(material))]
        parts.append(("Forward", forward(material)))
        if material.stop is None:
            parts += [("Backward", backward(material)), ("Add up", sums(material))]
            if not wishes.brief:
                parts.append(("Formulas", closed_forms(material)))
            if wishes.expand:
                parts.append(("All paths", expansion(material)))
            parts.append(("What it means", meaning(material)))
        found: list[Block] = []
        for position, (title, section) in enumerate(parts, start=1):
            found += [Heading([f"{position} {title}"]), *section]
        return found
