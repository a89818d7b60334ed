"""The command `gradcli backward`."""

import typer

from gradcli import options

GROUP = "Compute"
EXAMPLES = (
    "gradcli backward '(x+y)*y' --x 2 --y 3",
    "gradcli backward '(sigmoid(w*x+b)-t)**2' --w 0.5 --x 2 --b 0.1 --const t=1 --get w,b",
)


def backward(
    ctx: typer.Context,
    formula: options.Formula = None,
    file: options.File = None,
    each: options.Each = None,
    at: options.At = None,
    name: options.Name = None,
    wrt: options.Wrt = None,
    const: options.Const = None,
    upstream: options.Upstream = "1",
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
    """The value and the gradient of every node, and how each gradient came about: the backward pass."""
    from gradcli import batch
    from gradcli.problem import Asked, Problem
    from gradcli.report import Report
    from gradcli.report.passes.report import report_of
    from gradcli.report.passes.trace import Trace

    def report(task: Problem) -> Report:
        back = task.backward()
        truth = task.truth.backward() if task.truth else None
        return report_of("backward", Trace(back.forward, back, task.notes, options.style(digits), truth))

    numbers = options.numbers(symbolic, exact, precision, round, round_all, pin)
    asked = Asked(formula, file, each, at, name, wrt, const, upstream, numbers, read_as.value)
    request = options.output(format, json, csv, table, get, output, force, rows, color, ascii, digits)
    return batch.answer(ctx, asked, request, report)
