"""The command `gradcli ops`."""

from typing import Annotated

import typer

from gradcli import options, output
from gradcli.errors import UsageError, closest
from gradcli.ops import OPERATIONS, find, names
from gradcli.report.rules import Rules

GROUP = "Understand"
EXAMPLES = (
    "gradcli ops",
    "gradcli ops sigmoid",
)

Name = Annotated[
    str | None, typer.Argument(metavar="NAME", help="One operation: all there is to know of it.", show_default=False)
]


def ops(
    name: Name = None,
    format: options.Format = options.DEFAULT_FORMAT,
    json: options.Json = False,
    rows: options.Rows = options.DEFAULT_ROWS,
) -> int:
    """The rule table: value, local derivatives, pattern and convention of every operation."""
    if name is None:
        chosen = list(OPERATIONS.values())
    else:
        operation = find(name)
        if operation is None:
            near = closest(name, names())
            raise UsageError(
                f"there is no operation {name}", hint=f"did you mean {near[0]}?" if near else "gradcli ops lists them"
            )
        chosen = [operation]
    report = Rules(chosen, single=name is not None)
    return output.write(report, options.output(format, json, None, rows))
