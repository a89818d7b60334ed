"""Presentation MathML for web pages: `<mfrac><mi>x</mi><mi>y</mi></mfrac>`; browsers draw it and read it aloud.

W3C, MathML Core. `⁡` (function application) and `⁢` (invisible times) tell a screen reader what a blank means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from gradcli import grammar
from gradcli.printers.expression import Dialect, Line, Piece, atom, bracketed, greek, names

BRACKETS = ("<mrow><mo>(</mo>", "<mo>)</mo></mrow>")
_WORD_LETTERS = {word: letter for letter, word in greek.LETTERS.items()}
_BEGINNING = re.compile(r"(?:<(?:mrow|mi|mn|mo)[^>]*>)*(.?)")


def _row(text: str) -> str:
    """One group."""
    return f"<mrow>{text}</mrow>"


def _sign(text: str) -> str:
    return f"<mo>{text}</mo>"


def name(text: str) -> str:
    """A name: `<mi>x</mi>`, `<msub><mi>x</mi><mn>1</mn></msub>`, Greek letters for their names."""
    stem, number, word, again = names.parts(text)
    if again:
        return f"<msup>{name(stem)}{_row(_sign('(') + f'<mn>{escape(again)}</mn>' + _sign(')'))}</msup>"
    if number:
        return f"<msub>{_letters(stem)}<mn>{number}</mn></msub>"
    return f"<msub>{_letters(stem)}{_letters(word)}</msub>" if word else _letters(text)


def _letters(text: str) -> str:
    return literal_name(_WORD_LETTERS.get(text, text))


def literal_name(text: str) -> str:
    """A name character by character."""
    return f"<mi>{escape(text)}</mi>"


def second_derivative(output: str, first: str, second: str) -> str:
    """∂²f/∂x∂y as a fraction."""
    sign, two = "<mo>∂</mo>", "<mn>2</mn>"
    below = f"{sign}<msup>{first}{two}</msup>" if first == second else f"{sign}{first}{sign}{second}"
    return f"<mfrac>{_row(f'<msup>{sign}{two}</msup>{output}')}{_row(below)}</mfrac>"


def words(text: str) -> str:
    """Words in a formula, their blanks kept."""
    return f"<mtext>{escape(text).replace(' ', '&#xa0;')}</mtext>"


def number(text: str) -> Piece:
    """A number: 1e-05 is 1·10⁻⁵."""
    if text in ("pi", "e", "nan", "inf", "-inf"):
        return atom(f"<mi>{text.replace('pi', 'π').replace('inf', '∞')}</mi>")
    minus, digits = ("<mo>−</mo>", text[1:]) if text.startswith("-") else ("", text)
    mantissa, e, exponent = digits.lower().partition("e")
    if e:
        power = number(str(int(exponent)))[0]
        written = f"<mn>{mantissa}</mn><mo>·</mo><msup><mn>10</mn>{power}</msup>"
        return _row(minus + written), grammar.SIGN
    written = f"{minus}<mn>{escape(digits)}</mn>"
    return (_row(written), grammar.SIGN) if minus else atom(written)


def times(first: str, second: str) -> str:
    """An invisible sign where the product cannot be mistaken, a point elsewhere."""
    digits = first.endswith(("</mn>", "</mn></mrow>"))
    bracket = second.startswith(BRACKETS[0]) and not digits and not first.endswith(BRACKETS[1])
    mixed = digits and second.startswith("<mfrac>")
    visible = mixed or bracket or second.startswith(("<mn>", "<mrow><mn>", _BRACE[0]))
    if visible:
        return "<mo>·</mo>"
    word = re.match("<mrow><mi>[^<]{2}", second)
    return '<mo rspace="0.1667em">&#x2062;</mo>' if word else "<mo>&#x2062;</mo>"


def call(function: str, arguments: Sequence[str]) -> str:
    """A function, the invisible sign of application, its arguments in brackets."""
    listed = "<mo>,</mo>".join(map(_grouped, arguments))
    written = function if function.startswith("<") else literal_name(function)
    return _row(written + "<mo>&#x2061;</mo>" + listed.join(BRACKETS))


def _grouped(text: str) -> str:
    return _row(text) if text.count("<") > 2 else text


def _power(a: Piece, b: Piece) -> Piece:
    base = bracketed(a, grammar.ATOM, BRACKETS)
    return f"<msup>{_grouped(base)}{_grouped(b[0])}</msup>", grammar.POWER


_BRACE = ("<mrow><mo>{</mo><mtable>", "</mtable></mrow>")


def _cell(text: str) -> str:
    return f'<mtd style="text-align: left">{text}</mtd>'


def _cases(condition: Piece, a: Piece, b: Piece) -> Piece:
    """Conditions one inside the other, in the last branch, are rows of one brace; in a product it has brackets."""
    nested = b[1] == grammar.TERNARY and b[0].startswith(_BRACE[0])
    last = f"<mtr>{_cell(b[0])}{_cell('<mtext>otherwise</mtext>')}</mtr>"
    rest = b[0].removeprefix(_BRACE[0]).removesuffix(_BRACE[1]) if nested else last
    return f"<mtr>{_cell(a[0])}{_cell('<mtext>if&#xa0;</mtext>' + condition[0])}</mtr>{rest}".join(
        _BRACE
    ), grammar.TERNARY


def _fenced(opening: str, closing: str) -> Callable[..., Piece]:
    return lambda a: atom(_row(_sign(opening) + a[0] + _sign(closing)))


def program(statements: Sequence[Line]) -> str:
    """The element `math`, in ASCII; several statements are the rows of a table."""
    rows = [f"{variable}<mo>=</mo>{text}" if variable else text for variable, text in statements]
    if len(rows) == 1:
        body = _row(rows[0])
    else:
        cells = "".join(f"<mtr>{_cell(_row(row))}</mtr>\n" for row in rows)
        body = f"\n<mtable>\n{cells}</mtable>\n"
    text = f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{body}</math>'
    return text.encode("ascii", "xmlcharrefreplace").decode()


DIALECT = Dialect(
    infix={
        "add": _sign("+"), "subtract": _sign("−"), "multiply": times, "less": _sign("&lt;"), "greater": _sign("&gt;"),
        "less_equal": _sign("≤"), "greater_equal": _sign("≥"), "equal": _sign("="), "not_equal": _sign("≠"),
        "logical_and": "<mo>∧</mo>", "logical_or": "<mo>∨</mo>",
    },
    prefix={"negate": _sign("−"), "logical_not": _sign("¬")},
    names={"sigmoid": "<mi>σ</mi>", "asin": "arcsin", "acos": "arccos", "atan": "arctan"},
    special={
        "divide": lambda a, b: (f"<mfrac>{_row(a[0])}{_row(b[0])}</mfrac>", grammar.POWER),
        "square": lambda a: _power(a, atom("<mn>2</mn>")),
        "power": _power,
        "sqrt": lambda a: atom(f"<msqrt>{a[0]}</msqrt>"),
        "cbrt": lambda a: atom(f"<mroot>{_row(a[0])}<mn>3</mn></mroot>"),
        "exp": lambda a: (f"<msup><mi>e</mi>{_grouped(a[0])}</msup>", grammar.POWER),
        "abs": _fenced("|", "|"),
        "floor": _fenced("⌊", "⌋"),
        "ceil": _fenced("⌈", "⌉"),
        "where": _cases,
    },
    letters={"exp": "e"},
    name=name,
    literally=literal_name,
    constant=number,
    call=call,
    brackets=BRACKETS,
    begins=lambda text: _BEGINNING.sub(r"\1", text[:80], count=1)[:1],
    words=words,
    second_derivative=second_derivative,
    derivative=lambda output, variable: f"<mfrac>{_row('<mo>∂</mo>' + output)}{_row('<mo>∂</mo>' + variable)}</mfrac>",
    dot=_sign("·"),
    program=program,
)  # fmt: skip
