"""Atoms of expressions to nodes: names, calls, brackets, bars, roots; and words of letters that are products."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.language.calls import Calls
from gradcli.language.lexer import BREAK, END, NAME, NUMBER, STRING, SUPER, Token, unreadable
from gradcli.language.limits import Limits
from gradcli.language.reader import Literal, Operand

_EXCEL = re.compile(r"\s*=\s*[-+(]*(?:[A-Z]{2,}[A-Z0-9.]*\(|\$?[A-Z]{1,2}\$?[0-9]+\b)")

_NAMES_OF_OTHERS = frozenset({"rrelu", "crelu"})
"""Functions of others that look like a letter before a function of ours."""

_FOREIGN = frozenset({":", "?", "%", ".", "->", "≈"})
"""Signs that are read in some places only; elsewhere they are characters that cannot stand in a formula."""


class Atoms(Calls):
    """Reads one atom at a time.

    last_bar  the place of the last bar of an absolute value
    euler     whether E stands for Euler's number; None: not looked at
    """

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits, names)
        self.last_bar = max((place for place, token in enumerate(tokens) if token.text == "|"), default=-1)
        self.euler: bool | None = None

    @abstractmethod
    def raised(self, base: Operand) -> Operand:
        """`base` with the power that follows it."""

    @abstractmethod
    def missing_sign(self, left: Operand, token: Token) -> ParseError:
        """The error for a number directly after an operand."""

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
        if self.is_next("["):
            return self.group()
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
                split = self.letters_before_bracket(token)
                if split is not None:
                    return split
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

    def group(self) -> Operand:
        """`[x + 1]`: square brackets around one formula group as round ones do."""
        opening, after = self.token, self.ahead()
        depth, place = 0, self.position
        while True:
            token = self.tokens[place]
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            if depth == 0 or token.kind == END or (depth == 1 and token.text == ","):
                break
            place += 1
        if token.text == "," or after.text in ("[", "]"):
            raise self.unexpected(None)
        if token.kind == END:
            raise self.error("this bracket is never closed", opening.span, "add ]")
        return self.bracket()

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
        opens = self.text[closing.start - 1].isspace() and not self.text[closing.end : closing.end + 1].isspace()
        if opens and self.token.kind == NAME and self.position < self.last_bar:
            self.remark(None, f"{self.text[opening.start : closing.end]} is read as a pair of bars")
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
        if simple and (after.kind == NAME or self.is_next("(")):
            rest = self.written(after)
            self.remark(None, f"√{self.typed(inner)} {rest} is read as √({self.typed(inner)})·{rest}")
        return self.apply("sqrt", [inner], sign.start, inner.end)

    def split_name(self, token: Token, context: str) -> list[str]:
        """The letters of a name that is a product; refuses one where it would have two readings."""
        if ops.find(token.text) or token.text in self.functions:
            return []
        if self.is_constant(token.text) or token.text in ("True", "False"):
            return []
        letters = self.before_e(token) or self.letters(token)
        if letters and context:
            places = {"division": "the division", "function": "the function", "power": "the exponent"}
            spaced = "*".join(letters)
            raise self.error(
                f"how far does {places[context]} reach?", token.span, f"write ({spaced}), or put the product first"
            )
        return letters

    def letters_before_bracket(self, token: Token) -> Operand | None:
        """`xsin(x)`, `ac(x + 1)`: letters before a function or a bracket; None where the word is neither."""
        text = token.text
        for length in range(1, len(text) - 1):
            function = ops.find(text[length:])
            letters = [text[:length]] if length == 1 or self.is_known(text[:length]) else []
            letters = letters or next(iter(self.splits(text[:length])), [])
            single = function is not None and function.arity == 1 and not function.variadic
            if function is None or not single or not letters or text[0] == "d" or text in _NAMES_OF_OTHERS:
                continue
            middle = token.start + length
            first = self.product(Token(NAME, text[:length], token.start, middle), letters)
            name = Token(NAME, text[length:], middle, token.end)
            self.called.add(name.text)
            right = self.raised(self.call(name, function))
            self.remark(text, f"{text}(…) is read as {'·'.join(letters)}·{name.text}(…)")
            return self.apply("multiply", [first, right], token.start, right.end)
        ways = [way for way in self.splits(text) if all(self.is_known(piece) for piece in way)]
        return self.product(token, ways[0]) if len(ways) == 1 else None

    def before_e(self, token: Token) -> list[str]:
        """The letters of `zxe` before a power, where z and x are known: the last one is Euler's number."""
        text = token.text
        powered = self.ahead().text == "**" or self.ahead().kind == SUPER
        if not powered or len(text) < 3 or text[-1] != "e" or not self.is_constant("e"):
            return []
        ways = self.splits(text[:-1])
        return [*ways[0], "e"] if len(ways) == 1 else []

    def is_euler(self) -> bool:
        """Whether E is Euler's number: it stands only as the base of powers whose exponent holds a variable."""
        if self.euler is None:
            self.euler = all(
                self.tokens[place + 1].text == "**" and self.holds_variable(place + 2)
                for place, token in enumerate(self.tokens)
                if token.text == "E" and token.kind == NAME
            )
        return self.euler and not self.is_known("E")

    def holds_variable(self, start: int) -> bool:
        """Whether the exponent that begins at a place holds a variable."""
        depth = 0
        for place in range(start, len(self.tokens)):
            token = self.tokens[place]
            if token.kind == NAME and not self.is_constant(token.text) and ops.find(token.text) is None:
                return True
            if token.kind in (BREAK, END):
                return False
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            if depth <= 0 and token.text not in ("-", "+"):
                return False
        return False

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
        if token.text == "=" and after is None and _EXCEL.match(self.text):
            hint = "leave out the =, and look at signs: there -A1^2 is (-A1)^2, here it is -(A1^2)"
            return self.error("this is a formula of Excel", token.span, hint)
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
        if token.kind == STRING or token.text in _FOREIGN:
            return unreadable(self.text, token.start)
        if after is not None and token.kind in (NAME, NUMBER):
            return self.missing_sign(after, token)
        return self.error(f"{written} cannot stand here", token.span, "an operand is missing before it")
