"""SymPy's reading of a text as a graph: one SymPy expression a statement, with the names and places of the text.

A text that is one formula with explicit signs is given to SymPy as it stands. Otherwise it is given the reading that
was made of the text: a statement for every node that has a name or is used twice, under names of our own.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any, NamedTuple

from gradcli import ops
from gradcli.errors import ParseError, Span
from gradcli.graph import INPUT, Graph, Parameters
from gradcli.language.sympy.from_sympy import GraphReader
from gradcli.language.sympy.same_nodes import Known, keys
from gradcli.language.sympy.second_reading import OPERATIONS, read
from gradcli.ops.unspecified import is_unspecified
from gradcli.printers.expression import Dialect, Piece, apply, atom, called, leaf

MOST = OPERATIONS - 50
"""Operations of one expression; a longer one is given in parts."""

_SIGNS = frozenset({"add", "subtract", "multiply", "divide", "negate", "power", "square"})
"""Operations that SymPy's parser gets as signs; all others are calls, as it multiplies no conditions."""

EXPLICIT = Dialect(
    special={
        name: lambda *arguments, name=name: atom(called(name, [text for text, _ in arguments]))
        for name in ops.OPERATIONS
        if name not in _SIGNS
    }
)


class Statement(NamedTuple):
    """A node that SymPy reads at once: its position, its text, and the positions of all nodes in it."""

    node: int
    text: str
    parts: tuple[int, ...]


class Reading(NamedTuple):
    """What SymPy made of a text.

    graph      its graph, with the typed text, its names and places
    text       what SymPy prints for it
    as_typed   whether it was given the text itself
    unknown    functions of the table that SymPy does not know
    reordered  whether it has the same terms and factors throughout, at most in another order
    """

    graph: Graph
    text: str
    as_typed: bool
    unknown: tuple[str, ...]
    reordered: bool


def reading(graph: Graph) -> Reading:
    """SymPy's reading of the text of `graph`. Raises ParseError when SymPy cannot read it."""
    import sympy

    whole = _whole(sympy, graph)
    found: list[tuple[Statement, Any]] = []
    if whole is not None:
        parts = tuple(index for index in range(len(graph)) if not graph.is_leaf(index))
        found.append((Statement(graph.output, graph.source, parts), whole))
    else:
        meanings = {f"q{index}": graph.texts[index] for index in graph.inputs.values()}
        # One by one: the name of a statement means something in those after it
        found.extend((each, read(each.text, meanings, meanings=meanings)) for each in _statements(graph, meanings))
    return _Assembled(sympy, graph, found).reading(as_typed=whole is not None)


def _whole(sympy: Any, graph: Graph) -> Any:
    """SymPy's expression of a text that is one formula, as typed; None when it is more, or read otherwise."""
    if graph.bindings or graph.defaults or any(is_unspecified(operation) for operation in graph.operations):
        return None
    try:
        expression = read(graph.source, graph.inputs, meanings={})
    except ParseError:
        return None
    symbols = {symbol.name for symbol in expression.atoms(sympy.Symbol)}
    return expression if symbols <= graph.inputs.keys() else None


def _statements(graph: Graph, meanings: dict[str, str]) -> Iterator[Statement]:
    """The statements of a graph in order; `meanings` gets what their names stand for."""
    uses = graph.uses()
    pieces: list[Piece] = []
    parts: list[tuple[int, ...]] = []
    for index, arguments in enumerate(graph.arguments):
        if not arguments:
            named = graph.operations[index] == INPUT
            pieces.append(atom(f"q{index}") if named else leaf(graph, index, EXPLICIT))
            parts.append((index,))
            continue
        piece = _written(graph, index, [pieces[argument] for argument in arguments], meanings)
        inside = (*(part for argument in arguments for part in parts[argument]), index)
        single = index not in graph.bindings and index != graph.output and len(uses[index]) < 2
        if single and sum(not graph.is_leaf(part) for part in inside) < MOST:
            pieces.append(piece)
            parts.append(inside)
            continue
        yield Statement(index, piece[0], inside)
        meanings[f"q{index}"] = graph.name(index)
        pieces.append(atom(f"q{index}"))
        parts.append(())
    if graph.is_leaf(graph.output):
        yield Statement(graph.output, pieces[graph.output][0], (graph.output,))


