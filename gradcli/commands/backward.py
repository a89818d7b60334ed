"""The command `gradcli backward`."""

from gradcli.asking.groups import GRADIENT, NUMBERS, QUESTION, SOURCE, answer
from gradcli.asking.help_text import Line
from gradcli.asking.options import takes
from gradcli.asking.question import Asked, Problem
from gradcli.output import Request

LINE = Line("the gradients", place=1)
EXAMPLES = (
    "gradcli backward '(x+y)*y' --x 2 --y 3",
    "gradcli backward '(sigmoid(w*x+b)-t)**2' --w 0.5 --x 2 --b 0.1 --const t=1 --get w,b",
)


@takes(QUESTION, GRADIENT, SOURCE, NUMBERS, answer("nodes", "edges", "inputs"))
def backward(asked: Asked, request: Request) -> int:
    """The value and the gradient of every node, and how each gradient came about: the backward pass."""
    from gradcli.asking import each
    from gradcli.report import Report
    from gradcli.report.passes.report import report_of
    from gradcli.report.passes.trace import Trace

    def report(task: Problem) -> Report:
        back = task.backward()
        truth = task.truth.backward() if task.truth else None
        return report_of("backward", Trace(back.forward, back, task.notes, request.style, truth))

    return each.answer(asked, request, report)
