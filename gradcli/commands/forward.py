"""The command `gradcli forward`."""

import typer

from gradcli import options

GROUP = "Compute"
EXAMPLES = (
    "gradcli forward '(x+y)*y' --x 2 --y 3",
    "gradcli forward 'a = x + y; f = a*y' --x 2 --y 3 --get a,f",
)


def forward(
    ctx: typer.Context,
    formula: options.Formula = None,
    file: options.File = None,
    each: options.Each = None,
    at: options.At = None,
    name: options.Name = None,
    const: options.Const = None,
    symbolic: options.Symbolic = False,
    read_as: options.ReadAs = options.TYPED,
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
    """The value of every node of the graph: the forward pass."""
    from gradcli import batch, passes
    from gradcli.problem import Asked, Problem
    from gradcli.report.trace import Trace

    def report(task: Problem) -> Trace:
        run = passes.forward(task.graph, task.point, task.system)
        return Trace("forward", run, notes=task.notes, style=options.style(digits))

    asked = Asked(formula, file, each, at, name, const=const, symbolic=symbolic, reading=read_as.value)
    request = options.output(format, json, csv, table, get, output, force, rows, color, ascii, digits)
    return batch.answer(ctx, asked, request, report)
