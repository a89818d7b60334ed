"""Text to tokens, each with its place. Every character is either read or refused by name; nothing is skipped unsaid."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from gradcli.errors import ParseError, Span, visible
from gradcli.grammar import BINARY, KEYWORDS
from gradcli.language.limits import LITERAL_LENGTH, NAME_LENGTH, Limits
from gradcli.language.spelling import (
    FRACTIONS,
    HINTS,
    LETTERS,
    SIGNS,
    SUPERSCRIPTS,
    plain_name,
    plain_super,
    token_pattern,
)

NUMBER, NAME, SUPER, SIGN, STRING, BREAK, END = "number", "name", "super", "sign", "string", "break", "end"


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


def tokens(text: str, limits: Limits) -> list[Token]:
    """The tokens of `text`, closed by one of kind END; inside brackets and behind an operator a new line is a blank.

    Raises ParseError at the first character that is not part of the language, and for a text over the limits.
    """
    check_length(text, limits)
    result: list[Token] = []
    position = 0
    brackets = operations = 0
    match = token_pattern(ascii=text.isascii()).match
    while position < len(text):
        if text[position] == " ":  # half of all places in a long program
            position += 1
            continue
        found = match(text, position)
        if found is None:
            raise unreadable(text, position)
        kind, piece, end = found.lastgroup or "", found.group(), found.end()
        if kind == SIGN:
            if piece in "()[]":
                brackets += 1 if piece in "([" else -1
                if brackets > limits.depth:
                    raise too_deep(text, (position, end), limits)
            normal = SIGNS.get(piece, piece)
            if normal in BINARY and result and (result[-1].kind != SIGN or result[-1].text in _CLOSING):
                operations += 1
                if operations > limits.nodes:  # each makes a node: no more tokens are kept than can be read
                    raise too_many(text, (position, end), limits)
            result.append(Token(SIGN, normal, position, end))
        elif kind in (NAME, "marked"):
            check_name(text, piece, position, end)
            name = plain_name(piece.replace("\\", ""))
            result.append(Token(SIGN if name in KEYWORDS else NAME, name, position, end))
        elif kind == NUMBER:
            check_number(text, piece, position, end)
            result.append(Token(NUMBER, FRACTIONS.get(piece, piece), position, end))
        elif kind == SUPER:
            result.append(Token(SUPER, checked_super(text, piece, position, end), position, end))
        elif kind == STRING:
            result.append(Token(STRING, piece[1:-1], position, end))
        elif kind == BREAK and (piece == ";" or (brackets <= 0 and not _goes_on(result))):
            result.append(Token(BREAK, piece, position, end))
        position = end
    result.append(Token(END, "", len(text), len(text)))
    return result


_CLOSING = frozenset({")", "]", "|"})
_OPERATORS = frozenset(BINARY) | {*"=,%?"}


def _goes_on(read: list[Token]) -> bool:
    """Whether a statement goes on in the next line: it ends with an operator."""
    return bool(read) and read[-1].kind == SIGN and read[-1].text in _OPERATORS


def too_deep(text: str, span: Span, limits: Limits) -> ParseError:
    """The error for more nesting than is allowed."""
    return ParseError(
        f"more than {limits.depth} levels of brackets, signs and powers",
        source=text,
        span=span,
        hint="name a part first: a = …; f = a*a",
    )


def too_many(text: str, span: Span, limits: Limits) -> ParseError:
    """The error for more nodes than are allowed."""
    return ParseError(
        f"more than {limits.nodes:,} nodes", source=text, span=span, hint="split the formula, or use --file"
    )


def check_length(text: str, limits: Limits) -> None:
    """Raise ParseError for a text over the limits."""
    if len(text) > limits.characters:
        raise ParseError(
            f"the formula has {len(text):,} characters; the most here is {limits.characters:,}",
            hint="a longer one can come from a file: --file FORMULA.txt",
        )


def check_name(text: str, name: str, start: int, end: int) -> None:
    """Raise ParseError for a name that is too long, or that ends with _."""
    if len(name) > NAME_LENGTH:  # the pattern stops soon after
        raise ParseError(f"a name has at most {NAME_LENGTH} characters", source=text, span=(start, end))
    if text.startswith("_", end):
        raise ParseError(
            "a name has one _ at a time, not two of them", source=text, span=(start, end + 1), hint="write x_1 or x1"
        )


def checked_super(text: str, piece: str, start: int, end: int) -> str:
    """A superscript: a whole number of up to six digits, or one letter."""
    plain = plain_super(piece).lstrip("+")
    if not re.fullmatch(r"-?[0-9]{1,6}|[a-z]", plain):
        raise ParseError(
            "a superscript is a whole number or one letter", source=text, span=(start, end), hint="write x**(…)"
        )
    return plain


def check_number(text: str, number: str, start: int, end: int) -> None:
    """Raise ParseError for a number that is too long, odd, or beyond every float."""
    if len(number) > LITERAL_LENGTH:
        raise ParseError(f"a number has at most {LITERAL_LENGTH} characters", source=text, span=(start, end))
    if number in FRACTIONS:
        return
    following = text[end : end + 1]
    odd = following and (following in "._" or (following.isdigit() and following not in SUPERSCRIPTS))
    letter = following.isalpha() and following not in SUPERSCRIPTS
    if odd or (letter and ("e" in number.lower() or number == "0")):
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
        raised = text[:start].rstrip(" {").endswith("^")
        hint = "write the subscript first: x_1^2" if raised else "write a number without _"
    elif rest.startswith("."):
        hint = "a number has one decimal point"
    elif number == "0" and rest[0] in "xXbBoO":
        hint = "numbers are decimal here"
    elif re.fullmatch(rf"[{LETTERS}][{LETTERS}0-9_]*", rest):
        hint = f"write {number}*{rest} for the product"
    else:
        hint = "write the product with *"
    return ParseError(f"{visible(written)} is not a number", source=text, span=(start, end), hint=hint)


def unreadable(text: str, position: int) -> ParseError:
    """The error for a character that is not part of the language."""
    character = text[position]
    plain = character.isascii() and character.isprintable()
    described = repr(character) if plain else f"the character {_code_point(character)}"
    hint = HINTS.get(character)
    if hint is None and character.isalpha():
        hint = "names are made of Latin and Greek letters, digits and _"
    return ParseError(f"{described} cannot stand in a formula", source=text, span=(position, position + 1), hint=hint)


def _code_point(character: str) -> str:
    name = unicodedata.name(character, "")
    shown = f"{character!r}, " if character.isprintable() else ""
    return f"{shown}U+{ord(character):04X}{' ' + name.lower() if name else ''},"
