"""SymPy as a witness: its own reading of the text, its derivative of that, and the closed form.

It shares neither our parser nor our rules. It is a witness, not the judge: at ties it answers with a convention of its
own, and some of its derivatives have no value at the point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from gradcli.analysis.checking import numerically
from gradcli.errors import GradcliError, OutOfRange
from gradcli.graph import Graph
from gradcli.language.sympy import second_reading
from gradcli.language.sympy.from_sympy import from_sympy
from gradcli.passes import forward
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import in_full
from gradcli.systems.time_limit import Clock, TimeUp

NODES = 300
"""Larger formulas are not given to SymPy: its derivatives grow without bound."""

LENGTH = 3_000
BITS = 1_000_000
"""Nor those that are longer than this written out, or whose exact numbers have more bits."""

NESTED = 8
"""Nor those with more sums within functions within sums: SymPy takes twice as long for every one."""

SHORT = 60
"""Expressions with fewer parts are left to SymPy's evalf."""

UNKNOWN_EXPONENT = 2e3
"""What counts for an exponent that has no value."""

CLOSED_FORM = 60
"""Operations a formula may have for its closed form to be shown, and half as many as the closed form may have."""

CHOICES = ("relu", "where", "max", "min")
"""Operations that choose."""

WHOLE = 3
"""Of more of these in one formula SymPy is given the branches taken at the point: whole, they grow without bound."""

SUMS = frozenset(("add", "subtract"))
ARITHMETIC = SUMS | {"negate", "multiply", "divide", "square", "reciprocal", "power"}

LONG = 10**6
"""Fractions with a larger denominator, a power of two, are the doubles of decimals."""

DIGITS = 40
"""Digits of SymPy's numbers."""

FAILURES = (
    GradcliError, OutOfRange, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError,
    NotImplementedError,
)  # fmt: skip
"""What SymPy raises where it has no answer."""


class Testimony(NamedTuple):
    """What SymPy says of one derivative.

    value    its number at the point, with many digits; None where it has none
    form     the closed form over all variables; None when it is long
    remark   why there is no number, or whose convention it is
    """

    value: Any = None
    form: Graph | None = None
    remark: str = ""

    @property
    def formula(self) -> str:
        """The closed form as people read it; empty when it is long."""
        return "" if self.form is None else in_full(self.form, self.form.output, unicode.DIALECT) or ""

    def times(self, upstream: float) -> Testimony:
        """The same for the output times a number; the closed form is that of the output alone."""
        if upstream == 1 or self.value is None:
            return self
        return self._replace(value=self.value * upstream, form=None)


