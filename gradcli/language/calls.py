"""Calls: functions of the table with and without brackets, functions defined in the text."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from typing import NamedTuple

from gradcli import ops
from gradcli.errors import ParseError, Span, closest
from gradcli.graph import INPUT
from gradcli.language.lexer import END, NAME, NUMBER, SUPER, Token
from gradcli.language.limits import ARGUMENT_COUNT, Limits
from gradcli.language.names import GREEK_WORDS, Names
from gradcli.language.reader import Literal, Operand

BASE_SECOND = "log_base"
"""Wolfram's Log[base, x] names the base first."""


class Definition(NamedTuple):
    """A function defined in the text: its name, its parameters, the places of the tokens of its body."""

    name: Token
    parameters: tuple[Token, ...]
    start: int
    end: int


class Calls(Names):
    """Reads calls; the expressions in them are read by the class below it.

    functions  the functions defined in the text, by name
    active     those whose body is being read, so that none calls itself
    bars       how many bars of absolute values are open
    """

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits, names)
        self.functions: dict[str, Definition] = {}
        self.active: list[str] = []
        self.inlined = 0
        self.bars = 0

    @abstractmethod
    def expression(self) -> Operand:
        """A whole expression."""

    @abstractmethod
    def power(self, context: str = "") -> Operand:
        """An atom, perhaps raised to a power."""

    @abstractmethod
    def bracket(self) -> Operand:
        """An expression in round brackets."""

    @abstractmethod
    def close(self, opening: Token) -> Token:
        """The bracket that closes `opening`."""

    @abstractmethod
    def unexpected(self, after: Operand | None) -> ParseError:
        """The error for a token that cannot stand here."""

    def operation_called(self, text: str, *, called: bool) -> ops.Operation | None:
        """The operation called `text`; Wolfram's capitals (Sin[x]) only before a bracket."""
        found = ops.find(text)
        if found is None and called and text[0].isupper():
            found = ops.find(text[0].lower() + text[1:])
        return found

    def takes_argument(self, operation: ops.Operation) -> bool:
        """Whether what follows can be the argument of a function without brackets: sin x, sin² x, sin 2x."""
        if operation.arity != 1 or operation.variadic or self.tokens[self.position - 1].text in GREEK_WORDS:
            return False
        token = self.token
        if token.kind == SUPER or self.is_next("**"):
            return True
        return token.kind in (NAME, NUMBER) or (self.is_next("|", "√") and not (self.is_next("|") and self.bars))

    def count_arguments(self) -> int:
        """How many arguments the bracket ahead holds, for a message."""
        depth, count = 0, 1
        for token in self.tokens[self.position :]:
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            if depth == 0:
                break
            count += depth == 1 and token.text == ","
        return count

    def touches_factor(self, operand: Operand) -> bool:
        """Whether a factor follows a number without a blank: the x of 2x."""
        token = self.token
        literal = isinstance(operand.what, Literal) and operand.what.text[-1].isdigit()
        literal = literal and self.text[operand.end - 1] != "}"
        return literal and token.start == operand.end and (token.kind == NAME or self.is_next("("))

    def arguments(self) -> tuple[list[Operand], int]:
        """The arguments of a call, in round or Wolfram's square brackets, and where the bracket ends."""
        opening = self.take()
        self.deeper(opening.span)
        bars, self.bars = self.bars, 0
        found: list[Operand] = []
        while not self.is_next(")", "]"):
            if self.token.kind == END:
                raise self.error("this bracket is never closed", opening.span, "add )")
            found.append(self.expression())
            if self.is_next(","):
                comma = self.take()
                if self.is_next(")", "]"):
                    raise self.error("nothing to the right of the comma", comma.span)
            elif not self.is_next(")", "]"):
                break
        end = self.close(opening).end
        self.bars = bars
        self.depth -= 1
        return found, end

    def call(self, name: Token, operation: ops.Operation) -> Operand:
        """A function with its arguments in brackets, or one without: sin x, sin² x."""
        if self.is_next("(", "["):
            wolfram = self.is_next("[")
            arguments, end = self.arguments()
            operation = ops.with_arguments(operation, len(arguments))
            if wolfram and operation.name == BASE_SECOND and len(arguments) == 2:
                arguments.reverse()
            self.check_arity(operation, len(arguments), name, (name.start, end))
            return self.applied(operation, arguments, name.start, end)
        self.deeper(name.span)
        exponent = self.function_exponent(name)
        argument = self.bracket() if self.is_next("(") else self.open_argument(name)
        self.depth -= 1
        result = self.applied(operation, [argument], name.start, argument.end)
        if exponent is None:
            return result
        if exponent.what == Literal("2"):
            return self.apply("square", [result], name.start, argument.end)
        return self.apply("power", [result, exponent], name.start, argument.end)

    def applied(self, operation: ops.Operation, arguments: list[Operand], start: int, end: int) -> Operand:
        """The node of a call; the largest of 0 and one argument is relu."""
        if operation.name == "max" and len(arguments) == 2:
            for k in (0, 1):
                if arguments[k].what == Literal("0"):
                    return self.apply("relu", [arguments[1 - k]], start, end)
        return self.apply(operation.name, arguments, start, end)

    def function_exponent(self, name: Token) -> Operand | None:
        """The exponent between a function and its argument: sin² x, sin^2(x)."""
        token = self.token
        if token.kind == SUPER:
            exponent = Operand(Literal(self.take().text), token.start, token.end)
        elif self.is_next("**"):
            self.take()
            if self.token.kind != NUMBER:
                raise self.error(
                    f"{name.text}^… can be read in two ways", (name.start, self.token.end), f"write {name.text}(x)**n"
                )
            exponent = Operand(Literal(self.token.text), self.token.start, self.take().end)
        else:
            return None
        text = exponent.what.text if isinstance(exponent.what, Literal) else ""
        if not text.isdigit():
            raise self.error(
                f"{self.written(name)}{self.text[token.start : exponent.end]} can be read in two ways",
                (name.start, exponent.end),
                f"write 1/{name.text}(x), or arc{name.text}(x) for the inverse function",
            )
        return exponent

    def open_argument(self, name: Token) -> Operand:
        """The argument of a function without brackets: a power, or a number times a power; more has two readings."""
        if self.at_end() or not (self.token.kind in (NAME, NUMBER) or self.is_next("|", "√")):
            hint = f"write its argument in brackets: {name.text}(x)"
            raise self.error(f"{name.text} is a function", name.span, hint)
        following = self.ahead()
        if self.token.kind == NUMBER and following.kind == NAME and self.is_function(following.text):
            hint = f"write {name.text}({self.token.text})*{following.text}(…)"
            raise self.error(f"how far does {name.text} reach?", (name.start, following.end), hint)
        if self.token.kind == NUMBER and self.touches(self.token, self.ahead()):
            number = self.take()
            factor = self.power("function")
            argument = self.apply(
                "multiply", [Operand(Literal(number.text), number.start, number.end), factor], number.start, factor.end
            )
        else:
            argument = self.power("function")
        token = self.token
        other_function = token.kind == NAME and self.is_function(token.text)
        bar = self.is_next("|") and not self.bars
        if (token.kind == NAME and not other_function) or token.kind == NUMBER or bar or self.is_next("(", "√"):
            rest = self.written(token) if token.text != "(" else "(…)"
            shown = self.typed(argument)
            raise self.error(
                f"how far does {name.text} reach?",
                (name.start, token.end),
                f"write {name.text}({shown})*{rest} or {name.text}({shown}*{rest})",
            )
        return argument

    def touches(self, number: Token, after: Token) -> bool:
        """Whether a factor follows a number: 2x or 2 x."""
        return number.kind == NUMBER and after.kind == NAME and not self.is_function(after.text)

    def unspecified(self, name: Token) -> Operand:
        """`f(x)` where f is not specified: a node that has a derivative, f′, but no value."""
        place = self.position
        arguments, end = self.arguments()
        near = closest(name.text, ops.names()) if len(name.text) > 1 else []
        if near or len(arguments) != 1 or not self.varies(arguments[0]):
            self.position = place
            raise self.no_function(name, len(arguments))
        self.remark(name.text, f"{name.text} is a function that is not specified")
        return self.apply(f"{name.text}()", arguments, name.start, end)

    def varies(self, operand: Operand) -> bool:
        """Whether an operand depends on a variable."""
        start = [operand.what] if isinstance(operand.what, int) else []
        return any(self.builder.operations[index] == INPUT for index in self.builder.behind(start))

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

    def inline(self, name: Token) -> Operand:
        """A call of a function defined in the text: its body, read again with the arguments for the parameters."""
        definition = self.functions[name.text]
        self.inlined += 1
        if self.inlined > self.limits.nodes:
            raise self.error(f"more than {self.limits.nodes:,} calls of functions defined here", name.span)
        if name.text in self.active:
            raise self.error(f"{name.text} calls itself", name.span, "a function is written out, it cannot recur")
        arguments, end = self.arguments()
        if len(arguments) != len(definition.parameters):
            expected = ", ".join(parameter.text for parameter in definition.parameters)
            raise self.error(
                f"{name.text} takes {len(definition.parameters)} arguments, not {len(arguments)}",
                (name.start, end),
                f"write: {name.text}({expected})",
            )
        self.deeper(name.span)
        kept = self.position, self.scope, self.bars
        placed = [
            Operand(argument.what if isinstance(argument.what, Literal) else self.node(argument), name.start, end)
            for argument in arguments
        ]
        self.scope = {parameter.text: value for parameter, value in zip(definition.parameters, placed, strict=True)}
        self.active.append(name.text)
        self.position, self.bars = definition.start, 0
        result = self.expression()
        if self.position != definition.end:
            raise self.unexpected(result)
        self.active.pop()
        self.position, self.scope, self.bars = kept
        self.depth -= 1
        return Operand(result.what, name.start, end)
