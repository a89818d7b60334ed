"""A whole text in a dialect: the formula as it was read, or its gradient."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.errors import UsageError
from gradcli.graph import Graph
from gradcli.passes import backward, forward
from gradcli.printers.expression import Dialect, several, statements, suited
from gradcli.systems.symbols import Symbol, Symbols

LONGEST = 2_000
"""Operations in one expression of a formula; beyond that it is told in statements."""


def formula(graph: Graph, dialect: Dialect) -> str:
    """The formula in typed order. Raises UsageError for an operation that the notation cannot say."""
    if dialect.whole:
        return dialect.whole(graph, None)
    graph, _ = dialect.lowered(graph, [graph.output])
    return dialect.program(statements(graph, dialect, LONGEST))


def gradient(graph: Graph, names: Sequence[str], dialect: Dialect) -> str:
    """The derivatives of the output with respect to the inputs `names`, in typed order, nothing simplified.

    Where one of them is too long to be written in full, all are told as a program, a statement a node. Raises
    UsageError when there is nothing to differentiate for, or for an operation that the notation cannot say.
    """
    if not names:
        raise UsageError("there is no variable, so there is no gradient", hint="leave --gradient out")
    if dialect.whole:
        return dialect.whole(graph, names)
    written, places = symbolic_gradient(graph, names)
    written, places = dialect.lowered(written, places)
    named = suited(graph, dialect)
    output = named.name(graph.name(graph.output).split("@")[0])
    labels = [named.derivative(output, named.name(each)) for each in names]
    return dialect.program(several(written, dict(zip(labels, places, strict=True)), dialect))


def symbolic_gradient(graph: Graph, names: Sequence[str]) -> tuple[Graph, Sequence[int]]:
    """A graph that holds the derivatives of the output with respect to `names`, and their places in it."""
    symbols = Symbols()
    run = forward(graph, {name: symbols.variable(name) for name in graph.inputs}, symbols)
    gradients = backward(run, names).gradients
    for index, name in graph.bindings.items():
        value = run.values[index]
        if "@" not in name and isinstance(value, Symbol):
            symbols.builder.bind(name, value.index)
    return symbols.builder.finish(0), [gradients[graph.inputs[name]].index for name in names]
