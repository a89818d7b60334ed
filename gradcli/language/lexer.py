"""Text to tokens, each with its place. Every character is either read or refused by name; nothing is skipped."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from gradcli.errors import ParseError, Span, visible
from gradcli.language.grammar import KEYWORDS
from gradcli.language.limits import LITERAL_LENGTH, NAME_LENGTH, Limits

NUMBER, NAME, SIGN, BREAK, END = "number", "name", "sign", "break", "end"


class Token(NamedTuple):
    """A piece of the text: its kind, its text in normal spelling, where it starts and ends."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its place in the text."""
        return self.start, self.end


LETTERS = "A-Za-z\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u03ff"
_TOKEN = re.compile(
    rf"""(?P<blank>[ \t\r\u00a0\u2000-\u200a\u202f\u205f\u3000]+)
    |(?P<name>[{LETTERS}](?:_?[{LETTERS}0-9])*)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<break>[\n;])
    |(?P<sign>\*\*|<=|>=|==|!=|[-+*/^()<>=,·×⋅∙÷−–≤≥≠])
    |(?P<comment>\#[^\n]*)""",
    re.VERBOSE,
)

NORMAL = {
    "^": "**", "·": "*", "×": "*", "⋅": "*", "∙": "*", "÷": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=", "≠": "!=",
}  # fmt: skip
"""Other spellings of the signs."""

HINTS = {
    "!": "the factorial has no derivative: for numbers between, use gamma(x + 1)",
    "&": "write: a and b",
    "|": "write abs(x) for the absolute value, a or b for a condition",
    "~": "write: not a",
    "%": "a percentage is a quotient: write p/100",
    "?": "write: a if condition else b",
    ":": "write: a if condition else b",
    "[": "vectors are not read here: use round brackets",
    "]": "use round brackets",
    "{": "use round brackets",
    "}": "use round brackets",
    "\\": "LaTeX is not read here: write the formula in plain text, (x + y)*y",
    "$": "leave the dollar signs out",
    ".": "attributes are not read here: write sin(x), not x.sin()",
    "'": "write the function itself, not its derivative: gradcli computes that",
    '"': "leave the quotation marks out",
    "@": "write * for a product",
    "—": "this is a long dash: write - for minus",
    "√": "write sqrt(x)",
    "∞": "infinity is not a number",
    "∂": "write the function itself, not its derivative: gradcli computes that",
}
"""What to do about a character that a formula cannot hold."""


def tokens(text: str, limits: Limits) -> list[Token]:
    """The tokens of `text`, closed by one of kind END; inside brackets a new line is a blank.

    Raises ParseError at the first character that is not part of the language, and for a text over the limits.
    """
    if len(text) > limits.characters:
        raise ParseError(
            f"the formula has {len(text):,} characters; the most here is {limits.characters:,}",
            hint="a longer one can come from a file: --file FORMULA.txt",
        )
    result: list[Token] = []
    position = 0
    brackets = 0
    match = _TOKEN.match
    while position < len(text):
        found = match(text, position)
        if found is None:
            raise _unreadable(text, position)
        kind, piece, end = found.lastgroup or "", found.group(), found.end()
        if kind == NAME:
            _check_name(text, piece, position, end)
            result.append(Token(SIGN if piece in KEYWORDS else NAME, piece, position, end))
        elif kind == NUMBER:
            _check_number(text, piece, position, end)
            result.append(Token(NUMBER, piece, position, end))
        elif kind == SIGN:
            brackets += (piece == "(") - (piece == ")")
            result.append(Token(SIGN, NORMAL.get(piece, piece), position, end))
        elif kind == BREAK and (piece == ";" or brackets <= 0):
            result.append(Token(BREAK, piece, position, end))
        position = end
    result.append(Token(END, "", len(text), len(text)))
    return result


def _check_name(text: str, name: str, start: int, end: int) -> None:
    if len(name) > NAME_LENGTH:
        raise ParseError(f"a name has at most {NAME_LENGTH} characters", source=text, span=(start, end))
    if text.startswith("_", end):
        raise ParseError(
            "a name cannot end with _ or hold two of them", source=text, span=(start, end + 1), hint="write x_1 or x1"
        )


def _check_number(text: str, number: str, start: int, end: int) -> None:
    if len(number) > LITERAL_LENGTH:
        raise ParseError(f"a number has at most {LITERAL_LENGTH} characters", source=text, span=(start, end))
    following = text[end : end + 1]
    if following and (following in "._" or following.isalnum()):
        rest = re.match(r"[\w.]*", text[end:])
        raise _odd_number(text, number, start, end + len(rest.group() if rest else ""))
    value = float(number)
    if value in (float("inf"), 0.0) and any(c in "123456789" for c in number.lower().split("e")[0]):
        what = "too large" if value else "too small"
        raise ParseError(f"this number is {what} for a 64-bit float", source=text, span=(start, end))


def _odd_number(text: str, number: str, start: int, end: int) -> ParseError:
    written = text[start:end]
    rest = written[len(number) :]
    if rest.startswith("_"):
        hint = "write a number without _"
    elif rest.startswith("."):
        hint = "a number has one decimal point"
    elif number == "0" and rest[0] in "xXbBoO":
        hint = "numbers are decimal here"
    elif re.fullmatch(rf"[{LETTERS}][{LETTERS}0-9_]*", rest):
        hint = f"write {number}*{rest} for the product"
    else:
        hint = "write the product with *"
    return ParseError(f"{visible(written)} is not a number", source=text, span=(start, end), hint=hint)


def _unreadable(text: str, position: int) -> ParseError:
    character = text[position]
    plain = character.isascii() and character.isprintable()
    described = repr(character) if plain else f"the character {_code_point(character)}"
    hint = HINTS.get(character)
    if character == "_":
        hint = "a name starts with a letter"
    elif hint is None and character.isalpha():
        hint = "names are made of Latin and Greek letters, digits and _"
    return ParseError(f"{described} cannot stand in a formula", source=text, span=(position, position + 1), hint=hint)


def _code_point(character: str) -> str:
    name = unicodedata.name(character, "")
    shown = f"{character!r}, " if character.isprintable() else ""
    return f"{shown}U+{ord(character):04X}{' ' + name.lower() if name else ''},"
