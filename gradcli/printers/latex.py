r"""LaTeX's mathematics: `\left(x + y\right) y`, `\frac{x}{y}`, `\sigma\left(w x + b\right)`.

Standard commands of LaTeX and amsmath only. Of names, x₁ and x_1 look alike (x_{1}), and so do θ and theta, unless a
graph has both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gradcli import grammar
from gradcli.printers.expression import Dialect, Line, Piece, atom, bracketed, greek, names

BRACKETS = (r"\left(", r"\right)")

COMMANDS = {
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "sec": r"\sec", "csc": r"\csc", "cot": r"\cot",
    "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan",
    "exp": r"\exp", "log": r"\log", "max": r"\max", "min": r"\min", "sigmoid": r"\sigma",
}  # fmt: skip
"""Functions that LaTeX has a command for, by operation."""

SPELLED = {"pi": r"\pi", "inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{nan}"}
"""Numbers without digits."""

_POWER_BEFORE = re.compile(r"\\(?:sin|cos|tan|sec|csc|cot|sinh|cosh|tanh|log)(?=\\left\()")
"""Functions whose square is written sin²(x)."""

_NUMBER_ENDS = re.compile(r"(?<![A-Za-z{_])[0-9.]+$")
_PLAIN_WORDS = frozenset({"greek", "coptic", "capital", "small", "letter", "symbol", "with"})


def name(text: str) -> str:
    r"""A name: `x`, `x_{1}`, `\theta`, words upright: `\mathrm{loss}`, `w_{\mathrm{in}}`."""
    stem, number, word, again = names.parts(text)
    if again:
        return f"{name(stem)}^{{({again})}}"
    if number and stem not in grammar.KEYWORDS:
        return f"{_letters(stem)}_{{{number}}}"
    return f"{_letters(stem)}_{{{_letters(word)}}}" if word else _letters(text)


def _letters(text: str) -> str:
    """One letter, the name of a Greek one, or a word."""
    if len(text) == 1 and text.isascii():
        return text
    if text in greek.LETTERS:
        return "o" if text == "ο" else f"\\{greek.LETTERS[text]}"
    return f"\\{text}" if text in greek.WORDS else literal_name(text)


def literal_name(text: str) -> str:
    r"""A name character by character: `\mathrm{x\_1}`."""
    return rf"\mathrm{{{''.join(map(_upright, text))}}}"


def _upright(character: str) -> str:
    """One character of a word; Greek letters by their names."""
    if character.isascii():
        return rf"\{character}" if character == "_" else character
    if character in greek.LETTERS:
        return greek.LETTERS[character]
    words = unicodedata.name(character, "?").lower().split()
    kept = "".join(word for word in words if word not in _PLAIN_WORDS and word.isalpha())
    return kept.capitalize() if "capital" in words else kept


_WORDS = {
    "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "—": "--", "…": r"\ldots{}", "−": "$-$", "∂": r"$\partial$",
    "·": r"$\cdot$", "×": r"$\times$", "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "≈": r"$\approx$", "±": r"$\pm$",
    "√": r"$\surd$", "∞": r"$\infty$", "←": r"$\leftarrow$", "→": r"$\to$", "↓": r"$\downarrow$", "↑": r"$\uparrow$",
    "²": "$^{2}$", "³": "$^{3}$", "′": "$'$", "─": "--",
}  # fmt: skip
"""Characters that stand for something else in LaTeX's text, or that its fonts lack there."""


def words(text: str) -> str:
    r"""Words as LaTeX's text, signs and Greek letters among them: `50\%`, `$\partial$`."""
    return "".join(map(_word, text))


def _word(character: str) -> str:
    if character in _WORDS or character.isascii():
        return _WORDS.get(character, character)
    return f"${_letters(character)}$" if character in greek.LETTERS else _upright(character)


def second_derivative(output: str, first: str, second: str) -> str:
    r"""`\frac{\partial^{2} f}{\partial x \partial y}`."""
    below = rf"\partial {first}^{{2}}" if first == second else rf"\partial {first} \partial {second}"
    return rf"\frac{{\partial^{{2}} {output}}}{{{below}}}"


def number(text: str) -> Piece:
    r"""A number: 1e-05 is `1{\cdot}10^{-5}`, one number and no product."""
    if text in SPELLED:
        return SPELLED[text], grammar.SIGN if text == "-inf" else grammar.ATOM
    mantissa, sign, exponent = text.lower().partition("e")
    if sign and mantissa:
        return rf"{mantissa}{{\cdot}}10^{{{int(exponent)}}}", grammar.SIGN
    return (text, grammar.SIGN) if text.startswith("-") else atom(text)


