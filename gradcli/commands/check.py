"""The command `gradcli check`."""

from enum import Enum
from typing import Annotated

import typer

from gradcli import options
from gradcli.errors import UsageError

GROUP = "Compute"
EXAMPLES = (
    "gradcli check '(x+y)*y' --x 2 --y 3",
    "gradcli check 'relu(x)' --x 0",
)


class SchemeName(Enum):
    """How the textbook check takes its difference."""

    central = "central"
    forward = "forward"
    complex = "complex"


Nodes = Annotated[bool, typer.Option("--nodes", help="Check the gradient of every inner node as well.")]
Curve = Annotated[bool, typer.Option("--curve", help="The error of the difference for h = 0.1, 0.01, … 1e-16.")]
StepSize = Annotated[
    float | None,
    typer.Option("--step-size", metavar="H", help="The textbook check with this step.", show_default=False),
]
Scheme = Annotated[
    SchemeName | None, typer.Option("--scheme", help="How the textbook check differs.", show_default=False)
]
TableName = Annotated[str | None, options.table_option("inputs", "nodes", "curve", "textbook")]
TimeLimit = Annotated[float, typer.Option("--time-limit", metavar="SECONDS", help="After this: inconclusive.", min=0)]


def check(
    ctx: typer.Context,
    formula: options.Formula = None,
    file: options.File = None,
    each: options.Each = None,
    at: options.At = None,
    name: options.Name = None,
    wrt: options.Wrt = None,
    const: options.Const = None,
    upstream: options.Upstream = "1",
    nodes: Nodes = False,
    curve: Curve = False,
    step_size: StepSize = None,
    scheme: Scheme = None,
    time_limit: TimeLimit = 10.0,
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
    """Is the gradient right? The graph beside SymPy's derivative and a difference of values.

    Exit status 0: all agree; 1: one is wrong; 3: not verified, for example because there is no derivative.
    """
    from gradcli import batch
    from gradcli.analysis.check import check as check_gradient
    from gradcli.problem import Asked, Problem
    from gradcli.report.verdicts import Verdicts, Wishes

    def report(task: Problem) -> Verdicts:
        if task.system.name == "symbolic":
            line = " ".join(f"--{each} 2" for each in task.graph.inputs)
            raise UsageError("a check needs a point", hint=f"give every variable a value: {line}")
        result = check_gradient(
            task.graph, task.point, task.wrt, upstream=task.upstream, nodes=nodes, time_limit=time_limit
        )
        return Verdicts(result, task.notes, options.style(digits), wishes)

    chosen = scheme.value if scheme else "central" if step_size is not None else None
    step = step_size if step_size is not None else 1e-20 if chosen == "complex" else 1e-5
    if not 0 < step < float("inf"):
        raise UsageError(f"--step-size {step:g}: a step is larger than 0", hint="for example: --step-size 1e-5")
    wishes = Wishes(curve, chosen, step)

    asked = Asked(formula, file, each, at, name, wrt, const, upstream)
    request = options.output(format, json, csv, table, get, output, force, rows, color, ascii, digits)
    return batch.answer(ctx, asked, request, report)
