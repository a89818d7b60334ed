"""Chains of equations: `z = f(x, y) = x² + y`, `a = b = 2`, `q = x·y = 1·2 = 2`, `a = σ(1.1) ≈ 0.75`.

Names in front are names of one definition; the first formula counts. What stands behind it says the same in other
words, or gives a number: a claim, which is kept beside the graph and compared when the values are known.
"""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Collection
from typing import NamedTuple

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.graph import Claim, Claims, Graph, Remark
from gradcli.language.calls import Definition
from gradcli.language.expressions import Expressions
from gradcli.language.lexer import BREAK, END, NAME, NUMBER, SIGN, Token, unreadable
from gradcli.language.limits import Limits
from gradcli.language.reader import Literal, Operand
from gradcli.language.statements import THEN

EQUALS = frozenset({"=", "≈"})


class Side(NamedTuple):
    """One side of a chain: where its tokens begin and end."""

    start: int
    end: int


class Claimed(NamedTuple):
    """A side that is compared later: its tokens, the node or number it is about, what the names stand for there."""

    side: Side
    about: int | Literal
    values: dict[str, int | Literal]
    functions: dict[str, Definition]


class Chains(Expressions):
    """Reads statements with more than one equals sign.

    claimed  sides that are to be compared with what they stand behind
    """

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits, names)
        self.claimed: list[Claimed] = []
        self._equals = [place for place, token in enumerate(tokens) if token.kind == SIGN and token.text in EQUALS]
        self._breaks = [place for place, token in enumerate(tokens) if token.kind in (BREAK, END)]

    def sides(self) -> list[Side]:
        """The sides of the statement that begins here, between its equals signs outside of brackets."""
        first = bisect_left(self._equals, self.position)
        if first == len(self._equals):
            return []
        end = self._breaks[bisect_left(self._breaks, self.position)]
        alone = first + 1 >= len(self._equals) or self._equals[first + 1] > end
        if alone and (self._equals[first] > end or self.tokens[self._equals[first]].text == "="):
            return []  # one sign at most, which needs no closer look
        depth, starts, ends = 0, [self.position], []
        for place in range(self.position, end):
            token = self.tokens[place]
            if token.kind == SIGN:
                depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
                if depth == 0 and token.text in EQUALS:
                    ends.append(place)
                    starts.append(place + 1)
        if any(token.text == THEN for token in self.tokens[self.position : end]):
            return []  # the body of a function
        found = [Side(start, end) for start, end in zip(starts, [*ends, end], strict=True)]
        if found[0].start == found[0].end:
            return []
        empty = next((side for side in found if side.start == side.end), None)
        if empty:
            sign = self.tokens[empty.start - 1]
            raise self.error(f"nothing to the right of {self.written(sign)}", sign.span, "an operand is missing")
        return found if len(found) > 2 or self.tokens[found[0].end].text == "≈" else []

    @abstractmethod
    def tensor(self, name: Token | None = None) -> Operand | None:
        """The number in `torch.tensor(2.0)`."""

    @abstractmethod
    def assign(self, name: Token, value: Operand, count: int) -> Operand:
        """Bind a name; `count` is how many nodes there were before the value was read."""

    @abstractmethod
    def is_old(self, value: Operand, count: int) -> bool:
        """Whether a value is a node that has a name of its own already."""

    def needs_operand(self, sign: Token) -> None:
        """Raise when nothing follows a sign."""
        if self.at_end():
            raise self.error(f"nothing to the right of {self.written(sign)}", sign.span, "an operand is missing")

    # -- what a side is -------------------------------------------------------------------------------------------

    def name_of(self, side: Side) -> Token | None:
        """The name that a side is, alone or with its parameters in brackets; None for a formula."""
        tokens = self.tokens[side.start : side.end]
        if tokens[0].kind != NAME:
            return None
        if len(tokens) == 1:
            later = side.start > self.position and not self.is_known(tokens[0].text)
            return None if later and self.is_product(tokens[0].text) else tokens[0]
        inner = tokens[2:-1]
        names = all(token.kind == NAME if place % 2 == 0 else token.text == "," for place, token in enumerate(inner))
        called = tokens[1].text == "(" and tokens[-1].text == ")" and len(inner) % 2 == 1
        return tokens[0] if called and names else None

    def is_product(self, name: str) -> bool:
        """Whether a name stands for a constant or for a product of letters."""
        return self.is_constant(name) or bool(self.splits(name)) or bool(len(name) > 1 and self.pair(name))

    def is_call(self, side: Side) -> bool:
        """Whether a side that is a name has parameters."""
        return side.end - side.start > 1

    def is_number(self, side: Side) -> bool:
        """Whether a side is one number, perhaps with a sign."""
        tokens = self.tokens[side.start : side.end]
        return tokens[-1].kind == NUMBER and (len(tokens) == 1 or (len(tokens) == 2 and tokens[0].text in ("-", "+")))

    def is_numeric(self, side: Side) -> bool:
        """Whether a side is a formula of numbers only."""
        tokens = self.tokens[side.start : side.end]
        names = [token.text for token in tokens if token.kind == NAME]
        calls = (self.is_constant(name) or self.is_function(name) or self.calls_function(name) for name in names)
        return any(token.kind == NUMBER for token in tokens) and all(calls)

    def calls_function(self, name: str) -> bool:
        """Whether a name is a function, of the table or of this text, and no variable."""
        return not self.is_known(name) and (name in self.functions or ops.find(name) is not None)

    # -- chains ---------------------------------------------------------------------------------------------------

    def chain(self, sides: list[Side]) -> Operand:
        """A chain of equations: its first formula, under the names before it."""
        sides = self.without_copies(sides)
        heads = 0
        while heads < len(sides) - 1 and self.name_of(sides[heads]):
            heads += 1
        names, rest = sides[:heads], sides[heads:]
        if not names and not (len(rest) > 1 and all(self.is_numeric(side) for side in rest[1:])):
            raise self.two_equals(sides)
        known = [side for side in names if self.is_call(side) and self.calls_function(self.tokens[side.start].text)]
        last = names[-1] if names else None
        computed = last and not self.is_call(last) and isinstance(self.values.get(self.tokens[last.start].text), int)
        numeric = all(self.is_numeric(side) for side in rest)
        if numeric and last and (last in known or (computed and self.is_number(rest[0]))):
            names, rest = names[:-1], [last, *rest]
        claims = [*(side for side in known if side in names), *rest[1:]]
        result = self.defined([side for side in names if side not in known], rest[0])
        for side in claims:
            words = self.words(side.start, side.end)
            values = {word: self.values[word] for word in words if word in self.values}
            functions = {word: self.functions[word] for word in words if word in self.functions}
            self.claimed.append(Claimed(side, result.what, values, functions))
        if claims:
            shown = self.shown(rest[0])
            self.remark(None, f"{shown} is read; what else stands beside = or ≈ is compared with it")
        self.position = sides[-1].end
        return result

    def defined(self, names: list[Side], formula: Side) -> Operand:
        """The formula of a chain, bound to the names before it."""
        first = [self.tokens[side.start] for side in names]
        bare = [name for name, side in zip(first, names, strict=True) if not self.is_call(side)] or first[:1]
        for name, side in zip(first, names, strict=True):
            if self.is_call(side):
                parameters = tuple(self.tokens[place] for place in range(side.start + 2, side.end, 2))
                self.functions[name.text] = Definition(name, parameters, formula.start, formula.end)
                self.take_parameters(parameters, formula)
        self.position = formula.start
        count = len(self.builder)
        result = self.tensor(bare[-1] if bare else None) or self.expression()
        if self.position != formula.end:
            raise self.unexpected(result)
        if isinstance(result.what, Literal) and len(bare) > 1:
            last = bare.pop()
            self.assign(last, result, count)
            result = self.variable(last)
        if self.is_old(result, count):
            for name in reversed(bare):
                copied = self.assign(name, result, count)
            return copied if bare else result
        for name in bare:
            if name is bare[0]:
                result = self.assign(name, result, count)
            else:
                self.values[name.text] = result.what
        return result

    def take_parameters(self, parameters: tuple[Token, ...], body: Side) -> None:
        """Make inputs of the parameters of the output, in their order; one that does not occur needs no value."""
        tokens = self.tokens[body.start : body.end]
        words = {token.text for token in tokens if token.kind == NAME}
        letters = {letter for word in words if word.isalpha() and ops.find(word) is None for letter in word}
        for parameter in parameters:
            text = parameter.text
            if text in self.values:
                continue
            if text not in words | letters and text not in self.names:
                message = f"{text} is a parameter that does not occur"
                self.builder.remarks.append(Remark("unused", text, message))
                continue
            if text in self.defaults:
                self.builder.defaults[text] = self.defaults[text]
            self.input(text, parameter)

    def shown(self, side: Side) -> str:
        """A side as it was typed."""
        return self.text[self.tokens[side.start].start : self.tokens[side.end - 1].end]

    def two_equals(self, sides: list[Side]) -> ParseError:
        """The error for several = that are no chain."""
        for token in self.tokens[sides[0].start : sides[-1].end]:
            if token.text == ".":
                return unreadable(self.text, token.start)
        before = self.text[self.tokens[sides[0].start].start : self.tokens[sides[1].end - 1].end]
        hint = f"write one of them, {before}, or separate statements with ; or a new line"
        return self.error("two = in one statement", self.tokens[sides[1].end].span, hint)

    # -- a formula that a page copies several times ---------------------------------------------------------------

    def without_copies(self, sides: list[Side]) -> list[Side]:
        """The sides, where `f = x y f = x y` stands for one equation copied twice. Raises when the copies differ."""
        name = self.tokens[sides[0].start].text
        glued = [self.tokens[side.end - 1] for side in sides[1:-1]]
        if len(sides) < 3 or sides[0].end - sides[0].start > 1 or not name.isidentifier():
            return sides
        if not all(token.kind == NAME and token.text.endswith(name) for token in glued):
            return sides
        if any(side.end - side.start == 1 and self.tokens[side.start].text == name for side in sides[1:-1]):
            return sides
        bodies = [self.copy_of(side, name) for side in sides[1:-1]]
        last = self.shown(sides[-1])
        written = self.written(self.tokens[sides[0].start])
        if all(self.is_same(body, last) for body in bodies):
            for side, token in zip(sides[1:-1], glued, strict=True):
                self.tokens[side.end - 1] = token._replace(text=token.text[: -len(name)] or name)
            self.remark(None, f"{written} = {last} stands {len(sides) - 1} times and is read once")
            return [sides[0], sides[-1]]
        hint = f"it looks like one formula copied twice from a web page: write {written} = {last}"
        raise self.error("two = in one statement", self.tokens[sides[1].end].span, hint)

    def copy_of(self, side: Side, name: str) -> str:
        """A side as it was typed, without the name of the next copy behind it."""
        start, last = self.tokens[side.start].start, self.tokens[side.end - 1]
        end = last.end - len(name) if len(last.text) == last.end - last.start else last.start
        return self.text[start:end].strip()

    def is_same(self, first: str, second: str) -> bool:
        """Whether two formulas have the same normal form."""
        if first.split() == second.split():
            return True
        letters = {letter for letter in first + second if letter.isalpha()}
        try:
            return self.again(first, letters) == self.again(second, letters)
        except ParseError:
            return False

    @abstractmethod
    def again(self, text: str, names: Collection[str]) -> Graph:
        """The graph of another text."""

    # -- claims ---------------------------------------------------------------------------------------------------

    def claims(self, output: int) -> Claims | None:
        """The graph with the claims as further nodes, read last so that the graph itself holds none of them."""
        if not self.claimed:
            return None
        found: list[Claim] = []
        for side, about, values, functions in self.claimed:
            self.values, self.functions, self.position = values, functions, side.start
            numeric = self.is_numeric(side)
            operand = self.expression()
            if self.position != side.end:
                raise self.unexpected(operand)
            place = Operand(about, operand.start, operand.start)
            span = self.tokens[side.start].start, self.tokens[side.end - 1].end
            found.append(Claim(span, self.node(operand), self.node(place), numeric))
        return Claims(self.builder.finish(output), tuple(found))
