"""A second reading of a text, by SymPy's parser: the independent witness of `check`, and of what SymPy makes of it.

It shares nothing with `gradcli.language.parser`. SymPy's parser runs what it is given, so it is given nothing that was
typed but operators, commas and brackets: every name, number and function is a placeholder whose text is ours (`_v0`,
`_n1`, `_f2`), their order has been checked, and what comes back is a tree of placeholders. The tree is then rebuilt
from its leaves, with every number bounded before it can grow. This is the one module that may call `parse_expr`.

LaTeX is turned into plain text first, by the front end that our parser uses too.

It reads formulas with explicit signs and calls. Statements, products without a sign, superscripts, `and`, `or`, `not`
and `a if c else b` are not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from gradcli.errors import ParseError
from gradcli.language import latex
from gradcli.language.sympy.rebuilding import DIGITS, Reader, TableReader
from gradcli.language.sympy.vocabulary import CHOOSING, SPELLED, arity, count_of, fits, in_table, refuse, refuse_call

CHARACTERS = 2_000
OPERATIONS = 300
DEPTH = 50
NUMBER_LENGTH = 400
NAME_LENGTH = 64
"""Limits of a text: SymPy needs minutes for some thousand operations."""

_LETTER = "A-Za-z\u0391-\u03a9\u03b1-\u03c9"
_TOKEN = re.compile(
    rf"""[ \t]*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![{_LETTER}0-9_.]))
    |(?P<name>[{_LETTER}][{_LETTER}0-9_]*)
    |(?P<sign>\*\*|<=|>=|[-+*/^(),<>·×⋅÷−]))[ \t]*""",
    re.VERBOSE,
)
_SIGNS = {"^": "**", "·": "*", "×": "*", "⋅": "*", "÷": "/", "−": "-"}
_COMPARISONS = frozenset({"<", "<=", ">", ">="})
_WORDS = frozenset({"if", "else", "and", "or", "not"})


class _Token(NamedTuple):
    kind: str
    text: str


def read(
    text: str,
    names: Collection[str] = (),
    *,
    evaluate: bool = True,
    binary: bool = False,
    at: Mapping[str, Any] | None = None,
    meanings: Mapping[str, str] | None = None,
) -> Any:
    """The SymPy expression that SymPy reads in `text`, over real symbols.

    `names` are variables although they would be constants (`e`, `pi`). `evaluate` lets SymPy simplify as it always
    does; without it operations stay as they are typed. A decimal number is exact, or with `binary` the double nearest
    to it. With a point `at` (numbers by name) a conditional is the branch taken there.

    With `meanings`, what other names stand for, the reading is one to make a graph of: decimals stay decimals, relu is
    Max, every function of the table goes through, and those that SymPy lacks are functions that it does not know; the
    result may be a condition. Raises ParseError with the reason when SymPy cannot read it.
    """
    tokens = _tokens(latex.plain(text, names) if latex.is_latex(text) else text)
    _check(tokens, meanings)
    import sympy

    known: dict[_Token, str] = {}
    for token in tokens:
        if token.kind != "sign":
            known.setdefault(token, f"_{token.kind[0]}{len(known)}")
    values = {
        place: _value(sympy, token, names, binary=binary) if meanings is None else _meant(sympy, token, names, meanings)
        for token, place in known.items()
    }
    places = {place: (sympy.Function if place[1] == "f" else sympy.Symbol)(place) for place in values}
    source = " ".join(known.get(token, token.text) for token in tokens)
    try:
        tree = _structure(sympy, source, places)
        reader = (Reader if meanings is None else TableReader)(sympy, values, evaluate=evaluate)
        if at is not None and not CHOOSING.isdisjoint(values.values()):
            there = Reader(sympy, {place: _there(sympy, value, at) for place, value in values.items()})
            there.decisions = []
            there.rebuilt(tree)
            reader.followed = iter(there.decisions)
        result = reader.rebuilt(tree)
    except (ArithmeticError, AttributeError, RecursionError, SyntaxError, TypeError, ValueError) as error:
        raise ParseError(f"SymPy cannot read this: {type(error).__name__}") from error
    if meanings is None and not isinstance(result, sympy.Expr):
        refuse("the result is a condition, not a number")
    return result


def _tokens(text: str) -> list[_Token]:
    if len(text) > CHARACTERS:
        refuse(f"more than {CHARACTERS:,} characters")
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            refuse(f"the character {text[position]!r}")
        kind = found.lastgroup or ""
        piece = found[kind]
        if len(piece) > (NUMBER_LENGTH if kind == "number" else NAME_LENGTH):
            refuse("a name or number that long")
        if kind == "name":
            piece = SPELLED.get(piece, piece) if text.startswith("(", found.end()) else piece
            kind = "function" if text.startswith("(", found.end()) else "variable"
        tokens.append(_Token(kind, _SIGNS.get(piece, piece)))
        position = found.end()
    return tokens


def _check(tokens: list[_Token], meanings: Mapping[str, str] | None) -> None:
    """Refuse every order of tokens but operands with an operator between, so that the parser is given nothing else."""
    known, suits = (arity, fits) if meanings is None else (partial(count_of, meanings), partial(in_table, meanings))
    brackets: list[list[Any]] = [["", 0, False]]  # the function, its commas, whether there is a comparison
    operand = False
    operations = 0
    before = _Token("sign", "(")
    for token in tokens:
        kind, text = token
        if kind == "function":
            if operand or known(text) == 0:
                refuse_call(text)
        elif kind != "sign":
            if operand:
                refuse("a product without a sign")
            if text in _WORDS:
                refuse(f"the word {text}")
            operand = True
        elif text == "(":
            if operand:
                refuse("a product without a sign")
            brackets.append([before.text if before.kind == "function" else "", 0, False])
            if len(brackets) > DEPTH:
                refuse(f"more than {DEPTH} brackets inside each other")
        elif text == ")":
            if not operand or len(brackets) == 1:
                refuse("a bracket out of place")
            function, commas, _ = brackets.pop()
            if function and not suits(function, commas + 1):
                refuse(f"{function} of {commas + 1} arguments")
        elif text == ",":
            if not operand or not brackets[-1][0]:
                refuse("a comma out of place")
            brackets[-1][1:] = [brackets[-1][1] + 1, False]
            operand = False
        else:
            if not operand and text not in ("+", "-"):
                refuse(f"{text} without an operand")
            if text in _COMPARISONS:
                if brackets[-1][2]:
                    refuse("a chain of comparisons")
                brackets[-1][2] = True
            operand = False
        operations += kind == "function" or (kind == "sign" and text not in "(),")
        before = token
    if not operand or len(brackets) > 1:
        refuse("it ends too early")
    if operations > OPERATIONS:
        refuse(f"more than {OPERATIONS} operations")


def _number(sympy: Any, text: str, binary: bool) -> Any:
    """A number exactly; one that no double is near is refused."""
    near = float(text)
    zero = not any(digit in "123456789" for digit in text.lower().split("e")[0])
    if near == float("inf") or (near == 0) != zero:
        refuse("a number beyond every double")
    fraction = Fraction(0) if zero else Fraction(near) if binary else Fraction(text)
    return sympy.Rational(fraction.numerator, fraction.denominator)


def _structure(sympy: Any, source: str, places: dict[str, Any]) -> Any:
    """What SymPy's parser makes of placeholders, operators and brackets, nothing evaluated."""
    from sympy.parsing.sympy_parser import parse_expr

    if re.search(r"[^_a-z0-9 +\-*/(),<>=]|(?<![\w])[^_\W]|__", source):
        raise AssertionError("a foreign character in the text for SymPy")
    classes = {name: getattr(sympy, name) for name in ("Add", "Mul", "Pow", "Lt", "Le", "Gt", "Ge")}
    return parse_expr(
        source,
        local_dict=dict(places),
        global_dict={"__builtins__": {}, **classes},
        transformations=(),
        evaluate=False,
    )


