"""The command `gradcli forward`."""

import typer

from gradcli import options, output, passes, problem
from gradcli.report.trace import Trace

GROUP = "Compute"
EXAMPLES = (
    "gradcli forward '(x+y)*y' --x 2 --y 3",
    "gradcli forward 'a = x + y; f = a*y' --x 2 --y 3 --get a,f",
)


def forward(
    ctx: typer.Context,
    formula: options.Formula = None,
    file: options.File = None,
    at: options.At = None,
    name: options.Name = None,
    symbolic: options.Symbolic = False,
    format: options.Format = options.DEFAULT_FORMAT,
    json: options.Json = False,
    get: options.Get = None,
    digits: options.Digits = options.DEFAULT_DIGITS,
    rows: options.Rows = options.DEFAULT_ROWS,
) -> int:
    """The value of every node of the graph: the forward pass."""
    task = problem.read(ctx, formula, file, at=at, name=name, symbolic=symbolic)
    run = passes.forward(task.graph, task.point, task.system)
    report = Trace("forward", run, notes=task.notes, style=options.style(digits))
    return output.write(report, options.output(format, json, get, rows))
