"""Functions that a language lacks and no rule of the table says, written in the language itself, one file each.

A program takes along those that it calls. So every function stands alone: it calls what the language has, and no other
one of the file. A file begins with what it imports and with constants, `name = value` each; after them come the
functions, two empty lines before each. What they compute is what `Floats` computes, bit for bit (tested).
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

_CONSTANT = re.compile(r"^(?:[a-z]+ )?(\w+) = .*\n(?:[ )\]}].*\n)*", re.MULTILINE)
_FUNCTION = re.compile(r"\w+ (\w+)\(")


class Runtime(NamedTuple):
    """The texts of a file, by name: constants and functions."""

    constants: Mapping[str, str]
    functions: Mapping[str, str]


EMPTY = Runtime(MappingProxyType({}), MappingProxyType({}))
"""For a language that needs none."""


@lru_cache(maxsize=16)
def read(file: str) -> Runtime:
    """The texts of `file`, which is part of the package."""
    text = (pkgutil.get_data(__name__, file) or b"").decode("utf-8").replace("\r\n", "\n")
    head, *rest = text.split("\n\n\n")
    constants = {found[1]: found[0].rstrip("\n") for found in _CONSTANT.finditer(f"{head}\n")}
    functions = {found[1]: block.rstrip("\n") + "\n" for block in rest if (found := _FUNCTION.match(block))}
    return Runtime(constants, functions)
