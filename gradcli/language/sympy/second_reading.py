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
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.language import latex

CHARACTERS = 2_000
OPERATIONS = 300
DEPTH = 50
NUMBER_LENGTH = 400
NAME_LENGTH = 64
"""Limits of a text: SymPy needs minutes for some thousand operations."""

NUMBER_BITS = 20_000
"""Exact numbers of more bits are refused, before they are computed where they are powers."""

LARGEST_FACTORIAL = 100
"""gamma and its kin are written out for whole numbers up to this; exp(n*log(2)) is 2**n for n up to this."""

LARGEST_CONSTANT = 10**400
"""Functions of a larger number are refused: the sine of exp(exp(exp(2))) takes SymPy for ever (its issue 10952)."""

LARGEST_ORDER = 100
"""Bessel functions of larger order are refused: their series take minutes."""

DIGITS = 60
"""Digits in which the conditions are decided."""

MOST_COMPARED = 10
"""Arguments of one Max or Min: SymPy compares every pair."""

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

_SPELLED = {
    "ln": "log", "abs": "Abs", "fabs": "Abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2", "tg": "tan", "ReLU": "relu", "σ": "sigmoid",
    "logistic": "sigmoid", "max": "Max", "maximum": "Max", "min": "Min", "minimum": "Min", "pow": "power",
    "lambertw": "LambertW", "ellipk": "elliptic_k", "ellipe": "elliptic_e",
}  # fmt: skip
_ONE_ARGUMENT = """
    exp log Abs sin cos tan cot sec csc asin acos atan sinh cosh tanh coth asinh acosh atanh sqrt sign sinc floor erf
    erfc erfi erfinv gamma loggamma digamma Ei li Si Ci Shi Chi LambertW airyai airyaiprime airybi airybiprime fresnels
    fresnelc elliptic_k elliptic_e
"""
_TWO_ARGUMENTS = "atan2 beta besselj bessely besseli besselk polygamma"
_OWN = {**dict.fromkeys(_ONE_ARGUMENT.split(), 1), **dict.fromkeys(_TWO_ARGUMENTS.split(), 2)}
"""Functions that SymPy has, with the number of their arguments."""

_CHOOSING = frozenset({"relu", "where"})
_SPECIAL = {"relu": 1, "where": 3, "power": 2, "square": 1}
"""Functions that take care of what they are given."""

_ANY_NUMBER = frozenset({"Max", "Min"})


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
) -> Any:
    """The SymPy expression that SymPy reads in `text`, over real symbols.

    `names` are variables although they would be constants (`e`, `pi`). `evaluate` lets SymPy simplify as it always
    does; without it operations stay as they are typed. A decimal number is exact, or with `binary` the double nearest
    to it. With a point `at` (numbers by name) a conditional is the branch taken there. Raises ParseError with the
    reason when SymPy cannot read it.
    """
    tokens = _tokens(latex.plain(text, names) if latex.is_latex(text) else text)
    _check(tokens)
    import sympy

    known: dict[_Token, str] = {}
    for token in tokens:
        if token.kind != "sign":
            known.setdefault(token, f"_{token.kind[0]}{len(known)}")
    values = {place: _value(sympy, token, names, binary=binary) for token, place in known.items()}
    places = {place: (sympy.Function if place[1] == "f" else sympy.Symbol)(place) for place in values}
    source = " ".join(known.get(token, token.text) for token in tokens)
    try:
        tree = _structure(sympy, source, places)
        reader = _Reader(sympy, values, evaluate=evaluate)
        if at is not None and not _CHOOSING.isdisjoint(values.values()):
            there = _Reader(sympy, {place: _there(sympy, value, at) for place, value in values.items()})
            there.decisions = []
            there.rebuilt(tree)
            reader.followed = iter(there.decisions)
        result = reader.rebuilt(tree)
    except (ArithmeticError, AttributeError, RecursionError, SyntaxError, TypeError, ValueError) as error:
        raise ParseError(f"SymPy cannot read this: {type(error).__name__}") from error
    if not isinstance(result, sympy.Expr):
        _refuse("the result is a condition, not a number")
    return result


def _refuse(reason: str) -> NoReturn:
    raise ParseError(f"SymPy cannot read this: {reason}")


