"""Section 5 of a worked solution: every gradient as one formula over the inputs, in typed order and tidied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcli.analysis.tidy import tidied
from gradcli.passes import backward, forward
from gradcli.printers.expression import MOST, Dialect, Piece, atom, tree_sizes
from gradcli.report.blocks import ROUGHLY, Formula, Writer
from gradcli.report.numbers import TIDIED, WRITTEN
from gradcli.report.words import say
from gradcli.systems.symbols import Symbol, Symbols

if TYPE_CHECKING:
    from gradcli.report.solution import Solution


def closed_forms(solution: Solution, asked: Sequence[int]) -> tuple[list[Formula], list[int]]:
    """The rows, and the inputs whose formula is too long to be written out."""
    graph, trace, write = solution.graph, solution.trace, solution.write
    symbols = Symbols()
    point = {name: symbols.variable(name) for name in graph.inputs}
    run = forward(graph, point, symbols)
    upstream = 1 if solution.plain_start or trace.back is None else symbols.variable(_Upstream)
    names = [graph.name(index) for index in asked]
    gradients = backward(run, names, upstream).gradients
    found = [gradients[index] for index in asked]
    written = symbols.builder.finish(max(each.index for each in found if isinstance(each, Symbol)))
    sizes = tree_sizes(written)
    rows: list[Formula] = []
    long: list[int] = []
    for index, symbol in zip(asked, found, strict=True):
        if sizes[symbol.index] > WRITTEN:
            long.append(index)
            continue
        sides: list[Writer | tuple[str, Writer]] = [_whole(solution, written, symbol.index)]
        if len(graph) <= TIDIED and sizes[symbol.index] <= min(WRITTEN, MOST) and solution.plain_start:
            sides += _tidy(solution, written, symbol.index)
        if not solution.formulas:
            true = trace.true_gradient(index)
            if true is None:
                sides.append(write.result(trace.gradients[index]))
            else:
                sides.append((ROUGHLY, _number(say(true, trace.style))))
        rows.append(solution.distinct(write.derivative(index), *sides))
    return rows, long


_Upstream = "⟦upstream⟧"
"""The letter of the upstream gradient; it is written as ∂L/∂f."""


def _whole(solution: Solution, graph: object, place: int) -> Writer:
    from gradcli.graph import Graph

    assert isinstance(graph, Graph)
    output = solution.write.derivative(solution.graph.output)
    return solution.write._filled(graph, place, {_Upstream: output})


def _tidy(solution: Solution, graph: object, place: int) -> list[Writer]:
    """The tidy form, where there is one."""
    from gradcli.graph import Graph
    from gradcli.printers import unicode

    assert isinstance(graph, Graph)
    if tidied(graph, place, solution.write.suit(unicode.DIALECT)) is None:
        return []

    def write(dialect: Dialect) -> Piece:
        return atom(tidied(graph, place, solution.write.suit(dialect)) or "")

    return [write]


def _number(text: str) -> Writer:
    return lambda dialect: dialect.constant(text)
