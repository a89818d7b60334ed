"""The gradients of a graph as formulas over its variables, in typed order: the passes over symbols."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.graph import Graph
from gradcli.passes import backward, forward
from gradcli.systems.symbols import Symbol, Symbols


def symbolic_gradients(graph: Graph, names: Sequence[str], upstream: str | None = None) -> tuple[Graph, Sequence[int]]:
    """One graph that holds the gradient with respect to each of `names`, and their places in it.

    Values that have names in the text keep them. `upstream` names the variable that stands for the gradient that
    arrives at the output; None for 1.
    """
    symbols = Symbols()
    run = forward(graph, {name: symbols.variable(name) for name in graph.inputs}, symbols)
    arriving = 1 if upstream is None else symbols.variable(upstream)
    gradients = backward(run, names, arriving).gradients
    for index, name in graph.bindings.items():
        value = run.values[index]
        if "@" not in name and isinstance(value, Symbol):
            symbols.builder.bind(name, value.index)
    return symbols.builder.finish(0), [gradients[graph.inputs[name]].index for name in names]
