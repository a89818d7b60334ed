"""A whole text in a notation or a programming language: the formula as it was read, or its gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.analysis.symbolic import symbolic_gradients
from gradcli.errors import UsageError
from gradcli.graph import Graph
from gradcli.printers import dialects
from gradcli.printers.expression import Dialect, several, statements, suited
from gradcli.programs.functions import module
from gradcli.programs.language import Language
from gradcli.programs.languages import languages
from gradcli.programs.lowering import lowered

LONGEST = 2_000
"""Operations in one expression of a formula; beyond that it is told in statements."""


def targets() -> Mapping[str, Dialect | Language]:
    """Every notation and every language by its name, in the order of the names."""
    found: dict[str, Dialect | Language] = {**dialects(), **languages()}
    return {name: found[name] for name in sorted(found)}


def written(graph: Graph, to: str, names: Sequence[str] | None = None) -> str:
    """The formula in the notation or language called `to`, or its gradient with respect to the inputs `names`.

    Raises UsageError as `formula` and `gradient` do.
    """
    target = targets()[to]
    return formula(graph, target) if names is None else gradient(graph, names, target)


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
    whole, places = symbolic_gradients(graph, names)
    if isinstance(to, Language):
        whole, places = lowered(whole, places, to)
        to = to.dialect
    named = suited(graph, to)
    output = named.name(graph.name(graph.output).split("@")[0])
    labels = [named.derivative(output, named.name(each)) for each in names]
    return to.program(several(whole, dict(zip(labels, places, strict=True)), to))
