"""Program listings as they stand on a page: lines that are no part of the formula, and which line marks the output.

Nothing of a listing is run. `import` and `print` lines and the bookkeeping of PyTorch are left out, `L.backward()`
marks the output, and line numbers that a page's copy button brings along are left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_LINE = re.compile(r"[ \t]*(?:import|from|print|with|\w+\.)")
"""How every line begins that may be left out or marks the output; the patterns of the whole lines are long."""

_ALIAS = re.compile(r"^[ \t]*(?:import\s+[\w.]+|from\s+[\w.]+\s+import\s+\w+)\s+as\s+(\w+)", re.MULTILINE)
_MODULE = re.compile(r"(?<![\w.])(\w+)\.(?=[A-Za-z])")
_DOCUMENTATION = re.compile(r'^[ \t]*("""|\'\'\')', re.MULTILINE)
_LABELS = re.compile(
    r",[ \t]*(?:label|name|_op|device|dtype)[ \t]*=[ \t]*(?:'[^'\n]*'|\"[^\"\n]*\"|[\w.]+)"
    r"|(?:^|(?<=;))[ \t]*[\w.]+[ \t]*=[ \t]*(?:'[^'\n]*'|\"[^\"\n]*\")[ \t]*(?=[;\n]|\Z)",
    re.MULTILINE,
)
"""Words about a value: the label in Value(2.0, label='x1'), a text that is assigned."""

_WITHOUT_GRADIENT = re.compile(r"([ \t]*)with\s+[\w.]*no_grad\(\)\s*:[ \t]*(?:\#.*)?")
_CONSTANT = re.compile(r"[ \t]*(\w+)\s*=\s*(?:[\w.]+\()*\[?\s*-?[0-9.][0-9.eE+-]*\s*\]?\)*[ \t]*(?:\#.*)?")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Lines to leave out, and the line that marks the output."""
    modules = r"\w[\w.]*(?:\s+as\s+\w+)?"
    skipped = (
        rf"[ \t]*(?:import\s+{modules}(?:\s*,\s*{modules})*\s*(?:\#.*)?|from\s+[\w.]+\s+import\s.*|print\s*\(.*"
        r"|\w+\.zero_grad\(\).*|\w+\.step\(\).*|\w+\.grad(?:\.data)?\.zero_\(\).*)$"
    )
    backward = r"[ \t]*(\w+)\.backward\((?:[\w.]+|\w+\s*=\s*[\w.]+(?:\([^()]*\))?)?\)[ \t]*(?:\#.*)?$"
    return re.compile(skipped), re.compile(backward)


class Listing(NamedTuple):
    """A text without what is no part of the formula.

    output     the name that the listing makes the output
    lines      how many lines were left out
    constants  names that are given a number where no gradient is recorded
    """

    text: str
    output: str | None = None
    lines: int = 0
    constants: tuple[str, ...] = ()


def listing(text: str) -> Listing:
    """The listing that `text` is; the text itself for a plain formula. What is left out is blank, every place stays."""
    if "\n" not in text and not _LINE.match(text):
        return Listing(_without_labels(text) if "'" in text or '"' in text else text)
    text = _without_labels(_without_modules(text))
    left_out_lines, backward = _patterns()
    lines = text.split("\n")
    numbered = _is_numbered(lines)
    output: str | None = None
    constants: list[str] = []
    left_out = 0
    unrecorded: int | None = None
    for place, line in enumerate(lines):
        prefix = len(str(place + 1)) if numbered and line else 0
        body = line[prefix:].rstrip("\r")
        if unrecorded is not None and body.strip() and len(body) - len(body.lstrip()) <= unrecorded:
            unrecorded = None
        marked = backward.match(body)
        block = _WITHOUT_GRADIENT.fullmatch(body)
        if marked:
            output = marked.group(1)
        if block and _holds_no_formula(lines, place):
            unrecorded = len(block.group(1))
        else:
            block = None
        given = _CONSTANT.fullmatch(body) if unrecorded is not None and block is None else None
        if given:
            constants.append(given.group(1))
        update = unrecorded is not None and given is None and body.strip()
        if body and (marked or block or update or left_out_lines.match(body)):
            lines[place] = " " * len(line)
            left_out += 1
        elif prefix:
            lines[place] = " " * prefix + line[prefix:]
    text = "\n".join(lines) if numbered or left_out else text
    return Listing(text, output, left_out, tuple(constants))


def _holds_no_formula(lines: list[str], place: int) -> bool:
    """Whether the lines below `with torch.no_grad():` only give numbers, or change weights by their gradients."""
    edge = len(lines[place]) - len(lines[place].lstrip())
    for line in lines[place + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= edge:
            break
        kept = line.strip() and not line.strip().startswith(("#", "print"))
        if kept and ".grad" not in line and not _CONSTANT.fullmatch(line.rstrip("\r")):
            return False
    return True


def _without_modules(text: str) -> str:
    """`text` without the names that its imports give to modules: the t of t.tensor after import torch as t."""
    names = {*_ALIAS.findall(text)}
    if not names:
        return text
    return _MODULE.sub(lambda found: " " * len(found.group()) if found[1] in names else found.group(), text)


def _without_labels(text: str) -> str:
    """`text` without words about it in quotes."""
    if '"' not in text and "'" not in text:
        return text
    return _LABELS.sub(_blank, _without_documentation(text))


def _without_documentation(text: str) -> str:
    """`text` without the paragraphs in three quotation marks that say what a function is for."""
    pieces: list[str] = []
    end = 0
    for found in _DOCUMENTATION.finditer(text):
        if found.start() < end:
            continue
        closing = text.find(found[1], found.end())
        if closing < 0:
            break
        pieces += [text[end : found.start()], re.sub(r"[^\n]", " ", text[found.start() : closing + 3])]
        end = closing + 3
    return "".join([*pieces, text[end:]])


def _blank(found: re.Match[str]) -> str:
    """Blanks for what is found, its new lines kept."""
    return re.sub(r"[^\n]", " ", found.group())


def _is_numbered(lines: list[str]) -> bool:
    """Whether every line begins with its number, as copied from a page with numbered lines."""
    lines = lines[:-1] if lines and not lines[-1].strip() else lines
    rests = [line[len(str(number)) :].lstrip() for number, line in enumerate(lines, start=1)]
    numbers = all(line.startswith(str(number)) for number, line in enumerate(lines, start=1))
    return len(lines) > 2 and numbers and not any(rest[:1] in tuple("+-*/^.·×÷−=<>!") for rest in rests)
