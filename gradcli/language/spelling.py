"""Other ways to write the same character: signs, letters, superscripts, fractions, prefixes of libraries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from gradcli.language.limits import NAME_LENGTH

GREEK = (
    "\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03bf"
    "\u03c1-\u03d5\u03d7-\u03ff"
)
"""Greek letters but π, which is always a name of its own: 2πr."""

FOLDED = (
    "\u212a\u2126\u00b5\u210a-\u210e\u2110-\u2113\u211b\u212c\u212d\u212f-\u2131\u2133\u2134"
    "\U0001d400-\U0001d454\U0001d456-\U0001d49c\U0001d49e-\U0001d49f\U0001d4a2\U0001d4a5-\U0001d4a6"
    "\U0001d4a9-\U0001d4ac\U0001d4ae-\U0001d4b9\U0001d4bb\U0001d4bd-\U0001d4c3\U0001d4c5-\U0001d505"
    "\U0001d507-\U0001d50a\U0001d50d-\U0001d514\U0001d516-\U0001d51c\U0001d51e-\U0001d539\U0001d53b-\U0001d53e"
    "\U0001d540-\U0001d544\U0001d546\U0001d54a-\U0001d550\U0001d552-\U0001d6a3\U0001d6a8-\U0001d6c0"
    "\U0001d6c2-\U0001d6d0\U0001d6d2-\U0001d6da\U0001d6dc-\U0001d6e0\U0001d6e2-\U0001d6fa\U0001d6fc-\U0001d70a"
    "\U0001d70c-\U0001d714\U0001d716-\U0001d71a\U0001d71c-\U0001d734\U0001d736-\U0001d744\U0001d746-\U0001d74e"
    "\U0001d750-\U0001d754\U0001d756-\U0001d76e\U0001d770-\U0001d77e\U0001d780-\U0001d788\U0001d78a-\U0001d78e"
    "\U0001d790-\U0001d7a8\U0001d7aa-\U0001d7b8\U0001d7ba-\U0001d7c2\U0001d7c4-\U0001d7c8\U0001d7ca-\U0001d7cb"
)
"""Kelvin, Ohm and micro signs, script letters and the mathematical alphabets without π, ∂ and ∇: plain letters all."""

PI = "π\U0001d6d1\U0001d70b\U0001d745\U0001d77f\U0001d7b9"
"""π in all its typefaces."""

LETTERS = f"A-Za-z{GREEK}{FOLDED}"

SIGNS = {
    "^": "**", "·": "*", "×": "*", "⋅": "*", "∙": "*", "⊙": "*", "÷": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=",
    "≠": "!=", "&": "and", "~": "not", ".*": "*", "./": "/", ".^": "**", ":=": "=", "←": "=", "↦": "->",
    "∧": "and", "∨": "or",
}  # fmt: skip
"""Other spellings of the signs."""

_ALIKE = {
    "*": "∗⁎﹡•\u2062", "/": "⁄∕", "-": "‐‑‒﹣", "+": "﹢", "=": "﹦", "^": "ˆ", "|": "∣❘", "·": "\u0387‧・",
    "×": "✕✖⨯", "≤": "≦⩽", "≥": "≧⩾", "~": "¬", "←": "⟵≔≝≜", "↦": "⟼→⟶", "≈": "≃≅≐",
}  # fmt: skip
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if not chr(code - 0xFEE0).isalpha()}
LOOK_ALIKES = {ord(other): sign for sign, others in _ALIKE.items() for other in others} | _FULL_WIDTH
"""Characters that look like a sign or stand for it on pages, and the wide signs, brackets and digits of East Asia."""

INVISIBLE = "\u200b\u2061\ufeff\u00ad"
"""Characters that print nothing: a space without width, the application of a function, the mark at the start of a
file, a soft hyphen."""

MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde"}
"""Marks above a letter, which become the end of its name: ŷ is y_hat."""

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿⁱᵃᵇᶜᵈᵏˡᵐᵖʳˢᵗᵘᵛʷˣʸᶻ", "0123456789-+niabcdklmprstuvwxyz", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
FRACTIONS = {
    "½": "0.5", "¼": "0.25", "¾": "0.75", "⅕": "0.2", "⅖": "0.4", "⅗": "0.6", "⅘": "0.8", "⅛": "0.125", "⅜": "0.375",
    "⅝": "0.625", "⅞": "0.875",
}  # fmt: skip

_GREEK_WORDS = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi omega
    Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega
"""
GREEK_WORDS = frozenset(_GREEK_WORDS.split())
"""Names that are variables unless a bracket follows: gamma is a variable, gamma(x) the function."""

_WORDS = dict(zip("αβγδεζηθικλμνξρστυφχψωΓΔΘΛΞΣΥΦΨΩ", _GREEK_WORDS.split(), strict=True))
"""Greek letters with their names."""

