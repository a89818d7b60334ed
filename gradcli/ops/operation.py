"""What one entry of the rule table is.

An entry holds everything the program knows about an operation: value, local derivatives, pattern, conventions, where
it is smooth, how it is typed. A rule's first argument `m` is the number system (`gradcli.systems`), so one text is read
in floats, many digits, exact numbers and symbols. In a rule only `+ - *` and unary minus are Python's own; everything
else goes through `m`, and every name called on `m` is an entry of the table or one of `PRIMITIVES`.

An entry gives `locals`, numbers that act element by element on arrays, or `vjps` and `jvps`, operations on whole arrays
that take the gradient or tangent that arrives. Static parameters of a node (axis, index, shape …) reach every rule of
its entry by name: `value(m, a, axis=0)`.

The form follows DiffRules.jl (rules as data), ChainRules.jl (two kinds of entry in one table) and mpmath (the number
system as first argument).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from gradcli.errors import UsageError

Rule = Callable[..., Any]
"""`value(m, *arguments)`, `local(m, y, *arguments)`, `vjp(m, y, upstream, *arguments)`, `jvp(m, y, tangent,
*arguments)`, all with the node's parameters by name; the last three have `k, fixed` before the arguments in an entry
that is `variadic`."""

Pattern = Literal["distribute", "swap", "route", "gate", "scale"]
"""How a gradient goes back through a node, in the lectures' words: + distributes, × swaps, max routes, relu gates."""

Gives = Literal["number", "condition"]
"""What the value is: a number, or a condition, 1 or 0, that `and` and `where` ask."""

_PRIMITIVES = """
    divide power less less_equal equal where abs sqrt exp log sin cos tan tanh asin acos atan atan2 floor round erf
    gamma nan literal library
"""
PRIMITIVES = frozenset(_PRIMITIVES.split())
"""What every number system supplies itself; comparisons give the system's own 1 and 0, `library(name, k, …)` a function
of SymPy's library (k = 0) or its derivative to argument k."""

_NATIVE = "cbrt expm1 log1p log2 log10 sinh cosh asinh acosh atanh hypot mod erfc loggamma"
NATIVE = frozenset(_NATIVE.split())
"""What systems that round supply besides, because the textbook form loses digits; only `stable` forms rest on them."""


class Operation(NamedTuple):
    """One operation.

    name          NumPy's name for it
    doc           one line: what it is
    value         the textbook value, of (m, *arguments)
    arity         how many arguments it takes; for `variadic` ones the fewest
    locals        one local derivative an argument, of (m, y, *arguments) with y the value already computed; a plain
                  number where it is constant; a single function of (m, y, k, fixed, *arguments) when `variadic`, with
                  k the argument's place and `fixed` which arguments depend on no variable; empty where it is no number
    vjps          one rule an argument (or one when `variadic`) for what is passed back of the gradient that arrives;
                  beside `locals` where that product must be masked
    jvps          the same for what is passed forward of an argument's tangent
    constant      the arguments that have no local derivative: nothing being differentiated may stand there
    pattern       how a gradient goes back through it
    sample        per argument an interval in which the operation is smooth
    stable        value and local derivatives for systems that round, where the textbook form loses digits
                  (None where the textbook form is as good)
    written       local derivatives as a gradient's own formula has them (`Symbols`), where the textbook form lacks a
                  number, or a slope, at a special point at which there is one (None where it lacks none)
    domain        where there is a value, as a formula over a, b, c; empty for all numbers
    takes         the same in words, after its name: "takes numbers larger than 0"
    corner        of (m, *arguments): true where there is no derivative
    convention    what is used there
    elsewhere     what others use there
    symbol        the sign it is typed with, if it has one
    spoken        what it is called in a sentence where `typed` will not do: "a division"
    aliases       other names it is called by
    called        another entry's name: a call of that one with as many arguments as this one has means this one
    gives         a number or a condition
    variadic      takes any number of arguments (two at least)
    branches      the first argument is a condition and the branch not taken is closed
    parameters    the names of its static parameters
    sympy         how SymPy composes it, of (sympy, *arguments), where SymPy has no function for it: a statement of its
                  own, not taken from `value`, as `check` holds the two against each other
    """

    name: str
    doc: str
    value: Rule
    arity: int
    locals: tuple[Rule | int, ...]
    vjps: tuple[Rule, ...] = ()
    jvps: tuple[Rule, ...] = ()
    constant: tuple[int, ...] = ()
    pattern: Pattern = "scale"
    sample: tuple[tuple[float, float], ...] = ()
    stable: tuple[Rule | None, ...] = ()
    written: tuple[Rule | None, ...] = ()
    domain: str = ""
    takes: str = ""
    corner: Rule | None = None
    convention: str = ""
    elsewhere: str = ""
    symbol: str | None = None
    spoken: str = ""
    aliases: tuple[str, ...] = ()
    called: str | None = None
    gives: Gives = "number"
    variadic: bool = False
    branches: bool = False
    parameters: tuple[str, ...] = ()
    sympy: Callable[..., Any] | None = None

    def __hash__(self) -> int:
        """By the name, which is unique."""
        return hash(self.name)

    @property
    def typed(self) -> str:
        """The name it is called by in a formula."""
        return self.called or self.name

    def local(self, k: int) -> Rule | int:
        """The textbook local derivative with respect to argument `k`.

        Of an entry for whole arrays the one that it has on numbers: what is passed back of an upstream gradient 1.
        """
        k = 0 if self.variadic else k
        return self.locals[k] if self.locals else _of_one(self.vjps[k])

    def stable_value(self) -> Rule:
        """The value for systems that round."""
        return (self.stable and self.stable[0]) or self.value

    def stable_local(self, k: int) -> Rule | int:
        """The local derivative with respect to argument `k` for systems that round."""
        return (self.stable and self.stable[1 if self.variadic else k + 1]) or self.local(k)

    def written_local(self, k: int) -> Rule | int:
        """The local derivative with respect to argument `k` in the formula of a gradient."""
        return (self.written and self.written[0 if self.variadic else k]) or self.local(k)


