"""The console script, and `python -m gradcli`: light enough that Ctrl-C is heard from the first moment on."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

OBJECTS = 200_000
"""New objects between two collections. Python's 700 have it go through Typer's and Pydantic's classes again and again
while they are loaded, an eighth of the time of a small question; and a graph of a million nodes has no cycles."""


def main() -> NoReturn:
    """Run the program with the arguments of the process and leave with its exit status."""
    gc.set_threshold(OBJECTS)
    try:
        from gradcli.cli import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
