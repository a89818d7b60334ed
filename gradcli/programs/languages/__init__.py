"""Programming languages, one a file: found by listing this folder.

A language is a file with a `LANGUAGE` (`gradcli.programs.language`); the first line of its docstring is its help.
"""

import pkgutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcli.programs.language import Language

NAMES: Sequence[str] = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


@lru_cache(maxsize=1)
def languages() -> Mapping[str, "Language"]:
    """Every `Language` by the name of its file."""
    return {name: import_module(f"{__name__}.{name}").LANGUAGE for name in NAMES}
