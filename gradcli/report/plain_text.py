"""Numbers and signs as people read them."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

from gradcli.report import Style

_ASCII = {
    "∂": "d", "·": "*", "←": "<-", "→": "->", "↓": "(down)", "↑": "(up)", "×": "x", "−": "-", "≤": "<=", "≥": ">=",
    "≠": "!=", "√": "sqrt", "σ": "sigmoid", "π": "pi", "…": "...", "─": "-", "≈": "~", "—": "-",
    "±": "+-", "∞": "inf", "│": "|", "└": "+", "┈": "-",
}  # fmt: skip


@cache
def _power() -> re.Pattern[str]:
    """Superscripts: x⁻¹² is x^-12."""
    from gradcli.language.spelling import SUPERSCRIPTS

    return re.compile(f"[{''.join(SUPERSCRIPTS)}]+")


def say(value: Any, style: Style) -> str:
    """A number for people: 8 rather than 8.0, whole numbers in full, others to the style's digits."""
    if isinstance(value, str):
        return value
    if value is None:
        return "—"
    value = float(value)
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.{style.digits}g}"


def exact_number(value: float) -> str:
    """A number for machines: the shortest digits that read back to the same double; 8 rather than 8.0."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return repr(value)


def term(text: str) -> str:
    """A number as a later factor or summand: negative ones in brackets."""
    return f"({text})" if text.startswith("-") else text


def plural(count: int, one: str, many: str) -> str:
    """`1 node`, `2 nodes`; twice."""
    return f"{count:,} {one if count == 1 else many}"


def plain(text: str) -> str:
    """`text` in ASCII: d for ∂, * for ·, names of Greek letters."""
    if text.isascii():
        return text
    import unicodedata

    from gradcli.language.spelling import plain_super

    out = []
    for character in _power().sub(lambda found: f"^{plain_super(found.group())}", text):
        if character.isascii():
            out.append(character)
        elif character in _ASCII:
            out.append(_ASCII[character])
        elif "\u2800" <= character <= "\u28ff":
            out.append("*")
        else:
            decomposed = unicodedata.normalize("NFKD", character)
            name = unicodedata.name(character, "?")
            out.append(decomposed if decomposed.isascii() else name.split()[-1].lower() if "GREEK" in name else "?")
    return "".join(out)
