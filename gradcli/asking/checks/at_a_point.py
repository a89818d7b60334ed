"""Is the gradient right at a point? With the textbook check, as it is taught, beside it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from gradcli.errors import UsageError

if TYPE_CHECKING:
    from gradcli.analysis.checking.textbook import Wishes
    from gradcli.analysis.checking.witness import Witness
    from gradcli.asking.question import Problem
    from gradcli.report import Report, Style


class AtAPoint(NamedTuple):
    """Whether the inner nodes are checked as well, the seconds it may take, and the textbook check.

    `readings` holds SymPy's reading of the row before, which most often has the same formula.
    """

    nodes: bool
    time_limit: float
    style: Style
    textbook: Wishes
    readings: list[Witness]

    def report(self, task: Problem) -> Report:
        """The verdict on every gradient. Raises UsageError without a point."""
        from gradcli.analysis.checking.check import check
        from gradcli.report.checking.verdicts import Verdicts

        needs_point(task)
        found = check(
            task.graph,
            task.point,
            task.wrt,
            upstream=task.upstream,
            nodes=self.nodes,
            time_limit=self.time_limit,
            witness=next((known for known in self.readings if known.reads(task.graph)), None),
        )
        self.readings[:] = [found.witness] if found.witness else self.readings
        return Verdicts(found, task.notes, self.style, self.textbook).report()


def textbook(curve: bool, scheme: str | None, step_size: float | None) -> Wishes:
    """How the textbook check is made. Raises UsageError for a step that is none."""
    from gradcli.analysis.checking.textbook import Wishes

    chosen = scheme or ("central" if step_size is not None else None)
    step = step_size if step_size is not None else 1e-20 if chosen == "complex" else 1e-5
    if not 0 < step < inf:
        raise UsageError(f"--step-size {step:g}: a step is larger than 0", hint="for example: --step-size 1e-5")
    return Wishes(curve, chosen, step)


def needs_point(task: Problem) -> None:
    """Raise UsageError when the variables have no values."""
    if task.system.name == "symbolic":
        line = " ".join(f"--{each} 2" for each in task.graph.inputs)
        raise UsageError("a check needs a point", hint=f"give every variable a value: {line}")
