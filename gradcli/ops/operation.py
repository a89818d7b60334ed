"""What one entry of the rule table is.

An entry holds everything the program knows about an operation: value, local derivatives, pattern, conventions, where
it is smooth, how it is typed. A rule's first argument `m` is the number system (`gradcli.systems`), so one text is read
in floats, many digits, exact numbers and symbols. In a rule only `+ - *` and unary minus are Python's own; everything
else goes through `m`, and every name called on `m` is an entry of the table or one of `PRIMITIVES`.

The form follows DiffRules.jl (rules as data) and mpmath (the number system as first argument).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from gradcli.errors import UsageError

Rule = Callable[..., Any]
"""`value(m, *arguments)` or `local(m, y, *arguments)`; for variadic operations `local(m, y, k, fixed, *arguments)`."""

Pattern = Literal["distribute", "swap", "route", "gate", "scale"]
"""How a gradient goes back through a node, in the lectures' words: + distributes, × swaps, max routes, relu gates."""

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
    locals        one local derivative an argument, of (m, y, *arguments) with y the value already computed; a plain
                  number where it is constant; a single function of (m, y, k, fixed, *arguments) when `variadic`
    constant      the arguments that have no local derivative: nothing being differentiated may stand there
    pattern       how a gradient goes back through it
    sample        per argument an interval in which the operation is smooth
    stable        value and local derivatives for systems that round, where the textbook form loses digits
                  (None where the textbook form is as good)
    written       local derivatives as a gradient's own formula has them (`Symbols`), where the textbook form lacks a
                  number, or a slope, at a special point at which there is one (None where it lacks none)
    domain        where there is a value, as a formula over a, b, c; empty for all numbers
    corner        of (m, *arguments): true where there is no derivative
    convention    what is used there, and what others say
    symbol        the sign it is typed with, if it has one
    aliases       other names it is called by
    called        another entry's name: a call of that one with as many arguments as this one has means this one
    variadic      takes any number of arguments (two at least)
    branches      the first argument is a condition and the branch not taken is closed
    """

    name: str
    doc: str
    value: Rule
    locals: tuple[Rule | int, ...]
    pattern: Pattern
    sample: tuple[tuple[float, float], ...]
    stable: tuple[Rule | None, ...]
    written: tuple[Rule | None, ...]
    corner: Rule | None
    convention: str
    elsewhere: str
    symbol: str | None
    aliases: tuple[str, ...]
    variadic: bool
    branches: bool
    constant: tuple[int, ...]
    domain: str
    called: str | None

    def __hash__(self) -> int:
        """By the name, which is unique."""
        return hash(self.name)

    @property
    def typed(self) -> str:
        """The name it is called by in a formula."""
        return self.called or self.name

    @property
    def arity(self) -> int:
        """How many arguments it takes; for `variadic` ones the fewest."""
        return 2 if self.variadic else len(self.locals)

    def local(self, k: int) -> Rule | int:
        """The textbook local derivative with respect to argument `k`."""
        return self.locals[0 if self.variadic else k]

    def stable_value(self) -> Rule:
        """The value for systems that round."""
        return (self.stable and self.stable[0]) or self.value

    def stable_local(self, k: int) -> Rule | int:
        """The local derivative with respect to argument `k` for systems that round."""
        k = 0 if self.variadic else k
        return (self.stable and self.stable[k + 1]) or self.locals[k]

    def written_local(self, k: int) -> Rule | int:
        """The local derivative with respect to argument `k` in the formula of a gradient."""
        k = 0 if self.variadic else k
        return (self.written and self.written[k]) or self.locals[k]


SMOOTH = (-2.0, 2.0)
POSITIVE = (0.25, 3.0)


def op(
    name: str,
    doc: str,
    value: Rule,
    *locals: Rule | int | None,
    pattern: Pattern = "scale",
    sample: tuple[tuple[float, float], ...] | None = None,
    stable: tuple[Rule | None, ...] = (),
    written: tuple[Rule | None, ...] = (),
    corner: Rule | None = None,
    convention: str = "",
    elsewhere: str = "",
    domain: str = "",
    symbol: str | None = None,
    aliases: tuple[str, ...] = (),
    called: str | None = None,
    variadic: bool = False,
    branches: bool = False,
) -> Operation:
    """One entry, checked for shape: as many sample intervals as arguments, as many stable forms as rules.

    A local derivative None says that there is none, as for the order of a Bessel function: asking for it is a
    UsageError. Raises ValueError for an entry that does not fit together.
    """
    arguments = 2 if variadic else len(locals)
    sample = sample or (SMOOTH,) * arguments
    if len(sample) != arguments:
        raise ValueError(f"{name}: {len(sample)} sample intervals for {arguments} arguments")
    if stable and len(stable) != 1 + len(locals):
        raise ValueError(f"{name}: {len(stable)} stable forms for {1 + len(locals)} rules")
    if written and len(written) != len(locals):
        raise ValueError(f"{name}: {len(written)} written forms for {len(locals)} local derivatives")
    if variadic and len(locals) != 1:
        raise ValueError(f"{name}: any number of arguments takes one rule for all of them")
    return Operation(
        name=name,
        doc=doc,
        value=value,
        locals=tuple(_no_local(name, k) if local is None else local for k, local in enumerate(locals)),
        pattern=pattern,
        sample=sample,
        stable=stable,
        written=written,
        corner=corner,
        convention=convention,
        elsewhere=elsewhere,
        symbol=symbol,
        aliases=aliases,
        variadic=variadic,
        branches=branches,
        constant=tuple(k for k, local in enumerate(locals) if local is None),
        domain=domain,
        called=called,
    )


def _no_local(name: str, k: int) -> Rule:
    """The rule of an argument that must be constant."""

    def local(m: Any, y: Any, *arguments: Any) -> Any:
        ordinal = ("first", "second", "third")[k]
        raise UsageError(
            f"{name} has no derivative with respect to its {ordinal} argument",
            hint="it must be a number, or a variable that is kept fixed: --const NAME",
        )

    return local
