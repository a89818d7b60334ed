"""Commands: one file each, found by listing this folder.

The file `commands/NAME.py` holds a function `NAME` with annotated parameters (Typer makes options, help and completion
of them; its docstring is the help), `GROUP`, the line of `gradcli --help` it stands in, and `EXAMPLES`, which its help
shows and the tests run.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence

GROUPS = {
    "Compute": "values; values and gradients; is the gradient right?",
    "Understand": "the worked solution; every path; the rules; words",
    "Frameworks": "other notations, other programs",
}
"""The lines of the help screen, in order."""

NAMES: Sequence[str] = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))