def _value(sympy: Any, token: _Token, names: Collection[str], *, binary: bool) -> Any:
    """What a placeholder stands for: the name of a function, a number, a constant or a variable."""
    if token.kind == "function":
        return token.text
    if token.kind == "number":
        return _number(sympy, token.text, binary)
    if token.text in ("pi", "π", "e") and token.text not in names:
        return sympy.E if token.text == "e" else sympy.pi
    return sympy.Symbol(token.text, real=True)


def _meant(sympy: Any, token: _Token, names: Collection[str], meanings: Mapping[str, str]) -> Any:
    """The same where names have meanings; a decimal number stays one."""
    if token.kind == "number" and not token.text.isdigit():
        _number(sympy, token.text, binary=False)
        return sympy.Float(token.text)
    if token.text in meanings:
        meaning = meanings[token.text]
        return meaning if token.kind == "function" else sympy.Symbol(meaning, real=True)
    return _value(sympy, token, names, binary=False)


def _there(sympy: Any, value: Any, at: Mapping[str, Any]) -> Any:
    """The same at a point: a variable is its value."""
    if isinstance(value, str) or not value.is_Symbol:
        return value
    if value.name not in at:
        refuse(f"no value for {value.name}")
    number = Fraction(at[value.name])
    return sympy.Rational(number.numerator, number.denominator).evalf(DIGITS)
