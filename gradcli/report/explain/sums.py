"""Section 4: every node that gets more than one contribution, and their sum."""

from __future__ import annotations

from collections.abc import Iterator

from gradcli.report.blocks import Block, Sentence
from gradcli.report.explain.material import TERMS, Material
from gradcli.report.formulas import Formula, Writer, formula
from gradcli.report.passes.sentences import in_text
from gradcli.report.plain_text import plural

SUMMED = 12
"""Contributions written out in a sum."""


def sums(material: Material) -> Iterator[Block]:
    """Every node that is used more than once: its contributions and their sum."""
    shared = [
        i for i in [*reversed(material.nodes), *material.inputs]
        if len(material.incoming.get(i, [])) > 1 and (i != material.start or material.start == material.graph.output)
    ]  # fmt: skip
    if not shared:
        yield Sentence(["No node gets more than one contribution, so there is nothing to add."])
        return
    if not material.wishes.brief:
        yield Sentence(["A node that is used more than once gets a contribution from every use. Add them."])
    yield from material.listed(shared, lambda i: sum_row(material, i))


def sum_row(material: Material, index: int) -> Formula:
    """`∂f/∂y = ∂f/∂v1·∂v1/∂y + 1·v1 = 3 + 5 = 8`."""
    write, edges = material.write, in_text(material.incoming[index])
    active = [edge for edge in edges if edge.active]
    gradient = material.trace.gradients[index]
    used = plural(len(edges), "use", "uses")
    if len(active) < len(edges):
        used += f", {len(edges) - len(active)} of them closed"
    if len(active) > SUMMED:
        return formula(write.derivative(index), *material.short(gradient), comment=f"the sum of {used}")
    chain = write.total([write.product(write.derivative(e.target), write.local_symbol(e)) for e in active])
    sides: list[Writer | tuple[str, Writer]] = (
        [] if len(active) > TERMS or material.wishes.brief or not active else [chain]
    )
    if not material.formulas and active:
        sides.append(write.total([write.number(edge.contribution) for edge in active]))
    shown = None if material.formulas else sum(write.digits(edge.contribution) for edge in active)
    end = [write.result(gradient, shown)] if write.is_written(gradient) else []
    return material.distinct(write.derivative(index), *sides, *end, comment=used)
