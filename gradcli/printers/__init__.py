"""Printers: graph to text, one notation a file, one algorithm (`expression`) for all.

A file of this folder is a notation, with a `DIALECT`; the first line of its docstring is its help. What they share
stands in the folder `expression`. A notation can say every operation; programming languages, which may lack some, are
`gradcli.programs.languages`.
"""

import pkgutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcli.printers.expression import Dialect

NAMES: Sequence[str] = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.ispkg))


@lru_cache(maxsize=1)
def dialects() -> Mapping[str, "Dialect"]:
    """Every `Dialect` by the name of its file."""
    return {name: import_module(f"{__name__}.{name}").DIALECT for name in NAMES}