def _written(graph: Graph, index: int, arguments: list[Piece], meanings: dict[str, str]) -> Piece:
    """A node for SymPy's parser; a function that is not specified under a name of our own."""
    operation = graph.operations[index]
    if not is_unspecified(operation):
        return apply(graph.call(index), arguments, EXPLICIT)
    meanings.setdefault(f"u{index}", operation)
    return atom(called(f"u{index}", [text for text, _ in arguments]))


class _Assembled:
    """The graph of SymPy's statements, while it grows."""

    def __init__(self, sympy: Any, typed: Graph, statements: list[tuple[Statement, Any]]) -> None:
        self.sympy = sympy
        self.typed = typed
        self.statements = statements
        self.reader = GraphReader(sympy)
        self.ours: dict[int, int] = {}
        self.theirs: dict[int, int] = {}
        self.ends: list[int] = []
        for name in typed.inputs:
            self.reader.variable(sympy.Symbol(name, real=True), checked=True)

    def reading(self, *, as_typed: bool) -> Reading:
        """The whole reading."""
        builder = self.reader.builder
        builder.source, builder.defaults = self.typed.source, dict(self.typed.defaults)
        builder.remarks = list(self.typed.remarks)
        output = 0
        texts = []
        for number, (statement, expression) in enumerate(self.statements):
            place = self.reader.add(expression)
            name = self.typed.bindings.get(statement.node)
            if name is not None and (not builder.arguments[place] or place in self.theirs) and "copy" in ops.OPERATIONS:
                place = builder.add("copy", (place,))
            if builder.arguments[place]:
                self.theirs.setdefault(place, number)
                if name is not None:
                    builder.bind(name.split("@")[0], place)
            self.ours[statement.node] = number
            self.reader.name(self.typed.name(statement.node), place)
            self.ends.append(len(builder))
            texts.append(f"{self.typed.name(statement.node)} = {expression}" if name else str(expression))
            if statement.node == self.typed.output:
                output = place
        known: Known = {}
        ours, theirs = keys(self.typed, self.ours, known), keys(builder.finish(output), self.theirs, known)
        spans = self.spans(ours, theirs)
        graph = placed(builder.finish(output), spans)
        same = theirs[output] == ours[self.typed.output] and len(graph) == len(self.typed)
        return Reading(graph, "; ".join(texts), as_typed, self.unknown(), same and len(spans) == len(graph))

    def spans(self, ours: list[int], theirs: list[int]) -> list[Span]:
        """Per node of SymPy's, where the same stands in the text; else the whole statement."""
        builder = self.reader.builder
        found: list[Span] = [self.typed.span(place) for place in self.typed.inputs.values()]
        for number, (statement, _) in enumerate(self.statements):
            places: dict[int, list[Span]] = {}
            for part in statement.parts:
                places.setdefault(ours[part], []).append(self.typed.span(part))
            whole = self.typed.span(statement.node)
            for index in range(len(found), self.ends[number]):
                there = places.get(theirs[index], [whole])
                found.append(there.pop(0) if len(there) > 1 else there[0])
        return found[: len(builder)]

    def unknown(self) -> tuple[str, ...]:
        """The functions that SymPy does not know, but the table does, in the order of the text."""
        from sympy.core.function import AppliedUndef

        found = [call for _, expression in self.statements for call in expression.atoms(AppliedUndef)]
        names = {type(call).__name__ for call in found}
        return tuple(name for name in dict.fromkeys(self.typed.operations) if name in names and name in ops.OPERATIONS)


def placed(graph: Graph, spans: list[Span]) -> Graph:
    """The same graph with other places."""
    return Graph(
        operations=graph.operations,
        arguments=graph.arguments,
        parameters={index: Parameters(each) for index, each in graph.parameters.items()},
        texts=graph.texts,
        bindings=graph.bindings,
        inputs=graph.inputs,
        defaults=graph.defaults,
        output=graph.output,
        source=graph.source,
        remarks=graph.remarks,
        starts=array("q", [start for start, _ in spans]),
        ends=array("q", [end for _, end in spans]),
    )