class Witness:
    """SymPy's reading of a formula at a point (numbers by name).

    too_large  SymPy is not asked
    stopped    it was asked, and had not answered all when the time limit had passed
    """

    def __init__(self, graph: Graph, point: Mapping[str, float]) -> None:
        self.graph = graph
        self.point = point
        self.too_large = len(graph) > NODES or not fits_sympy(graph, point)
        self.choices = sum(name in CHOICES for name in graph.operations)
        self.stopped = False
        self._forms: dict[str, Graph | None] = {}
        self._steps: dict[str, numerically.Steps | None] = {}

    @cached_property
    def system(self) -> Any:
        """Exact numbers: every float as the fraction it is."""
        from gradcli.systems.exact import Exact

        return Exact(binary=True)

    def load(self) -> None:
        """Load what SymPy loads when it adds for the first time: a second, which is no part of a time limit."""
        if not self.too_large:
            x, y = self.system.sympy.symbols("x y")
            x.__add__(y)

    @cached_property
    def expression(self) -> Any:
        """The formula as SymPy reads the text, over all variables; None when it cannot."""
        if self.too_large:
            return None
        texts: list[Callable[[], str | None]] = [
            lambda: self.graph.source,
            lambda: in_full(self.graph, self.graph.output, ascii.DIALECT),
        ]
        points = [None, self.point] if 0 < self.choices <= WHOLE else [self.point]
        for number, text in enumerate(texts):
            for at in points:
                try:
                    found = second_reading.read(text() or "", self.graph.inputs, binary=True, at=at)
                    found = found.replace(self._is_rectifier, lambda part: self.system.sympy.Max(0, part.args[0].expr))
                except FAILURES:
                    continue
                if {symbol.name for symbol in found.free_symbols} <= set(self.graph.inputs):
                    self.own = number == 0
                    self.here_only = at is not None and self.choices > 0
                    return found
        return None

    def _is_rectifier(self, part: Any) -> bool:
        """Whether this is max(0, a) as a choice of branches: at 0 SymPy has an opinion on the one, not on the other."""
        if not part.is_Piecewise or len(part.args) != 2:
            return False
        branch, rest = part.args
        return bool(rest.expr == 0 and branch.cond == self.system.sympy.Gt(branch.expr, 0))

    def moved(self, point: Mapping[str, float]) -> Witness:
        """The same reading at another point, not made again unless it depends on the point."""
        if point == self.point and not self.stopped:
            return self
        other = Witness(self.graph, point)
        if self.expression is not None and not self.here_only:
            other.expression, other.own = self.expression, self.own
            other._forms, other._steps = self._forms, self._steps
        return other

    def reads(self, graph: Graph) -> bool:
        """Whether it is the reading of this graph, typed alike and read alike."""
        own = self.graph
        return (own.source, own.operations, own.inputs) == (graph.source, graph.operations, graph.inputs)

    def differentiated(self, name: str, graph: Graph) -> Witness:
        """SymPy's derivative of its reading with respect to one variable, as the reading of that derivative's graph."""
        other = Witness(graph, self.point)
        if self.expression is not None and not self.too_large:
            other.expression = self.expression.diff(self.system.sympy.Symbol(name, real=True))
            other.own = self.own
        return other

    here_only = False
    """Whether its reading has the branches taken at the point only."""

    own = False
    """Whether it read the text as typed; else the same formula written out with all signs."""

    def testimonies(self, names: Sequence[str], clock: Clock) -> list[Testimony]:
        """What it says of each derivative, and of the value, within the time; what it has not said is left open."""
        found: dict[str, Testimony] = {}

        def ask() -> None:
            if self.expression is not None and self.value is None:
                pass  # asked here so that the report finds it known
            for name in names:
                found[name] = self.derivative(name)

        try:
            clock.within(ask)
        except TimeUp:
            self.stopped = True
            self.__dict__.setdefault("expression", None)
            self.__dict__.setdefault("value", None)
        late = Testimony(remark="SymPy had no answer when the time limit had passed")
        return [found.get(name, late) for name in names]

    @cached_property
    def value(self) -> Any:
        """The value of its reading at the point, with many digits; None where it has no real, finite one."""
        if self.expression is None:
            return None
        quick = self._at_the_point("", lambda: self.expression)
        if quick is not None:
            return quick
        return self._number(lambda: self.expression.subs(self._numbers(self.expression)))

    @property
    def typed(self) -> str:
        """Its reading, as people read it; empty when it is long."""
        return Testimony(form=None if self.expression is None else self._shown(self.expression)).formula

    def derivative(self, name: str) -> Testimony:
        """SymPy's derivative with respect to one variable, at the point.

        The other variables are put in first, as exact numbers: SymPy finds x**y at (0, 2) only in this order.
        """
        if self.too_large:
            return Testimony(remark="too large for SymPy")
        symbol = self.system.sympy.Symbol(name, real=True)
        value = None
        if self.expression is not None:
            value = self._at_the_point(name, lambda: self.expression.diff(symbol))
        if value is None:
            value = self._number(lambda: self._derivative(symbol))
        remark = ""
        if value is None:
            remark = "SymPy has no number for this derivative here"
        return Testimony(value, self.closed_form(name), remark)

    def _at_the_point(self, key: str, make: Callable[[], Any]) -> Any:
        """The value of SymPy's formula, which is made once for all points, computed step by step.

        None where that does not tell: at a corner, and where the formula has no value although there is a derivative.
        """
        if key not in self._steps:
            try:
                self._steps[key] = numerically.steps(make())
            except FAILURES:
                self._steps[key] = None
        made = self._steps[key]
        found = None if made is None else numerically.value(made, self.point, DIGITS)
        return None if found is None else self.system.sympy.Float(found, DIGITS)

    def _derivative(self, symbol: Any) -> Any:
        if self.expression is not None:
            numbers = self._numbers(self.expression)
            mine = {each: number for each, number in numbers.items() if each.name == symbol.name}
            alone = self.expression.subs({each: number for each, number in numbers.items() if each not in mine})
            if alone is not self.system.sympy.S.NaN:
                return alone.diff(symbol).subs(mine)
        at = {**self.point, symbol.name: symbol}
        alone = self.system.number(forward(self.graph, at, self.system).value)
        return alone.diff(symbol).subs({symbol: self.system.number(self.point[symbol.name])})

    def _numbers(self, expression: Any) -> dict[Any, Any]:
        return {symbol: self.system.number(self.point[symbol.name]) for symbol in expression.free_symbols}

    def _number(self, make: Callable[[], Any]) -> Any:
        """A real, finite number with many digits, or None."""
        try:
            exact = make()
            if exact.has(self.system.sympy.Derivative, self.system.sympy.Integral):
                return None  # SymPy has no rule for it; its evalf would take differences
            number = self._evaluated(exact)
        except FAILURES:
            return None
        return number if number.is_Float or number.is_Rational else None

    def _evaluated(self, exact: Any) -> Any:
        """SymPy's evalf; for a long expression its functions one by one, with more digits until two results agree.

        evalf evaluates what occurs twice twice, and again for every digit that is lost: a sum in a function in a sum
        takes it exponential time.
        """
        if len(list(islice(self.system.sympy.preorder_traversal(exact), SHORT))) < SHORT:
            return exact.evalf(DIGITS, maxn=4000)
        before = None
        for digits in (DIGITS + 20, 2 * DIGITS + 40, 4 * DIGITS + 80, 8 * DIGITS + 160):
            after = self._one_by_one(exact, digits, {})
            if before is not None and abs(after - before) <= abs(after) * self.system.sympy.Float(10) ** -DIGITS:
                return after.round(DIGITS) if after.is_Integer else after
            before = after
        raise ArithmeticError("no digits are left")

    def _one_by_one(self, part: Any, digits: int, known: dict[Any, Any]) -> Any:
        if part in known:
            return known[part]
        if not part.args:
            number = part if part.is_Integer or not getattr(part, "is_number", False) else part.evalf(digits)
        else:
            exponent = part.args[1] if part.is_Pow and part.args[1].is_Rational else None
            parts = [self._one_by_one(each, digits, known) for each in part.args[: 1 if exponent is not None else None]]
            number = part.func(*parts, *([] if exponent is None else [exponent]))
            if getattr(number, "is_number", False) and not number.is_Integer:
                number = number.evalf(digits)
        known[part] = number
        return number

    def closed_form_in_time(self, name: str, clock: Clock) -> Graph | None:
        """The same; None where the time has passed before it is known."""
        try:
            return clock.within(lambda: self.closed_form(name))
        except TimeUp:
            return None

    def closed_form(self, name: str) -> Graph | None:
        """SymPy's derivative with respect to one variable; None when it is long or missing."""
        if self.expression is None or len(self.graph) > CLOSED_FORM:
            return None
        if name not in self._forms:
            try:
                self._forms[name] = self._shown(self.expression.diff(self.system.sympy.Symbol(name, real=True)))
            except FAILURES:
                self._forms[name] = None
        return self._forms[name]

    def _with_decimals(self, expression: Any) -> Any:
        """The expression with the fractions that doubles are written as decimals: 0.1, not 3602879701896397/2**55."""
        sympy = self.system.sympy
        fractions = [each for each in expression.atoms(sympy.Rational) if each.q > LONG and each.q & (each.q - 1) == 0]
        return expression.xreplace({each: sympy.Float(float(each)) for each in fractions})

    def _shown(self, expression: Any) -> Graph | None:
        try:
            graph = from_sympy(self._with_decimals(expression))
        except FAILURES:
            return None
        return None if len(graph) > CLOSED_FORM // 2 else graph


