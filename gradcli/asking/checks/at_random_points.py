"""Is the gradient right at random points of the domain? Values that were given are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gradcli.asking.checks import RandomPoints, intervals_of

if TYPE_CHECKING:
    from gradcli.asking.question import Asked, Problem
    from gradcli.report import Report, Style


class AtRandomPoints(NamedTuple):
    """The question, with what is told about it again beside a point that fails, and the points."""

    asked: Asked
    drawing: RandomPoints
    style: Style

    def report(self, task: Problem) -> Report:
        """The verdicts at every point."""
        from gradcli import progress
        from gradcli.analysis.checking.points import check_points
        from gradcli.report.checking.points import CheckedPoints

        names = task.graph.inputs
        known = {*task.point, *task.graph.defaults}
        intervals = intervals_of(self.drawing.ranges, [name for name in names if name not in known], names)
        count = self.drawing.points or 1
        with progress.bar("points", count) as tell:
            found = check_points(
                task.graph,
                task.point,
                count,
                seed=self.drawing.seed,
                ranges=intervals,
                wrt=task.wrt,
                upstream=task.upstream,
                time_limit=self.drawing.time_limit,
                progress=tell,
            )
        typed = [("--wrt", self.asked.wrt), ("--upstream", self.asked.upstream if self.asked.upstream != "1" else None)]
        typed += [("--const", text.partition("=")[0]) for text in self.asked.const or ()]
        typed += [("--name", text) for text in self.asked.name or ()]
        again = [part for option, text in typed if text is not None for part in (option, text)]
        return CheckedPoints(found, task.notes, self.style, again).report()
