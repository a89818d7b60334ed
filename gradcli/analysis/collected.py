"""A formula with its equal terms collected and its factors cancelled, in typed order, by a few rules of its own.

A formula is read as a sum of terms; a term is a number and factors with whole exponents; a factor is a variable, any
other operation as it was typed, or a sum. Sums in products stay what they are; `expanded` multiplies them out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from gradcli.errors import OutOfRange
from gradcli.graph import CONSTANT, INPUT, Graph, GraphBuilder
from gradcli.systems.rounded import decimal

TERMS = 60
"""Formulas that would have more terms when they are multiplied out are left as they are."""

POWER = 12
"""Larger exponents are left as they are, as factors."""

Key = Hashable


class Term(NamedTuple):
    """A number times factors with exponents other than 0, in the order in which they came."""

    number: Fraction
    factors: Mapping[Key, int]

    @property
    def key(self) -> Key:
        """What equal terms have in common."""
        return frozenset(self.factors.items())


Sum = tuple[Term, ...]

ONE: Sum = (Term(Fraction(1), {}),)


class Collected:
    """Node `index` of a graph as a sum of terms. Raises OutOfRange for a number too long, and for a division by 0.

    total     the sum
    decimals  whether a number was typed with a decimal point, so that numbers are written so
    """

    def __init__(self, graph: Graph, index: int) -> None:
        self.graph = graph
        self.nodes: dict[Key, int] = {}
        self.sums: dict[Key, Sum] = {}
        self.decimals = False
        found: dict[int, Sum] = {}
        keys: dict[int, Key] = {}
        for i in sorted(graph.behind([index])):
            arguments = graph.arguments[i]
            text = graph.texts.get(i, "")
            keys[i] = (graph.operations[i], text, *(keys[a] for a in arguments))
            found[i] = self._read(i, keys[i], [found[a] for a in arguments])
        self.total = found[index]

    def _read(self, index: int, key: Key, operands: list[Sum]) -> Sum:
        """One node over sums."""
        name = self.graph.operations[index]
        if name == CONSTANT and self.graph.texts[index] not in ("pi", "e", "nan"):
            text = self.graph.texts[index]
            self.decimals = self.decimals or "." in text or "e" in text.lower()
            return _sum([Term(decimal(text), {})])
        if name == "add":
            return _sum([*operands[0], *operands[1]])
        if name in ("subtract", "negate"):
            return _sum([*(operands[0] if name == "subtract" else ()), *_times(operands[-1], Fraction(-1))])
        if name == "multiply":
            return self.product(*operands)
        if name in ("divide", "reciprocal"):
            return self.product(operands[0] if name == "divide" else ONE, self.power(operands[-1], -1))
        if name == "square":
            return self.power(operands[0], 2)
        if name == "power":
            exponent = _whole(operands[1])
            if exponent is not None:
                return self.power(operands[0], exponent)
        self.nodes.setdefault(key, index)
        return (Term(Fraction(1), {key: 1}),)

    def product(self, *operands: Sum) -> Sum:
        """The product as one term; sums in it become factors."""
        number, factors = Fraction(1), dict[Key, int]()
        for term in map(self.term, operands):
            number *= term.number
            for key, exponent in term.factors.items():
                factors[key] = factors.get(key, 0) + exponent
        return _sum([Term(number, {key: exponent for key, exponent in factors.items() if exponent})])

    def power(self, base: Sum, exponent: int) -> Sum:
        """The base to a whole exponent. Raises OutOfRange for 1/0."""
        term = self.term(base)
        if term.number == 0 and exponent <= 0:
            raise OutOfRange("a division by 0")
        factors = {key: each * exponent for key, each in term.factors.items()} if exponent else {}
        return _sum([Term(term.number**exponent, factors)])

    def term(self, each: Sum) -> Term:
        """A sum as one term: several terms are a factor, which is known again with the other sign."""
        if len(each) == 1:
            return each[0]
        if not each:
            return Term(Fraction(0), {})
        key, other = _key(each), _key(_times(each, Fraction(-1)))
        if other in self.sums:
            return Term(Fraction(-1), {other: 1})
        self.sums.setdefault(key, each)
        return Term(Fraction(1), {key: 1})

    def expanded(self, each: Sum) -> Sum:
        """The sum multiplied out. Raises OutOfRange when it has more than TERMS terms then."""
        terms: list[Term] = []
        for term in each:
            rest = Term(term.number, {k: n for k, n in term.factors.items() if k not in self.sums or n < 0})
            result: Sum = (rest,)
            for key, exponent in term.factors.items():
                if key in self.sums and exponent > 0:
                    inner = self.expanded(self.sums[key])
                    for _ in range(exponent):
                        result = _sum(_joined(a, b) for a in result for b in inner)
                        if len(result) > TERMS:
                            raise OutOfRange("too many terms")
            terms += result
        if len(terms) > TERMS * TERMS:
            raise OutOfRange("too many terms")
        return _sum(terms)

    def has_a_divisor_sum(self, each: Sum) -> bool:
        """Whether a sum stands below a fraction line: what cancels there only polynomials know."""
        return any(
            key in self.sums and (exponent < 0 or self.has_a_divisor_sum(self.sums[key]))
            for term in each
            for key, exponent in term.factors.items()
        )

    # -- back to a graph ----------------------------------------------------------------------------------------------

    def written(self, each: Sum) -> Graph:
        """The sum as a graph over the same variables."""
        builder = GraphBuilder()
        return builder.finish(self._written(builder, each, {}))

    def _written(self, builder: GraphBuilder, each: Sum, copied: dict[int, int]) -> int:
        if not each:
            return builder.constant("0")
        first = next((place for place, term in enumerate(each) if term.number > 0), 0)
        total = self._term(builder, each[first], copied)
        for place, term in enumerate(each):
            if place != first:
                sign = "add" if term.number > 0 else "subtract"
                total = builder.add(sign, (total, self._term(builder, term._replace(number=abs(term.number)), copied)))
        return total

    def _term(self, builder: GraphBuilder, term: Term, copied: dict[int, int]) -> int:
        """Number, variables, functions, sums, each as they came; below the fraction line in the same order."""
        size = abs(term.number)
        above, below = (size, Fraction(1)) if self._is_decimal(size) else (
            Fraction(size.numerator), Fraction(size.denominator)
        )  # fmt: skip
        ordered = sorted(term.factors.items(), key=lambda each: self._rank(each[0]))
        tops = [(key, exponent) for key, exponent in ordered if exponent > 0]
        bottoms = [(key, -exponent) for key, exponent in ordered if exponent < 0]
        numbered = above != 1 or not tops
        negative = term.number < 0
        pieces = [builder.constant(_text(-above if negative else above))] if numbered else []
        pieces += [self._factor(builder, *each, copied) for each in tops]
        if negative and not numbered:
            pieces[0] = builder.add("negate", (pieces[0],))
        result = _multiplied(builder, pieces)
        pieces = [builder.constant(_text(below))] if below != 1 else []
        pieces += [self._factor(builder, *each, copied) for each in bottoms]
        return builder.add("divide", (result, _multiplied(builder, pieces))) if pieces else result

    def _rank(self, key: Key) -> tuple[int, int]:
        """Constants, variables, functions, sums, as in 2·π·x·sin(y)·(1 - x); variables in the order of the formula."""
        if key in self.sums:
            return 3, 0
        index = self.nodes[key]
        if self.graph.arguments[index]:
            return 2, 0
        return (0, 0) if self.graph.is_constant(index) else (1, index)

    def _is_decimal(self, number: Fraction) -> bool:
        """Whether it is written with a decimal point: numbers were typed so, and it ends."""
        divisor = number.denominator
        for prime in (2, 5):
            while divisor % prime == 0:
                divisor //= prime
        return self.decimals and divisor == 1

    def _factor(self, builder: GraphBuilder, key: Key, exponent: int, copied: dict[int, int]) -> int:
        base = (
            self._written(builder, self.sums[key], copied)
            if key in self.sums
            else copy(builder, self.graph, self.nodes[key], copied)
        )
        if exponent == 1:
            return base
        if exponent == 2:
            return builder.add("square", (base,))
        return builder.add("power", (base, builder.constant(str(exponent))))


def _sum(terms: Iterable[Term]) -> Sum:
    """The terms in their order, equal ones added up where the last one stood: y + (x + y) is x + 2·y."""
    found: dict[Key, Term] = {}
    for term in terms:
        before = found.pop(term.key, None)
        found[term.key] = term if before is None else before._replace(number=before.number + term.number)
    return tuple(term for term in found.values() if term.number)


def _times(each: Sum, number: Fraction) -> Sum:
    return tuple(term._replace(number=term.number * number) for term in each)


def _joined(a: Term, b: Term) -> Term:
    factors = dict(a.factors)
    for key, exponent in b.factors.items():
        factors[key] = factors.get(key, 0) + exponent
    return Term(a.number * b.number, {key: exponent for key, exponent in factors.items() if exponent})


def _key(each: Sum) -> Key:
    return frozenset((term.key, term.number) for term in each)


def _whole(each: Sum) -> int | None:
    """A sum that is a whole number of moderate size."""
    if not each:
        return 0
    number = each[0].number
    plain = len(each) == 1 and not each[0].factors and number.denominator == 1 and abs(number) <= POWER
    return int(number) if plain else None


def _multiplied(builder: GraphBuilder, pieces: list[int]) -> int:
    result, *rest = pieces
    for piece in rest:
        result = builder.add("multiply", (result, piece))
    return result


def _text(number: Fraction) -> str:
    """A whole number, or a decimal that ends."""
    if number.denominator == 1:
        return str(number.numerator)
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def copy(builder: GraphBuilder, graph: Graph, index: int, copied: dict[int, int]) -> int:
    """A node with all it is computed from, in another graph."""
    for i in sorted(graph.behind([index])):
        if i in copied:
            continue
        operation, text = graph.operations[i], graph.texts.get(i, "")
        if operation == INPUT:
            copied[i] = builder.input(text)
        elif operation == CONSTANT:
            copied[i] = builder.constant(text)
        else:
            copied[i] = builder.add(operation, tuple(copied[a] for a in graph.arguments[i]))
    return copied[index]
