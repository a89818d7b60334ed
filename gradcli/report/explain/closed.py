"""Section 5 of a worked solution: every gradient as one formula over the inputs, in typed order and tidied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcli.analysis.symbolic import symbolic_gradients
from gradcli.analysis.tidy import tidied
from gradcli.errors import UsageError
from gradcli.graph import Graph
from gradcli.printers import unicode
from gradcli.printers.expression import Dialect, Piece, atom, tree_sizes
from gradcli.report.blocks import Block, Equations, Sentence
from gradcli.report.explain.material import Material, few
from gradcli.report.formulas import EQUAL, ROUGHLY, Formula, Writer, number
from gradcli.report.plain_text import say
from gradcli.report.spelling import TIDIED, WRITTEN

CLOSED_FORMS = 1_000
"""Operations of a graph whose gradients are looked at as formulas; in larger ones they would all be too long."""


def closed_forms(material: Material) -> Iterator[Block]:
    """The gradient of every input as one formula, and its value."""
    asked = [i for i in material.inputs if material.trace.gradients[i] is not None]
    if not asked or not material.nodes:
        yield Sentence(["There is no formula to write."])
        return
    if len(material.nodes) > CLOSED_FORMS:
        yield Sentence(["The formulas are too long to write out: the steps above are the shortest way to tell it."])
        return
    try:
        rows, long = rows_of(material, asked)
    except UsageError:  # a closed branch without a derivative: there are gradients, but no formula for all points
        yield Sentence(["There is no one formula for all points: a part that is not needed here has no derivative."])
        return
    if rows:
        value = "" if material.formulas else ", and its value"
        yield Sentence([f"Substitute the lines into each other: every gradient as one formula{value}."])
        first, _, left_out = few(rows, 2 * material.wishes.most)
        yield Equations(first if left_out else rows)
        if left_out:
            yield Sentence([f"… {len(rows) - len(first):,} more formulas are left out …"])
    if long:
        many = "The formulas of " if len(long) > 1 else "The formula of "
        tail = " are" if len(long) > 1 else " is"
        yield Sentence([many, *material.names(long), f"{tail} too long to write out: the steps above tell it."])


def rows_of(material: Material, asked: Sequence[int]) -> tuple[list[Formula], list[int]]:
    """The rows, and the inputs whose formula is too long to be written out."""
    graph, trace, write = material.graph, material.trace, material.write
    upstream = None if material.plain_start or trace.back is None else UPSTREAM
    written, places = symbolic_gradients(graph, [graph.name(index) for index in asked], upstream)
    sizes = tree_sizes(written)
    letters = all(trace.say(trace.run.values[i]) == name for name, i in graph.inputs.items())
    filled = material.formulas and not (letters and material.plain_start)
    rows: list[Formula] = []
    long: list[int] = []
    for index, place in zip(asked, places, strict=True):
        if sizes[place] > WRITTEN:
            long.append(index)
            continue
        sides: list[Writer | tuple[str, Writer]] = [_whole(material, written, place)]
        if len(graph) <= TIDIED and material.plain_start and not filled:
            sides += _tidy(material, written, place)
        if filled and write.is_written(trace.gradients[index]):
            sides.append(write.number(trace.gradients[index]))
        elif not material.formulas:
            true = trace.true_gradient(index)
            if true is None:
                sides.append(write.result(trace.gradients[index]))
            else:
                text = say(true, trace.style)
                sides.append((EQUAL if float(text) == true else ROUGHLY, number(text)))
        rows.append(material.distinct(write.derivative(index), *sides))
    return rows, long


UPSTREAM = "⟦upstream⟧"
"""The letter of the upstream gradient; it is written as ∂L/∂f."""


def _whole(material: Material, graph: Graph, place: int) -> Writer:
    output = material.write.derivative(material.graph.output)
    return material.write.filled(graph, place, {UPSTREAM: output})


def _tidy(material: Material, graph: Graph, place: int) -> list[Writer]:
    """The tidy form, where there is one."""
    judge = material.write.suit(unicode.DIALECT)
    if "where" in graph.operations or tidied(graph, place, judge) is None:
        return []

    def write(dialect: Dialect) -> Piece:
        return atom(tidied(graph, place, material.write.suit(dialect), judge) or "")

    return [write]
