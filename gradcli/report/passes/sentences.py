"""What several reports say of a pass: its title, the order of its nodes, the true result beside a rounded one."""

from __future__ import annotations

from gradcli.graph import Graph
from gradcli.passes import Edge
from gradcli.printers import unicode
from gradcli.printers.expression import atom, in_full, piece_in_full, suited
from gradcli.report import Cell, Title
from gradcli.report.formulas import Part, Phrase, formula, listed, name, number, phrase
from gradcli.report.passes.trace import Trace
from gradcli.report.plain_text import say

MANY = 12
"""A sum of more contributions is not written out; the table of edges has them."""

NUDGE = 0.01
"""How far an input is raised in the sentence that says what a gradient means."""

ON_A_LINE = 200
"""Operations of a formula that stands in the title."""


def headline(graph: Graph, output: str, size: str, *, always: bool = False) -> Phrase:
    """`f = (x + y)·y`; for a formula that is too long, its size. With `always` a mere name has a left side as well."""
    if in_full(graph, graph.output, unicode.DIALECT, most=ON_A_LINE) is None:
        return phrase(formula(name(output)), f" = {size}")
    whole = formula(lambda dialect: piece_in_full(graph, graph.output, dialect))
    if not always and whole.line(unicode.DIALECT) == output:
        return phrase(whole)
    return phrase(formula(lambda dialect: atom(suited(graph, dialect).name(output)), *whole.sides))


def title(trace: Trace) -> Title:
    """`f = (x + y)·y   at x = 2, y = 3`."""
    graph, write = trace.graph, trace.write
    head = headline(graph, trace.output, f"{len(trace.nodes):,} operations")
    point: list[Part] = [
        formula(write.name(i), write.number(trace.run.values[i]))
        for name, i in graph.inputs.items()
        if trace.say(trace.run.values[i]) != name
    ]
    return [head, phrase("at ", *listed(point))] if point else [head]


def order(graph: Graph) -> list[int]:
    """Inputs in order of first appearance, then operations in evaluation order."""
    return [*graph.inputs.values(), *(i for i in range(len(graph)) if not graph.is_leaf(i))]


def in_text(edges: list[Edge]) -> list[Edge]:
    """Edges in the order of the uses in the text."""
    return sorted(edges, key=lambda edge: (edge.target, edge.argument))


def beside(trace: Trace, true: float | None) -> Cell:
    """The true result beside one that was rounded or pinned."""
    return "" if true is None else phrase("true: ", formula(number(say(true, trace.style))))
