"""The self test: is this installation right?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcli.asking.question import Asked
    from gradcli.output import Request

OPTIONS = {
    "--verbose", "--format", "--json", "--csv", "--table", "--get", "--rows", "--output", "-o", "--force", "--color",
    "--ascii",
}  # fmt: skip
"""The options that the self test takes."""


def is_meant(asked: Asked) -> bool:
    """Whether nothing is asked about a formula."""
    given = (asked.formula, asked.file, asked.each) != (None, None, None) or asked.values
    return not given and OPTIONS.issuperset(asked.line.used)


def check(request: Request, *, verbose: bool) -> int:
    """Test every operation, worked examples and random graphs, and write what was found; the exit status."""
    import sys
    import time

    from gradcli import output, progress
    from gradcli.analysis.checking.examples import EXAMPLES
    from gradcli.analysis.checking.self_test import GRAPHS, self_test
    from gradcli.ops import OPERATIONS
    from gradcli.report.checking.self_test import SelfTested

    began = time.monotonic()
    with progress.bar("testing", len(OPERATIONS) + len(EXAMPLES) + GRAPHS) as tell:
        found = self_test(progress=tell)
    terminal = request.path is None and sys.stdout is not None and sys.stdout.isatty()
    seconds = time.monotonic() - began if terminal else None
    return output.write(SelfTested(found, verbose=verbose, seconds=seconds).report(), request)
