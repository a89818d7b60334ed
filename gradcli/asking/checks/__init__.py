"""The kinds of check, one a file: at a point, at random points, of two formulas, of answers, of second derivatives, …

Each is a record of wishes with `report(task)`, which does the work, with a bar at a terminal where it is long.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from gradcli.errors import UsageError, closest

if TYPE_CHECKING:
    from gradcli.asking.question import Problem
    from gradcli.report import Report

DETAILS = ("--nodes", "--curve", "--step-size", "--scheme")
EXCLUDED = {
    "--answer": (*DETAILS, "--order-of-derivative", "--same-as"),
    "--same-as": (*DETAILS, "--order-of-derivative", "--upstream"),
    "--random": (*DETAILS, "--order-of-derivative"),
    "--order-of-derivative": DETAILS,
}
"""Options that do not go together."""


class Kind(Protocol):
    """A kind of check, with its wishes."""

    def report(self, task: Problem) -> Report:
        """What was found out about a question."""


class RandomPoints(NamedTuple):
    """The options about random points, as they were typed."""

    points: int | None = None
    seed: int = 0
    ranges: Sequence[str] = ()
    time_limit: float = 10.0


def refuse(used: Sequence[str], order: int, *, verbose: bool) -> None:
    """Raise UsageError for options that exclude each other, or that need another one."""
    if order not in (1, 2):
        raise UsageError(f"--order-of-derivative {order}: first and second derivatives can be checked", hint="write 2")
    given = {*used} - ({"--order-of-derivative"} if order == 1 else set())
    for option, others in EXCLUDED.items():
        wrong = [other for other in others if option in given and other in given]
        if wrong:
            raise UsageError(f"{option} and {wrong[0]} exclude each other", hint="give one of them")
    for option in ("--seed", "--range"):
        if option in given and not given & {"--random", "--same-as", "--answer"}:
            what = f"{option} goes with --random, --same-as or --answer"
            raise UsageError(what, hint=f"write --random 100 {option} …")
    if verbose:
        raise UsageError(
            "--verbose goes with the self test, which takes no formula", hint="write: gradcli check --verbose"
        )


def with_claims(report: Callable[[Problem], Report]) -> Callable[[Problem], Report]:
    """The same report; where the text claims something that is wrong, its exit status says so."""

    def answer(task: Problem) -> Report:
        found = report(task)
        wrong = any(note.kind == "claim" for note in task.notes)
        return found._replace(exit_status=1) if wrong else found

    return answer


def intervals_of(texts: Sequence[str], free: Sequence[str], names: Collection[str]) -> dict[str, tuple[float, float]]:
    """The interval of each variable: `x=-1:1,y=0:2`, or `-1:1` for all that are drawn.

    Raises UsageError for a name that the formula lacks, that has a value, or that stands twice.
    """
    from gradcli.language.spelling import plain_name
    from gradcli.language.values import read_range

    found: dict[str, tuple[float, float]] = {}
    for piece in (piece for text in texts for piece in text.split(",")):
        name, sign, interval = (part.strip() for part in piece.rpartition("="))
        if not sign:
            found = {**dict.fromkeys(free, read_range("x", interval)), **found}
            continue
        name = plain_name(name)
        if name not in names:
            near = closest(name, names)
            hint = f"did you mean {near[0]}?" if near else f"its variables: {', '.join(names) or 'none'}"
            raise UsageError(f"--range {piece}: the formula has no variable {name}", hint=hint)
        if name not in free:
            raise UsageError(f"{name} has a value and a range", hint="leave out one of them")
        found[name] = read_range(name, interval)
    return found
