"""Printers: graph to text, one dialect a file, one algorithm (`expression`) for all.

A dialect is a file of this folder with a `DIALECT`; the first line of its docstring is its help.
"""

import pkgutil
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

HELPERS = frozenset({"expression", "greek", "names", "rules"})
"""The files of this folder that are no dialect; so the names are known before any of them is loaded."""

NAMES: Sequence[str] = tuple(sorted({found.name for found in pkgutil.iter_modules(__path__)} - HELPERS))


@lru_cache(maxsize=1)
def dialects() -> dict[str, Any]:
    """Every `Dialect` by the name of its file."""
    return {name: import_module(f"{__name__}.{name}").DIALECT for name in NAMES}
