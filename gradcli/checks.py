"""The kinds of check besides the one at a point: two formulas, random points, second derivatives, the installation.

Each reads its part of the command line, does the work with a bar at a terminal, and gives the report.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.errors import UsageError, closest

if TYPE_CHECKING:
    from gradcli.output import Request
    from gradcli.problem import Asked, Problem
    from gradcli.report import Report, Style

DETAILS = ("--nodes", "--curve", "--step-size", "--scheme")
EXCLUDED = {
    "--same-as": (*DETAILS, "--order-of-derivative", "--upstream"),
    "--random": (*DETAILS, "--order-of-derivative"),
    "--order-of-derivative": DETAILS,
}
"""Options that do not go together."""

SELF_TEST = {
    "--verbose", "--format", "--json", "--csv", "--table", "--get", "--rows", "--output", "-o", "--force", "--color",
    "--ascii",
}  # fmt: skip
"""The options that the self test takes."""


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
        if option in given and not given & {"--random", "--same-as"}:
            raise UsageError(f"{option} goes with --random or --same-as", hint=f"write --random 100 {option} …")
    if verbose:
        raise UsageError(
            "--verbose goes with the self test, which takes no formula", hint="write: gradcli check --verbose"
        )


def installation(request: Request, *, verbose: bool) -> int:
    """The self test: is this installation right?"""
    import sys
    import time

    from gradcli import output, progress
    from gradcli.analysis.examples import EXAMPLES
    from gradcli.analysis.self_test import GRAPHS, self_test
    from gradcli.ops import OPERATIONS
    from gradcli.report.self_test import SelfTested

    began = time.monotonic()
    with progress.bar("testing", len(OPERATIONS) + len(EXAMPLES) + GRAPHS) as tell:
        found = self_test(progress=tell)
    terminal = request.path is None and sys.stdout is not None and sys.stdout.isatty()
    seconds = time.monotonic() - began if terminal else None
    return output.write(SelfTested(found, verbose=verbose, seconds=seconds).report(), request)


def second_derivatives(task: Problem, time_limit: float, style: Style) -> Report:
    """The gradient's own gradient."""
    from gradcli.analysis.second_order import check_second_order
    from gradcli.report.hessian import Hessian

    found = check_second_order(task.graph, task.point, task.wrt, upstream=task.upstream, time_limit=time_limit)
    return Hessian(found, task.notes, style).report()


def at_random_points(task: Problem, asked: Asked, drawing: RandomPoints, style: Style) -> Report:
    """The check at random points; values that were given are kept."""
    from gradcli import progress
    from gradcli.analysis.points import check_points
    from gradcli.report.points import CheckedPoints

    names = task.graph.inputs
    known = {*task.point, *task.graph.defaults}
    intervals = intervals_of(drawing.ranges, [name for name in names if name not in known], names)
    count = drawing.points or 1
    with progress.bar("points", count) as tell:
        found = check_points(
            task.graph,
            task.point,
            count,
            seed=drawing.seed,
            ranges=intervals,
            wrt=task.wrt,
            upstream=task.upstream,
            time_limit=drawing.time_limit,
            progress=tell,
        )
    typed = [("--wrt", asked.wrt), ("--upstream", asked.upstream if asked.upstream != "1" else None)]
    typed += [("--const", text.partition("=")[0]) for text in asked.const or ()]
    typed += [("--name", text) for text in asked.name or ()]
    again = [part for option, text in typed if text is not None for part in (option, text)]
    return CheckedPoints(found, task.notes, style, again).report()


def two_formulas(task: Problem, asked: Asked, drawing: RandomPoints, style: Style) -> Report:
    """Two formulas compared: at the point if there is one, at random points, and in symbols."""
    from gradcli import progress
    from gradcli.analysis.same import POINTS, same
    from gradcli.language.spelling import plain_name
    from gradcli.problem import assignments
    from gradcli.report.same import TwoFormulas
    from gradcli.systems import FLOATS

    second = task.other or task.graph
    names = tuple(dict.fromkeys((*task.graph.inputs, *second.inputs)))
    own = {name: FLOATS.literal(text) for graph in (second, task.graph) for name, text in graph.defaults.items()}
    known = {**own, **task.point}
    missing = [name for name in names if name not in known]
    constants = {plain_name(name) for name, _ in assignments("--const", asked.const or (), bare=True)}
    if missing and set(task.point) - constants:
        line = " ".join(f"--{name} 2" for name in missing)
        raise UsageError(
            f"no value for {', '.join(missing)}", hint=f"add {line}, or give no values: random points only"
        )
    fixed = {name: value for name, value in known.items() if missing or name in constants}
    intervals = intervals_of(drawing.ranges, [name for name in names if name not in fixed], names)
    count = POINTS if drawing.points is None else drawing.points
    with progress.bar("points", count) as tell:
        found = same(
            task.graph,
            second,
            None if missing else known,
            fixed,
            wrt=task.wrt,
            count=count,
            seed=drawing.seed,
            ranges=intervals,
            time_limit=drawing.time_limit,
            progress=tell,
        )
    return TwoFormulas(found, task.notes, style).report()


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
