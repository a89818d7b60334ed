"""A text to a graph: statements, names, functions defined in the text. The expressions are read by `expressions`."""

from __future__ import annotations

import re
from collections.abc import Collection

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.graph import Graph, GraphBuilder, Remark
from gradcli.language import latex
from gradcli.language.calls import Definition
from gradcli.language.expressions import Expressions
from gradcli.language.forms import FORMS
from gradcli.language.lexer import BREAK, END, NAME, NUMBER, SIGN, Token, tokens
from gradcli.language.limits import ARGUMENT, Limits
from gradcli.language.listing import listing
from gradcli.language.reader import Literal, Operand

_BINDING = frozenset({"=", "+=", "-=", "*=", "/=", "**="})
AUGMENTED = {"+=": "add", "-=": "subtract", "*=": "multiply", "/=": "divide", "**=": "power"}
_DERIVATIVE = re.compile(r"\s*d\s*/\s*d[a-zA-Z]\b")
_MEANT = (
    (re.compile(r"\A\s*d\w*\s*/\s*d\w+\s*="), "enter the function only: gradcli differentiates it"),
    (re.compile(r"\A[^∂]*Σ\w"), "write the sum out: x1 + x2"),
    (
        re.compile(r"^\d*\s*with\b", re.MULTILINE),
        "nothing is run: leave out the line with `with`, and what stands below it",
    ),
)
"""What some texts that cannot be read were meant to be, and what to do then."""

TENSORS = frozenset({"tensor", "Tensor", "Variable", "Parameter", "array", "asarray"})
"""Calls around a number that make it an input: x = torch.tensor(2.0, requires_grad=True)."""


def parse(text: str, *, names: Collection[str] = (), limits: Limits = ARGUMENT, unspecified: bool = False) -> Graph:
    """The graph of a formula, or of a program of several statements, whose last one is the output.

    `names` are names known to be variables: they have a value, so that `e` and `pi` are no constants then, and `wx` is
    w·x when w and x are among them. With `unspecified` a call of an unknown function is one that is not specified: it
    has a derivative but no value. Raises ParseError.
    """
    try:
        return _graph(text, names, limits, unspecified)
    except ParseError as error:
        hint = next((advice for pattern, advice in _MEANT if error.source and pattern.search(text)), None)
        if hint is None:
            raise
        raise ParseError(error.message, hint=hint, source=error.source, span=error.span) from None


def _graph(text: str, names: Collection[str], limits: Limits, unspecified: bool) -> Graph:
    page = listing(text)
    typeset = latex.read(text, limits, names, page.skipped) if latex.is_latex(text, page.skipped) else None
    parser = Parser(text, typeset.tokens if typeset else tokens(text, limits, page.skipped), limits, names)
    parser.loose = unspecified
    if typeset:
        parser.whole = typeset.whole
        parser.typeset = True
        for message in typeset.remarks:
            parser.remark(None, message)
    if page.lines:
        lines = "one line of the listing is" if page.lines == 1 else f"{page.lines} lines of the listing are"
        parser.remark(None, f"{lines} left out; nothing is run")
    return parser.program(page.output)


