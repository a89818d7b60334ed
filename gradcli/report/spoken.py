"""Texts with formulas as a voice reads them: every sign that voices skip is a word."""

from __future__ import annotations

import re
import unicodedata

from gradcli.printers.expression.greek import LETTERS

SIGNS = {
    "·": "times", "*": "times", "×": "times", "+": "plus", "-": "minus", "−": "minus", "/": "over", "÷": "over",
    "=": "equals", "≈": "is about", "→": "to", "←": "from", "<": "is less than", ">": "is greater than",
    "≤": "is at most", "≥": "is at least", "≠": "is not", "==": "equals", "!=": "is not", "<=": "is at most",
    ">=": "is at least", "**": "to the power", "^": "to the power", "√": "the square root of", "|": "bar",
    "(": "open bracket", ")": "close bracket", "[": "open bracket", "]": "close bracket", "²": "squared", "³": "cubed",
    "∞": "infinity", "—": "nothing", "∂": "d", "∇": "gradient", "Σ": "sum", "∈": "in", "½": "one half",
    "…": "and so on",
    "°": "degrees", "%": "percent", "'": "prime",
}  # fmt: skip
"""Signs and their words."""

_DERIVATIVE = re.compile(r"[∂d](?P<above>[^\W\d]\w*)/[∂d](?P<below>[^\W\d]\w*)")
_SECOND = re.compile(r"∂²(?P<above>\w+)/(?:∂(?P<same>[^\W\d]\w*?)²|∂(?P<first>[^\W\d][^∂\s]*)∂(?P<second>[^\W\d]\w*))")
_HIGH = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+")
_EXPONENT = re.compile(r"(?<![\w.])(?P<digits>\d+(?:\.\d+)?)e(?P<exponent>[+-]?\d+)(?!\w)")
_CALL = re.compile(r"(?P<name>[^\W\d]\w*)\((?P<argument>-?\w+(?:\.\w+)?)\)")
_OPEN_CALL = re.compile(r"(?P<name>[^\W\d]\w*)\(")
_BARS = re.compile(r"\|(?P<inside>[^|]+)\|")
_PIECE = re.compile(r"\*\*|[<>!=]=|\d+(?:\.\d+)?|[^\W\d_]\w*|\s+|.", re.DOTALL)
_TIGHT = re.compile(r"\s+([.,:;?!])")


def spoken(text: str) -> str:
    """A text in words, numbers and punctuation: `∂f/∂y = 3·1` is `the derivative of f by y equals 3 times 1`."""
    text = _SECOND.sub(_second, text)
    text = _DERIVATIVE.sub(r"the derivative of \g<above> by \g<below>", text)
    text = _BARS.sub(r" the absolute value of \g<inside> ", text)
    text = _EXPONENT.sub(lambda found: f"{found['digits']} times 10 to the power {int(found['exponent'])}", text)
    text = _HIGH.sub(_power, text)
    text = _CALL.sub(r"\g<name> of \g<argument>", text)
    text = _OPEN_CALL.sub(r"\g<name> of (", text)
    words = []
    for piece in _PIECE.findall(text):
        if piece.isspace() or piece in ".,:;?!\"" or (piece[0].isascii() and piece[0].isdigit()):
            words.append(piece)
        elif piece in SIGNS:
            words.append(f" {SIGNS[piece]} ")
        else:
            words.append(_letters(piece))
    said = " ".join("".join(words).split())
    return _TIGHT.sub(r"\1", said)


def sentence(text: str) -> str:
    """A text in words as a sentence of its own, with a full stop."""
    said = spoken(text).rstrip(",;: ")
    if not said:
        return ""
    return said if said[-1] in ".?!" else f"{said}."


def _second(found: re.Match[str]) -> str:
    below = f"{found['same']} twice" if found["same"] else f"{found['first']} and {found['second']}"
    return f"the second derivative of {found['above']} by {below}"


def _power(found: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", found[0])
    return {"2": " squared ", "3": " cubed "}.get(plain, f" to the power {plain.replace('−', '-')} ")


def _letters(piece: str) -> str:
    """A name as it is said: θ₁ is theta 1; drawn lines and other signs are silent."""
    said = []
    for character in unicodedata.normalize("NFKC", piece):
        if character in LETTERS:
            said.append(f" {LETTERS[character]} " if len(piece) > 1 else LETTERS[character])
        elif character == "π":
            said.append("pi")
        elif character == "_":
            said.append(" ")
        elif character.isalnum():
            said.append(character)
        else:
            said.append(" ")
    return "".join(said)
