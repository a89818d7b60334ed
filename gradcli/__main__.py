"""The console script, and `python -m gradcli`: light enough that Ctrl-C is heard from the first moment on."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import NoReturn

INTERRUPTED = 130

OBJECTS = 200_000
"""New objects between two collections. Python's 700 have it go through the classes of Typer and Rich again and again
while they are loaded, an eighth of the time of a small question; and a graph of a million nodes has no cycles."""


def main() -> NoReturn:
    """Run the program with the arguments of the process and leave with its exit status."""
    try:
        try:
            sys.unraisablehook = unraisable
            gc.set_threshold(OBJECTS)
            from gradcli.cli import run

            status = run(sys.argv[1:])
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing is left to be broken off but Python's own end
    except KeyboardInterrupt:
        status = INTERRUPTED
    # At the end Python looks for cycles in all that was loaded, a fifth of the time of a small question
    gc.freeze()
    drop_rest()
    sys.exit(status)


def drop_rest() -> None:
    """Throw away what a full disk has left in standard output: Python would try again at its end and leave with 120."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except ValueError:  # it is closed
        return


def unraisable(fault: sys.UnraisableHookArgs) -> None:
    """Leave when Ctrl-C is heard where Python drops exceptions, in a callback while a module is loaded."""
    if fault.exc_type is KeyboardInterrupt:
        os._exit(INTERRUPTED)
    sys.__unraisablehook__(fault)


if __name__ == "__main__":
    main()
