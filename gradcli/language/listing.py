"""Program listings as they stand on a page: lines that are no part of the formula, and which line marks the output.

Nothing of a listing is run. `import` and `print` lines and the bookkeeping of PyTorch are left out, `L.backward()`
marks the output, and line numbers that a page's copy button brings along are left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_LINE = re.compile(r"[ \t]*(?:import|from|print|\w+\.)")
"""How every line begins that may be left out or marks the output; the patterns of the whole lines are long."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Lines to leave out, and the line that marks the output."""
    modules = r"\w[\w.]*(?:\s+as\s+\w+)?"
    skipped = (
        rf"[ \t]*(?:import\s+{modules}(?:\s*,\s*{modules})*\s*(?:\#.*)?|from\s+[\w.]+\s+import\s.*|print\s*\(.*"
        r"|\w+\.zero_grad\(\).*|\w+\.step\(\).*|\w+\.grad(?:\.data)?\.zero_\(\).*)$"
    )
    return re.compile(skipped), re.compile(r"[ \t]*(\w+)\.backward\(\)[ \t]*(?:\#.*)?$")


class Listing(NamedTuple):
    """What to leave out of a text (start to end), the name that is the output, how many lines were left out."""

    skipped: dict[int, int]
    output: str | None
    lines: int


def listing(text: str) -> Listing:
    """The listing that `text` is; one with nothing to leave out for a plain formula."""
    if "\n" not in text and not _LINE.match(text):
        return Listing({}, None, 0)
    left_out_lines, backward = _patterns()
    lines = text.split("\n")
    numbered = _is_numbered(lines)
    skipped: dict[int, int] = {}
    output: str | None = None
    left_out = start = 0
    for number, line in enumerate(lines, start=1):
        prefix = len(str(number)) if numbered and line else 0
        if prefix:
            skipped[start] = start + prefix
        body = line[prefix:].rstrip("\r")
        marked = backward.match(body)
        if marked:
            output = marked.group(1)
        if body and (marked or left_out_lines.match(body)):
            skipped[start + prefix] = start + len(line)
            left_out += 1
        start += len(line) + 1
    return Listing(skipped, output, left_out)


def _is_numbered(lines: list[str]) -> bool:
    """Whether every line begins with its number, as copied from a page with numbered lines."""
    lines = lines[:-1] if lines and not lines[-1].strip() else lines
    rests = [line[len(str(number)) :].lstrip() for number, line in enumerate(lines, start=1)]
    numbers = all(line.startswith(str(number)) for number, line in enumerate(lines, start=1))
    return len(lines) > 2 and numbers and not any(rest[:1] in tuple("+-*/^.·×÷−=<>!") for rest in rests)
