"""A text to a graph: statements, names, functions defined in the text. The expressions are read by `expressions`."""

from __future__ import annotations

import re
from collections.abc import Collection
from types import MappingProxyType

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.grammar import BINARY
from gradcli.graph import INPUT, Graph, GraphBuilder, Remark
from gradcli.language import forms, latex, libraries
from gradcli.language.calls import Definition
from gradcli.language.chains import Side
from gradcli.language.lexer import BREAK, END, NAME, SIGN, Token, tokens
from gradcli.language.limits import ARGUMENT, Limits
from gradcli.language.listing import listing
from gradcli.language.pasted import cleaned
from gradcli.language.reader import Literal, Operand
from gradcli.language.statements import BINDING, arranged
from gradcli.language.tensors import Tensors

LONG = 10_000
"""Tokens of a text whose end is looked at first: one that is cut off is refused at once."""

AUGMENTED = {"+=": "add", "-=": "subtract", "*=": "multiply", "/=": "divide", "**=": "power"}
_DERIVATIVE = re.compile(r"\s*d\s*/\s*d[a-zA-Z]\b")
_MEANT = (
    (
        re.compile(
            r"\A\s*(?:\$\s*)?(?:d\w*\s*/\s*d\w+|\\[dt]?frac\s*\{+\s*(?:\\partial\s*|d)\w*\}+\s*\{.*\})\s*=", re.DOTALL
        ),
        "write the right side only: gradcli computes that, gradcli differentiates it",
    ),
    (re.compile(r"\A[^∂]*Σ\w"), "write the sum out: x1 + x2"),
    (
        re.compile(r"^\d*\s*with\b[^=]*:", re.MULTILINE),
        "nothing is run: leave out the line with `with`, and what stands below it",
    ),
)
"""What some texts that cannot be read were meant to be, and what to do then."""


def parse(
    text: str,
    *,
    names: Collection[str] = (),
    limits: Limits = ARGUMENT,
    unspecified: bool = False,
    strict: bool = False,
) -> Graph:
    """The graph of a formula, or of a program of several statements, whose last one is the output.

    `names` are names known to be variables: they have a value, so that `e` and `pi` are no constants then, and `wx` is
    w·x when w and x are among them. With `unspecified` a call of an unknown function is one that is not specified: it
    has a derivative but no value. With `strict` every choice made in reading is an error instead of a remark. Raises
    ParseError.
    """
    try:
        return _graph(text, names, limits, unspecified=unspecified, strict=strict)
    except ParseError as error:
        hint = next((advice for pattern, advice in _MEANT if error.source and pattern.search(text)), None)
        if hint is None:
            raise
        raise ParseError(error.message, hint=hint, source=error.source, span=error.span) from None


def _graph(text: str, names: Collection[str], limits: Limits, *, unspecified: bool, strict: bool) -> Graph:
    page = cleaned(text, names)
    code = listing(page.text)
    try:
        typeset = latex.read(code.text, limits, names) if latex.is_latex(code.text) else None
        found = typeset.tokens if typeset else tokens(code.text, limits)
    except ParseError as error:
        raise ParseError(error.message, hint=error.hint, source=text, span=error.span) from None
    order = arranged(text, found, names, code.output)
    parser = Parser(text, order.tokens, limits, names)
    parser.loose = unspecified
    parser.strict = strict
    if typeset:
        parser.whole = typeset.whole
        parser.typeset = True
    for message in (*(typeset.remarks if typeset else ()), *page.remarks, *order.remarks):
        parser.remark(None, message, (0, len(text)))
    if code.constants:
        parser.builder.constants.update(code.constants)
        parser.remark(None, f"{', '.join(code.constants)}: no gradient is recorded there, so constant")
    if code.lines:
        lines = "one line of the listing is" if code.lines == 1 else f"{code.lines} lines of the listing are"
        parser.remark(None, f"{lines} left out; nothing is run")
    return parser.program(code.output)


