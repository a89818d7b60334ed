"""A cursor over LaTeX text, and the tokens made from it.

The text is read once, from left to right; what stands for a bracket without being one (the braces of a fraction) keeps
its place in the text as typed, so that every error of the parser still points into it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from gradcli.errors import ParseError, Span
from gradcli.language.lexer import BREAK, NAME, NUMBER, SIGN, SUPER, Token, too_deep
from gradcli.language.limits import Limits
from gradcli.language.spelling import FRACTIONS, LETTERS, SUPERSCRIPTS

COMMAND, SYMBOL, BRACE, SCRIPT, DOLLAR, OTHER, STOP = "command", "symbol", "brace", "script", "dollar", "other", "stop"

_BLANKS = frozenset({"blank", "comment", "newline"})
_PIECE = re.compile(
    rf"""(?P<blank>[ \t\r~\u00a0\u2000-\u200a\u202f\u205f\u3000]+|\\[ \t])
    |(?P<newline>\n)
    |(?P<comment>[%#][^\n]*)
    |(?P<script>\\?_|\^)
    |(?P<command>\\[A-Za-z]+)
    |(?P<symbol>\\\\\*?(?:[ ]*\[-?[0-9.]*[ ]*(?:pt|em|ex|mm|cm|in)\])?|\\[^A-Za-z]|\\$)
    |(?P<name>[{LETTERS}][{LETTERS}0-9]*[₀-₉]*|π)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[{"".join(FRACTIONS)}])
    |(?P<super>[{"".join(SUPERSCRIPTS)}]+)
    |(?P<dollar>\$\$?)
    |(?P<brace>[{{}}])
    |(?P<sign>:=|\*\*=|[-+*/]=|->|\*\*|<=|>=|==|!=|\.[*/^]|[-+*/()\[\]<>=,;:?|&√·×⋅∙⊙÷−–≤≥≠←↦≈∧∨])""",
    re.VERBOSE,
)
"""One piece of LaTeX; the group's name is its kind."""


class Piece(NamedTuple):
    """A piece of the text: its kind, how it is typed, its place, whether a new line stands before it."""

    kind: str
    text: str
    start: int
    end: int
    newline: bool

    @property
    def span(self) -> Span:
        """Its place in the text."""
        return self.start, self.end


class Scanner:
    """The cursor and the tokens so far.

    names    names known to be variables
    opened   what is open: the piece that opened it, and what closes it
    whole    names that are one name however they are spelt
    remarks  choices made in reading
    """

    def __init__(self, text: str, limits: Limits, names: Collection[str]) -> None:
        self.text = text
        self.limits = limits
        self.names = names
        self.position = 0
        self.tokens: list[Token] = []
        self.opened: list[tuple[Piece, str]] = []
        self.whole: set[str] = set()
        self.remarks: list[str] = []
        self._ahead: tuple[int, Piece] | None = None

    def peek(self) -> Piece:
        """The next piece, behind blanks, new lines and comments."""
        if self._ahead is not None and self._ahead[0] == self.position:
            return self._ahead[1]
        place, newline = self.position, False
        while True:
            if place >= len(self.text):
                piece = Piece(STOP, "", place, place, newline)
                break
            found = _PIECE.match(self.text, place)
            if found is None:
                piece = Piece(OTHER, self.text[place], place, place + 1, newline)
                break
            kind = found.lastgroup or ""
            if kind not in _BLANKS:
                written = "_" if found.group() == "\\_" else found.group()
                piece = Piece(kind, written, place, found.end(), newline)
                break
            if found.group().startswith("%") and self.text[place - 1 : place].isdigit():
                hint = "write p/100 for a percentage; a comment has a blank before %"
                raise self.error("% after a number", (place, place + 1), hint)
            newline = newline or kind == "newline"
            place = found.end()
        self._ahead = self.position, piece
        return piece

    def take(self) -> Piece:
        """The next piece, and on to the one behind it."""
        piece = self.peek()
        self.position = piece.end
        return piece

    def error(self, message: str, span: Span, hint: str | None = None) -> ParseError:
        """An error at a place of the text."""
        return ParseError(message, source=self.text, span=span, hint=hint)

    def emit(self, kind: str, text: str, start: int, end: int) -> None:
        """Another token."""
        self.tokens.append(Token(kind, text, start, end))

    def sign(self, text: str, piece: Piece) -> None:
        """A sign that stands for a piece."""
        self.tokens.append(Token(SIGN, text, piece.start, piece.end))

    def last_is(self, *texts: str) -> bool:
        """Whether the last token is one of these signs."""
        return bool(self.tokens) and self.tokens[-1].kind == SIGN and self.tokens[-1].text in texts

    def at_line_start(self) -> bool:
        """Whether no token of this line has been made."""
        return not self.tokens or self.tokens[-1].kind == BREAK

    def at_line_end(self) -> bool:
        """Whether nothing more of this line follows."""
        piece = self.peek()
        ends = piece.kind in (STOP, DOLLAR) or piece.text in ("\\end", "\\]", "\\)", ";") or piece.text[:2] == "\\\\"
        return ends or (piece.newline and not self.opened)

    def open(self, piece: Piece, closing: str) -> None:
        """One level deeper."""
        self.opened.append((piece, closing))
        if len(self.opened) > self.limits.depth:
            raise too_deep(self.text, piece.span, self.limits)

    def close(self) -> Piece:
        """The piece that closes what is open."""
        self.opened.pop()
        return self.take()


def operands(tokens: list[Token]) -> int:
    """How many factors and terms stand side by side in a list of tokens; a call is one, an exponent none."""
    count = depth = 0
    before = ""
    for token in tokens:
        opens = token.kind == SIGN and token.text in ("(", "[")
        if depth == 0 and before != "**" and (token.kind in (NAME, NUMBER) or (opens and before != NAME)):
            count += 1
        depth += opens
        depth -= token.kind == SIGN and token.text in (")", "]")
        before = token.kind if token.kind in (NAME, NUMBER, SUPER) else token.text
    return count


def holds(tokens: list[Token], signs: Collection[str]) -> bool:
    """Whether one of the signs stands outside every bracket."""
    depth = 0
    for token in tokens:
        if token.kind == SIGN:
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            if depth == 0 and token.text in signs:
                return True
    return False


def is_bracketed(tokens: list[Token]) -> bool:
    """Whether one pair of round brackets holds everything."""
    if len(tokens) < 3 or tokens[0].text != "(" or tokens[-1].text != ")":
        return False
    depth = 0
    for token in tokens[:-1]:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth == 0:
            return False
    return True
