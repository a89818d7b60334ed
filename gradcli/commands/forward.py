"""The command `gradcli forward`."""

from gradcli.asking.groups import NUMBERS, QUESTION, SOURCE, answer
from gradcli.asking.help_text import Line
from gradcli.asking.options import takes
from gradcli.asking.question import Asked, Problem
from gradcli.output import Request

LINE = Line("values only", beside="backward")
EXAMPLES = (
    "gradcli forward '(x+y)*y' --x 2 --y 3",
    "gradcli forward 'a = x + y; f = a*y' --x 2 --y 3 --get a,f",
)


@takes(QUESTION, SOURCE, NUMBERS, answer("nodes", "edges", "inputs"))
def forward(asked: Asked, request: Request) -> int:
    """The value of every node of the graph: the forward pass."""
    from gradcli.asking import each
    from gradcli.report import Report
    from gradcli.report.passes.report import report_of
    from gradcli.report.passes.trace import Trace

    def report(task: Problem) -> Report:
        run = task.forward()
        truth = task.truth.forward() if task.truth else None
        return report_of("forward", Trace(run, notes=task.notes, style=request.style, truth=truth))

    return each.answer(asked, request, report)
