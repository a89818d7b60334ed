"""Commands: one file each, found by listing this folder.

The file `commands/NAME.py` holds a function `NAME` with annotated parameters (Typer makes options, help and completion
of them; its docstring is the help), `LINE`, where it stands in the help screen, `EXAMPLES`, which its help shows and
the tests run, and, where its answer needs them, `LOADS`, the large libraries that are loaded for it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module

NAMES: Sequence[str] = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))

MEANT = {
    **dict.fromkeys(("gradient", "gradients", "grad", "diff", "differentiate", "derivative", "derive"), "backward"),
    **dict.fromkeys(("backprop", "backpropagate", "backpropagation", "train", "descend", "fit", "draw"), "backward"),
    **dict.fromkeys(("graph", "tree", "nodes", "autodiff", "reverse", "jacobian", "partial"), "backward"),
    **dict.fromkeys(("eval", "evaluate", "value", "values", "compute", "calc", "calculate", "run"), "forward"),
    **dict.fromkeys(("solve", "solution", "steps", "step", "worked", "teach", "show"), "explain"),
    **dict.fromkeys(("test", "verify", "mark", "grade", "compare", "selftest", "gradcheck"), "check"),
    **dict.fromkeys(("print", "format", "latex", "convert", "simplify", "write"), "export"),
    **dict.fromkeys(("rules", "rule", "functions", "operations", "list", "plot"), "ops"),
    **dict.fromkeys(("manual", "man", "docs", "doc", "usage", "topics"), "help"),
}
"""Words that people try, and the command they mean."""


def line_of(command: str, rest: Sequence[str]) -> str | None:
    """The line to type for a word of `MEANT`, with what stood behind it; None where that is nothing for the command."""
    import shlex

    if not rest or (command in ("ops", "help") and not (len(rest) == 1 and rest[0].isidentifier())):
        return None
    return shlex.join(["gradcli", command, *rest])


def with_records() -> list[str]:
    """The commands that answer in JSON: those that have the option."""
    modules = ((name, import_module(f"{__name__}.{name}")) for name in NAMES)
    return [name for name, module in modules if "json" in getattr(module, name).__annotations__]
