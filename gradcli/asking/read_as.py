"""The same text as SymPy reads it, as a graph, with sentences that compare it with what was typed."""

from __future__ import annotations

from collections import Counter

from gradcli.graph import LEAVES, Graph, Remark
from gradcli.language.sympy.graph_reading import Reading, reading
from gradcli.printers import unicode
from gradcli.printers.expression import program

LONGEST = 200
"""Characters of a formula inside a sentence."""


def as_sympy(graph: Graph) -> tuple[Graph, list[Remark]]:
    """SymPy's reading of the text of `graph`, and what it did to the operations.

    Raises ParseError when SymPy cannot read it.
    """
    found = reading(graph)
    sentences = [f"SymPy reads {shortened(found.text)}: {compared(graph, found)}"]
    if not found.as_typed:
        sentences.append(f"SymPy is given the text as it was read: {shortened(program(graph, unicode.DIALECT))}")
    if found.unknown:
        sentences.append(f"SymPy does not know {', '.join(found.unknown)}: left as gradcli has it")
    return found.graph, [Remark("reading", None, sentence) for sentence in sentences]


def compared(typed: Graph, found: Reading) -> str:
    """`typed: 4 operations; SymPy's: 5, without subtract, divide; with power`; or that they are the same."""
    if found.graph == typed:
        return "the operations as typed"
    ours, theirs = counts(typed), counts(found.graph)
    if found.reordered and ours == theirs:
        return "the operations as typed, in another order"
    lost = [name for name in ours if name not in theirs]
    new = [name for name in theirs if name not in ours]
    parts = [f"typed: {sum(ours.values())} operations; SymPy's: {sum(theirs.values())}"]
    parts += [f"without {', '.join(lost)}"] if lost else []
    parts += [f"with {', '.join(new)}"] if new else []
    return ", ".join(parts)


def counts(graph: Graph) -> Counter[str]:
    """How often each operation occurs."""
    return Counter(name for name in graph.operations if name not in LEAVES)


def shortened(text: str) -> str:
    """A formula that fits a sentence."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
