"""The gradients of a graph as formulas over its variables, in typed order: the passes over symbols."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.graph import Graph
from gradcli.passes import backward, forward
from gradcli.systems.symbols import Symbol, Symbols


def symbolic_gradients(graph: Graph, names: Sequence[str], upstream: str | None = None) -> tuple[Graph, list[int]]:
    """One graph that holds the gradient with respect to each of `names`, and their places in it.

    `upstream` names the variable that stands for the gradient that arrives at the output; None for 1.
    """
    symbols = Symbols()
    run = forward(graph, {name: symbols.variable(name) for name in graph.inputs}, symbols)
    arriving = 1 if upstream is None else symbols.variable(upstream)
    gradients = backward(run, names, arriving).gradients
    found = [gradients[graph.inputs[name]] for name in names]
    places = [each.index for each in found if isinstance(each, Symbol)]
    return symbols.builder.finish(max(places)), places
