"""How the numbers of a run are spelled: for people, in tables for machines, in JSON.

One class a number system, found by the system's name; nothing else in the report asks which system it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gradcli import grammar
from gradcli.errors import ParseError
from gradcli.graph import Graph
from gradcli.passes import Forward
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import MOST, Dialect, Piece, atom, in_full, in_terms, piece_in_full, tree_sizes
from gradcli.report import Style
from gradcli.report.plain_text import plural, say

WRITTEN = 24
"""Operations of a formula that is written out for people; larger ones are given in terms of nodes."""

WIDEST = 40
"""Characters of an exact number for people; longer ones are given as a decimal."""

LARGE = 1_000
"""In graphs of more nodes than this, formulas for machines have that limit as well: there would be no end of them."""

TIDIED = 60
"""Graphs of more operations are given as typed only, not in their tidy form as well."""


TOO_LONG = "a sum of many contributions"
"""What stands in the place of a formula that is long even in terms of nodes."""


class Spelling:
    """Doubles, and what the other spellings share.

    formulas  whether numbers are formulas, so that no number can be put in for a name
    long      whether numbers may be longer than a line, so that they may be folded
    extra     what the JSON key of the text with all digits ends with: value_exact; empty where the number is all
    """

    formulas = False
    long = False
    extra = ""

    def __init__(self, run: Forward, gradients: Sequence[Any], style: Style) -> None:
        self.run = run
        self.system = run.system
        self.gradients = gradients
        self.style = style

    def say(self, value: Any) -> str:
        """A number as people read it."""
        return say(self.system.to_float(value), self.style)

    def written(self, value: Any, dialect: Dialect) -> Piece:
        """A number as people read it, as a part of a formula in any dialect."""
        return dialect.constant(self.say(value))

    def is_rounded(self, value: Any) -> bool:
        """Whether `say` tells less than the number is."""
        near = self.system.to_float(value)
        return math.isfinite(near) and not math.isclose(float(self.say(value)), near, rel_tol=1e-13)

    def text(self, value: Any) -> str | None:  # noqa: ARG002
        """A number with all its digits; None where the nearest double is all there is."""
        return None

    def cell(self, value: Any) -> str | float:
        """A number for tables of machines and bare numbers: the text with all digits, or the double."""
        text = self.text(value)
        return self.system.to_float(value) if text is None else text

    def number(self, value: Any) -> float | None:
        """The nearest double; None for a formula."""
        return self.system.to_float(value)

    def record(self, key: str, value: Any, *, tidy: bool = False) -> dict[str, Any]:
        """`{"value": 0.375, "value_exact": "3/8"}`; with `tidy` also the tidy form of a formula."""
        if value is None:
            return {key: None}
        found: dict[str, Any] = {key: self.number(value)}
        if self.extra:
            found[key + self.extra] = self.text(value)
            form = self.tidy(value, ascii.DIALECT) if tidy else None
            if form is not None:
                found[f"{key}_tidy"] = form
        return found

    def records(self, key: str, values: Sequence[Any]) -> dict[str, Any]:
        """The same for a list; null where there is no number."""
        found: dict[str, Any] = {key: [None if value is None else self.number(value) for value in values]}
        if self.extra and not self.formulas:
            found[key + self.extra] = [None if value is None else self.text(value) for value in values]
        return found

    def tidy(self, value: Any, dialect: Dialect = unicode.DIALECT) -> str | None:  # noqa: ARG002
        """The tidy form of a formula, where it differs from the one as typed."""
        return None

    def decimal(self, value: Any) -> str | None:  # noqa: ARG002
        """About what size it is, where `say` does not show that: the decimal of 3/8."""
        return None

    def shortened(self) -> str | None:
        """A sentence about formulas that are too long for people."""
        return None


class Exactly(Spelling):
    """SymPy's numbers, in the notation of formulas."""

    long = True
    extra = "_exact"

    def unreal(self, value: Any) -> str:
        """What stands for a number that is none, or that only a closed branch would need."""
        return "not computed" if value is self.system.uncomputed else str(self.system.to_float(value))

    def number(self, value: Any) -> float | None:
        """The nearest double; None for one that was not computed."""
        return None if value is self.system.uncomputed else self.system.to_float(value)

    def say(self, value: Any) -> str:
        """`3/8`, `√(2)/2`, `π`; a long one as a decimal, what is not a real number as nan."""
        if not self.system.is_finite(value):
            return self.unreal(value)
        text = _piece(value)[0]
        return text if len(text) <= WIDEST else self.decimal(value) or text

    def written(self, value: Any, dialect: Dialect) -> Piece:
        """`3/8`, `√(2)/2` in the dialect; a long one as a decimal."""
        if value is self.system.uncomputed:
            return atom(
                self.unreal(value) if dialect in (unicode.DIALECT, ascii.DIALECT) else dialect.name("uncomputed")
            )
        if not self.system.is_finite(value) or value.is_Integer or self.is_rounded(value):
            return dialect.constant(self.say(value))
        graph = _graph(value)
        return dialect.constant(self.say(value)) if graph is None else piece_in_full(graph, graph.output, dialect)

    def is_rounded(self, value: Any) -> bool:
        """Whether a decimal stands in the place of a long number."""
        return self.system.is_finite(value) and len(_piece(value)[0]) > WIDEST

    def text(self, value: Any) -> str:
        """The number as a formula that reads back."""
        if not self.system.is_finite(value):
            return self.unreal(value)
        return _piece(value, plain=True)[0]

    def decimal(self, value: Any) -> str | None:
        """The number as a decimal, also beyond the range of doubles; None for short whole numbers."""
        if not self.system.is_finite(value) or (value.is_Integer and len(str(value)) <= WIDEST):
            return None
        near = self.system.to_float(value)
        if near - near == 0 and (near != 0 or value == 0):
            return say(near, self.style)
        text: str = self.system.decimal(value, self.style.digits)
        return text

    def shortened(self) -> str | None:
        """Says that some numbers are too long to be written out."""
        asked = [*self.run.values, *(gradient for gradient in self.gradients if gradient is not None)]
        finite = [value for value in asked if self.system.is_finite(value)]
        count = sum(len(_piece(value)[0]) > WIDEST for value in finite)
        if not count:
            return None
        return f"{plural(count, 'exact number is', 'exact numbers are')} too long here: decimals stand in their place"


