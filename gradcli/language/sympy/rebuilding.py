"""SymPy's tree of placeholders, built again with their values: numbers bounded, functions applied by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradcli import ops
from gradcli.language.sympy.vocabulary import MOST_COMPARED, OWN, SPECIAL, refuse

NUMBER_BITS = 20_000
"""Exact numbers of more bits are refused, before they are computed where they are powers."""

LARGEST_FACTORIAL = 100
"""gamma and its kin are written out for whole numbers up to this; exp(n*log(2)) is 2**n for n up to this."""

LARGEST_CONSTANT = 10**400
"""Functions of a larger number are refused: the sine of exp(exp(exp(2))) takes SymPy for ever (its issue 10952)."""

LARGEST_ORDER = 100
"""Bessel functions of larger order are refused: their series take minutes."""

DIGITS = 60
"""Digits in which the conditions are decided."""


class Reader:
    """SymPy's tree of placeholders, built again with their values.

    decisions  where all is a number, and computed as one: which branch each conditional takes, in the order of the tree
    followed   decisions found before; without them a conditional keeps its branches
    """

    def __init__(self, sympy: Any, values: dict[str, Any], *, evaluate: bool = True) -> None:
        self.sympy = sympy
        self.values = values
        self.evaluate = evaluate
        self.decisions: list[bool] | None = None
        self.followed: Iterator[bool] | None = None

    def rebuilt(self, tree: Any) -> Any:
        """The tree with values for its placeholders, built again from the leaves."""
        results: list[Any] = []
        stack: list[tuple[Any, bool]] = [(tree, False)]
        while stack:
            part, ready = stack.pop()
            if not ready and part.args:
                stack.append((part, True))
                stack += [(argument, False) for argument in reversed(part.args)]
                continue
            start = len(results) - len(part.args)
            arguments = results[start:]
            del results[start:]
            result = self.applied(part, arguments)
            if self.decisions is not None and not result.is_Relational:
                result = result if result.is_Rational else result.evalf(DIGITS)
            if result.is_Rational and _bits(result) > NUMBER_BITS:
                refuse("a number of absurd size")
            results.append(result)
        return results[0]

    def applied(self, part: Any, arguments: list[Any]) -> Any:
        """One node of the tree on arguments that are built."""
        if part.is_Symbol:
            return self.values[part.name]
        if not arguments:
            return part
        if part.is_Function:
            return self.called(self.values[type(part).__name__], arguments)
        if part.is_Pow and self.evaluate:
            return self.power(*arguments)
        if part.is_Mul and len(arguments) == 2 and arguments[0] == -1 and arguments[1].is_Number:
            return -arguments[1]
        return part.func(*arguments, evaluate=self.evaluate and not part.is_Relational)

    def called(self, name: str, arguments: list[Any]) -> Any:
        """A function on its arguments."""
        if "gamma" in name and any(a.is_Rational and abs(a) > LARGEST_FACTORIAL for a in arguments):
            refuse(f"{name} of a large number")
        if len(arguments) == 2 and arguments[0].is_number and not abs(arguments[0]) <= LARGEST_ORDER and name in OWN:
            refuse(f"{name} of a large order")
        for argument in arguments:
            self.bound(argument)
        if name == "relu":
            return self.chosen(self.sympy.Gt(arguments[0], 0, evaluate=False), arguments[0], self.sympy.S.Zero)
        if name == "where":
            return self.chosen(*arguments)
        if name == "power":
            return self.power(*arguments)
        if name == "square":
            return self.power(arguments[0], self.sympy.Integer(2))
        entry = ops.OPERATIONS.get(name)
        if entry is not None and entry.sympy is not None:
            return entry.sympy(self.sympy, *arguments)
        function = getattr(self.sympy, name)
        return function(*arguments) if self.evaluate or name == "sqrt" else function(*arguments, evaluate=False)

    def chosen(self, condition: Any, a: Any, b: Any) -> Any:
        """A conditional: the branch decided for, or both.

        One in the condition of another keeps neither, because SymPy takes exponential time for it.
        """
        if self.followed is not None:
            return a if next(self.followed) else b
        if not condition.is_Relational:
            refuse("a condition that is a number")
        if self.decisions is None:
            if condition.has(self.sympy.Piecewise):
                refuse("a condition inside a condition")
            return self.sympy.Piecewise((a, condition), (b, True), evaluate=False)
        holds = condition.func(*condition.args)
        if holds not in (self.sympy.true, self.sympy.false):
            refuse("a condition that it cannot decide")
        self.decisions.append(bool(holds))
        return a if holds else b

    def power(self, base: Any, exponent: Any) -> Any:
        """A power, refused where an exact number would grow beyond all bounds."""
        if exponent.is_Rational:
            factor = base if base.is_Rational else base.as_coeff_Mul()[0]
            if factor.is_Rational and factor not in (0, 1, -1) and abs(exponent) * _bits(factor) > NUMBER_BITS:
                refuse("a power of absurd size")
        if not (exponent.is_Rational and base.is_Rational):
            self.bound(exponent)
        return self.sympy.Pow(base, exponent)

    def bound(self, argument: Any) -> None:
        """Refuse the arguments for which SymPy takes forever.

        exp(1e9*log(2)) would be written out as 2**1000000000, and to reduce sin(exp(exp(9))) takes as many digits of pi
        as the number has.
        """
        if argument.is_Rational or argument.is_Relational:
            return
        if argument.has(self.sympy.log):
            numbers = argument.atoms(self.sympy.Rational)
            if any(abs(number) > LARGEST_FACTORIAL and number.q == 1 for number in numbers):
                refuse("a power of absurd size")
        if argument.is_number and not abs(argument.evalf(5, maxn=100)) < LARGEST_CONSTANT:
            refuse("a constant of absurd size")


RELATIONS = {
    "less": "Lt", "less_equal": "Le", "greater": "Gt", "greater_equal": "Ge", "equal": "Eq", "not_equal": "Ne",
}  # fmt: skip
LOGIC = {"logical_and": "And", "logical_or": "Or", "logical_not": "Not"}
NAMED = {"max": "Max", "min": "Min", "abs": "Abs", "ceil": "ceiling", "mod": "Mod", "step": "Heaviside"}
"""What SymPy calls functions of the table that it has under another name."""


class TableReader(Reader):
    """The same for a tree that becomes a graph: every function of the rule table goes through.

    relu is Max(0, a); a condition among numbers is 1 or 0; a function that SymPy lacks is one that it does not know.
    """

    def applied(self, part: Any, arguments: list[Any]) -> Any:
        """One node of the tree on arguments that are built."""
        return super().applied(part, arguments if part.is_Function else [self.as_number(each) for each in arguments])

    def called(self, name: str, arguments: list[Any]) -> Any:
        """A function on its arguments; one that is not specified is called by its own name."""
        entry = ops.find(name)
        own = entry.name if entry else name
        if own in LOGIC:
            return getattr(self.sympy, LOGIC[own])(*[self.as_condition(each) for each in arguments], evaluate=False)
        if own == "where":
            condition, a, b = self.as_condition(arguments[0]), *map(self.as_number, arguments[1:])
            return self.sympy.Piecewise((a, condition), (b, True), evaluate=False)
        arguments = [self.as_number(each) for each in arguments]
        if own in RELATIONS:
            return getattr(self.sympy, RELATIONS[own])(*arguments, evaluate=False)
        if own in ("relu", "max", "min"):
            return self.extreme(own, arguments)
        if own in NAMED:
            return getattr(self.sympy, NAMED[own])(*arguments)
        if own == "log_base" or (own == "log" and len(arguments) == 2):
            return self.sympy.log(arguments[0]) / self.sympy.log(arguments[1])
        if own in OWN or own in SPECIAL or (entry and entry.sympy):
            return super().called(own, arguments)
        return self.sympy.Function(own.partition("(")[0])(*arguments)

    def extreme(self, name: str, arguments: list[Any]) -> Any:
        """The largest or smallest; SymPy compares every pair, which takes too long with many, or with conditionals."""
        arguments = [self.sympy.S.Zero, *arguments] if name == "relu" else arguments
        function = self.sympy.Min if name == "min" else self.sympy.Max
        many = len(arguments) > MOST_COMPARED or any(each.has(self.sympy.Piecewise, function) for each in arguments)
        return function(*arguments, evaluate=False) if many else function(*arguments)

    def as_number(self, value: Any) -> Any:
        """A condition as 1 or 0."""
        return self.sympy.Piecewise((1, value), (0, True), evaluate=False) if is_condition(value) else value

    def as_condition(self, value: Any) -> Any:
        """A number as a condition: it holds where the number is not 0."""
        return value if is_condition(value) else self.sympy.Ne(value, 0, evaluate=False)


def is_condition(value: Any) -> bool:
    """Whether SymPy takes it for true or false; a symbol can be both, and is a number here."""
    return bool(value.is_Relational or value.is_Boolean)


def _bits(number: Any) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())
