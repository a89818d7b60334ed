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
    exact: options.Exact = False,
    precision: options.Precision = None,
    round: options.Round = None,
    round_all: options.RoundAll = None,
    pin: options.Pin = None,
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
    from gradcli import batch
    from gradcli.problem import Asked, Problem
    from gradcli.report import Report
    from gradcli.report.passes.report import report_of
    from gradcli.report.passes.trace import Trace

    def report(task: Problem) -> Report:
        run = task.forward()
        truth = task.truth.forward() if task.truth else None
        return report_of("forward", Trace(run, notes=task.notes, style=options.style(digits), truth=truth))

    numbers = options.numbers(symbolic, exact, precision, round, round_all, pin)
    asked = Asked(formula, file, each, at, name, const=const, numbers=numbers, reading=read_as.value)
    request = options.output(format, json, csv, table, get, output, force, rows, color, ascii, digits)
    return batch.answer(ctx, asked, request, report)
