"""The command `gradcli check`."""

from typing import Annotated

from gradcli.asking.groups import GRADIENT, QUESTION, SOURCE, answer
from gradcli.asking.help_text import Line
from gradcli.asking.options import Texts, choice, decimal, flag, takes, text, whole
from gradcli.asking.question import Asked
from gradcli.errors import UsageError
from gradcli.output import Request

LINE = Line("to know whether it is right", place=3, remark="my own answer: --answer y=8")
LOADS = ("sympy", "mpmath")
EXAMPLES = (
    "gradcli check '(x+y)*y' --x 2 --y 3",
    "gradcli check 'x²y' --x 2 --y 3 --answer x=12",
    "gradcli check 'x²y' --answer x='2xy'",
    "gradcli check 'relu(x)' --x 0",
    "gradcli check '(x+y)*y' --same-as 'x*y + y²'",
    "gradcli check 'log(x)*y' --random 20",
    "gradcli check",
)

Answer = Annotated[
    Texts,
    text("--answer", metavar="y=8", help="Is my gradient of y right? Also x='2xy', a.value=5; a column answer:y."),
]
Show = Annotated[bool, flag("--show", help="With --answer: the right answer as well.")]
SameAs = Annotated[str | None, text("--same-as", metavar="FORMULA", help="Is it the same function as this one?")]
Random = Annotated[int | None, whole("--random", least=1, most=100_000, help="Check at N random points of the domain.")]
Seed = Annotated[int, whole("--seed", metavar="S", help="The same S draws the same points.")]
Ranges = Annotated[Texts, text("--range", metavar="x=-1:1", help="Where x is drawn; -1:1 is for every variable.")]
Nodes = Annotated[bool, flag("--nodes", help="Check the gradient of every inner node as well.")]
Order = Annotated[int, whole("--order-of-derivative", metavar="1|2", help="2: the gradient's own gradient.")]
Curve = Annotated[
    bool,
    flag("--curve", help="The error of the difference for h = 0.1, 0.01, … 1e-16, times |x| where that is above 1."),
]
StepSize = Annotated[float | None, decimal("--step-size", metavar="H", help="The textbook check with this step.")]
Scheme = Annotated[
    str | None,
    choice("--scheme", ("central", "forward", "complex"), help="How the textbook check takes its difference."),
]
TimeLimit = Annotated[float, decimal("--time-limit", metavar="SECONDS", least=0, help="After this: inconclusive.")]
Verbose = Annotated[bool, flag("--verbose", help="Without a formula: list everything that was tested.")]


@takes(
    QUESTION,
    GRADIENT,
    SOURCE.without("read_as"),
    answer("inputs", "nodes", "curve", "textbook", "points", "hessian", "answers", "items"),
)
def check(
    asked: Asked,
    request: Request,
    answers: Answer = None,
    show: Show = False,
    same_as: SameAs = None,
    random: Random = None,
    seed: Seed = 0,
    ranges: Ranges = None,
    nodes: Nodes = False,
    order: Order = 1,
    curve: Curve = False,
    step_size: StepSize = None,
    scheme: Scheme = None,
    time_limit: TimeLimit = 10.0,
    verbose: Verbose = False,
) -> int:
    """Is the gradient right? The graph beside SymPy's derivative and a difference of values.

    Without a formula: is this installation right? Every operation, worked examples and random graphs are tested.

    Exit status 0: all agree, or all answers are right; 1: one is wrong, or what the text claims; 3: not verified, for
    example because there is no derivative.
    """
    from gradcli.asking import checks, each
    from gradcli.asking.checks import at_a_point, at_random_points, installation, second_derivatives, two_formulas
    from gradcli.asking.checks.answers import OwnAnswers

    if installation.is_meant(asked):
        return installation.check(request, verbose=verbose)
    checks.refuse(asked.line.used, order, verbose=verbose)
    if show and not answers and asked.each is None:
        raise UsageError("--show goes with --answer", hint="write --answer y=8 --show")
    drawing = checks.RandomPoints(random, seed, ranges or (), time_limit)
    asked = asked._replace(answers=[("", each) for each in answers or ()])
    judging = OwnAnswers(asked, drawing, show, request.style)
    kind: checks.Kind
    if same_as is not None:
        asked = asked._replace(same_as=same_as, partial=True)
        kind = two_formulas.TwoFormulas(asked, drawing, request.style)
    elif random is not None:
        asked = asked._replace(partial=True)
        kind = at_random_points.AtRandomPoints(asked, drawing, request.style)
    elif order == 2:
        kind = second_derivatives.SecondDerivatives(time_limit, request.style)
    else:
        textbook = at_a_point.textbook(curve, scheme, step_size)
        kind = at_a_point.AtAPoint(nodes, time_limit, request.style, textbook, [])
    if answers:
        asked = asked._replace(partial=True)
    return each.answer(
        asked, request, checks.with_claims(lambda task: (judging if task.answers else kind).report(task))
    )
