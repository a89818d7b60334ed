"""What a name stands for: a value given in the text, a constant, a variable, or a product of variables (`wx`).

`wx` is w·x only when that is the one way to read it (DESIGN §5); where two readings are possible it is an error that
shows both.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from gradcli import ops
from gradcli.errors import ParseError, closest
from gradcli.graph import Remark
from gradcli.language.lexer import NAME, Token
from gradcli.language.limits import Limits
from gradcli.language.reader import Literal, Operand, Reader
from gradcli.systems import CONSTANTS

_GREEK = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau phi chi psi omega
"""
GREEK_WORDS = frozenset(_GREEK.split())
"""Names that are variables unless a bracket follows: gamma is a variable, gamma(x) the function."""

_INDEXED = re.compile(r"[^\W\d_][0-9]+")
_INDEXED_TWICE = re.compile(r"(?:[^\W\d_][0-9]+){2,}")
"""x1, and names that may be a product of such: w1x1."""

SPELLED = {"Pi": "pi"}
"""Other names of constants."""


class Names(Reader):
    """Looks names up.

    names     names known to be variables: they have values, stand in --wrt, or were declared with --name
    values    what the text has assigned
    defaults  inputs with a default that have not been used yet
    called    names that have been called as operations of the table
    loose     whether a call of an unknown function stands for a function that is not specified
    scope     the parameters of the function definition that is being read
    bare      single letters that occur as a name of their own: variables, so that xy + y² holds a product
    alone     those of them without a bracket behind, so that z(1 - z) is a product
    whole     names that LaTeX marks as one, whatever their letters
    typeset   whether the text is LaTeX, where letters side by side are a product whatever their number
    """

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits)
        self.names = names
        self.values: dict[str, int | Literal] = {}
        self.defaults: dict[str, str] = {}
        self.scope: dict[str, Operand] = {}
        self.loose = False
        self.called: set[str] = set()
        self.remarked: set[Remark] = set()
        self.whole: frozenset[str] = frozenset()
        self.typeset = False
        letters = [
            (t, after) for t, after in pairwise(tokens) if t.kind == NAME and len(t.text) == 1 and after.text != "="
        ]
        self.bare = {token.text for token, _ in letters}
        self.bare |= {token.text for token in tokens if token.kind == NAME and _INDEXED.fullmatch(token.text)}
        self.alone = {token.text for token, after in letters if after.text != "("}

    def is_known(self, name: str) -> bool:
        """Whether `name` is a variable for certain: it has a value, or has been used or assigned."""
        return (
            name in self.builder.inputs
            or name in self.values
            or name in self.names
            or name in self.defaults
            or name in self.scope
        )

    def is_constant(self, name: str) -> bool:
        """Whether `name` is e or pi and no variable."""
        return SPELLED.get(name, name) in CONSTANTS and not self.is_known(name)

    def is_function(self, name: str) -> bool:
        """Whether `name` calls an operation of the table, when it is no variable."""
        return not self.is_known(name) and name not in GREEK_WORDS and ops.find(name) is not None

    def variable(self, name: Token) -> Operand:
        """The operand that a name stands for."""
        text = name.text
        if text in self.scope:
            return Operand(self.scope[text].what, name.start, name.end)
        if text in self.values:
            return Operand(self.values[text], name.start, name.end)
        if text in self.defaults:
            self.builder.defaults[text] = self.defaults[text]
        elif not self.is_known(text):
            if self.is_constant(text):
                return Operand(Literal(SPELLED.get(text, text)), name.start, name.end)
            letters = self.letters(name)
            if letters:
                return self.product(name, letters)
        return Operand(self.input(text, name), name.start, name.end)

    def input(self, text: str, name: Token) -> int:
        """The node of a variable; raises ParseError when the same name has been called as a function."""
        if text in self.called:
            hint = f"write {text}*(…) for the product, or choose another name for the variable"
            raise self.error(f"{text} is a function and a variable in this formula", name.span, hint)
        if text not in self.builder.inputs:
            self.grow(name.span)
        return self.builder.input(text, name.span)

    def letters(self, name: Token) -> list[str]:
        """The variables whose product an unknown name is; empty when it is one variable.

        Raises ParseError when it may be either, or a function without its bracket.
        """
        text = name.text
        if len(text) == 1 or "_" in text or (text in self.whole and not ops.find(text)):
            return []
        self.refuse_function(name)
        splits = self.splits(text)
        if len(splits) > 1:
            shown = " or ".join("*".join(pieces) for pieces in splits[:2])
            raise self.error(f"{text} can be read in two ways: {shown}", name.span, "write the product with *")
        if splits:
            return splits[0]
        if _INDEXED_TWICE.fullmatch(text):
            pieces = _INDEXED.findall(text)
            raise self.error(
                f"{text}: one variable, or {' times '.join(pieces)}?",
                name.span,
                f"write {' '.join(pieces)} for the product, or add --name {text}",
            )
        if re.fullmatch(r"[^\W\d]{2}", text):
            first, second = text[0], text[1]
            if first in self.bare or second in self.bare or self.is_known(first) or self.is_known(second):
                return [first, second]
            raise self.error(
                f"{text}: one variable, or {first} times {second}?",
                name.span,
                f"write {first} {second} for the product, or add --name {text}",
            )
        if self.typeset and text.isalpha() and text not in GREEK_WORDS:
            product = f"{' times '.join(text[:4])}{'' if len(text) < 5 else ' …'}"
            hint = f"write \\mathrm{{{text}}} for one name, {' '.join(text[:6])} for the product"
            raise self.error(f"{text}: one variable, or {product}?", name.span, hint)
        return []

    def splits(self, text: str) -> list[list[str]]:
        """The ways to read `text` as known variables one after the other, two at least; at most two ways."""
        ways: list[list[list[str]]] = [[[]], *([] for _ in text)]
        for end in range(1, len(text) + 1):
            for start in range(end):
                piece = text[start:end]
                if ways[start] and piece != text and (self.is_known(piece) or piece in self.bare):
                    ways[end] = (ways[end] + [[*way, piece] for way in ways[start]])[:2]
        return ways[-1]

    def refuse_function(self, name: Token) -> None:
        """Raise ParseError for the name of a function without its bracket: `sqrt`, `sinx`."""
        text = name.text
        if text in GREEK_WORDS:
            return
        if ops.find(text) and not self.splits(text):
            raise self.error(f"{text} is a function", name.span, f"write its argument in brackets: {text}(x)")
        for length in range(len(text) - 1, 1, -1):
            rest = text[length:]
            function = ops.find(text[:length])
            if not function or function.arity != 1 or text[:length] in GREEK_WORDS:
                continue
            if len(rest) == 1 or self.is_known(rest):
                raise self.error(
                    f"{text}: one variable, or {text[:length]} of {rest}?",
                    name.span,
                    f"write {text[:length]}({rest}) for the function, or add --name {text}",
                )

    def product(self, name: Token, letters: list[str]) -> Operand:
        """The product of several variables written as one word, with a remark that says so."""
        result: Operand | None = None
        start = name.start
        for letter in letters:
            token = Token(NAME, letter, start, start + len(letter))
            operand = self.variable(token)
            result = operand if result is None else self.apply("multiply", [result, operand], result.start, token.end)
            start = token.end
        if result is None:
            raise self.error("a product needs letters", name.span)
        if len(letters) > 1:
            self.remark(name.text, f"{name.text} is read as {'·'.join(letters)}")
        return Operand(result.what, name.start, name.end)

    def remark(self, name: str | None, message: str) -> None:
        """Note a choice made in reading, once."""
        remark = Remark("reading", name, message)
        if remark not in self.remarked:
            self.remarked.add(remark)
            self.builder.remarks.append(remark)

    def no_function(self, name: Token, count: int) -> ParseError:
        """The error for a call of something that is no function."""
        text = name.text
        near = closest(text, ops.names())
        if near and len(text) > 1:
            return self.error(f"unknown function {text}", name.span, f"did you mean {near[0]}?")
        if count == 1 and len(text) == 1:
            return self.error(f"{text} is not a function", name.span, f"write {text}*(…) for the product")
        return self.error(f"unknown function {text}", name.span, "gradcli ops lists the functions")
