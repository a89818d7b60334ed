"""What can go wrong, and how it is told: one line, a caret at the place, and what to do.

Every error of ours carries its exit status and the text it is about, so that one place (`gradcli.cli`) can show it
as lines for a person or as a JSON record for a script. Everything echoed goes through `visible` first.
"""

from __future__ import annotations

import unicodedata

Span = tuple[int, int]
"""Start and end (exclusive) of a place in a text, counted in code points."""

CONTEXT = 60
"""How many characters of a long line are shown around the place of an error."""


class GradcliError(Exception):
    """An error for the person who typed: a message, optionally a place in a text and a hint.

    `kind` is the word used in JSON errors, `exit_status` the status of the process (0, 1, 2, 3, 70, 74, see DESIGN).
    """

    kind = "usage"
    exit_status = 2

    def __init__(
        self, message: str, *, hint: str | None = None, source: str | None = None, span: Span | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.source = source
        self.span = span

    def lines(self) -> list[str]:
        """The error as lines for a terminal: what, where (the source line and a caret), what to do."""
        lines = [f"gradcli: error: {visible(self.message)}"]
        if self.source is not None and self.span is not None:
            lines += [f"  {line}" for line in caret(self.source, self.span)]
        if self.hint:
            lines.append(f"  {visible(self.hint)}")
        return lines

    def record(self) -> dict[str, object]:
        """The error as the JSON record of DESIGN §7."""
        return {
            "error": {
                "kind": self.kind,
                "message": visible(self.message),
                "span": list(self.span) if self.span else None,
                "hint": visible(self.hint) if self.hint else None,
            }
        }


class ParseError(GradcliError):
    """The formula, or a value, cannot be read."""

    kind = "parse"


class UsageError(GradcliError):
    """The command line does not make sense: an unknown, missing, repeated or misspelt name."""

    kind = "usage"


class EnvironmentFault(GradcliError):
    """A file or a stream cannot be opened or written, or there is not enough memory."""

    kind = "environment"
    exit_status = 74


class ReaderLeft(Exception):
    """Whoever read our standard output has closed it; nothing is wrong and nothing more is to be said."""


class OutOfRange(ArithmeticError):
    """An exact or many-digit number would need more memory or time than any answer is worth."""


def visible(text: str) -> str:
    """`text` with every control, format, bidi, surrogate and unassigned character spelled as an escape.

    So nothing that somebody else wrote can move the cursor, colour the screen or reverse a line.
    """
    if text.isprintable():
        return text
    return "".join(c if _harmless(c) else _escape(c) for c in text)


def _harmless(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")


def _escape(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many terminal columns `text` takes: wide East Asian characters count 2, combining marks 0."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def caret(source: str, span: Span) -> list[str]:
    """The line of `source` that holds `span`, windowed when long, and a line that marks the place below it."""
    start, end = span
    start = min(max(start, 0), len(source))
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", line_start)
    line_end = len(source) if line_end < 0 else line_end
    end = max(start, min(end, line_end))
    window_start = max(line_start, start - CONTEXT // 2)
    window_end = min(line_end, max(start + CONTEXT // 2, window_start + CONTEXT))
    before = ("…" if window_start > line_start else "") + visible(source[window_start:start])
    marked = visible(source[start : min(end, window_end)])
    after = visible(source[max(start, min(end, window_end)) : window_end]) + ("…" if window_end < line_end else "")
    mark = "^" + "~" * (width(marked) - 1)
    return [before + marked + after, " " * width(before) + mark]


def closest(word: str, candidates: object, count: int = 1) -> list[str]:
    """The candidates most like `word`, best first; empty when none is near."""
    import difflib

    names = [str(c) for c in candidates]  # type: ignore[attr-defined]
    folded = {name.casefold(): name for name in reversed(names)}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=count, cutoff=0.6)
    return [folded[name] for name in near]
