"""The same text as SymPy reads it, as a graph, with a sentence that compares it with what was typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from gradcli.errors import ParseError
from gradcli.graph import LEAVES, Graph, Remark
from gradcli.language.sympy.from_sympy import from_sympy
from gradcli.language.sympy.second_reading import read
from gradcli.printers import ascii
from gradcli.printers.expression import in_full


def as_sympy(graph: Graph, names: Collection[str]) -> tuple[Graph, Remark]:
    """SymPy's reading of the text of `graph`, and what it did to the operations.

    A text with products without a sign or with several statements is given to SymPy in its explicit form. Raises
    ParseError when SymPy cannot read it.
    """
    try:
        expression = read(graph.source, names)
    except ParseError:
        explicit = in_full(graph, graph.output, ascii.DIALECT)
        if explicit is None:
            raise
        expression = read(explicit, names)
    other = from_sympy(expression)
    return other, Remark("reading", None, compared(graph, other))


def compared(typed: Graph, other: Graph) -> str:
    """`typed: 4 operations; SymPy's: 5, without subtract, divide; with power`."""
    ours, theirs = counts(typed), counts(other)
    lost = [name for name in ours if name not in theirs]
    new = [name for name in theirs if name not in ours]
    parts = [f"typed: {sum(ours.values())} operations; SymPy's: {sum(theirs.values())}"]
    parts += [f"without {', '.join(lost)}"] if lost else []
    parts += [f"with {', '.join(new)}"] if new else []
    return ", ".join(parts)


def counts(graph: Graph) -> Counter[str]:
    """How often each operation occurs."""
    return Counter(name for name in graph.operations if name not in LEAVES)
