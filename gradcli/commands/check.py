"""The command `gradcli check`."""

import typer

from gradcli import options
from gradcli.errors import UsageError

GROUP = "Compute"
EXAMPLES = (
    "gradcli check '(x+y)*y' --x 2 --y 3",
    "gradcli check 'relu(x)' --x 0",
)


def check(
    ctx: typer.Context,
    formula: options.Formula = None,
    file: options.File = None,
    each: options.Each = None,
    at: options.At = None,
    name: options.Name = None,
    wrt: options.Wrt = None,
    const: options.Const = None,
    format: options.Format = None,
    json: options.Json = False,
    csv: options.Csv = False,
    table: options.TableName = None,
    get: options.Get = None,
    digits: options.Digits = options.DEFAULT_DIGITS,
    rows: options.Rows = options.DEFAULT_ROWS,
    output: options.Output = None,
    force: options.Force = False,
    color: options.Color = options.AUTO,
    ascii: options.Ascii = False,
) -> int:
    """Is the gradient right? The graph beside SymPy's derivative and a difference of values.

    Exit status 0: all agree; 1: one is wrong; 3: not verified, for example because there is no derivative.
    """
    from gradcli import batch
    from gradcli.analysis.check import check as check_gradient
    from gradcli.problem import Asked, Problem
    from gradcli.report.verdicts import Verdicts

    def report(task: Problem) -> Verdicts:
        if task.system.name == "symbolic":
            line = " ".join(f"--{each} 2" for each in task.graph.inputs)
            raise UsageError("a check needs a point", hint=f"give every variable a value: {line}")
        result = check_gradient(task.graph, task.point, task.wrt)
        return Verdicts(result, task.notes, options.style(digits))

    asked = Asked(formula, file, each, at, name, wrt, const)
    request = options.output(format, json, csv, table, get, output, force, rows, color, ascii, digits)
    return batch.answer(ctx, asked, request, report)