def _tokens(text: str) -> list[_Token]:
    if len(text) > CHARACTERS:
        _refuse(f"more than {CHARACTERS:,} characters")
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            _refuse(f"the character {text[position]!r}")
        kind = found.lastgroup or ""
        piece = found[kind]
        if len(piece) > (NUMBER_LENGTH if kind == "number" else NAME_LENGTH):
            _refuse("a name or number that long")
        if kind == "name":
            piece = _SPELLED.get(piece, piece) if text.startswith("(", found.end()) else piece
            kind = "function" if text.startswith("(", found.end()) else "variable"
        tokens.append(_Token(kind, _SIGNS.get(piece, piece)))
        position = found.end()
    return tokens


def _check(tokens: list[_Token]) -> None:
    """Refuse every order of tokens but operands with an operator between, so that the parser is given nothing else."""
    brackets: list[list[Any]] = [["", 0, False]]  # the function, its commas, whether there is a comparison
    operand = False
    operations = 0
    before = _Token("sign", "(")
    for token in tokens:
        kind, text = token
        if kind == "function":
            if operand or _arity(text) == 0:
                _refuse(f"{text}(…)")
        elif kind != "sign":
            if operand:
                _refuse("a product without a sign")
            if text in _WORDS:
                _refuse(f"the word {text}")
            operand = True
        elif text == "(":
            if operand:
                _refuse("a product without a sign")
            brackets.append([before.text if before.kind == "function" else "", 0, False])
            if len(brackets) > DEPTH:
                _refuse(f"more than {DEPTH} brackets inside each other")
        elif text == ")":
            if not operand or len(brackets) == 1:
                _refuse("a bracket out of place")
            function, commas, _ = brackets.pop()
            if function and not _fits(function, commas + 1):
                _refuse(f"{function} of {commas + 1} arguments")
        elif text == ",":
            if not operand or not brackets[-1][0]:
                _refuse("a comma out of place")
            brackets[-1][1:] = [brackets[-1][1] + 1, False]
            operand = False
        else:
            if not operand and text not in ("+", "-"):
                _refuse(f"{text} without an operand")
            if text in _COMPARISONS:
                if brackets[-1][2]:
                    _refuse("a chain of comparisons")
                brackets[-1][2] = True
            operand = False
        operations += kind == "function" or (kind == "sign" and text not in "(),")
        before = token
    if not operand or len(brackets) > 1:
        _refuse("it ends too early")
    if operations > OPERATIONS:
        _refuse(f"more than {OPERATIONS} operations")


def _arity(name: str) -> int:
    """How many arguments a function takes; -1 for any number, 0 for a name that is no function."""
    if name in _ANY_NUMBER:
        return -1
    entry = ops.OPERATIONS.get(name)
    if entry is not None and entry.sympy is not None:
        return entry.arity
    return _SPECIAL.get(name) or _OWN.get(name, 0)


def _fits(name: str, count: int) -> bool:
    return count == _arity(name) or (name in _ANY_NUMBER and 2 <= count <= MOST_COMPARED)


def _number(sympy: Any, text: str, binary: bool) -> Any:
    """A number exactly; one that no double is near is refused."""
    near = float(text)
    zero = not any(digit in "123456789" for digit in text.lower().split("e")[0])
    if near == float("inf") or (near == 0) != zero:
        _refuse("a number beyond every double")
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


def _there(sympy: Any, value: Any, at: Mapping[str, Any]) -> Any:
    """The same at a point: a variable is its value."""
    if isinstance(value, str) or not value.is_Symbol:
        return value
    if value.name not in at:
        _refuse(f"no value for {value.name}")
    number = Fraction(at[value.name])
    return sympy.Rational(number.numerator, number.denominator).evalf(DIGITS)


