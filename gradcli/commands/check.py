"""The command `gradcli check`."""

from enum import Enum
from typing import Annotated

import typer

from gradcli import options
from gradcli.command_line import TYPED, Typed
from gradcli.errors import UsageError

GROUP = "Compute"
EXAMPLES = (
    "gradcli check '(x+y)*y' --x 2 --y 3",
    "gradcli check 'relu(x)' --x 0",
    "gradcli check '(x+y)*y' --same-as 'x*y + y²'",
    "gradcli check 'log(x)*y' --random 20",
    "gradcli check",
)


class SchemeName(Enum):
    """How the textbook check takes its difference."""

    central = "central"
    forward = "forward"
    complex = "complex"


Nodes = Annotated[bool, typer.Option("--nodes", help="Check the gradient of every inner node as well.")]
Curve = Annotated[
    bool,
    typer.Option(
        "--curve", help="The error of the difference for h = 0.1, 0.01, … 1e-16, times |x| where that is above 1."
    ),
]
StepSize = Annotated[
    float | None,
    typer.Option("--step-size", metavar="H", help="The textbook check with this step.", show_default=False),
]
Scheme = Annotated[
    SchemeName | None, typer.Option("--scheme", help="How the textbook check differs.", show_default=False)
]
SameAs = Annotated[
    str | None,
    typer.Option("--same-as", metavar="FORMULA", help="Is it the same function as this one?", show_default=False),
]
Random = Annotated[
    int | None,
    typer.Option(
        "--random", metavar="N", help="Check at N random points of the domain.", min=1, max=100_000, show_default=False
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="The same S draws the same points.")]
Ranges = Annotated[
    list[str] | None,
    typer.Option("--range", metavar="x=-1:1", help="Where x is drawn; -1:1 is for every variable.", show_default=False),
]
Order = Annotated[int, typer.Option("--order-of-derivative", metavar="1|2", help="2: the gradient's own gradient.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Without a formula: list everything that was tested.")]
TableName = Annotated[
    str | None, options.table_option("inputs", "nodes", "curve", "textbook", "points", "hessian", "items")
]
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
    same_as: SameAs = None,
    random: Random = None,
    seed: Seed = 0,
    ranges: Ranges = None,
    order: Order = 1,
    time_limit: TimeLimit = 10.0,
    verbose: Verbose = False,
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

    Without a formula: is this installation right? Every operation, worked examples and random graphs are tested.

    Exit status 0: all agree; 1: one is wrong; 3: not verified, for example because there is no derivative.
    """
    from gradcli import batch, checks
    from gradcli.analysis.check import check as check_gradient
    from gradcli.problem import Asked, Problem
    from gradcli.report import Report
    from gradcli.report.verdicts import Verdicts, Wishes

    typed: Typed = ctx.meta.get(TYPED, Typed())
    request = options.output(format, json, csv, table, get, output, force, rows, color, ascii, digits)
    if (formula, file, each) == (None, None, None) and not typed.values and checks.SELF_TEST.issuperset(typed.used):
        return checks.installation(request, verbose=verbose)
    checks.refuse(typed.used, order, verbose=verbose)

    def report(task: Problem) -> Report:
        if same_as is not None:
            return checks.two_formulas(task, asked, drawing, options.style(digits))
        if random is not None:
            return checks.at_random_points(task, asked, drawing, options.style(digits))
        if task.system.name == "symbolic":
            line = " ".join(f"--{each} 2" for each in task.graph.inputs)
            raise UsageError("a check needs a point", hint=f"give every variable a value: {line}")
        if order == 2:
            return checks.second_derivatives(task, time_limit, options.style(digits))
        result = check_gradient(
            task.graph, task.point, task.wrt, upstream=task.upstream, nodes=nodes, time_limit=time_limit
        )
        return Verdicts(result, task.notes, options.style(digits), wishes).report()

    chosen = scheme.value if scheme else "central" if step_size is not None else None
    step = step_size if step_size is not None else 1e-20 if chosen == "complex" else 1e-5
    if not 0 < step < float("inf"):
        raise UsageError(f"--step-size {step:g}: a step is larger than 0", hint="for example: --step-size 1e-5")
    wishes = Wishes(curve, chosen, step)

    drawing = checks.RandomPoints(random, seed, ranges or (), time_limit)
    partial = random is not None or same_as is not None
    asked = Asked(formula, file, each, at, name, wrt, const, upstream, partial=partial, same_as=same_as)
    return batch.answer(ctx, asked, request, report)
