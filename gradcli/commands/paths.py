"""The command `gradcli paths`."""

from typing import Annotated

from gradcli.asking.groups import GRADIENT, NUMBERS, QUESTION, SOURCE, answer
from gradcli.asking.help_text import Line
from gradcli.asking.options import choice, takes, whole
from gradcli.asking.question import Asked, Problem
from gradcli.errors import UsageError
from gradcli.output import Request

LINE = Line("every path", place=5)
EXAMPLES = (
    "gradcli paths '(x+y)*y' --x 2 --y 3",
    "gradcli paths 'a = x*x; b = a*a; b*b' --x 0.5 --limit 3 --sort size",
)

Limit = Annotated[int, whole("--limit", least=0, help="List so many paths; all are counted.")]
Sort = Annotated[
    str, choice("--sort", ("text", "size"), help="text: in the order of the text; size: the largest product first.")
]


@takes(QUESTION, GRADIENT, SOURCE, NUMBERS, answer("paths", "inputs"))
def paths(asked: Asked, request: Request, limit: Limit = 20, sort: Sort = "text") -> int:
    """Every path from an input to the output: its local derivatives, their product, and the sum of the products.

    The gradient of an input is that sum. Paths are counted without being listed: there can be 2^n of them.
    """
    from gradcli.asking import each
    from gradcli.report import Report
    from gradcli.report.paths import Listing

    by_size = sort == "size"

    def report(task: Problem) -> Report:
        if by_size and task.system.name == "symbolic":
            line = " ".join(f"--{each} 2" for each in task.graph.inputs)
            raise UsageError("--sort size needs numbers", hint=f"give every variable a value: {line}")
        truth = task.truth.backward() if task.truth else None
        return Listing(
            task.backward(), limit, by_size=by_size, notes=task.notes, style=request.style, truth=truth
        ).report()

    return each.answer(asked, request, report)
