"""The gradient's own gradient at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gradcli.asking.checks.at_a_point import needs_point

if TYPE_CHECKING:
    from gradcli.asking.question import Problem
    from gradcli.report import Report, Style


class SecondDerivatives(NamedTuple):
    """How long it may take, in seconds, and how numbers are written."""

    time_limit: float
    style: Style

    def report(self, task: Problem) -> Report:
        """The second derivatives, checked. Raises UsageError without a point."""
        from gradcli.analysis.checking.second_order import check_second_order
        from gradcli.report.checking.hessian import Hessian

        needs_point(task)
        found = check_second_order(task.graph, task.point, task.wrt, upstream=task.upstream, time_limit=self.time_limit)
        return Hessian(found, task.notes, self.style).report()