SMOOTH = (-2.0, 2.0)
POSITIVE = (0.25, 3.0)


def op(name: str, doc: str, value: Rule, *locals: Rule | int | None, **fields: Any) -> Operation:
    """One entry; `fields` are further ones of `Operation`, by name. It is checked that it fits together.

    A local derivative None says that there is none, as for the order of a Bessel function: asking for it is a
    UsageError. Raises ValueError for an entry without rules, or with more or fewer sample intervals, stable forms or
    rules for arrays than arguments; TypeError for a field that there is not.
    """
    constant = tuple(k for k, local in enumerate(locals) if local is None)
    rules = tuple(_no_local(name, k) if local is None else local for k, local in enumerate(locals))
    variadic, vjps = fields.get("variadic", False), fields.get("vjps", ())
    arity = 2 if variadic else len(locals) or len(vjps)
    fields.setdefault("sample", (SMOOTH,) * arity)
    operation = Operation(name, doc, value, arity, rules, constant=constant, **fields)
    wanted = 1 if variadic else arity
    if not locals and not vjps:
        raise ValueError(f"{name}: neither local derivatives nor rules for whole arrays")
    if len(operation.sample) != arity:
        raise ValueError(f"{name}: {len(operation.sample)} sample intervals for {arity} arguments")
    if operation.stable and len(operation.stable) != 1 + len(locals):
        raise ValueError(f"{name}: {len(operation.stable)} stable forms for {1 + len(locals)} rules")
    if operation.written and len(operation.written) != len(locals):
        raise ValueError(f"{name}: {len(operation.written)} written forms for {len(locals)} local derivatives")
    if locals and len(locals) != wanted:
        raise ValueError(f"{name}: any number of arguments takes one rule for all of them")
    if vjps and not len(vjps) == len(operation.jvps) == wanted:
        raise ValueError(f"{name}: {len(vjps)} vjps and {len(operation.jvps)} jvps for {wanted} arguments")
    return operation


def _of_one(vjp: Rule) -> Rule:
    """A rule for whole arrays as a local derivative of numbers: what is passed back of 1."""
    return lambda m, y, *arguments, **parameters: vjp(m, y, 1, *arguments, **parameters)


def _no_local(name: str, k: int) -> Rule:
    """The rule of an argument that must be constant."""

    def local(m: Any, y: Any, *arguments: Any) -> Any:
        ordinal = ("first", "second", "third")[k]
        raise UsageError(
            f"{name} has no derivative with respect to its {ordinal} argument",
            hint="it must be a number, or a variable that is kept fixed: --const NAME",
        )

    return local
