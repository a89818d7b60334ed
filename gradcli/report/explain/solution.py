"""The worked solution of a backward pass, section by section.

The order and the words follow the lectures: sketch the forward pass, begin at the output, and at every node receive the
upstream gradient, compute the local derivatives, apply the chain rule and pass the gradient on; where a node is used
more than once, add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.printers import ascii
from gradcli.report import Report
from gradcli.report.blocks import Block, Heading, sections
from gradcli.report.explain.backward import backward
from gradcli.report.explain.closed import closed_forms
from gradcli.report.explain.expansion import expansion
from gradcli.report.explain.material import Material, Wishes
from gradcli.report.explain.meaning import meaning
from gradcli.report.explain.steps import forward, steps
from gradcli.report.explain.sums import sums
from gradcli.report.passes.report import report_of
from gradcli.report.passes.trace import Trace


class Solution:
    """A worked solution; `start` is the position of the node it begins at."""

    def __init__(self, trace: Trace, wishes: Wishes, start: int) -> None:
        self.trace = trace
        self.wishes = wishes
        self.start = start

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

    def report(self) -> Report:
        """The report of the backward pass with the text, section by section."""
        passed = report_of("explain", self.trace)

        def facts() -> Mapping[str, Any]:
            return {**passed.facts(), "sections": sections(self.blocks(self.wishes.most), ascii.DIALECT)}

        return passed._replace(facts=facts, blocks=self.blocks)