class Parser(Tensors):
    """Reads one text."""

    forms = MappingProxyType({**forms.FORMS, **libraries.FORMS})
    called_names = MappingProxyType(libraries.CALLED)

    def program(self, marked: str | None) -> Graph:
        """The whole text; `marked` is the name that a listing makes the output."""
        derivative = _DERIVATIVE.match(self.text)
        if derivative:
            raise self.error(
                "this asks for a derivative", derivative.span(), "enter the function only: gradcli differentiates it"
            )
        final = self.tokens[self.last] if self.last >= LONG else None
        if final is not None and final.kind == SIGN and final.text in BINARY:
            raise self.error(f"nothing to the right of {self.written(final)}", final.span, "an operand is missing")
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
            if self.attribute():
                continue
            bare = not (self.token.kind == NAME and self.ahead().kind == SIGN and self.ahead().text in BINDING)
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
        marked = marked or self.marked
        if marked is not None:
            output = self.marked_output(marked)
        if output is None:
            raise ParseError("there is no formula", hint="for example: (x+y)*y")
        result = self.node(output)
        for name in self.defaults:
            if name not in self.builder.inputs:
                self.builder.remarks.append(Remark("unused", name, f"{name} is given a value but never used"))
        for name, node in self.unspecific.items():
            if not self.is_known(name):
                self.builder.bind(name, node)
        self.fix_tensors()
        graph = self.builder.finish(result)
        graph.claims = self.claims(result)
        return graph

    def marked_output(self, name: str) -> Operand:
        """The value called `name` by `name.backward()`."""
        if not self.is_known(name):
            raise self.error(f"{name}.backward(): nothing is called {name}", (0, len(self.text)))
        return self.variable(Token(NAME, name, 0, 0))

    def statement(self) -> Operand | Definition:
        """`name = expression`, `name += expression`, `f(x, y) = expression`, a chain of them, or an expression."""
        first, second = self.token, self.ahead()
        sides = self.sides()
        if sides:
            return self.chain(sides)
        if first.kind == NAME and second.kind == SIGN:
            if second.text == "=":
                self.position += 2
                self.needs_operand(second)
                count = len(self.builder)
                return self.assign(first, self.tensor(first) or self.expression(), count)
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

    def is_old(self, value: Operand, count: int) -> bool:
        """Whether a value is a node that has a name of its own already."""
        return isinstance(value.what, int) and (value.what < count or self.builder.operations[value.what] == INPUT)

    def assign(self, name: Token, value: Operand, count: int) -> Operand:
        """Bind a name. A plain number, before the name is used, makes an input with that default.

        A name that stands for another one is a copy of it: a node of its own.
        """
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
        if self.is_old(value, count):
            value = self.apply("copy", [value], value.start, value.end)
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
        count = len(self.builder)
        return self.assign(name, self.apply(operation, operands, name.start, right.end), count)

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

    def is_python(self, name: Token) -> bool:
        """Whether a definition is one of Python, which may take the name of a function of the table."""
        before, after = self.text[: name.start].rstrip(" \t"), self.text[name.end :].lstrip(" \t=")
        return before.endswith("def") or after.startswith("lambda")

    def define(self) -> Definition:
        """`f(x, y) = expression`; the body is read when the function is called, or at the end as the output."""
        name = self.take()
        if ops.find(name.text) and not self.is_python(name):
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
        self.costs[name.text] = self.cost(definition)
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
            word: self.builder.input(word) if isinstance(outer[word], int) else outer[word]
            for word in self.words(definition.start, definition.end)
            if word in outer
        }
        trial, self.trial = self.trial, True
        self.body(definition)
        self.trial = trial
        self.values = outer
        self.active.pop()
        self.builder, self.position, self.scope, self.defaults, self.depth, self.remarked = kept

    def body(self, definition: Definition) -> Operand:
        """The expression of a definition."""
        self.position = definition.start
        result = self.steps()
        if self.position != definition.end:
            raise self.unexpected(result)
        return result

    def defined_output(self, definition: Definition) -> Operand:
        """The output of a text that ends with `f(x, y) = …`: its body, with the parameters as inputs in their order."""
        self.take_parameters(definition.parameters, Side(definition.start, definition.end))
        end = self.position
        self.active.append(definition.name.text)
        count = len(self.builder)
        result = self.body(definition)
        self.position = end
        if self.is_old(result, count):
            result = self.apply("copy", [result], result.start, result.end)
        if isinstance(result.what, int):
            self.builder.bind(definition.name.text, result.what)
        return result

    def again(self, text: str, names: Collection[str]) -> Graph:
        """The graph of another text."""
        return parse(text, names=names, limits=self.limits)
