"""Are two formulas the same function? At the point if there is one, at random points, and in symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gradcli.asking.checks import RandomPoints, intervals_of
from gradcli.asking.names import assignments
from gradcli.errors import UsageError

if TYPE_CHECKING:
    from gradcli.asking.question import Asked, Problem
    from gradcli.report import Report, Style


class TwoFormulas(NamedTuple):
    """The question, with its second formula, and the points."""

    asked: Asked
    drawing: RandomPoints
    style: Style

    def report(self, task: Problem) -> Report:
        """What two formulas have in common. Raises UsageError where some variables have a value and some have none."""
        from gradcli import progress
        from gradcli.analysis.checking.same import POINTS, same
        from gradcli.language.spelling import plain_name
        from gradcli.report.checking.same import Compared
        from gradcli.systems import FLOATS

        second = task.other or task.graph
        names = tuple(dict.fromkeys((*task.graph.inputs, *second.inputs)))
        own = {name: FLOATS.literal(text) for graph in (second, task.graph) for name, text in graph.defaults.items()}
        known = {**own, **task.point}
        missing = [name for name in names if name not in known]
        constants = {plain_name(name) for name, _ in assignments("--const", self.asked.const or (), bare=True)}
        if missing and set(task.point) - constants:
            line = " ".join(f"--{name} 2" for name in missing)
            raise UsageError(
                f"no value for {', '.join(missing)}", hint=f"add {line}, or give no values: random points only"
            )
        fixed = {name: value for name, value in known.items() if missing or name in constants}
        intervals = intervals_of(self.drawing.ranges, [name for name in names if name not in fixed], names)
        count = POINTS if self.drawing.points is None else self.drawing.points
        with progress.bar("points", count) as tell:
            found = same(
                task.graph,
                second,
                None if missing else known,
                fixed,
                wrt=task.wrt,
                count=count,
                seed=self.drawing.seed,
                ranges=intervals,
                time_limit=self.drawing.time_limit,
                progress=tell,
            )
        return Compared(found, task.notes, self.style).report()
