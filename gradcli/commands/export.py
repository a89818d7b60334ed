"""The command `gradcli export`."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from gradcli import options, printers
from gradcli.errors import UsageError
from gradcli.programs import languages

GROUP = "Frameworks"
EXAMPLES = (
    "gradcli export '(x+y)/y' --to latex",
    "gradcli export 'sin(x**2)' --to python --gradient",
    "gradcli export '(sigmoid(w*x+b)-t)**2' --to sympy --gradient --wrt w,b",
)

if TYPE_CHECKING:

    class DialectName(Enum):
        """The name of a notation."""

        latex = "latex"
else:
    NAMES = sorted((*printers.NAMES, *languages.NAMES))
    DialectName = Enum("DialectName", {name: name for name in NAMES}, type=str)

To = Annotated[DialectName, typer.Option("--to", help="The notation to write.", show_default=False)]
Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the text into a file.", show_default=False)
]
Gradient = Annotated[bool, typer.Option("--gradient", help="Write the gradient: one derivative an input.")]


def export(
    ctx: typer.Context,
    to: To,
    formula: options.Formula = None,
    gradient: Gradient = False,
    file: options.File = None,
    at: options.At = None,
    name: options.Name = None,
    wrt: options.Wrt = None,
    const: options.Const = None,
    read_as: options.ReadAs = options.TYPED,
    json: options.Json = False,
    output: Output = None,
    force: options.Force = False,
    ascii: options.Ascii = False,
) -> int:
    """The formula as it was read, or its gradient, in another notation: LaTeX, MathML, Typst, Python, SymPy."""
    from gradcli.numbers import Numbers
    from gradcli.output import write
    from gradcli.problem import Asked, read
    from gradcli.report import Note
    from gradcli.report.exported import report_of

    if not gradient and (wrt is not None or const):
        raise UsageError(f"--{'wrt' if wrt is not None else 'const'} goes with --gradient", hint="add --gradient")
    request = options.output(
        None, json, False, None, None if json else "text", output, force, options.DEFAULT_ROWS, options.AUTO, ascii
    )
    asked = Asked(formula, file, None, at, name, wrt, const, numbers=Numbers(symbolic=True), reading=read_as.value)
    task = read(ctx, asked)
    notes = [*task.notes, *(Note(*remark) for remark in task.graph.remarks)]
    if task.values:
        notes.append(Note("unused", None, "a formula is exported without values: they are left out"))
    names = None
    if gradient:
        names = list(task.graph.inputs) if task.wrt is None else list(task.wrt)
    return write(report_of(task.graph, str(to.value), names, notes), request)
