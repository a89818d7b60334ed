"""How far long work has come: a bar on standard error, at a terminal only. It is gone when the work is done.

At a terminal that cannot move its cursor (TERM=dumb, as voices and editors have it) it is a line every tenth.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TENTH = 10
"""Lines that are written for the whole."""


def lines(what: str, total: int) -> Callable[[int], object]:
    """Write `points: 20 of 100` whenever another tenth is done."""
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        if total and done * TENTH // total > told:
            told = done * TENTH // total
            sys.stderr.write(f"{what}: {done} of {total}\n")
            sys.stderr.flush()

    return tell


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[int], object]]:
    """A bar for `total` things to do; call what it gives with how many are done."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield int
        return
    if os.environ.get("TERM", "dumb") in ("dumb", "") and os.name != "nt":
        yield lines(what, total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)