LIBRARIES = r"(?:np|numpy|math|Math|torch|sp|sympy|sym|jnp|jax|F|tf|nn|scipy)"
"""Prefixes that are left out: np.exp, torch.sigmoid, tf.nn.relu."""

_ASCII_LETTERS = "A-Za-z"
_MARKED = "".join(
    composed
    for mark in MARKS
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if len(composed := unicodedata.normalize("NFC", letter + mark)) == 1
)
"""Letters that hold their mark: ŷ."""


@cache
def token_pattern(*, ascii: bool) -> re.Pattern[str]:
    """One token; the group's name is its kind. The pattern for texts in ASCII compiles twenty times as fast."""
    letters = _ASCII_LETTERS if ascii else LETTERS
    indices, pi = ("", "") if ascii else ("[₀-₉]*", f"|[{PI}]")
    marked = "" if ascii else rf"(?P<marked>(?:[{letters}][{''.join(MARKS)}]|[{_MARKED}])(?![{LETTERS}])_?[0-9₀-₉]*)|"
    fractions = "" if ascii else f"|[{''.join(FRACTIONS)}]"
    blanks, signs = ("", "") if ascii else ("\u00a0\u2000-\u200a\u202f\u205f\u3000", "√·×⋅∙⊙÷−–≤≥≠←↦≈∧∨")
    superscripts = "" if ascii else f"|(?P<super>[{''.join(SUPERSCRIPTS)}]+)"
    return re.compile(
        rf"""(?P<blank>[ \t\r{blanks}]+)
        |(?P<library>{LIBRARIES}(?:\.(?:nn|functional|special|numpy|lax|math))*\.(?=[A-Za-z]))
        |{marked}(?P<name>[{letters}](?:\\?_?[{letters}0-9]){{0,{NAME_LENGTH}}}(?:_(?![{letters}0-9_]))?{indices}{pi})
        |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?{fractions})
        {superscripts}
        |(?P<break>[\n;])
        |(?P<sign>\*\*=|[-+*/:]=|->|\*\*|<=|>=|==|!=|\.[*/^]|[-+*/^()\[\]<>=,|&~%?:.{signs}])
        |(?P<string>(?:(?<==)|(?<==[ ]))(?:'\w*'|"\w*"))
        |(?P<comment>\#[^\n]*)""",
        re.VERBOSE,
    )


HINTS = {
    "!": "the factorial has no derivative: for numbers between, use gamma(x + 1)",
    "%": "a percentage is a quotient: write p/100",
    "?": "write: a if condition else b",
    ":": "write: a if condition else b",
    "{": "use round brackets",
    "}": "use round brackets",
    ".": "attributes are not read here: write sin(x), not x.sin()",
    "'": "write the function itself, not its derivative: gradcli computes that",
    '"': "leave the quotation marks out",
    "@": "write * for a product of numbers",
    "—": "this is a long dash: write - for minus",
    "≈": "leave out ≈ and what follows: gradcli computes the number",
    "∛": "write x**(1/3)",
    "∞": "infinity is not a number",
    "∂": "write the function itself, not its derivative: gradcli computes that",
    "∑": "write the sum out: x1 + x2",
    "ᵀ": "a transposed matrix is not read here",
    "_": "a name starts with a letter",
}
"""What to do about a character that a formula cannot hold."""


def plain_name(name: str) -> str:
    """A name in plain letters: x₁ is x1, 𝑥 is x, π is pi."""
    if name.isascii():
        return name
    if name in PI:
        return "pi"
    if any(character in MARKS for character in unicodedata.normalize("NFD", name)):
        return _marked_name(unicodedata.normalize("NFD", name))
    return unicodedata.normalize("NFKC", "".join(SUBSCRIPTS.get(character, character) for character in name))


def same_name(name: str, names: Collection[str]) -> str:
    """The one of `names` that is the same in another spelling, θ_1 for theta1; `name` itself if there is none."""
    if name in names:
        return name
    alike = [other for other in names if _in_words(other) == _in_words(name)]
    return alike[0] if len(alike) == 1 else name


def _in_words(name: str) -> str:
    """A name with its Greek letters by name and without _ before its index."""
    return re.sub(r"_(?=[0-9])", "", "".join(_WORDS.get(character, character) for character in name))


def _marked_name(name: str) -> str:
    """A letter with a mark, and perhaps an index: ŷ₁ is y_hat_1."""
    mark = next(character for character in name if character in MARKS)
    base, _, index = name.partition(mark)
    index = "".join(SUBSCRIPTS.get(character, character) for character in index).lstrip("_")
    return f"{base}_{MARKS[mark]}{'_' if index else ''}{index}"


def plain_super(text: str) -> str:
    """The text of superscripts: ⁻¹ is -1."""
    return "".join(SUPERSCRIPTS[character] for character in text)
