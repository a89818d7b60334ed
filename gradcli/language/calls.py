"""Calls: functions of the table with and without brackets, functions defined in the text."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from gradcli import ops
from gradcli.errors import ParseError, Span, closest
from gradcli.graph import INPUT
from gradcli.language.lexer import END, NAME, NUMBER, STRING, SUPER, Token, unreadable
from gradcli.language.limits import ARGUMENT_COUNT, Limits
from gradcli.language.names import Names
from gradcli.language.reader import Literal, Operand
from gradcli.language.spelling import GREEK_WORDS
from gradcli.language.statements import THEN
from gradcli.ops.unspecified import operation as unspecified_operation

WITHOUT_EFFECT = frozenset({"double", "float", "clone", "item", "cuda", "cpu", "requires_grad_"})
"""Methods that leave a number and its gradient as they are."""

_USUAL = re.compile(r"[^\W\d_](?:_\w+|[0-9]+)?")
"""What a function that is not specified is called: a letter, perhaps with an index."""

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
    costs      how many calls each of them takes, those in it included
    trial      whether a body is read only to find mistakes in it, so that calls in it are not followed
    unspecific  functions with an index that are not specified, by name: the node of their first call
    active     those whose body is being read, so that none calls itself
    bars       how many bars of absolute values are open
    forms      calls that are a way of writing something else, by name: what reads them
    """

    forms: Mapping[str, Callable[[Any, Token], Operand]] = {}
    called_names: Mapping[str, str] = {}

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits, names)
        self.functions: dict[str, Definition] = {}
        self.active: list[str] = []
        self.inlined = 0
        self.trial = False
        self.unspecific: dict[str, int] = {}
        self.costs: dict[str, int] = {}
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
        if found is None and called:
            found = ops.find(self.called_names.get(text, text[0].lower() + text[1:]))
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

    def arguments(self, named: dict[str, Operand] | None = None) -> tuple[list[Operand], int]:
        """The arguments of a call, in round or Wolfram's square brackets, and where the bracket ends.

        Those written `name=value` are put into `named`; without it they are refused.
        """
        opening = self.take()
        self.deeper(opening.span)
        bars, self.bars = self.bars, 0
        found: list[Operand] = []
        while not self.is_next(")", "]"):
            if self.token.kind == END:
                raise self.error("this bracket is never closed", opening.span, "add )")
            if named is not None and self.token.kind == NAME and self.ahead().text == "=":
                self.keyword(named)
            else:
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

    def keyword(self, named: dict[str, Operand]) -> None:
        """`name=value` in a call; a word in quotes is kept as it is."""
        name = self.take()
        self.take()
        if self.token.kind == STRING:
            word = self.take()
            named[name.text] = Operand(Literal(word.text), word.start, word.end)
        else:
            named[name.text] = self.expression()

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
        if self.is_next("/") and self.text[argument.start] != "(":
            shown, typed = self.written(name), self.typed(argument)
            below = self.written(self.ahead())
            self.remark(
                None, f"{shown} {typed}/{below} is read as {shown}({typed})/{below}", (name.start, self.ahead().end)
            )
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
                hint = f"write {name.text}(x)^{self.written(self.token)}"
                if self.is_next("-"):
                    hint = f"write 1/{name.text}(x), or arc{name.text}(x) for the inverse function"
                raise self.error(f"{name.text}^… can be read in two ways", (name.start, self.token.end), hint)
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

    def method(self, receiver: Operand) -> Operand:
        """`.relu()` behind an operand, which is its first argument: `z.relu()` is relu(z)."""
        dot = self.take()
        name = self.token
        operation = ops.find(name.text) or ops.find(self.called_names.get(name.text, ""))
        if name.kind != NAME or self.ahead().text != "(" or (operation is None and name.text not in WITHOUT_EFFECT):
            raise unreadable(self.text, dot.start)
        self.take()
        rest, end = self.arguments()
        if operation is None:
            return Operand(receiver.what, receiver.start, end)
        operation = ops.with_arguments(operation, 1 + len(rest))
        self.check_arity(operation, 1 + len(rest), name, (receiver.start, end))
        if operation.name == "power" and rest[0].what == Literal("2"):
            return self.apply("square", [receiver], receiver.start, end)
        return self.applied(operation, [receiver, *rest], receiver.start, end)

    def touches(self, number: Token, after: Token) -> bool:
        """Whether a factor follows a number: 2x or 2 x."""
        return number.kind == NUMBER and after.kind == NAME and not self.is_function(after.text)

    def unspecified(self, name: Token) -> Operand:
        """`f(x)`, `L(f_2, f_3)` where the function is not specified: a node that has derivatives, but no value."""
        text, place = name.text, self.position
        arguments, end = self.arguments()
        usual = _USUAL.fullmatch(text) is not None or text in GREEK_WORDS
        near = [] if usual else closest(text, ops.names())
        if near or not arguments or (len(arguments) > 1 and not usual) or not any(map(self.varies, arguments)):
            self.position = place
            raise self.no_function(name, len(arguments))
        self.remark(text, f"{text} is a function that is not specified")
        result = self.apply(unspecified_operation(text, len(arguments)), arguments, name.start, end)
        if len(text) > 1 and usual and text not in GREEK_WORDS and isinstance(result.what, int):
            self.unspecific.setdefault(text, result.what)
        return result

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

    def cost(self, definition: Definition) -> int:
        """How many calls of functions defined in the text one call of this one takes."""
        names = (token.text for token in self.tokens[definition.start : definition.end] if token.kind == NAME)
        return sum(1 + self.costs.get(name, 0) for name in names if name in self.functions)

    def steps(self) -> Operand:
        """The body of a function: assignments to names of its own, and what it returns."""
        while self.token.kind == NAME and self.ahead().text == "=":
            name = self.take()
            self.take()
            value = self.expression()
            if not self.is_next(THEN):
                raise self.unexpected(value)
            self.take()
            self.scope = {**self.scope, name.text: value}
        return self.expression()

    def inline(self, name: Token) -> Operand:
        """A call of a function defined in the text: its body, read again with the arguments for the parameters."""
        definition = self.functions[name.text]
        self.inlined += 1
        if self.inlined + self.costs.get(name.text, 0) > self.limits.nodes and not self.trial:
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
        if self.trial:
            return Operand(self.builder.input(f"{name.text}()"), name.start, end)
        self.deeper(name.span)
        kept = self.position, self.scope, self.bars
        placed = [
            Operand(argument.what if isinstance(argument.what, Literal) else self.node(argument), name.start, end)
            for argument in arguments
        ]
        self.scope = {parameter.text: value for parameter, value in zip(definition.parameters, placed, strict=True)}
        self.active.append(name.text)
        self.position, self.bars = definition.start, 0
        result = self.steps()
        if self.position != definition.end:
            raise self.unexpected(result)
        self.active.pop()
        self.position, self.scope, self.bars = kept
        self.depth -= 1
        return Operand(result.what, name.start, end)
