"""The command `gradcli explain`."""

from typing import Annotated

import typer

from gradcli import formats, options
from gradcli.errors import UsageError

GROUP = "Understand"
EXAMPLES = (
    "gradcli explain '(x+y)*y' --x 2 --y 3",
    "gradcli explain '(sigmoid(w*x+b)-t)**2' --at w=0.5,x=2,b=0.1 --const t=1 --round 2",
    "gradcli explain 'a = x²; b = x³; f = a*b' --x 2 --expand --brief",
)

Brief = Annotated[bool, typer.Option("--brief", help="One line a node.")]
Expand = Annotated[bool, typer.Option("--expand", help="Also the nested sum over all paths, and what it costs.")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="a", help="Start the backward pass at the node a.", show_default=False),
]
Fragment = Annotated[
    bool, typer.Option("--fragment", help="Without the document around it (LaTeX), for a document of your own.")
]
Rows = Annotated[int, typer.Option("--rows", min=2, help="The most nodes that are explained one by one.")]
SHOWN = 40
"""Operations that are explained one by one unless --rows says otherwise."""


def explain(
    ctx: typer.Context,
    formula: options.Formula = None,
    file: options.File = None,
    each: options.Each = None,
    at: options.At = None,
    name: options.Name = None,
    wrt: options.Wrt = None,
    start: From = None,
    const: options.Const = None,
    upstream: options.Upstream = "1",
    brief: Brief = False,
    expand: Expand = False,
    symbolic: options.Symbolic = False,
    exact: options.Exact = False,
    precision: options.Precision = None,
    round: options.Round = None,
    round_all: options.RoundAll = None,
    pin: options.Pin = None,
    read_as: options.ReadAs = options.TYPED,
    format: options.Format = None,
    fragment: Fragment = False,
    json: options.Json = False,
    digits: options.Digits = options.DEFAULT_DIGITS,
    rows: Rows = SHOWN,
    output: options.Output = None,
    force: options.Force = False,
    color: options.Color = options.AUTO,
    ascii: options.Ascii = False,
) -> int:
    """The worked solution: forward, backward at every node with its rule, add up, the formulas, what it means."""
    from gradcli import batch
    from gradcli.problem import Asked, Problem, node_named
    from gradcli.report import Report
    from gradcli.report.explain.material import Wishes
    from gradcli.report.explain.solution import Solution
    from gradcli.report.passes.trace import Trace

    def report(task: Problem) -> Report:
        back = task.backward()
        truth = task.truth.backward() if task.truth else None
        trace = Trace(back.forward, back, task.notes, options.style(digits), truth)
        begin = task.graph.output if start is None else node_named(task.graph, "--from", start)
        return Solution(trace, Wishes(rows, brief, expand), begin).report()

    numbers = options.numbers(symbolic, exact, precision, round, round_all, pin)
    asked = Asked(formula, file, each, at, name, wrt, const, upstream, numbers, read_as.value)
    request = options.output(format, json, False, None, None, output, force, options.DEFAULT_ROWS, color, ascii)
    if tuple(formats.named(request.format).draws) == ("table",):
        what = f"{request.format} holds tables, and a worked solution is a text"
        raise UsageError(what, hint=f"gradcli backward --format {request.format} has the numbers")
    if fragment and not formats.named(request.format).fragments:
        suiting = ", ".join(formats.that(lambda each: each.fragments))
        raise UsageError(f"--fragment goes with --format {suiting}", hint=f"add --format {suiting}")
    return batch.answer(ctx, asked, request._replace(fragment=fragment), report)
