"""Printers: graph to text, one dialect a file, one algorithm (`expression`) for all.

A dialect is a file of this folder with a `DIALECT`; the first line of its docstring is its help.
"""

import pkgutil
from functools import lru_cache
from importlib import import_module
from typing import Any


@lru_cache(maxsize=1)
def dialects() -> dict[str, Any]:
    """Every `Dialect` by the name of its file."""
    modules = {found.name: import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)}
    return {name: module.DIALECT for name, module in sorted(modules.items()) if hasattr(module, "DIALECT")}
