"""The command `gradcli explain`."""

from typing import Annotated

from gradcli import formats
from gradcli.asking.groups import GRADIENT, NUMBERS, QUESTION, SOURCE, answer
from gradcli.asking.help_text import Line
from gradcli.asking.names import node_named
from gradcli.asking.options import flag, takes, text, whole
from gradcli.asking.question import Asked, Problem
from gradcli.errors import UsageError
from gradcli.output import Request

LINE = Line("the worked solution", place=2)
LOADS = ("sympy", "mpmath")
EXAMPLES = (
    "gradcli explain '(x+y)*y' --x 2 --y 3",
    "gradcli explain '(sigmoid(w*x+b)-t)**2' --at w=0.5,x=2,b=0.1 --const t=1 --round 2",
    "gradcli explain 'a = x²; b = x³; f = a*b' --x 2 --expand --brief",
)

Brief = Annotated[bool, flag("--brief", help="One line a node.")]
Expand = Annotated[bool, flag("--expand", help="Also the nested sum over all paths, and what it costs.")]
Descend = Annotated[bool, flag("--descend", help="Also what gradient descent does, for a loss and its parameters.")]
From = Annotated[str | None, text("--from", metavar="a", help="Start the backward pass at the node a.")]
Rows = Annotated[int, whole("--rows", least=2, help="The most nodes that are explained one by one.")]
Fragment = Annotated[bool, flag("--fragment", help="Without the document around it, for a document of your own.")]
SHOWN = 40
"""Operations that are explained one by one unless --rows says otherwise."""


@takes(QUESTION, GRADIENT, SOURCE, NUMBERS, answer().without("get", "csv", "rows"), text=True)
def explain(
    asked: Asked,
    request: Request,
    brief: Brief = False,
    expand: Expand = False,
    descend: Descend = False,
    start: From = None,
    rows: Rows = SHOWN,
    fragment: Fragment = False,
) -> int:
    """The worked solution: forward, backward at every node with its rule, add up, the formulas, what it means."""
    from gradcli.asking import each
    from gradcli.report import Report
    from gradcli.report.explain.material import Wishes
    from gradcli.report.explain.solution import Solution
    from gradcli.report.passes.trace import Trace

    def report(task: Problem) -> Report:
        back = task.backward()
        truth = task.truth.backward() if task.truth else None
        trace = Trace(back.forward, back, task.notes, request.style, truth)
        begin = task.graph.output if start is None else node_named(task.graph, "--from", start)
        return Solution(trace, Wishes(rows, brief, expand, descend), begin).report()

    if formats.named(request.format).draws_only("table"):
        what = f"{request.format} holds tables, and a worked solution is a text"
        raise UsageError(what, hint=f"gradcli backward --format {request.format} has the numbers")
    if fragment and not formats.named(request.format).fragments:
        suiting = ", ".join(formats.that(lambda way: way.fragments))
        raise UsageError(f"--fragment goes with --format {suiting}", hint=f"add --format {suiting}")
    return each.answer(asked, request._replace(fragment=fragment), report)
