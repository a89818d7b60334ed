"""Tokens to graph, by precedence climbing, without a tree in between.

Faithful: one node for every operation typed, in the order it is evaluated. A sign directly before a number belongs to
the number unless a power follows; unary plus, brackets and copies make no node; `x**2` is the operation square, `e**x`
is exp, `max(0, x)` is relu.

Source of the method: M. Richards, "Simple precedence climbing", as described by T. Norvell, "Parsing Expressions by
Recursive Descent", 1999. Chains group in loops; only brackets, calls, signs and powers recurse, to a counted depth.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from gradcli import ops
from gradcli.errors import ParseError, Span, closest
from gradcli.graph import Graph, GraphBuilder, Remark
from gradcli.language import grammar
from gradcli.language.lexer import BREAK, END, NAME, NUMBER, SIGN, Token, tokens
from gradcli.language.limits import ARGUMENT, ARGUMENT_COUNT, Limits
from gradcli.systems import CONSTANTS


class Literal(NamedTuple):
    """A number that has been read but is not a node yet: it may become an exponent, or the 0 of a relu."""

    text: str


class Operand(NamedTuple):
    """A node or a number, and the place of the text it was read from, brackets included."""

    what: int | Literal
    start: int
    end: int


def parse(text: str, *, names: Collection[str] = (), limits: Limits = ARGUMENT) -> Graph:
    """The graph of a formula, or of a program of several statements, whose last one is the output.

    `names` are names known to be variables, although they would be constants (`e`, `pi`). Raises ParseError.
    """
    return Parser(text, names, limits).program()


def _conditionals(all_tokens: list[Token]) -> dict[int, int]:
    """Where a conditional expression starts, and where its `if` stands, so that the condition can be read first."""
    found: dict[int, int] = {}
    outer: list[int] = []
    start = 0
    for position, token in enumerate(all_tokens):
        if token.kind == BREAK:
            start = position + 1
        elif token.kind == SIGN:
            if token.text == "(":
                outer.append(start)
                start = position + 1
            elif token.text == ")":
                start = outer.pop() if outer else start
            elif token.text in (",", "=", "else"):
                start = position + 1
            elif token.text == "if":
                found.setdefault(start, position)
    return found


class Parser:
    """Reads one text."""

    def __init__(self, text: str, names: Collection[str], limits: Limits) -> None:
        self.text = text
        self.tokens = tokens(text, limits)
        self.position = 0
        self.conditionals = _conditionals(self.tokens)
        self.names = names
        self.limits = limits
        self.depth = 0
        self.builder = GraphBuilder(text)
        self.values: dict[str, int | Literal] = {}
        self.defaults: dict[str, str] = {}

    # -- tokens ---------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def is_next(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        token = self.tokens[self.position]
        return token.kind == SIGN and token.text in signs

    def take(self) -> Token:
        """The next token, and on to the one after it."""
        token = self.tokens[self.position]
        self.position += 1
        return token

    def error(self, message: str, span: Span, hint: str | None = None) -> ParseError:
        """An error at a place of the text."""
        return ParseError(message, source=self.text, span=span, hint=hint)

    def deeper(self, span: Span) -> None:
        """Count one level of nesting."""
        self.depth += 1
        if self.depth > self.limits.depth:
            raise self.error(
                f"more than {self.limits.depth} levels of brackets, signs and powers",
                span,
                "name a part first: a = …; f = a*a",
            )

    # -- statements -----------------------------------------------------------------------------------------------

    def program(self) -> Graph:
        """The whole text."""
        output: Operand | None = None
        while self.token.kind != END:
            if self.token.kind == BREAK:
                self.take()
                continue
            output = self.statement()
            if self.token.kind not in (BREAK, END):
                raise self.unexpected(output)
        if output is None:
            raise self.error("there is no formula", (0, len(self.text)), "for example: (x+y)*y")
        result = self.node(output)
        for name in self.defaults:
            if name not in self.builder.inputs:
                self.builder.remarks.append(Remark("unused", name, f"{name} is given a value but never used"))
        return self.builder.finish(result)

    def statement(self) -> Operand:
        """`name = expression`, or an expression."""
        first, second = self.token, self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if first.kind == NAME and second.kind == SIGN and second.text == "=":
            self.position += 2
            return self.assign(first, self.expression())
        result = self.expression()
        if self.is_next("="):
            raise self.error(
                "the left side of = is a name", (result.start, result.end), "write: f = formula, or the formula alone"
            )
        return result

    def assign(self, name: Token, value: Operand) -> Operand:
        """Bind a name. A plain number, before the name is used, makes an input with that default."""
        if self.is_next("="):
            raise self.error("two = in one statement", self.token.span, "separate statements with ; or a new line")
        self.defaults.pop(name.text, None)
        if isinstance(value.what, Literal) and name.text not in self.values and name.text not in self.builder.inputs:
            self.defaults[name.text] = value.what.text
            if self.token.kind == END or all(t.kind in (BREAK, END) for t in self.tokens[self.position :]):
                return Operand(self.variable(name), name.start, name.end)
            return value
        self.values[name.text] = value.what
        if isinstance(value.what, int):
            self.builder.bind(name.text, value.what)
        return value

    # -- expressions ----------------------------------------------------------------------------------------------

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
        """Signs of at least `level`, grouped from the left."""
        left = self.prefix(level)
        while True:
            token = self.token
            binds = grammar.BINARY.get(token.text, -1) if token.kind == SIGN else -1
            if binds < level or binds == grammar.POWER:
                return left
            self.take()
            right = self.operand(token, binds + 1)
            left = self.apply(ops.with_symbol(token.text, 2).name, [left, right], left.start, right.end)
            if binds == grammar.COMPARE and grammar.BINARY.get(self.token.text) == grammar.COMPARE:
                raise self.error("comparisons do not chain", self.token.span, "write: a < b and b < c")

    def operand(self, sign: Token, level: int) -> Operand:
        """What follows a sign; says so at the sign when nothing does."""
        if self.token.kind in (BREAK, END) or self.is_next(")", ",", "else", "if"):
            side = "left" if self.token is sign else "right"
            raise self.error(f"nothing to the {side} of {self.written(sign)}", sign.span, "an operand is missing")
        return self.binary(level)

    def written(self, token: Token) -> str:
        """A token as it was typed."""
        return self.text[token.start : token.end]

    def prefix(self, level: int) -> Operand:
        """`not a`, `-a`, `+a`, or a power."""
        token = self.token
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
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if number.kind == NUMBER and following.text != "**":
            self.take()
            return Operand(Literal(token.text.strip("+") + number.text), token.start, number.end)
        self.deeper(token.span)
        operand = self.operand(token, grammar.SIGN)
        self.depth -= 1
        if token.text == "+":
            return Operand(operand.what, token.start, operand.end)
        return self.apply("negate", [operand], token.start, operand.end)

    def power(self) -> Operand:
        """An atom, perhaps raised to a power; powers group from the right and bind tighter than a sign before."""
        base = self.atom()
        if not self.is_next("**"):
            return base
        sign = self.take()
        self.deeper(sign.span)
        exponent = self.operand(sign, grammar.SIGN)
        self.depth -= 1
        if exponent.what == Literal("2"):
            return self.apply("square", [base], base.start, exponent.end)
        if base.what == Literal("e"):
            return self.apply("exp", [exponent], base.start, exponent.end)
        return self.apply("power", [base, exponent], base.start, exponent.end)

    def atom(self) -> Operand:
        """A number, a name, a call, or an expression in brackets."""
        token = self.token
        if token.kind == NUMBER:
            self.take()
            return Operand(Literal(token.text), token.start, token.end)
        if token.kind == NAME:
            self.take()
            if self.is_next("("):
                return self.call(token)
            return Operand(self.variable(token), token.start, token.end)
        if self.is_next("("):
            return self.bracket()
        raise self.unexpected(None)

    def bracket(self) -> Operand:
        """An expression in round brackets; its place includes them."""
        opening = self.take()
        self.deeper(opening.span)
        if self.is_next(")"):
            raise self.error("nothing between the brackets", (opening.start, self.token.end))
        inner = self.expression()
        closing = self.close(opening)
        self.depth -= 1
        return Operand(inner.what, opening.start, closing.end)

    def close(self, opening: Token) -> Token:
        """The bracket that closes `opening`."""
        if self.is_next(")"):
            return self.take()
        if self.token.kind == END:
            raise self.error("this bracket is never closed", opening.span, "add )")
        raise self.unexpected(None)

    def call(self, name: Token) -> Operand:
        """A function call."""
        opening = self.take()
        self.deeper(opening.span)
        arguments: list[Operand] = []
        while not self.is_next(")"):
            if self.token.kind == END:
                raise self.error("this bracket is never closed", opening.span, "add )")
            arguments.append(self.expression())
            if self.is_next(","):
                comma = self.take()
                if self.is_next(")"):
                    raise self.error("nothing to the right of the comma", comma.span)
            elif not self.is_next(")"):
                break
        end = self.close(opening).end
        self.depth -= 1
        operation = ops.find(name.text)
        if operation is None:
            raise self.unknown_function(name, arguments, (name.start, end))
        self.check_arity(operation, len(arguments), name, (name.start, end))
        if operation.name == "max" and len(arguments) == 2:
            for k in (0, 1):
                if arguments[k].what == Literal("0"):
                    return self.apply("relu", [arguments[1 - k]], name.start, end)
        return self.apply(operation.name, arguments, name.start, end)

    def check_arity(self, operation: ops.Operation, count: int, name: Token, span: Span) -> None:
        """Raise when a call has the wrong number of arguments."""
        fits = 2 <= count <= ARGUMENT_COUNT if operation.variadic else count == operation.arity
        if fits:
            return
        if operation.variadic:
            wanted = f"from 2 to {ARGUMENT_COUNT} arguments"
        else:
            wanted = "one argument" if operation.arity == 1 else f"{operation.arity} arguments"
        example = ", ".join("xyz"[: operation.arity])
        raise self.error(f"{name.text} takes {wanted}, not {count}", span, f"write: {name.text}({example})")

    def unknown_function(self, name: Token, arguments: list[Operand], span: Span) -> ParseError:
        """The error for a call of something that is no function."""
        if name.text in self.values or name.text in self.builder.inputs or name.text in self.names:
            return self.error(
                f"{name.text} is a variable, not a function", span, f"write {name.text}*(…) for the product"
            )
        near = closest(name.text, ops.names())
        if near:
            return self.error(f"unknown function {name.text}", name.span, f"did you mean {near[0]}?")
        if len(name.text) == 1 and len(arguments) == 1:
            return self.error(f"{name.text} is not a function", span, f"write {name.text}*(…) for the product")
        return self.error(f"unknown function {name.text}", name.span, "gradcli ops lists the functions")

    def variable(self, name: Token) -> int | Literal:
        """What a name stands for: a value given in the text, a constant, or an input."""
        text = name.text
        if text in self.values:
            return self.values[text]
        if text in self.defaults:
            self.builder.defaults[text] = self.defaults[text]
        elif text in CONSTANTS and text not in self.names:
            return Literal(text)
        elif text not in self.builder.inputs and text not in self.names and ops.find(text) and len(text) > 1:
            raise self.error(f"{text} is a function", name.span, f"write its argument in brackets: {text}(x)")
        self.grow(name.span)
        return self.builder.input(text, name.span)

    # -- nodes ----------------------------------------------------------------------------------------------------

    def node(self, operand: Operand) -> int:
        """The node of an operand; a number becomes one now."""
        if isinstance(operand.what, Literal):
            self.grow((operand.start, operand.end))
            return self.builder.constant(operand.what.text, (operand.start, operand.end))
        return operand.what

    def apply(self, operation: str, operands: list[Operand], start: int, end: int) -> Operand:
        """A new node for an operation that was typed from `start` to `end`."""
        arguments = tuple([self.node(operand) for operand in operands])
        self.grow((start, end))
        return Operand(self.builder.add(operation, arguments, (start, end)), start, end)

    def grow(self, span: Span) -> None:
        """Refuse a graph over the limit."""
        if len(self.builder) >= self.limits.nodes:
            raise self.error(f"more than {self.limits.nodes:,} nodes", span, "split the formula, or use --file")

    def unexpected(self, after: Operand | None) -> ParseError:
        """The error for a token that cannot stand here."""
        token = self.token
        if token.kind == END:
            return self.error("the formula ends too early", (token.start, token.end), "an operand is missing")
        written = self.written(token) if token.text != "\n" else "a new line"
        if token.text == ")":
            if after is None:
                return self.error("nothing before this bracket", token.span, "an operand is missing")
            return self.error("this bracket closes nothing", token.span, "remove it, or add ( before")
        if token.text == ",":
            number = after is not None and isinstance(after.what, Literal)
            hint = "write decimal numbers with a point: 1.5" if number else "one formula at a time"
            return self.error("a comma cannot stand here", token.span, hint)
        if token.text == "=":
            return self.error("= cannot stand here", token.span, "write == to compare, or name = formula")
        if after is not None and (token.kind in (NAME, NUMBER) or token.text == "("):
            left = self.text[after.start : after.end]
            short = len(left) < 20 and token.kind != SIGN
            advice = f"write {left}*{written} for the product" if short else "write the product with *"
            return self.error(f"a sign is missing before {written}", token.span, advice)
        return self.error(f"{written} cannot stand here", token.span, "an operand is missing before it")
