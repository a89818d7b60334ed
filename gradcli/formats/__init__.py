"""Output formats: one file each, found by listing this folder.

A format has a docstring (its help) and `render(report, drawing) -> str`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

from gradcli.report import Report

NAMES: Sequence[str] = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


class Drawing(NamedTuple):
    """What the place of the output allows, and what the user asked for.

    width  columns of the terminal; None where lines may be as long as they need (a pipe, a file)
    rows   the most rows of a table for people
    colour whether colours may be used
    """

    width: int | None = None
    rows: int = 200
    colour: bool = False


def render(name: str, report: Report, drawing: Drawing) -> str:
    """The report in the format called `name`."""
    text: str = import_module(f"{__name__}.{name}").render(report, drawing)
    return text
