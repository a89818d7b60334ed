"""Which number system a question is answered in: what `--exact`, `--precision`, `--round` and their kin ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.errors import UsageError

if TYPE_CHECKING:
    from gradcli.systems import System

GUARD = 20
"""`--precision n` computes with 2n + GUARD digits, so that n are right also where half of them cancel."""


class Numbers(NamedTuple):
    """The number system as it was asked for; without anything it is floats.

    symbolic   variables without a value stand for themselves
    exact      fractions, roots, π: decimals as typed
    precision  so many decimal digits
    round      so many decimals, where a result is no terminating decimal
    round_all  so many decimals in every operation
    pin        values of nodes, as typed: a=0.75
    """

    symbolic: bool = False
    exact: bool = False
    precision: int | None = None
    round: int | None = None
    round_all: int | None = None
    pin: Sequence[str] = ()

    @property
    def needs_values(self) -> bool:
        """Whether a formula without any value is a mistake, not a question for formulas."""
        return any(each is not None for each in (self.precision, self.round, self.round_all))

    @property
    def departs(self) -> bool:
        """Whether the result is meant to differ from the true one, which is then given beside it."""
        return self.round is not None or self.round_all is not None or bool(self.pin)

    def other(self) -> str:
        """What to try when these numbers are too much."""
        return "leave out --precision" if self.precision is not None else "floats or --precision 50 reach further"

    def system(self) -> System:
        """The number system; its library is loaded here."""
        if self.exact:
            from gradcli.systems.bounded import Bounded

            return Bounded()
        if self.precision is not None:
            from gradcli.systems.digits import Digits

            return Digits(2 * self.precision + GUARD, shown=self.precision)
        for places, every in ((self.round, False), (self.round_all, True)):
            if places is not None:
                from gradcli.systems.rounded import Rounded

                return Rounded(places, every=every)
        from gradcli.systems import FLOATS

        return FLOATS


def chosen(
    *,
    symbolic: bool = False,
    exact: bool = False,
    precision: int | None = None,
    round: int | None = None,
    round_all: int | None = None,
    pin: Sequence[str] | None = None,
) -> Numbers:
    """The options as one wish. Raises UsageError when two of them exclude each other."""
    numbers = Numbers(symbolic, exact, precision, round, round_all, pin or ())
    wishes = [
        f"--{name.replace('_', '-')}"
        for name in ("symbolic", "exact", "precision", "round", "round_all")
        if getattr(numbers, name) not in (None, False)
    ]
    if len(wishes) > 1:
        raise UsageError(f"{' and '.join(wishes)} exclude each other", hint="give one of them")
    return numbers
