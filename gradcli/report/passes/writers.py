"""The formulas of a pass, each as what writes itself in any dialect: names, numbers, derivatives, products."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gradcli import grammar, ops
from gradcli.graph import Call, Graph, Parameters
from gradcli.passes import Edge, Forward
from gradcli.printers import ascii
from gradcli.printers.expression import (
    Dialect,
    Piece,
    apply,
    atom,
    dotted,
    leaf,
    piece_in_full,
    suited,
    tree_sizes,
)
from gradcli.printers.expression.rule_formulas import local_formula
from gradcli.report.formulas import EQUAL, ROUGHLY, Formula, Writer, formula, number
from gradcli.report.spelling import WRITTEN, Formulas, Spelling
from gradcli.systems import FLOATS
from gradcli.systems.symbols import Symbol, Symbols

LONGEST = 40
"""A longer formula of a local derivative is left to `gradcli ops` and JSON."""

NEAR = 1e-3
"""How far off arithmetic with the digits shown may be; beyond that (1 - 1 for 1 - 0.9999999) it is not shown."""


class Notation:
    """The formulas over one graph; `letter` is the quantity whose gradients are taken, mostly the output itself."""

    def __init__(self, run: Forward, spelling: Spelling, letter: str) -> None:
        self.run = run
        self.graph = run.graph
        self.spelling = spelling
        self.letter = letter
        self._suited: dict[int, tuple[Dialect, Dialect]] = {}

    def suit(self, dialect: Dialect) -> Dialect:
        """The dialect without what the names of this graph forbid."""
        if id(dialect) not in self._suited:
            self._suited[id(dialect)] = (dialect, suited(self.graph, dialect))
        return self._suited[id(dialect)][1]

    # -- names and derivatives --------------------------------------------------------------------------------------

    def name(self, index: int) -> Writer:
        """The name of a node, or a constant as it was typed."""
        if self.graph.is_leaf(index):
            return lambda dialect: leaf(self.graph, index, self.suit(dialect))
        return lambda dialect: atom(self.suit(dialect).name(self.graph.name(index)))

    def just(self, index: int) -> Formula:
        """The name of a node as a formula."""
        return formula(self.name(index))

    def derivative(self, below: int, above: int | None = None) -> Writer:
        """∂above/∂below; without `above` the gradient of a node."""
        upper = self.letter if above is None else self.graph.name(above)

        def write(dialect: Dialect) -> Piece:
            dialect = self.suit(dialect)
            return atom(dialect.derivative(dialect.name(upper), dialect.name(self.graph.name(below))))

        return write

    def is_ambiguous(self, edge: Edge) -> bool:
        """Whether ∂target/∂source might be read as something else than the local derivative along this edge."""
        twice = self.graph.arguments[edge.target].count(edge.source) > 1
        total = self.graph.name(edge.target) == self.letter and len(self.graph.uses()[edge.source]) > 1
        return twice or total

    # -- values -----------------------------------------------------------------------------------------------------

    def number(self, value: Any) -> Writer:
        """A number of the run, or a formula of a symbolic one."""
        return lambda dialect: self.spelling.written(value, self.suit(dialect))

    def is_written(self, value: Any) -> bool:
        """Whether a number is short enough to be written out."""
        return not isinstance(self.spelling, Formulas) or self.spelling.size(value) <= WRITTEN

    def result(self, value: Any, shown: float | None = None) -> tuple[str, Writer]:
        """A number that was computed, with = or ≈ before it.

        `shown` is what the digits beside it give: where that is the number to the last digit shown, the sign is =.
        """
        rough = self.spelling.is_rounded(value)
        if shown is not None and self.run.system.name in ("float", "rounded") and math.isfinite(shown):
            rough = not math.isclose(self.digits(value), shown, rel_tol=1e-12)
        return ROUGHLY if rough else EQUAL, self.number(value)

    def digits(self, value: Any) -> float:
        """A number as its digits on the page say it; the number itself where these are no decimal."""
        try:
            return float(self.spelling.say(value))
        except ValueError:
            return self.run.system.to_float(value)

    def value_shown(self, index: int) -> float | None:
        """What the arithmetic of a node gives with the digits on the page; None in formulas."""
        if self.spelling.formulas:
            return None
        operands = [self.digits(self.run.values[a]) for a in self.graph.arguments[index]]
        operation, parameters = self.graph.call(index)
        return float(FLOATS.rule(ops.OPERATIONS[operation])(FLOATS, *operands, **parameters))

    def one_level(self, index: int) -> Writer:
        """A node over the names of its arguments: `v1·y`."""
        arguments = [self.name(a) for a in self.graph.arguments[index]]
        return self.applied(self.graph.call(index), arguments)

    def put_in(self, index: int) -> Writer:
        """The same with the numbers put in: `5·3`."""
        graph = self.graph
        arguments = [
            self.name(a) if graph.is_constant(a) else self.number(self.run.values[a]) for a in graph.arguments[index]
        ]
        return self.applied(graph.call(index), arguments)

    def applied(self, operation: Call | str, arguments: Sequence[Writer]) -> Writer:
        """One operation on what is written by others."""

        def write(dialect: Dialect) -> Piece:
            suit = self.suit(dialect)
            return apply(operation, [argument(dialect) for argument in arguments], suit)

        return write

    def in_full(self, graph: Graph, index: int) -> Writer:
        """A node of any graph over the same variables, written out."""
        return lambda dialect: piece_in_full(graph, index, self.suit(dialect))

    def tidy(self, value: Any) -> list[Writer]:
        """The tidy form of a formula as a side of its own, where it has one: `x + 2·y`."""
        if self.spelling.tidy(value) is None:
            return []
        return [lambda dialect: (self.spelling.tidy(value, self.suit(dialect)) or "…", grammar.SUM)]

    def both_forms(self, value: Any) -> list[Writer | tuple[str, Writer]]:
        """A number, and what it is tidied (`y + (x + y) = x + 2·y`) or as a decimal (`3/8 ≈ 0.375`)."""
        tidy, decimal = self.tidy(value), self.spelling.decimal(value)
        if tidy or decimal is None or decimal == self.spelling.say(value):
            return [self.number(value), *tidy]
        return [self.number(value), (ROUGHLY, number(decimal))]

    # -- sums and products ------------------------------------------------------------------------------------------

    def product(self, *factors: Writer) -> Writer:
        """Factors with a visible sign between them."""
        return lambda dialect: dotted([factor(dialect) for factor in factors], self.suit(dialect))

    def total(self, terms: Sequence[Writer]) -> Writer:
        """A sum."""

        def write(dialect: Dialect) -> Piece:
            first, *rest = [term(dialect) for term in terms]
            for term in rest:
                first = apply("add", [first, term], self.suit(dialect))
            return first

        return write

    def contributions(self, terms: Sequence[tuple[Any, Any]]) -> Writer:
        """`3·1 + 5 - 2·4`: products of two numbers added up; a first factor None is left out, a minus is the sign."""

        def write(dialect: Dialect) -> Piece:
            text = ""
            for upstream, local in terms:
                lead = local if upstream is None else upstream
                minus = bool(text) and self.spelling.say(lead).startswith("-")
                first = self.number(-lead if minus else lead)
                term = first if upstream is None else self.applied("multiply", [first, self.number(local)])
                operation = "subtract" if minus else "add"
                sign = self.suit(dialect).infix.get(operation) or (" - " if minus else " + ")
                text += (str(sign) if text else "") + term(dialect)[0]
            return text, grammar.SUM

        return write

    # -- local derivatives ------------------------------------------------------------------------------------------

    def local_symbol(self, edge: Edge) -> Writer:
        """∂v1/∂x; where that is ambiguous, its formula."""
        if self.is_ambiguous(edge):
            return self.local(edge)
        return self.derivative(edge.source, edge.target)

    def local(self, edge: Edge, *, over_output: bool = True) -> Writer:
        """The formula of a local derivative over the names of the neighbours; the value where it is too long."""
        return self.local_at(edge.target, edge.argument, edge.local, over_output=over_output)

    def local_at(self, index: int, k: int, local: Any, *, over_output: bool = True) -> Writer:
        """The same from the node, the place of the argument and the value."""
        graph, place = self._local_graph(index, k, over_output=over_output)
        if graph is None or tree_sizes(graph)[place] > WRITTEN:
            return self.number(local)
        return self.filled(graph, place, self._neighbours(index))

    def local_text(self, index: int, k: int) -> str:
        """The same for machines, of any size, in ASCII: `f*(1 - f)`. There can be thousands of them in an answer."""
        graph = self.graph
        arguments = graph.arguments[index]
        numbers = tuple(graph.texts[a] if graph.is_constant(a) else None for a in arguments)
        pieces = _local_pieces(*entry_of(graph, index), k, numbers)
        names = [graph.name(a) for a in arguments] + [graph.name(index)]
        return "".join(names[piece] if isinstance(piece, int) else piece for piece in pieces)

    def local_sides(self, edge: Edge) -> list[Writer | tuple[str, Writer]]:
        """`v3·(1 - v3) = 0.75·(1 - 0.75) = 0.1875`: the formula, with the numbers put in, and the result."""
        formulas = self.spelling.formulas
        operation = ops.OPERATIONS[self.graph.operations[edge.target]]
        found: list[Writer | tuple[str, Writer]] = []
        if operation.pattern != "route":
            for over_output in (False, True):
                found += self._if_short(edge, over_output=over_output)
        numbers = self._with_numbers(edge) if found and not formulas else []
        found += numbers
        said = self.number(edge.local)
        if found and not formulas and self._text(found[-1]) == self._text(said):
            found.pop()
            numbers = []
        if not formulas or not found:
            found.append(self.result(edge.local, self._textbook(edge) if numbers else None))
        return self._distinct(found)

    def _if_short(self, edge: Edge, *, over_output: bool) -> list[Writer | tuple[str, Writer]]:
        graph, place = self._local_graph(edge.target, edge.argument, over_output=over_output)
        if graph is None or tree_sizes(graph)[place] > WRITTEN:
            return []
        written = self.filled(graph, place, self._neighbours(edge.target))
        return [written] if len(self._text(written)) <= LONGEST else []

    def _with_numbers(self, edge: Edge) -> list[Writer | tuple[str, Writer]]:
        """The local derivative with numbers put in, where the digits shown give what is claimed."""
        graph, place = self._local_graph(edge.target, edge.argument, over_output=True)
        shown = self._textbook(edge)
        local = self.run.system.to_float(edge.local)
        if graph is None or shown is None or not abs(shown - local) <= NEAR * abs(local):
            return []
        arguments = self.graph.arguments[edge.target]
        pieces: dict[str, Writer] = {_mark(-1): self.number(self.run.values[edge.target])}
        for k, argument in enumerate(arguments):
            constant = self.graph.is_constant(argument)
            pieces[_mark(k)] = self.name(argument) if constant else self.number(self.run.values[argument])
        written = self.filled(graph, place, pieces)
        return [written] if len(self._text(written)) <= LONGEST and "where" not in graph.operations else []

    def _textbook(self, edge: Edge) -> float | None:
        """The local derivative by the textbook rule with the digits on the page; None where it is no formula."""
        graph, values = self.graph, self.run.values
        name, parameters = graph.call(edge.target)
        operation = ops.OPERATIONS[name]
        rule = operation.local(edge.argument)
        if isinstance(rule, int):
            return float(rule)
        if operation.variadic or operation.branches:
            return None
        operands = [self.digits(values[a]) for a in graph.arguments[edge.target]]
        return float(rule(FLOATS, self.digits(values[edge.target]), *operands, **parameters))

    def _local_graph(self, index: int, k: int, *, over_output: bool) -> tuple[Graph | None, int]:
        arguments = self.graph.arguments[index]
        numbers = tuple(self.graph.texts[a] if self.graph.is_constant(a) else None for a in arguments)
        return _local_graph(*entry_of(self.graph, index), k, numbers, over_output)

    def _neighbours(self, index: int) -> dict[str, Writer]:
        pieces = {_mark(k): self.name(argument) for k, argument in enumerate(self.graph.arguments[index])}
        return {**pieces, _mark(-1): self.name(index)}

    def filled(self, graph: Graph, place: int, pieces: Mapping[str, Writer]) -> Writer:
        """A node of a small graph with something put in for its variables."""

        def write(dialect: Dialect) -> Piece:
            suit = self.suit(dialect)
            found: list[Piece] = []
            for i, arguments in enumerate(graph.arguments[: place + 1]):
                if arguments:
                    found.append(apply(graph.call(i), [found[a] for a in arguments], suit))
                else:
                    writer = pieces.get(graph.texts[i])
                    found.append(writer(dialect) if writer else leaf(graph, i, suit))
            return found[place]

        return write

    def _text(self, side: Writer | tuple[str, Writer]) -> str:
        from gradcli.printers import unicode

        return (side[1] if isinstance(side, tuple) else side)(unicode.DIALECT)[0]

    def _distinct(self, sides: Sequence[Writer | tuple[str, Writer]]) -> list[Writer | tuple[str, Writer]]:
        """The sides without those that repeat the one before."""
        found: list[Writer | tuple[str, Writer]] = []
        for side in sides:
            if not found or self._text(found[-1]) != self._text(side):
                found.append(side)
        return found


_MARK = re.compile(r"⟦(-?\d+)⟧")


def _mark(place: int) -> str:
    return f"⟦{place}⟧"


def entry_of(graph: Graph, index: int) -> tuple[ops.Operation, Parameters]:
    """The entry of a node's operation, and the parameters of the node."""
    operation, parameters = graph.call(index)
    return ops.OPERATIONS[operation], parameters