def fits_sympy(graph: Graph, point: Mapping[str, float] | None = None) -> bool:
    """Whether SymPy could hold the formula: written out it is short, and its exact numbers stay small.

    Sizes are bounded node by node, in one loop: a formula of n shared nodes can be 2**n long, and a number that is
    squared n times has 2**n digits. An exponent counts with its value at the point, where it has one there.
    """
    known = point or {}
    values: Sequence[float] = ()
    if "power" in graph.operations:
        values = forward(graph, {name: known.get(name, math.nan) for name in graph.inputs}).values
    length: list[int] = []
    bits: list[float] = []
    nested: list[int] = []
    open_sum: list[bool] = []
    for operation, arguments in zip(graph.operations, graph.arguments, strict=True):
        length.append(1 + sum(length[a] for a in arguments))
        summed = any(open_sum[a] for a in arguments)
        function = operation not in ARITHMETIC
        nested.append(max((nested[a] for a in arguments), default=0) + (function and summed))
        open_sum.append(operation in SUMS or (summed and not function))
        sizes = [bits[a] for a in arguments]
        if not arguments:
            bits.append(64.0)
        elif operation == "square":
            bits.append(2 * sizes[0])
        elif operation == "power":
            exponent = abs(float(values[arguments[1]]))
            bits.append(sizes[0] * (max(1.0, exponent) if math.isfinite(exponent) else UNKNOWN_EXPONENT))
        else:
            bits.append(sum(sizes))
        if length[-1] > LENGTH or bits[-1] > BITS or nested[-1] > NESTED:
            return False
    return True
