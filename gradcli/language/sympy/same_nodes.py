"""Which nodes of two graphs mean the same, whatever the order of terms and factors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.graph import CONSTANT, INPUT, Graph

Key = tuple[Any, ...]
"""What a node is, whatever the order of terms and factors; equal keys are equal expressions."""

_TERMS = {"add": 1, "subtract": -1}
_FACTORS = {"multiply": 1, "divide": -1}
_UNORDERED = frozenset({"max", "min", "equal", "not_equal", "logical_and", "logical_or"})


Known = dict[Key, int]
"""A number for every key that was met, the same in every graph."""


def keys(graph: Graph, statements: Mapping[int, int], known: Known) -> list[int]:
    """The keys of all nodes, as numbers. `statements` numbers the nodes that other statements know by a name only."""
    found: list[int] = []
    shown: list[Key] = []
    seen: list[int] = []
    for index in range(len(graph)):
        key = _key(graph, index, shown, seen)
        found.append(known.setdefault(key, len(known)))
        shown.append(("statement", statements[index]) if index in statements else key)
        seen.append(known.setdefault(shown[index], len(known)))
    return found


def _key(graph: Graph, index: int, shown: Sequence[Key], seen: Sequence[int]) -> Key:
    operation, arguments = graph.operations[index], graph.arguments[index]
    if operation == INPUT:
        return (INPUT, graph.texts[index])
    if operation == CONSTANT:
        text = graph.texts[index]
        return (CONSTANT, text if text[-1:].isalpha() else float(text))
    for kind, signs in (("sum", _TERMS), ("product", _FACTORS)):
        if operation in signs:
            a, b = arguments
            return _joined(kind, [(shown[a], seen[a], 1), (shown[b], seen[b], signs[operation])])
    if operation == "negate":
        return _joined("sum", [(shown[arguments[0]], seen[arguments[0]], -1)])
    if operation == "square":
        return _joined("product", [(shown[arguments[0]], seen[arguments[0]], 2)])
    parts = [seen[argument] for argument in arguments]
    return (operation, *(sorted(parts) if operation in _UNORDERED else parts))


def _joined(kind: str, parts: Sequence[tuple[Key, int, int]]) -> Key:
    """A sum or product of parts, each with a factor or an exponent; those of the same kind are joined."""
    counts: Counter[int] = Counter()
    for key, number, times in parts:
        for part, count in key[1] if key[0] == kind else [(number, 1)]:
            counts[part] += count * times
    return (kind, frozenset(counts.items()))