@lru_cache(maxsize=4096)
def _local_pieces(
    operation: ops.Operation, parameters: Parameters, k: int, numbers: tuple[str | None, ...]
) -> tuple[str | int, ...]:
    """The formula of a local derivative in ASCII, in pieces; a number is an argument's name, -1 the output's.

    Names never need brackets there, so the formula is spelled once for all nodes of its kind.
    """
    names = [number or _mark(place) for place, number in enumerate(numbers)]
    pieces = _MARK.split(local_formula(operation, k, names, ascii.DIALECT, output=_mark(-1), parameters=parameters))
    return tuple(int(piece) if odd % 2 else piece for odd, piece in enumerate(pieces))


@lru_cache(maxsize=4096)
def _local_graph(
    operation: ops.Operation, parameters: Parameters, k: int, numbers: tuple[str | None, ...], over_output: bool
) -> tuple[Graph | None, int]:
    """The textbook local derivative as a graph over marks, and its place; None for one that is not a formula."""
    rule = operation.local(k)
    symbols = Symbols()
    arguments = [
        symbols.variable(_mark(place)) if number is None else symbols.literal(number)
        for place, number in enumerate(numbers)
    ]
    if isinstance(rule, int):
        result: object = symbols.literal(str(rule))
    else:
        y = symbols.variable(_mark(-1)) if over_output else symbols.node(operation.name, *arguments, **parameters)
        if operation.variadic:
            result = rule(symbols, y, k, tuple(number is not None for number in numbers), *arguments, **parameters)
        else:
            result = rule(symbols, y, *arguments, **parameters)
    if not isinstance(result, Symbol):
        return None, 0
    return symbols.builder.finish(result.index), result.index