@lru_cache(maxsize=4096)
def _piece(value: Any, *, plain: bool = False) -> Piece:
    """An exact number for people, or in ASCII; one with integers beyond the range of doubles as SymPy spells it."""
    if value.is_Rational:
        text = str(value)
        return (text, grammar.PRODUCT) if "/" in text else (text, grammar.SIGN) if value < 0 else atom(text)
    graph = _graph(value)
    if graph is None:
        return str(value), grammar.SUM
    return piece_in_full(graph, graph.output, ascii.DIALECT if plain else unicode.DIALECT)


@lru_cache(maxsize=4096)
def _graph(value: Any) -> Graph | None:
    """An exact number as a graph; None for one with integers beyond the range of doubles."""
    from gradcli.language.sympy.from_sympy import from_sympy

    try:
        return from_sympy(value)
    except ParseError:
        return None


class ManyDigits(Spelling):
    """mpmath's numbers, with the digits that were asked for."""

    long = True
    extra = "_digits"

    def text(self, value: Any) -> str:
        """All digits; 8 rather than 8.0."""
        if not self.system.is_finite(value):
            return str(self.system.to_float(value))
        digits = self.system.shown
        text: str = self.system.context.nstr(value, digits, strip_zeros=True, min_fixed=-5, max_fixed=max(digits, 16))
        return text.removesuffix(".0").replace(".0e", "e")

    def say(self, value: Any) -> str:
        """All digits: they were asked for."""
        return self.text(value)

    def is_rounded(self, value: Any) -> bool:
        """Whether there are more digits than were asked for."""
        return self.system.is_finite(value) and bool(self.system.literal(self.text(value)) != value)


class Decimals(Spelling):
    """The numbers of a calculator."""

    extra = "_exact"

    def text(self, value: Any) -> str:
        """The decimal, which ends."""
        from gradcli.systems.rounded import written

        return written(self.system.number(value)) if self.system.is_finite(value) else str(value)


