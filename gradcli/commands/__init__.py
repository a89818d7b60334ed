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


def with_records() -> list[str]:
    """The commands that answer in JSON: those that have the option."""
    modules = ((name, import_module(f"{__name__}.{name}")) for name in NAMES)
    return [name for name, module in modules if "json" in getattr(module, name).__annotations__]
