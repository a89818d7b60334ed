"""The command `gradcli ops`."""

from typing import Annotated

import typer

from gradcli.asking.groups import answer
from gradcli.asking.help_text import Line
from gradcli.asking.options import flag, takes
from gradcli.errors import UsageError, closest
from gradcli.ops.operation import Operation
from gradcli.output import Request

LINE = Line("the rule of an operation", place=6, typed="ops sigmoid")
EXAMPLES = (
    "gradcli ops",
    "gradcli ops sigmoid",
    "gradcli ops sigmoid --plot",
)


def matching(incomplete: str) -> list[str]:
    """The names of operations that begin like this."""
    from gradcli.ops import names

    return [name for name in names() if name.startswith(incomplete)]


SIGNS = {
    "^": "**", "·": "*", "×": "*", "−": "-", "÷": "/", "=": "==", "≤": "<=", "≥": ">=", "≠": "!=", "²": "square",
    "√": "sqrt", "σ": "sigmoid", "|": "abs", "||": "abs", "|x|": "abs",
}  # fmt: skip
"""Other spellings of signs."""


def signed(sign: str) -> Operation | None:
    """The operation that is written with a sign: + is add, ** is power."""
    from gradcli.ops import OPERATIONS, find

    sign = SIGNS.get(sign, sign)
    found = [each for each in OPERATIONS.values() if each.symbol == sign]
    return max(found, key=lambda each: each.arity, default=None) or find(sign)


Name = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME", help="One operation: all there is to know of it.", show_default=False, autocompletion=matching
    ),
]

Plot = Annotated[bool, flag("--plot", help="Draw the function and its derivative.")]


@takes(answer("operations", "plot").without("get", "digits"))
def ops(request: Request, name: Name = None, plot: Plot = False) -> int:
    """The rule table: value, local derivatives, pattern and convention of every operation."""
    from gradcli.ops import OPERATIONS, find, names
    from gradcli.output import terminal_width, write
    from gradcli.report.operations import Rules

    if name is None:
        chosen = list(OPERATIONS.values())
    else:
        operation = find(name) or signed(name)
        if operation is None:
            near = closest(name, names())
            raise UsageError(
                f"there is no operation {name}", hint=f"did you mean {near[0]}?" if near else "gradcli ops lists them"
            )
        chosen = [operation]
    if plot and (name is None or chosen[0].arity != 1):
        raise UsageError("--plot draws one operation with one argument", hint="for example: gradcli ops sigmoid --plot")
    report = Rules(chosen, single=name is not None, plot=terminal_width() if plot else None).report()
    return write(report, request)