class Parser(Expressions):
    """Reads one text."""

    forms = FORMS

    def program(self, marked: str | None) -> Graph:
        """The whole text; `marked` is the name that a listing makes the output."""
        derivative = _DERIVATIVE.match(self.text)
        if derivative:
            raise self.error(
                "this asks for a derivative", derivative.span(), "enter the function only: gradcli differentiates it"
            )
        output: Operand | None = None
        pending: Definition | None = None
        bare = False
        while self.token.kind != END:
            if self.token.kind == BREAK:
                self.take()
                continue
            if output is not None and self.is_next("+"):
                hint = "put the + at the end of the line before, or brackets around both lines"
                raise self.error("a line that begins with +", self.token.span, hint)
            if isinstance(output, Operand) and bare and self.builder.arguments and not marked:
                shown = self.typed(output)
                self.builder.remarks.append(Remark("unused", None, f"{shown[:40]} is computed and not used"))
            bare = not (self.token.kind == NAME and self.ahead().kind == SIGN and self.ahead().text in _BINDING)
            statement = self.statement()
            bare = bare and not isinstance(statement, Definition)
            if isinstance(statement, Definition):
                pending = statement
            else:
                output, pending = statement, None
                if not self.at_end():
                    raise self.unexpected(output)
        if pending is not None:
            output = self.defined_output(pending)
        if marked is not None:
            output = self.marked_output(marked)
        if output is None:
            raise ParseError("there is no formula", hint="for example: (x+y)*y")
        result = self.node(output)
        for name in self.defaults:
            if name not in self.builder.inputs:
                self.builder.remarks.append(Remark("unused", name, f"{name} is given a value but never used"))
        return self.builder.finish(result)

    def marked_output(self, name: str) -> Operand:
        """The value called `name` by `name.backward()`."""
        if not self.is_known(name):
            raise self.error(f"{name}.backward(): nothing is called {name}", (0, len(self.text)))
        return self.variable(Token(NAME, name, 0, 0))

    def statement(self) -> Operand | Definition:
        """`name = expression`, `name += expression`, `f(x, y) = expression`, or an expression."""
        first, second = self.token, self.ahead()
        self.refuse_copies()
        if first.kind == NAME and second.kind == SIGN:
            if second.text == "=":
                self.position += 2
                self.needs_operand(second)
                return self.assign(first, self.tensor() or self.expression())
            if second.text in AUGMENTED:
                self.position += 2
                return self.augment(first, second)
            if second.text == "(" and self.is_definition():
                return self.define()
        result = self.expression()
        if self.is_next("="):
            raise self.error(
                "the left side of = is a name", (result.start, result.end), "write: f = formula, or the formula alone"
            )
        return result

    def needs_operand(self, sign: Token) -> None:
        """Raise when nothing follows a sign."""
        if self.at_end():
            raise self.error(f"nothing to the right of {self.written(sign)}", sign.span, "an operand is missing")

    def refuse_copies(self) -> None:
        """Raise for two = in one statement; a formula that a web page copies twice is recognised."""
        signs: list[Token] = []
        depth = 0
        last = self.position
        for place in range(self.position, len(self.tokens)):
            token = self.tokens[place]
            if token.kind in (BREAK, END):
                break
            last = place
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            if depth == 0 and token.kind == SIGN and token.text == "=":
                signs.append(token)
        if len(signs) < 2:
            return
        first, end = self.tokens[self.position], self.tokens[last].end
        name = self.written(first)
        rest = self.text[signs[1].end : end].strip()
        before = self.text[first.start : signs[1].start].rstrip()
        if first.kind == NAME and before.endswith(name) and len(signs) == 2:
            hint = f"it looks like one formula copied twice from a web page: write {name} = {rest}"
        else:
            hint = f"write one of them, {before}, or separate statements with ; or a new line"
        raise self.error("two = in one statement", signs[1].span, hint)

    def tensor(self) -> Operand | None:
        """`torch.tensor(2.0, requires_grad=True)`: the number in it; None when there is no such call."""
        name = self.token
        if name.text not in TENSORS or self.ahead().text != "(":
            return None
        start = self.position
        self.position += 2
        value = self.expression()
        while self.is_next(","):
            self.take()
            if self.token.kind != NAME or self.ahead().text != "=" or self.ahead(2).kind not in (NAME, NUMBER):
                raise self.unexpected(value)
            self.position += 3
        closing = self.close(self.tokens[start + 1])
        return Operand(value.what, name.start, closing.end)

    def assign(self, name: Token, value: Operand) -> Operand:
        """Bind a name. A plain number, before the name is used, makes an input with that default."""
        text = name.text
        self.defaults.pop(text, None)
        used = text in self.builder.inputs
        if isinstance(value.what, Literal) and text not in self.values and not used:
            self.defaults[text] = value.what.text
            if self.position > self.last:
                return self.variable(name)
            return value
        if used and text not in self.names and text not in self.builder.defaults:
            first = self.builder.span(self.builder.inputs[text])
            raise self.error(
                f"{text} is used before it is assigned", first, f"assign it first, or give it a value: --{text} 2"
            )
        self.functions.pop(text, None)
        self.values[text] = value.what
        if isinstance(value.what, int):
            self.builder.bind(text, value.what)
        return value

    def augment(self, name: Token, sign: Token) -> Operand:
        """`name += expression`."""
        self.needs_operand(sign)
        if not self.is_known(name.text):
            raise self.error(f"{name.text} has no value yet", name.span, f"begin with {name.text} = …")
        left = self.variable(name)
        right = self.expression()
        exact = right.what == Literal("2") and sign.text == "**="
        operation = "square" if exact else AUGMENTED[sign.text]
        operands = [left] if exact else [left, right]
        return self.assign(name, self.apply(operation, operands, name.start, right.end))

    # -- functions defined in the text ----------------------------------------------------------------------------

    def is_definition(self) -> bool:
        """Whether `name(a, b) =` comes next."""
        place = self.position + 2
        while self.tokens[place].kind == NAME:
            sign = self.tokens[place + 1]
            if sign.text == ",":
                place += 2
            else:
                return sign.text == ")" and self.tokens[place + 2].text == "="
        return False

    def define(self) -> Definition:
        """`f(x, y) = expression`; the body is read when the function is called, or at the end as the output."""
        name = self.take()
        if ops.find(name.text):
            raise self.error(f"{name.text} is a function already", name.span, "choose another name")
        if self.is_known(name.text):
            raise self.error(f"{name.text} is a variable already", name.span, "choose another name")
        parameters: list[Token] = []
        while self.take().text in ("(", ","):
            parameters.append(self.take())
            if [p.text for p in parameters].count(parameters[-1].text) > 1:
                raise self.error(f"two parameters are called {parameters[-1].text}", parameters[-1].span)
        sign = self.take()
        self.needs_operand(sign)
        start = self.position
        while not self.at_end():
            self.position += 1
        definition = Definition(name, tuple(parameters), start, self.position)
        self.functions[name.text] = definition
        self.try_body(definition)
        return definition

    def try_body(self, definition: Definition) -> None:
        """Read a body once on the side, so that a mistake in it is told even if nothing calls it."""
        kept = self.builder, self.position, self.scope, self.defaults, self.depth, self.remarked
        self.remarked = set(self.remarked)
        self.builder = GraphBuilder(self.text)
        self.defaults = dict(self.defaults)
        self.scope = {
            parameter.text: Operand(self.builder.input(parameter.text, parameter.span), *parameter.span)
            for parameter in definition.parameters
        }
        self.active.append(definition.name.text)
        outer = self.values
        self.values = {
            name: self.builder.input(name) if isinstance(what, int) else what for name, what in outer.items()
        }
        self.body(definition)
        self.values = outer
        self.active.pop()
        self.builder, self.position, self.scope, self.defaults, self.depth, self.remarked = kept

    def body(self, definition: Definition) -> Operand:
        """The expression of a definition."""
        self.position = definition.start
        result = self.expression()
        if self.position != definition.end:
            raise self.unexpected(result)
        return result

    def defined_output(self, definition: Definition) -> Operand:
        """The output of a text that ends with `f(x, y) = …`: its body, with the parameters as inputs in their order."""
        for parameter in definition.parameters:
            if parameter.text not in self.values:
                self.variable_named(parameter)
        end = self.position
        self.active.append(definition.name.text)
        result = self.body(definition)
        self.position = end
        if isinstance(result.what, int):
            self.builder.bind(definition.name.text, result.what)
        return result

    def variable_named(self, parameter: Token) -> None:
        """Make an input of a parameter."""
        if parameter.text in self.defaults:
            self.builder.defaults[parameter.text] = self.defaults[parameter.text]
        self.input(parameter.text, parameter)