class _Reader:
    """SymPy's tree of placeholders, built again with their values.

    decisions  where all is a number, and computed as one: which branch each conditional takes, in the order of the tree
    followed   decisions found before; without them a conditional keeps its branches
    """

    def __init__(self, sympy: Any, values: dict[str, Any], *, evaluate: bool = True) -> None:
        self.sympy = sympy
        self.values = values
        self.evaluate = evaluate
        self.decisions: list[bool] | None = None
        self.followed: Iterator[bool] | None = None

    def rebuilt(self, tree: Any) -> Any:
        """The tree with values for its placeholders, built again from the leaves."""
        results: list[Any] = []
        stack: list[tuple[Any, bool]] = [(tree, False)]
        while stack:
            part, ready = stack.pop()
            if not ready and part.args:
                stack.append((part, True))
                stack += [(argument, False) for argument in reversed(part.args)]
                continue
            start = len(results) - len(part.args)
            arguments = results[start:]
            del results[start:]
            result = self.applied(part, arguments)
            if self.decisions is not None and not result.is_Relational:
                result = result if result.is_Rational else result.evalf(DIGITS)
            if result.is_Rational and _bits(result) > NUMBER_BITS:
                _refuse("a number of absurd size")
            results.append(result)
        return results[0]

    def applied(self, part: Any, arguments: list[Any]) -> Any:
        """One node of the tree on arguments that are built."""
        if part.is_Symbol:
            return self.values[part.name]
        if not arguments:
            return part
        if part.is_Function:
            return self.called(self.values[type(part).__name__], arguments)
        if part.is_Pow and self.evaluate:
            return self.power(*arguments)
        if part.is_Mul and len(arguments) == 2 and arguments[0] == -1 and arguments[1].is_Number:
            return -arguments[1]
        return part.func(*arguments, evaluate=self.evaluate and not part.is_Relational)

    def called(self, name: str, arguments: list[Any]) -> Any:
        """A function on its arguments."""
        if "gamma" in name and any(a.is_Rational and abs(a) > LARGEST_FACTORIAL for a in arguments):
            _refuse(f"{name} of a large number")
        if len(arguments) == 2 and arguments[0].is_number and not abs(arguments[0]) <= LARGEST_ORDER and name in _OWN:
            _refuse(f"{name} of a large order")
        for argument in arguments:
            self.bound(argument)
        if name == "relu":
            return self.chosen(self.sympy.Gt(arguments[0], 0, evaluate=False), arguments[0], self.sympy.S.Zero)
        if name == "where":
            return self.chosen(*arguments)
        if name == "power":
            return self.power(*arguments)
        if name == "square":
            return self.power(arguments[0], self.sympy.Integer(2))
        entry = ops.OPERATIONS.get(name)
        if entry is not None and entry.sympy is not None:
            return entry.sympy(self.sympy, *arguments)
        function = getattr(self.sympy, name)
        return function(*arguments) if self.evaluate or name == "sqrt" else function(*arguments, evaluate=False)

    def chosen(self, condition: Any, a: Any, b: Any) -> Any:
        """A conditional: the branch decided for, or both.

        One in the condition of another keeps neither, because SymPy takes exponential time for it.
        """
        if self.followed is not None:
            return a if next(self.followed) else b
        if not condition.is_Relational:
            _refuse("a condition that is a number")
        if self.decisions is None:
            if condition.has(self.sympy.Piecewise):
                _refuse("a condition inside a condition")
            return self.sympy.Piecewise((a, condition), (b, True), evaluate=False)
        holds = condition.func(*condition.args)
        if holds not in (self.sympy.true, self.sympy.false):
            _refuse("a condition that it cannot decide")
        self.decisions.append(bool(holds))
        return a if holds else b

    def power(self, base: Any, exponent: Any) -> Any:
        """A power, refused where an exact number would grow beyond all bounds."""
        if exponent.is_Rational:
            factor = base if base.is_Rational else base.as_coeff_Mul()[0]
            if factor.is_Rational and factor not in (0, 1, -1) and abs(exponent) * _bits(factor) > NUMBER_BITS:
                _refuse("a power of absurd size")
        if not (exponent.is_Rational and base.is_Rational):
            self.bound(exponent)
        return self.sympy.Pow(base, exponent)

    def bound(self, argument: Any) -> None:
        """Refuse the arguments for which SymPy takes forever.

        exp(1e9*log(2)) would be written out as 2**1000000000, and to reduce sin(exp(exp(9))) takes as many digits of pi
        as the number has.
        """
        if argument.is_Rational or argument.is_Relational:
            return
        if argument.has(self.sympy.log):
            numbers = argument.atoms(self.sympy.Rational)
            if any(abs(number) > LARGEST_FACTORIAL and number.q == 1 for number in numbers):
                _refuse("a power of absurd size")
        if argument.is_number and not abs(argument.evalf(5, maxn=100)) < LARGEST_CONSTANT:
            _refuse("a constant of absurd size")


def _bits(number: Any) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())