def times(first: str, second: str) -> str:
    """Nothing but a blank where the product cannot be mistaken: for digits, a mixed number, or the call of x(…)."""
    digits = first[-1:].isdigit() and _NUMBER_ENDS.search(first)
    bracket = second.startswith((r"\left(", r"\begin"))
    if second[:1].isdigit() or second.startswith((".", r"\infty")):
        return r" \cdot "
    if (digits and second.startswith((r"\frac", r"\left(-"))) or (
        bracket and not digits and not first.endswith(r"\right)")
    ):
        return r" \cdot "
    return " "


def call(function: str, arguments: Sequence[str]) -> str:
    r"""`\sin\left(x\right)`, `\operatorname{relu}\left(x\right)`."""
    if not function.startswith("\\"):
        stem = function.rstrip("'")
        primes = function[len(stem) :]
        function = (stem if len(stem) == 1 else rf"\operatorname{{{stem.replace('_', chr(92) + '_')}}}") + primes
        if not stem.isascii():
            function = name(stem) + primes
    return rf"{function}\left({', '.join(arguments)}\right)"


def _square(a: Piece) -> Piece:
    return _power(a, atom("2"))


def _power(a: Piece, b: Piece) -> Piece:
    if b[0].isdigit() and a[1] == grammar.ATOM and _POWER_BEFORE.match(a[0]):
        return _POWER_BEFORE.sub(lambda match: f"{match[0]}^{{{b[0]}}}", a[0], count=1), grammar.POWER
    base = bracketed(a, grammar.ATOM, BRACKETS)
    return f"{base}^{{{b[0]}}}", grammar.POWER


_CASES = (r"\begin{cases} ", r" \end{cases}")


def _cases(condition: Piece, a: Piece, b: Piece) -> Piece:
    """Conditions one inside the other, in the last branch, are rows of one brace; in a product it has brackets."""
    nested = b[1] == grammar.TERNARY and b[0].startswith(_CASES[0])
    rest = b[0].removeprefix(_CASES[0]).removesuffix(_CASES[1]) if nested else rf"{b[0]} & \text{{otherwise}}"
    test = condition[0] if r"\left(" in condition[0] else condition[0].replace(" == ", " = ")
    return rf"{a[0]} & \text{{if }} {test} \\ {rest}".join(_CASES), grammar.TERNARY


def _log_base(a: Piece, base: Piece) -> Piece:
    """The base below, where it is a whole number or a name."""
    if re.fullmatch(r"[0-9]+|[A-Za-z]", base[0]):
        return atom(rf"\log_{{{base[0]}}}\left({a[0]}\right)")
    return atom(call(COMMANDS["log"], [a[0], base[0]]))


def program(statements: Sequence[Line]) -> str:
    r"""One statement as it is; several below each other in `aligned`, which stands in any mathematics.

    A row that begins with a sign would be read as the end of the one above.
    """
    if len(statements) == 1:
        variable, text = statements[0]
        return f"{variable} = {text}" if variable else text
    rows = []
    for variable, text in statements:
        row = f"{variable} &= {text}" if variable else f"& {text.join(BRACKETS) if text.startswith('-') else text}"
        rows.append(f"  {row}")
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


DIALECT = Dialect(
    infix={
        "multiply": times, "less_equal": r" \le ", "greater_equal": r" \ge ", "equal": " == ", "not_equal": r" \ne ",
        "logical_and": r" \land ", "logical_or": r" \lor ",
    },
    prefix={"logical_not": r"\lnot "},
    names=COMMANDS,
    special={
        "divide": lambda a, b: (rf"\frac{{{a[0]}}}{{{b[0]}}}", grammar.POWER),
        "square": _square,
        "power": _power,
        "sqrt": lambda a: atom(rf"\sqrt{{{a[0]}}}"),
        "cbrt": lambda a: atom(rf"\sqrt[3]{{{a[0]}}}"),
        "exp": lambda a: (f"e^{{{a[0]}}}", grammar.POWER),
        "abs": lambda a: atom(rf"\left|{a[0]}\right|"),
        "where": _cases,
        "floor": lambda a: atom(rf"\left\lfloor {a[0]} \right\rfloor"),
        "ceil": lambda a: atom(rf"\left\lceil {a[0]} \right\rceil"),
        "log2": lambda a: atom(rf"\log_{{2}}\left({a[0]}\right)"),
        "log10": lambda a: atom(rf"\log_{{10}}\left({a[0]}\right)"),
        "log_base": _log_base,
    },
    letters={"exp": "e"},
    name=name,
    literally=literal_name,
    constant=number,
    call=call,
    brackets=BRACKETS,
    derivative=lambda output, variable: rf"\frac{{\partial {output}}}{{\partial {variable}}}",
    second_derivative=second_derivative,
    words=lambda text: rf"\text{{{words(text)}}}",
    dot=r" \cdot ",
    program=program,
)  # fmt: skip