class Formulas(Spelling):
    """Formulas in the input variables; too long ones in terms of nodes."""

    formulas = True
    long = True
    extra = "_expression"

    def __init__(self, run: Forward, gradients: Sequence[Any], style: Style) -> None:
        super().__init__(run, gradients, style)
        self._frozen: Graph | None = None
        self._names: dict[int, tuple[int, bool]] | None = None
        self._spelled: dict[int, tuple[Dialect, dict[int, str]]] = {}
        self._tidied: dict[tuple[int, int], tuple[Dialect, str | None]] = {}

    def _graph(self, last: int = 0) -> Graph:
        """The graph that the symbols of the run have grown, up to symbol `last` at least."""
        if self._frozen is None or last >= len(self._frozen):
            self._frozen = self.system.builder.finish(0)
        return self._frozen

    def _named(self) -> Mapping[int, tuple[int, bool]]:
        """Of which node the symbols are the value or, if true, the gradient."""
        if self._names is None:
            graph = self.run.graph
            self._names = {}
            for index in range(len(graph)):
                if not graph.is_leaf(index):
                    self._names.setdefault(self.run.values[index].index, (index, False))
            arguments = self.system.builder.arguments
            for index, gradient in enumerate(self.gradients):
                if gradient is not None and arguments[gradient.index]:
                    self._names.setdefault(gradient.index, (index, True))
        return self._names

    def _spelled_names(self, dialect: Dialect) -> Mapping[int, str]:
        """What these symbols are called in a dialect."""
        if id(dialect) not in self._spelled:
            graph = self.run.graph
            output = dialect.name(graph.name(graph.output))
            self._spelled[id(dialect)] = (
                dialect,
                {
                    symbol: dialect.derivative(output, dialect.name(graph.name(index)))
                    if is_gradient
                    else dialect.name(graph.name(index))
                    for symbol, (index, is_gradient) in self._named().items()
                },
            )
        return self._spelled[id(dialect)][1]

    def _in_terms(self, value: Any, dialect: Dialect, most: int) -> str | None:
        """A formula over nodes that have names; None where that takes more than `most` operations."""
        return in_terms(self._graph(value.index), value.index, dialect, self._spelled_names(dialect), most)

    def say(self, value: Any) -> str:
        """The formula as typed."""
        return self.written(value, unicode.DIALECT)[0]

    def text(self, value: Any) -> str:
        """The formula in ASCII; one too long for any answer in terms of nodes, their gradients spelled df/dv1."""
        most = MOST if len(self.run.graph) <= LARGE else WRITTEN
        graph = self._graph(value.index)
        whole = in_full(graph, value.index, ascii.DIALECT, most)
        return whole if whole is not None else self._in_terms(value, ascii.DIALECT, len(graph)) or TOO_LONG

    def written(self, value: Any, dialect: Dialect) -> Piece:
        """The formula as typed; a long one in terms of nodes, or words that say what it is."""
        if self.size(value) <= WRITTEN:
            return piece_in_full(self._graph(value.index), value.index, dialect)
        return atom(self._in_terms(value, dialect, 5 * WRITTEN) or dialect.words(TOO_LONG))

    def size(self, value: Any) -> int:
        """How many operations the formula has when it is written out."""
        size: int = tree_sizes(self._graph(value.index))[value.index]
        return size

    def is_rounded(self, value: Any) -> bool:  # noqa: ARG002
        """A formula is what it is."""
        return False

    def number(self, value: Any) -> float | None:  # noqa: ARG002
        """A formula is no number."""
        return None

    def tidy(self, value: Any, dialect: Dialect = unicode.DIALECT) -> str | None:
        """Multiplied out or cancelled, where that is shorter; in small graphs."""
        graph = self.run.graph
        if len(graph) - len(graph.inputs) > TIDIED:
            return None
        symbols = self._graph(value.index)
        if tree_sizes(symbols)[value.index] > WRITTEN:
            return None
        key = (value.index, id(dialect))
        if key not in self._tidied:
            from gradcli.analysis.tidy import tidied

            judge = dialect if dialect is ascii.DIALECT else unicode.DIALECT
            self._tidied[key] = dialect, tidied(symbols, value.index, dialect, judge)
        return self._tidied[key][1]

    def shortened(self) -> str | None:
        """Says that some formulas are too long to be written out."""
        asked = [*self.run.values, *(gradient for gradient in self.gradients if gradient is not None)]
        sizes = tree_sizes(self._graph(max(symbol.index for symbol in asked)))
        count = sum(sizes[symbol.index] > WRITTEN for symbol in asked)
        if not count:
            return None
        long = plural(count, "formula has", "formulas have")
        return f"{long} more than {WRITTEN} operations: written in terms of nodes"


SPELLINGS: Mapping[str, type[Spelling]] = {
    "float": Spelling,
    "exact": Exactly,
    "digits": ManyDigits,
    "rounded": Decimals,
    "symbolic": Formulas,
}
"""By the name of the number system."""


def spelling(run: Forward, gradients: Sequence[Any], style: Style) -> Spelling:
    """How the numbers of a run are spelled."""
    return SPELLINGS[run.system.name](run, gradients, style)
