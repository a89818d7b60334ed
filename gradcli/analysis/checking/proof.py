"""Is the difference of two formulas zero? Steps of algebra whose size is known before they are taken.

SymPy's `simplify` is not used: nobody can say how long it takes, and a guess is no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import comb
from typing import Any, Literal, NamedTuple

from gradcli.analysis.checking.witness import FAILURES, NODES, fits_sympy
from gradcli.graph import Graph
from gradcli.language.sympy import second_reading
from gradcli.language.sympy.from_sympy import from_sympy
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import in_full

TERMS = 2_000
"""The most summands a product may be multiplied out to."""

DEGREE = 40
"""The highest degree of polynomials whose common factors are looked for."""

SHOWN = 30
"""Nodes that the closed form of a difference may have to be shown, and digits of a number in it."""

Kind = Literal["equal", "differ", "undecided"]


class Proof(NamedTuple):
    """equal: the difference is zero wherever both have a value; differ: it is `difference`; undecided."""

    kind: Kind
    difference: str = ""


UNDECIDED = Proof("undecided")


def difference(first: Graph, second: Graph, *, differs: bool) -> Proof:
    """What algebra makes of `first` - `second`; `differs` says whether they are known to differ at a point."""
    texts = [expression(graph) for graph in (first, second)]
    if None in texts:
        return UNDECIDED
    shortest = None
    try:
        for form in forms(texts[0] - texts[1]):
            if form == 0:
                return Proof("equal")
            if shortest is None or form.count_ops() < shortest.count_ops():
                shortest = form
    except FAILURES:
        return UNDECIDED
    if shortest is None or not (differs or _is_a_number(shortest)):
        return UNDECIDED
    return Proof("differ", _shown(shortest))


def expression(graph: Graph) -> Any:
    """SymPy's reading of the text, over real variables, its decimals exact as typed; None where it has none."""
    if len(graph) > NODES or not fits_sympy(graph):
        return None
    texts: tuple[Callable[[], str | None], ...] = (
        lambda: graph.source,
        lambda: in_full(graph, graph.output, ascii.DIALECT),
    )
    for text in texts:
        try:
            found = second_reading.read(text() or "", graph.inputs)
        except FAILURES:
            continue
        if {symbol.name for symbol in found.free_symbols} <= set(graph.inputs):
            return found
    return None


def forms(expression: Any) -> Iterator[Any]:
    """The same expression in ever other forms, as far as they stay small."""
    import sympy

    waves = (sympy.sin, sympy.cos, sympy.tan, sympy.sinh, sympy.cosh, sympy.tanh)
    yield expression
    for changed in (expression, expression.rewrite(waves, sympy.exp)):
        if terms(changed) <= TERMS:
            expanded = sympy.expand(changed)
            yield expanded
            yield sympy.powsimp(expanded)
        if terms(changed) <= TERMS and degree(changed) <= DEGREE:
            whole = sympy.together(changed)
            if terms(whole) <= TERMS and degree(whole) <= DEGREE:
                yield sympy.cancel(whole)


def terms(expression: Any) -> int:
    """An upper bound for the number of summands when everything is multiplied out; one more than TERMS for many."""
    if expression.is_Add:
        return min(TERMS + 1, sum(terms(part) for part in expression.args))
    if expression.is_Mul:
        product = 1
        for part in expression.args:
            product = min(TERMS + 1, product * terms(part))
        return product
    if expression.is_Pow and expression.exp.is_Integer:
        base, times = terms(expression.base), abs(int(expression.exp))
        if base == 1:
            return 1
        return comb(times + base - 1, base - 1) if times <= TERMS and base <= 60 else TERMS + 1
    return max((terms(part) for part in expression.args), default=1)


def degree(expression: Any) -> int:
    """An upper bound for the degree as a quotient of polynomials, over functions as if they were variables."""
    if expression.is_Add:
        return sum(degree(part) if part.is_Pow or part.is_Mul else 1 for part in expression.args)
    if expression.is_Mul:
        return sum(degree(part) for part in expression.args)
    if expression.is_Pow and expression.exp.is_Rational:
        return degree(expression.base) * max(abs(int(expression.exp.p)), int(expression.exp.q))
    return max((degree(part) for part in expression.args), default=1)


def _is_a_number(expression: Any) -> bool:
    """Whether it is a number other than 0."""
    return bool(expression.is_number and expression.is_zero is False)


def _shown(expression: Any) -> str:
    """As people read it; empty when it is long."""
    try:
        graph = from_sympy(expression)
    except FAILURES:
        return ""
    if len(graph) > SHOWN or any(len(text) > SHOWN for text in graph.texts.values()):
        return ""
    return in_full(graph, graph.output, unicode.DIALECT) or ""
