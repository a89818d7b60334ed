"""The command `gradcli paths`."""

from enum import Enum
from typing import Annotated

import typer

from gradcli import options
from gradcli.errors import UsageError

GROUP = "Understand"
EXAMPLES = (
    "gradcli paths '(x+y)*y' --x 2 --y 3",
    "gradcli paths 'a = x*x; b = a*a; b*b' --x 0.5 --limit 3 --sort size",
)


class Order(Enum):
    """Which paths come first."""

    text = "text"
    size = "size"


Limit = Annotated[int, typer.Option("--limit", metavar="N", min=0, help="List so many paths; all are counted.")]
Sort = Annotated[Order, typer.Option("--sort", help="text: in the order of the text; size: the largest product first.")]
TableName = Annotated[str | None, options.table_option("paths", "inputs")]


def paths(
    ctx: typer.Context,
    formula: options.Formula = None,
    file: options.File = None,
    each: options.Each = None,
    at: options.At = None,
    name: options.Name = None,
    wrt: options.Wrt = None,
    const: options.Const = None,
    upstream: options.Upstream = "1",
    limit: Limit = 20,
    sort: Sort = Order.text,
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
    table: TableName = None,
    get: options.Get = None,
    digits: options.Digits = options.DEFAULT_DIGITS,
    rows: options.Rows = options.DEFAULT_ROWS,
    output: options.Output = None,
    force: options.Force = False,
    color: options.Color = options.AUTO,
    ascii: options.Ascii = False,
) -> int:
    """Every path from an input to the output: its local derivatives, their product, and the sum of the products.

    The gradient of an input is that sum. Paths are counted without being listed: there can be 2^n of them.
    """
    from gradcli import batch
    from gradcli.problem import Asked, Problem
    from gradcli.report import Report
    from gradcli.report.paths import Listing

    by_size = sort is Order.size

    def report(task: Problem) -> Report:
        if by_size and task.system.name == "symbolic":
            line = " ".join(f"--{each} 2" for each in task.graph.inputs)
            raise UsageError("--sort size needs numbers", hint=f"give every variable a value: {line}")
        truth = task.truth.backward() if task.truth else None
        return Listing(
            task.backward(), limit, by_size=by_size, notes=task.notes, style=options.style(digits), truth=truth
        ).report()

    numbers = options.numbers(symbolic, exact, precision, round, round_all, pin)
    asked = Asked(formula, file, each, at, name, wrt, const, upstream, numbers, read_as.value)
    request = options.output(format, json, csv, table, get, output, force, rows, color, ascii, digits)
    return batch.answer(ctx, asked, request, report)
