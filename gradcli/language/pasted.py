"""A text as it stands on a page: what surrounds the formula is blanked out, look-alike characters are made one.

The cleaned text has the length of the text typed and every character at its place, so that a place in the one is a
place in the other. What is taken off is told where it was a choice.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from gradcli.language.spelling import GREEK_WORDS, INVISIBLE, LOOK_ALIKES

_NOTABLE = re.compile(r"[^\n\x20-\x7e]|[\\`%\"']|\[/?[a-z]|\A[ ]*[*>0-9(a-z+-]|\n[ ]*[*>0-9(a-z+-]|[ ]{2}\(|~~~")
"""What a text holds that may have to be cleaned; most formulas hold none of it but a beginning."""

_DEFINITION = r"[^\W\d_]\w*[ \t]*(?:\([^()\n]*\))?[ \t]*:?=(?!=)"
_FORMULA = rf"(?=\$|\\\(|\\\[|`|{_DEFINITION})"
"""What stands behind the mark of a list and tells it from a sign or a number."""

_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "”": "”", "«": "»"}


class Page(NamedTuple):
    """A cleaned text, and remarks on what was taken off."""

    text: str
    remarks: tuple[str, ...] = ()


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """One of the patterns, compiled when it is first needed."""
    return re.compile(
        {
            "fence": r"^[ \t]*(?:```|~~~)[ \t]*\w*[ \t]*\r?$",
            "code": r"^[ \t]*(?:[-*][ \t]+)?(`+)[^`\n]+(`+)[ \t.,;]*\r?$",
            "tag": r"\[/?(?:tex|latex|math|itex|imath|dmath)\]|(?<=\$)latex(?=\s)",
            "quote": r"^[ \t]*(?:>[ \t]*)+(?![ \t=])",
            "mark": rf"^[ \t]*(?:[•◦▪‣*][ \t]+|[-+–][ \t]+{_FORMULA}|[0-9]{{1,2}}\)[ \t]+(?=\S)"
            rf"|(?:[0-9]{{1,2}}\.|\([0-9a-z]{{1,2}}\)|[a-z]\))[ \t]+{_FORMULA})",
            "double": r"\\(?=\\[()])|\\(?=\\\[[^\]\n]{0,999}\\\\\])|(?<!\\)\\(?=\\\])",
            "continued": r"(?<!\\)\\[ \t]*\r?\n",
            "comment": r"^[ \t]*%[^\n]*",
            "any comment": r"%[^\n]*",
            "elementwise": r"(?<=[\w)\]])\.[*/^]",
            "invisible": rf"(?<!\w)[{INVISIBLE}]+|[{INVISIBLE}]+(?!\w)",
            "remark": r"(?<=[^\s(])(?:[ ]{2,}|[ ]*\t+[ ]*)\(([^\W\d_]{2,}(?:[ ,\-/]+[^\W\d_]{2,})*)\)(?=[ \t]*\r?$)",
        }[name],
        re.MULTILINE,
    )


def cleaned(text: str, names: Collection[str] = ()) -> Page:
    """`text` without what surrounds a formula on a page. `names` are names known to be variables."""
    if not _NOTABLE.search(text):
        return Page(text)
    remarks: list[str] = []
    if not text.isascii():
        text = _blanked("invisible", text.translate(LOOK_ALIKES))
    text = _without_quotes(text, remarks)
    if "`" in text or "~~~" in text:
        text = _pattern("code").sub(_without_ticks, _blanked("fence", text))
    if "[" in text or "$latex" in text:
        text = _blanked("tag", text)
    if "\\" in text:
        text = _blanked("continued", _blanked("double", text))
    unmarked = _blanked("mark", _blanked("quote", text))
    if unmarked != text:
        remarks.append("marks of a list or a quotation are left out")
        text = unmarked
    if "%" in text:
        text = _without_comments(text, remarks)
    if "(" in text:
        text = _without_words(text, names, remarks)
    return Page(text, tuple(remarks))


def _blanked(name: str, text: str) -> str:
    """`text` with blanks for what a pattern finds."""
    return _pattern(name).sub(lambda found: " " * len(found.group()), text)


def _without_ticks(found: re.Match[str]) -> str:
    """A line of code without the ticks around it."""
    line, start = found.group(), found.start()
    for group in (1, 2):
        first, end = found.start(group) - start, found.end(group) - start
        line = line[:first] + " " * (end - first) + line[end:]
    return line


def _without_quotes(text: str, remarks: list[str]) -> str:
    """`text` without one pair of quotation marks around all of it, which a shell leaves there that knows them not."""
    inner = text.strip()
    closing = _QUOTES.get(inner[:1])
    if closing is None or len(inner) < 3 or not inner.endswith(closing) or {inner[0], closing} & {*inner[1:-1]}:
        return text
    first, last = text.index(inner[0]), text.rindex(closing)
    advice = "" if inner[0] in "'\"" else ': type straight ones, "…"'
    remarks.append(f"the quotation marks around the formula are taken off{advice}")
    return f"{text[:first]} {text[first + 1 : last]} {text[last + 1 :]}"


def _without_comments(text: str, remarks: list[str]) -> str:
    """`text` without comments that begin with %: a line of them, or the end of a line where signs have a point."""
    kept = _blanked("any comment" if _pattern("elementwise").search(text) else "comment", text)
    if kept != text:
        remarks.append("what stands behind % is a comment")
    return kept


def _without_words(text: str, names: Collection[str], remarks: list[str]) -> str:
    """`text` without brackets of words at the ends of lines, far behind the formula: (unary op)."""
    if not _pattern("remark").search(text):
        return text
    others = {*re.findall(r"\w+", _pattern("remark").sub("", text)), *names, *GREEK_WORDS}

    def blank(found: re.Match[str]) -> str:
        words = re.findall(r"\w+", found.group(1))
        if not others.isdisjoint(words):
            return found.group()
        remarks.append(f"({found.group(1)}) at the end of a line is read as a remark")
        return " " * len(found.group())

    return _pattern("remark").sub(blank, text)
