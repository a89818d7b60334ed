"""Expressions to nodes, by precedence climbing, without a tree in between.

Faithful: one node for every operation typed, in the order it is evaluated. A sign directly before a number belongs to
the number unless a power follows; unary plus, brackets and copies make no node; `x**2` is the operation square, `e**x`
is exp, `max(0, x)` is relu. Two readings are an error that shows both.

Source of the method: M. Richards and T. Norvell, "Parsing Expressions by Recursive Descent", 1999. Chains group in
loops; only brackets, calls, signs and powers recurse, to a counted depth.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from gradcli import grammar, ops
from gradcli.errors import ParseError
from gradcli.language.calls import Calls
from gradcli.language.lexer import BREAK, END, NAME, NUMBER, SIGN, SUPER, Token
from gradcli.language.limits import Limits
from gradcli.language.reader import Literal, Operand

_CLINGING = frozenset({"**", "(", "["})
"""Signs that take part in reading the name or number before them."""


class Expressions(Calls):
    """Reads one expression at a time.

    forms  what reads calls that are a way of writing something else, by name; it is given the reader
    """

    forms: Mapping[str, Callable[[Any, Token], Operand]] = MappingProxyType({})

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits, names)
        self.conditionals = _conditionals(tokens)
        self.last_bar = max((place for place, token in enumerate(tokens) if token.text == "|"), default=-1)

    def expression(self) -> Operand:
        """`a if condition else b`, read in the order it is evaluated: the condition first; or a plain expression."""
        start = self.position
        if start not in self.conditionals:
            return self.binary(grammar.OR)
        sign_position = self.conditionals[start]
        sign = self.tokens[sign_position]
        self.deeper(sign.span)
        self.position = sign_position + 1
        condition = self.operand(sign, grammar.OR)
        if not self.is_next("else"):
            raise self.error("this if has no else", sign.span, "write: a if condition else b")
        after = self.position + 1
        self.position = start
        chosen = self.operand(sign, grammar.OR)
        if self.position != sign_position:
            raise self.unexpected(chosen)
        self.position = after
        otherwise = self.expression()
        self.depth -= 1
        return self.apply("where", [condition, chosen, otherwise], chosen.start, otherwise.end)

    def binary(self, level: int) -> Operand:
        """Signs of at least `level`, and products without a sign, grouped from the left."""
        left = self.prefix(level)
        divided: tuple[str, str] | None = None
        while True:
            token = self.token
            sign = self.sign_between(token, left)
            if sign is None:
                if level > grammar.PRODUCT or not self.starts_factor(token, left):
                    return left
                left = self.implicit_product(left, divided)
                continue
            binds = grammar.BINARY[sign]
            if binds < level or binds == grammar.POWER:
                return left
            self.take()
            right = self.operand(token, binds + 1, context="division" if sign == "/" else "")
            divided = (self.typed(left), self.typed(right)) if sign == "/" else None
            left = self.apply(ops.with_symbol(sign, 2).name, [left, right], left.start, right.end)
            if binds == grammar.COMPARE and grammar.BINARY.get(self.token.text) == grammar.COMPARE:
                raise self.error("comparisons do not chain", self.token.span, "write: a < b and b < c")

    def sign_between(self, token: Token, left: Operand) -> str | None:
        """The sign between two operands that `token` is; None when it is none."""
        if token.kind != SIGN:
            return None
        typed = self.written(token)
        if typed in ("&", "|") and not (typed == "|" and self.bars):
            if self.is_condition(left):
                return "or" if typed == "|" else "and"
            if typed == "&":
                raise self.error("& joins conditions", token.span, "write: a and b")
            return None
        return token.text if token.text in grammar.BINARY else None

    def is_condition(self, operand: Operand) -> bool:
        """Whether an operand is a comparison or joins some."""
        return isinstance(operand.what, int) and ops.is_condition(self.builder.operations[operand.what])

    def starts_factor(self, token: Token, left: Operand) -> bool:
        """Whether `token` begins a factor of a product without a sign: 2x, 3(x+y), x y, 2|x|, 2√x."""
        if token.kind == NAME or (token.kind == SIGN and token.text in ("(", "√")):
            return True
        if token.kind == SIGN and token.text == "|" and not self.bars:
            if self.ahead().kind == SIGN and self.ahead().text == "|":
                raise self.error("|| stands for nothing here", (token.start, self.ahead().end), "write: a or b")
            return self.position < self.last_bar
        if token.kind == NUMBER:
            raise self.missing_sign(left, token)
        return False

    def missing_sign(self, left: Operand, token: Token) -> ParseError:
        """The error for a number directly after an operand."""
        before, after = self.typed(left), self.written(token)
        advice = f"write {before}*{after} for the product" if len(before) < 20 else "write the product with *"
        return self.error(f"a sign is missing before {after}", token.span, advice)

    def implicit_product(self, left: Operand, divided: tuple[str, str] | None) -> Operand:
        """A product without a sign; after a division it is an error, because it has two readings."""
        right = self.power()
        if divided is not None:
            above, below = divided
            raise self.error(
                "a product without * after a division",
                (left.start, right.end),
                f"write ({above}/{below})*{self.typed(right)} or {above}/({below}*{self.typed(right)})",
            )
        return self.apply("multiply", [left, right], left.start, right.end)

    def operand(self, sign: Token, level: int, context: str = "") -> Operand:
        """What follows a sign; says so at the sign when nothing does."""
        if self.token.kind in (BREAK, END) or self.is_next(")", "]", ",", "else", "if"):
            side = "left" if self.token is sign else "right"
            raise self.error(f"nothing to the {side} of {self.written(sign)}", sign.span, "an operand is missing")
        if context and self.token.kind == NAME:
            return self.power(context)
        return self.binary(level)

    def prefix(self, level: int) -> Operand:
        """`not a`, `-a`, `+a`, or a power."""
        token = self.tokens[self.position]
        if token.kind in (NAME, NUMBER):
            return self.plain(token) or self.power()
        if self.is_next("not"):
            if level > grammar.NOT:
                raise self.error("not binds less than the sign before it", token.span, "use brackets: (not a)")
            self.take()
            self.deeper(token.span)
            operand = self.operand(token, grammar.NOT)
            self.depth -= 1
            return self.apply("logical_not", [operand], token.start, operand.end)
        if not self.is_next("-", "+"):
            return self.power()
        self.take()
        number = self.token
        if number.kind == NUMBER and self.ahead().text != "**" and self.ahead().kind != SUPER:
            self.take()
            return Operand(Literal(token.text.strip("+") + number.text), token.start, number.end)
        self.deeper(token.span)
        operand = self.operand(token, grammar.SIGN)
        self.depth -= 1
        if token.text == "+":
            return Operand(operand.what, token.start, operand.end)
        return self.apply("negate", [operand], token.start, operand.end)

    def plain(self, token: Token) -> Operand | None:
        """A number or a name seen before with neither a power nor a bracket behind it: the common case, made fast."""
        after = self.tokens[self.position + 1]
        if after.kind == SUPER or after.text in _CLINGING:
            return None
        if token.kind == NUMBER:
            self.position += 1
            return Operand(Literal(token.text), token.start, token.end)
        text = token.text
        if text in self.builder.inputs and text not in self.scope and text not in self.values:
            self.position += 1
            return Operand(self.builder.inputs[text], token.start, token.end)
        return None

    def power(self, context: str = "") -> Operand:
        """An atom, perhaps raised to a power; powers group from the right and bind tighter than a sign before.

        `context` names what stands before: after a division, a function or ** a product of letters (`wx`) would have
        two readings.
        """
        token = self.token
        letters: list[str] = []
        if token.kind == NAME and self.ahead().text not in ("(", "[") and not self.is_known(token.text):
            letters = self.split_name(token, context)
        if len(letters) > 1 and (self.ahead().text == "**" or self.ahead().kind == SUPER):
            self.take()
            last = token.end - len(letters[-1])
            self.remark(token.text, f"{token.text} is read as {'·'.join(letters)}")
            first = self.product(Token(NAME, token.text, token.start, last), letters[:-1])
            base = self.variable(Token(NAME, letters[-1], last, token.end))
            right = self.raised(base)
            return self.apply("multiply", [first, right], token.start, right.end)
        return self.raised(self.atom())

    def split_name(self, token: Token, context: str) -> list[str]:
        """The letters of a name that is a product; refuses one where it would have two readings."""
        if ops.find(token.text) or token.text in self.functions:
            return []
        if self.is_constant(token.text) or token.text in ("True", "False"):
            return []
        letters = self.letters(token)
        if letters and context:
            places = {"division": "the division", "function": "the function", "power": "the exponent"}
            spaced = "*".join(letters)
            raise self.error(
                f"how far does {places[context]} reach?", token.span, f"write ({spaced}), or put the product first"
            )
        return letters

    def raised(self, base: Operand) -> Operand:
        """`base` with the power that follows it, if one does."""
        token = self.token
        if token.kind == SUPER:
            self.take()
            if self.is_next("**") or self.token.kind == SUPER:
                raise self.error("a power of a power", (base.start, self.token.end), "use brackets: (x²)**3")
            if token.text.isalpha():
                exponent = self.variable(Token(NAME, token.text, token.start, token.end))
            else:
                exponent = Operand(Literal(token.text), token.start, token.end)
        elif self.is_next("**"):
            sign = self.take()
            self.deeper(sign.span)
            exponent = self.operand(sign, grammar.SIGN, context="power")
            self.depth -= 1
            if isinstance(base.what, Literal) and self.touches_factor(exponent):
                rest, under = self.written(self.token), self.typed(base)
                shown = f"{under}^({self.typed(exponent)}*{rest}) or {under}^{self.typed(exponent)}*{rest}"
                raise self.error("how far does the exponent reach?", (base.start, self.token.end), f"write {shown}")
        else:
            return base
        if exponent.what == Literal("2"):
            return self.apply("square", [base], base.start, exponent.end)
        if base.what == Literal("e"):
            return self.apply("exp", [exponent], base.start, exponent.end)
        return self.apply("power", [base, exponent], base.start, exponent.end)

    def atom(self) -> Operand:
        """A number, a name, a call, a root, or an expression in brackets or bars."""
        token = self.token
        if token.kind == NUMBER:
            self.take()
            return Operand(Literal(token.text), token.start, token.end)
        if token.kind == NAME:
            return self.named()
        if self.is_next("("):
            return self.bracket()
        if self.is_next("|"):
            return self.absolute()
        if self.is_next("√"):
            return self.root()
        raise self.unexpected(None)

    def named(self) -> Operand:
        """A variable, a constant or a call."""
        token = self.take()
        text = token.text
        called = self.is_next("(", "[")
        if text in self.functions and not self.is_known(text):
            if not self.is_next("("):
                raise self.error(f"{text} is a function", token.span, f"write its argument in brackets: {text}(x)")
            return self.inline(token)
        if called and text in self.forms and not self.is_known(text):
            return self.forms[text](self, token)
        operation = None if self.is_known(text) else self.operation_called(text, called=called)
        if operation is not None and (called or self.takes_argument(operation)):
            self.called.add(text)
            return self.call(token, operation)
        if text in ("True", "False") and not self.is_known(text):
            return Operand(Literal("1" if text == "True" else "0"), token.start, token.end)
        if self.is_next("["):
            raise self.error("[ cannot stand here", self.token.span, "parts of vectors are not read here")
        if self.is_next("("):
            if not (self.is_known(text) or self.is_constant(text) or text in self.alone):
                if self.loose:
                    return self.unspecified(token)
                raise self.no_function(token, self.count_arguments())
            if self.token.start == token.end:
                self.remark(text, f"{text}(…) is read as {text}·(…)")
        return self.variable(token)

    def bracket(self) -> Operand:
        """An expression in round brackets; its place includes them."""
        opening = self.take()
        self.deeper(opening.span)
        if self.is_next(")"):
            raise self.error("nothing between the brackets", (opening.start, self.token.end))
        bars, self.bars = self.bars, 0
        inner = self.expression()
        closing = self.close(opening)
        self.bars = bars
        self.depth -= 1
        return Operand(inner.what, opening.start, closing.end)

    def close(self, opening: Token) -> Token:
        """The bracket that closes `opening`."""
        closing = {"(": ")", "[": "]"}[opening.text]
        if self.is_next(closing):
            return self.take()
        if self.token.kind in (END, BREAK):
            raise self.error("this bracket is never closed", opening.span, f"add {closing}")
        raise self.unexpected(None)

    def absolute(self) -> Operand:
        """`|x|`."""
        opening = self.take()
        self.deeper(opening.span)
        self.bars += 1
        inner = self.expression()
        if not self.is_next("|"):
            raise self.error("this bar is never closed", opening.span, "write abs(x) for the absolute value")
        closing = self.take()
        self.bars -= 1
        self.depth -= 1
        return self.apply("abs", [inner], opening.start, closing.end)

    def root(self) -> Operand:
        """`√x`, `√(x + y)`."""
        sign = self.take()
        self.deeper(sign.span)
        simple = not self.is_next("(")
        if self.at_end() or self.is_next("-", "+", ")", "*", "/", ","):
            raise self.error("nothing below the root", sign.span, "write √(x + y) or sqrt(x + y)")
        inner = self.atom()
        self.depth -= 1
        after = self.token
        if simple and (after.kind == SUPER or self.is_next("**") or self.touches_factor(inner)):
            raise self.error("how far does √ reach?", (sign.start, after.end), "write √(…) with brackets")
        return self.apply("sqrt", [inner], sign.start, inner.end)

    def unexpected(self, after: Operand | None) -> ParseError:
        """The error for a token that cannot stand here."""
        token = self.token
        if token.kind == END:
            return self.error("the formula ends too early", (token.start, token.end), "an operand is missing")
        written = self.written(token) if token.text != "\n" else "a new line"
        if token.text in (")", "]"):
            if after is None:
                return self.error("nothing before this bracket", token.span, "an operand is missing")
            return self.error("this bracket closes nothing", token.span, "remove it, or add ( before")
        if token.text == ",":
            number = after is not None and isinstance(after.what, Literal)
            hint = "write decimal numbers with a point: 1.5" if number else "one formula at a time"
            return self.error("a comma cannot stand here", token.span, hint)
        if token.text == "=" and after is None:
            hint = "write name = formula; of lines that say the same in other words keep one"
            return self.error("nothing before this =", token.span, hint)
        if token.text == "=":
            return self.error("= cannot stand here", token.span, "write == to compare, or name = formula")
        if token.text == "[":
            return self.error("[ cannot stand here", token.span, "use round brackets; vectors are not read here")
        if token.text == "|":
            return self.error("| cannot stand here", token.span, "write abs(x) for the absolute value, a or b")
        if token.kind == SUPER:
            return self.error("a superscript without a base", token.span, "write x² or x**2")
        if after is not None and token.kind in (NAME, NUMBER):
            return self.missing_sign(after, token)
        return self.error(f"{written} cannot stand here", token.span, "an operand is missing before it")


def _conditionals(all_tokens: list[Token]) -> dict[int, int]:
    """Where a conditional expression starts, and where its `if` stands, so that the condition can be read first."""
    found: dict[int, int] = {}
    outer: list[int] = []
    start = 0
    for position, token in enumerate(all_tokens):
        if token.kind == BREAK:
            start = position + 1
        elif token.kind == SIGN:
            if token.text in ("(", "["):
                outer.append(start)
                start = position + 1
            elif token.text in (")", "]"):
                start = outer.pop() if outer else start
            elif token.text in (",", "=", "else"):
                start = position + 1
            elif token.text == "if":
                found.setdefault(start, position)
    return found
