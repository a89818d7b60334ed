"""A graph in fewer operations, for languages that lack some: the textbook form of the table takes their place.

Conditions and numbers are told apart on the way, for languages in which x > 0 is no number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from gradcli.graph import LEAVES, Graph
from gradcli.ops import OPERATIONS, Operation, is_condition
from gradcli.ops.operation import PRIMITIVES, Rule
from gradcli.ops.unspecified import is_unspecified
from gradcli.programs.language import Language
from gradcli.systems.symbols import Symbol, Symbols

_JOINED = frozenset({"logical_and", "logical_or", "logical_not"})


class Lowering(Symbols):
    """Symbols that know some operations only; the others write down their textbook value.

    Raises NotImplementedError for an operation that is not known and has no textbook form in others.
    """

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        super().__init__()

    def rule(self, operation: Operation) -> Rule:
        """The node, or the value in other operations."""
        return super().rule(operation) if operation.name in self.known else operation.value

    def __getattr__(self, name: str) -> Any:
        if name in OPERATIONS and name not in self.known:
            if name in PRIMITIVES:
                raise NotImplementedError(name)
            return partial(OPERATIONS[name].value, self)
        return super().__getattr__(name)

    def node(self, operation: str, *arguments: Any, **parameters: Any) -> Symbol:
        """A node; a condition where a number belongs becomes 1 or 0, a number where a condition belongs ≠ 0."""
        if operation not in self.known:
            raise NotImplementedError(operation)
        kinds = [operation in _JOINED or (operation == "where" and k == 0) for k in range(len(arguments))]
        placed = [self.condition(a) if wanted else self.plain(a) for a, wanted in zip(arguments, kinds, strict=True)]
        if operation == "max" and len(placed) == 2 and "relu" in self.known:
            for k, argument in enumerate(placed):
                if self.is_zero(argument):  # what is read of max(0, a)
                    return super().node("relu", placed[1 - k])
        return super().node(operation, *placed, **parameters)

    def less(self, a: Any, b: Any) -> Any:
        """a < b, the other way round only where that sign is known."""
        return super().less(a, b) if "greater" in self.known else self.node("less", a, b)

    def less_equal(self, a: Any, b: Any) -> Any:
        """a <= b, the other way round only where that sign is known."""
        return super().less_equal(a, b) if "greater_equal" in self.known else self.node("less_equal", a, b)

    def is_zero(self, value: Any) -> bool:
        """Whether a number is a 0 that was typed."""
        return value == 0 if not isinstance(value, Symbol) else self.builder.texts.get(value.index) == "0"

    def is_condition(self, value: Any) -> bool:
        """Whether a symbol is a comparison or joins some."""
        return isinstance(value, Symbol) and is_condition(self.builder.operations[value.index])

    def condition(self, value: Any) -> Any:
        """A symbol as a condition."""
        return value if self.is_condition(value) else self.node("not_equal", value, 0)

    def plain(self, value: Any) -> Any:
        """A symbol as a number."""
        return self.node("where", value, 1, 0) if self.is_condition(value) else value


def lowered(graph: Graph, nodes: Sequence[int], language: Language) -> tuple[Graph, Sequence[int]]:
    """The graph in the operations that a language has, with the same names, and the places of `nodes` in it.

    Raises UsageError for an operation that it lacks and that has no textbook form in those it has.
    """
    used = {name for name in graph.operations if name not in LEAVES}
    has = {*language.has, "copy"}  # a copy is a statement, which is no operation of any language
    if used <= has and not any(map(is_condition, used)) and "where" not in used:
        return graph, nodes
    needed = graph.behind([*nodes, graph.output])
    symbols = Lowering(has)
    values: list[Any] = [None] * len(graph)
    for index, arguments in enumerate(graph.arguments):
        if graph.is_leaf(index) and (index in needed or not graph.is_constant(index)):
            leaf = symbols.literal if graph.is_constant(index) else symbols.variable
            values[index] = leaf(graph.texts[index])
        elif index in needed:
            operation, parameters = graph.call(index)
            entry = OPERATIONS[operation]
            if is_unspecified(entry.name):
                raise language.refusal(entry.name)
            try:
                value = symbols.rule(entry)(symbols, *(values[a] for a in arguments), **parameters)
                values[index] = symbols.number(value)
            except NotImplementedError:
                raise language.refusal(entry.name) from None
        if index in needed and index in graph.bindings:
            symbols.builder.bind(graph.bindings[index].split("@")[0], values[index].index)
    symbols.builder.defaults.update(graph.defaults)
    places = [symbols.plain(values[index]).index for index in (*nodes, graph.output)]
    return symbols.builder.finish(places[-1]), places[:-1]
