"""A whole text in a notation or a programming language: the formula as it was read, or its gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.errors import UsageError
from gradcli.graph import Graph
from gradcli.passes import backward, forward
from gradcli.printers import dialects
from gradcli.printers.expression import Dialect, several, statements, suited
from gradcli.programs.functions import module
from gradcli.programs.language import Language
from gradcli.programs.languages import languages
from gradcli.programs.lowering import lowered
from gradcli.systems.symbols import Symbol, Symbols

LONGEST = 2_000
"""Operations in one expression of a formula; beyond that it is told in statements."""


def targets() -> Mapping[str, Dialect | Language]:
    """Every notation and every language by its name, in the order of the names."""
    found: dict[str, Dialect | Language] = {**dialects(), **languages()}
    return {name: found[name] for name in sorted(found)}


def formula(graph: Graph, to: Dialect | Language) -> str:
    """The formula in typed order; a notation can say every operation.

    Raises UsageError for an operation that a language lacks.
    """
    if isinstance(to, Language):
        if to.statements is not None:
            return module(graph, to)
        graph, _ = lowered(graph, [graph.output], to)
        to = to.dialect
    return to.program(statements(graph, to, LONGEST))


def gradient(graph: Graph, names: Sequence[str], to: Dialect | Language) -> str:
    """The derivatives of the output with respect to the inputs `names`, in typed order, nothing simplified.

    Where one of them is too long to be written in full, all are told as a program, a statement a node; a language of
    statements has the backward pass. Raises UsageError when there is nothing to differentiate for, or for an operation
    that a language lacks.
    """
    if not names:
        raise UsageError("there is no variable, so there is no gradient", hint="leave --gradient out")
    if isinstance(to, Language) and to.statements is not None:
        return module(graph, to, names)
    written, places = symbolic_gradient(graph, names)
    if isinstance(to, Language):
        written, places = lowered(written, places, to)
        to = to.dialect
    named = suited(graph, to)
    output = named.name(graph.name(graph.output).split("@")[0])
    labels = [named.derivative(output, named.name(each)) for each in names]
    return to.program(several(written, dict(zip(labels, places, strict=True)), to))


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
