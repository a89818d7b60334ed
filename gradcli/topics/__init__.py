"""Help topics: one file each, found by listing this folder; a topic has a docstring (what it is about) and `text()`.

One that is `ABOUT_COMMANDS` has `text(commands)` and is told the names of the commands that answer in JSON. `GUIDE` is
its page in `examples/guide/`, which stands at its end; a topic that is data has none.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from importlib import import_module

NAMES: Sequence[str] = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def text(name: str, commands: Callable[[], Sequence[str]]) -> str:
    """The page of the topic called `name`; `commands` lists the commands that answer in JSON."""
    topic = import_module(f"{__name__}.{name}")
    page: str = topic.text(commands()) if getattr(topic, "ABOUT_COMMANDS", False) else topic.text()
    guide = getattr(topic, "GUIDE", None)
    return f"{page}\nMore, with examples: examples/guide/{guide} in the source of gradcli\n" if guide else page


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as lines with aligned columns."""
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    return [
        "  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
    ]
