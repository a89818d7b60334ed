"""Expressions to nodes, by precedence climbing, without a tree in between.

Faithful: one node for every operation typed, in the order it is evaluated. A sign directly before a number belongs to
the number unless a power follows; unary plus, brackets and copies make no node; `x**2` is the operation square, `e**x`
is exp, `max(0, x)` is relu. Two readings are an error that shows both.

Source of the method: M. Richards and T. Norvell, "Parsing Expressions by Recursive Descent", 1999. Chains group in
loops; only brackets, calls, signs and powers recurse, to a counted depth.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from gradcli import grammar, ops
from gradcli.errors import ParseError
from gradcli.language.atoms import Atoms
from gradcli.language.lexer import BREAK, END, NAME, NUMBER, SIGN, SUPER, Token, unreadable
from gradcli.language.limits import Limits
from gradcli.language.reader import Literal, Operand

_CLINGING = frozenset({"**", "(", "[", "."})
"""Signs that take part in reading the name or number before them."""

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_COEFFICIENT = re.compile(rf"[-+]?\s*(?:{_NUMBER.pattern}|\\?[^\W\d_]\w*)")


class Expressions(Atoms):
    """Reads one expression at a time."""

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits, names)
        self.conditionals = _conditionals(tokens)

    def expression(self) -> Operand:
        """`a if condition else b`, read in the order it is evaluated: the condition first; or a plain expression."""
        start = self.position
        if start not in self.conditionals:
            operand = self.binary(grammar.OR)
            return self.choice(operand) if self.is_next("?") else operand
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

    def choice(self, condition: Operand) -> Operand:
        """`condition ? a : b`, as C and JavaScript write it."""
        sign = self.take()
        self.deeper(sign.span)
        if self.at_end():
            raise self.error("nothing to the right of ?", sign.span, "an operand is missing")
        chosen = self.expression()
        if not self.is_next(":"):
            raise self.error("this ? has no :", sign.span, "write: condition ? a : b")
        self.take()
        otherwise = self.expression()
        self.depth -= 1
        return self.apply("where", [condition, chosen, otherwise], condition.start, otherwise.end)

    def remainder(self, sign: Token, left: Operand) -> Operand:
        """`a % b`, the remainder; `50%` alone is a percentage, which is refused."""
        after = self.token
        if not (after.kind in (NAME, NUMBER) or self.is_next("(", "[", "√", "-", "+")):
            raise unreadable(self.text, sign.start)
        right = self.binary(grammar.PRODUCT + 1)
        self.remark(None, f"{self.typed(left)} % {self.typed(right)} is read as the remainder, mod")
        return self.apply("mod", [left, right], left.start, right.end)

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
                divided = None
                continue
            if sign == "%":
                if level > grammar.PRODUCT:
                    return left
                left, divided = self.remainder(self.take(), left), None
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
        return token.text if token.text in grammar.BINARY or token.text == "%" else None

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
        if token.text == "[" and token.kind == SIGN:
            return not (self.ahead().kind == NUMBER and self.ahead(2).text == "]")
        return False

    def missing_sign(self, left: Operand, token: Token) -> ParseError:
        """The error for a number directly after an operand."""
        before, after = self.typed(left), self.written(token)
        advice = f"write {before}*{after} for the product" if len(before) < 20 else "write the product with *"
        return self.error(f"a sign is missing before {after}", token.span, advice)

    def implicit_product(self, left: Operand, divided: tuple[str, str] | None) -> Operand:
        """A product without a sign; after a division it is an error, because it has two readings."""
        gap = self.token.start > left.end
        right = self.power()
        if divided is not None and gap and self.is_coefficient(*divided):
            shown = f"({divided[0]}/{divided[1]})·{self.typed(right)}"
            span = left.start, right.end
            self.remark(None, f"{self.text[slice(*span)]} is read as {shown}", span)
        elif divided is not None:
            above, below = divided
            raise self.error(
                "a product without * after a division",
                (left.start, right.end),
                f"write ({above}/{below})*{self.typed(right)} or {above}/({below}*{self.typed(right)})",
            )
        return self.apply("multiply", [left, right], left.start, right.end)

    def is_coefficient(self, above: str, below: str) -> bool:
        """Whether a quotient before a blank is a coefficient: a number or one name, divided by a number."""
        return _COEFFICIENT.fullmatch(above) is not None and _NUMBER.fullmatch(below) is not None

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
            self.remark(token.text, f"{token.text} is read as {'·'.join(letters)}", token.span)
            first = self.product(Token(NAME, token.text, token.start, last), letters[:-1], told=True)
            base = self.variable(Token(NAME, letters[-1], last, token.end))
            right = self.raised(base)
            return self.apply("multiply", [first, right], token.start, right.end)
        if token.text == "E" and self.ahead().text == "**" and self.is_euler():
            self.take()
            self.remark("E", "E is read as Euler's number, e")
            return self.raised(Operand(Literal("e"), token.start, token.end))
        operand = self.atom()
        while self.is_next("."):
            operand = self.method(operand)
        return self.raised(operand)

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
            place = self.position
            sign = self.take()
            self.deeper(sign.span)
            exponent = self.operand(sign, grammar.SIGN, context="power")
            self.depth -= 1
            last = self.tokens[self.position - 1]
            if last.text == "T" and self.position - 2 == place and "T" not in self.names and "T" not in self.values:
                before = self.tokens[place - 1]
                shown = before.text if before.kind == NAME else self.typed(base)
                self.remark("T", f"{shown}^T is read as a power, not as transposed", (base.start, last.end))
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
