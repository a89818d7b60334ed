"""The console script, and `python -m gradcli`: light enough that Ctrl-C is heard from the first moment on."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the program with the arguments of the process and leave with its exit status."""
    try:
        from gradcli.cli import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
