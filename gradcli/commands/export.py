"""The command `gradcli export`."""

from typing import Annotated

from gradcli import printers
from gradcli.asking.groups import GRADIENT, QUESTION, SOURCE, answer
from gradcli.asking.help_text import Line
from gradcli.asking.number_system import Numbers
from gradcli.asking.options import choice, flag, takes
from gradcli.asking.question import Asked
from gradcli.errors import UsageError
from gradcli.output import Request
from gradcli.programs import languages

LINE = Line()
EXAMPLES = (
    "gradcli export '(x+y)/y' --to latex",
    "gradcli export 'sin(x**2)' --to python --gradient",
    "gradcli export '(sigmoid(w*x+b)-t)**2' --to sympy --gradient --wrt w,b",
)

To = Annotated[
    str, choice("--to", sorted((*printers.NAMES, *languages.NAMES)), help="The notation or language to write.")
]
Gradient = Annotated[bool, flag("--gradient", help="Write the gradient: one derivative an input.")]


@takes(
    QUESTION,
    GRADIENT.without("upstream"),
    SOURCE.without("each"),
    answer().only("json", "output", "force", "ascii"),
    bare="text",
)
def export(asked: Asked, request: Request, to: To, gradient: Gradient = False) -> int:
    """The formula as it was read, or its gradient, in another notation or a programming language."""
    from gradcli.asking.question import read
    from gradcli.export import written
    from gradcli.output import write
    from gradcli.report import Note
    from gradcli.report.exported import report_of

    if not gradient and (asked.wrt is not None or asked.const):
        raise UsageError(f"--{'wrt' if asked.wrt is not None else 'const'} goes with --gradient", hint="add --gradient")
    task = read(asked._replace(numbers=Numbers(symbolic=True)))
    notes = [*task.notes, *(Note(*remark) for remark in task.graph.remarks)]
    if task.values:
        notes.append(Note("unused", None, "a formula is exported without values: they are left out"))
    names = None
    if gradient:
        names = list(task.graph.inputs) if task.wrt is None else list(task.wrt)
    text = written(task.graph, to, names)
    return write(report_of(text, to, task.graph.source, names, notes), request)
