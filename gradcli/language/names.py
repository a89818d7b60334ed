"""What a name stands for: a value given in the text, a constant, a variable, or a product of variables (`wx`).

`wx` is w·x only when that is the one way to read it (DESIGN §5); where two readings are possible it is an error that
shows both.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from gradcli import ops
from gradcli.errors import ParseError, Span, closest
from gradcli.graph import Remark
from gradcli.language.lexer import NAME, Token
from gradcli.language.limits import Limits
from gradcli.language.reader import Literal, Operand, Reader
from gradcli.language.spelling import GREEK_WORDS
from gradcli.systems import CONSTANTS

_INDEXED = re.compile(r"[^\W\d_][0-9]+")
_INDEXED_TWICE = re.compile(r"(?:[^\W\d_][0-9]+){2,}")
"""x1, and names that may be a product of such: w1x1."""

_LETTER = re.compile(r"[^\W\d_](?:_\w+|[0-9]+)?")
_PAIR = re.compile(r"([^\W\d_])([^\W\d_](?:_\w+|[0-9]+)?)")
"""One letter with an index; two letters, the second perhaps with an index."""

_NUMBER_AND_LETTER = re.compile(r"[0-9]+[^\W\d_]")
_LOGARITHM = re.compile(r"log_?([0-9]+|[a-z])")

OF_VECTORS = frozenset(
    [
        "softmax",
        "log_softmax",
        "sum",
        "mean",
        "prod",
        "dot",
        "matmul",
        "mm",
        "norm",
        "argmax",
        "argmin",
        "cross_entropy",
        "var",
        "std",
        "cumsum",
        "einsum",
        "outer",
        "inner",
    ]
)
"""Functions of vectors, which are told apart from misspelt ones."""

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
    strict    whether a choice made in reading is an error
    typeset   whether the text is LaTeX, where letters side by side are a product whatever their number
    lettered  whether the text is written in single letters, so that two side by side are a product; None: not looked at
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
        self.strict = False
        self.typeset = False
        self.lettered: bool | None = None
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
        if len(text) == 1:
            return []
        if "_" in text or (text in self.whole and not ops.find(text)):
            return self.indexed_pair(name) if text not in self.whole else []
        if text in GREEK_WORDS:
            return self.greek(name)
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
        pair = self.pair(text)
        if pair:
            return pair
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

    def greek(self, name: Token) -> list[str]:
        """The word of a Greek letter is one name; raises ParseError where only its letters have values."""
        text = name.text
        if all(letter in self.names for letter in text):
            raise self.error(
                f"{text}: one variable, or {' times '.join(text)}?",
                name.span,
                f"write {' '.join(text)} for the product, or give {text} a value",
            )
        return []

    def indexed_pair(self, name: Token) -> list[str]:
        """The letters of `wx_1` where they are a product; in LaTeX only x has the subscript, so that it is no name."""
        letters = self.pair(name.text)
        found = _PAIR.fullmatch(name.text)
        if self.typeset and not letters and found:
            hint = f"write \\mathrm{{{name.text[:2]}}}_… for one name, or blanks between the factors"
            raise self.error(f"{name.text}: only {found[2][0]} has the subscript in LaTeX", name.span, hint)
        return letters

    def pair(self, text: str) -> list[str]:
        """The two letters of a word in a text that is written in single letters; the second one may have an index."""
        found = _PAIR.fullmatch(text)
        if found is None or not self.is_pair(text):
            return []
        if self.lettered is None:
            self.lettered = self.has_single_letters()
        return [found[1], found[2]] if self.lettered else []

    def is_pair(self, text: str) -> bool:
        """Whether a word of two letters may be a product: it is no name of its own that everybody knows."""
        return text[0] != "d" and text[:2] not in ("lr", "pi") and text not in GREEK_WORDS and ops.find(text) is None

    def has_single_letters(self) -> bool:
        """Whether a text of LaTeX, or one that assigns a name, has no names but single letters and words of two."""
        assigns = self.typeset
        before = None
        for token, after in pairwise(self.tokens):
            if token.kind == NAME:
                text = token.text
                known = ops.find(text) is not None or text in GREEK_WORDS or self.is_constant(text)
                short = _LETTER.fullmatch(text) or (_PAIR.fullmatch(text) and self.is_pair(text))
                if not known and not short:
                    return False
            elif token.text == "*" and before == NAME and after.kind == NAME:
                return False
            assigns = assigns or token.text == "="
            before = token.kind
        return assigns

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
        function = ops.find(text)
        if function and not self.splits(text):
            raise self.error(f"{text} is a function", name.span, f"write {self.example(text, function.arity)}")
        base = _LOGARITHM.fullmatch(text)
        if base:
            raise self.error(
                f"{text}: a logarithm, or a variable?", name.span, f"write log(x, {base[1]}) for the function"
            )
        for length in range(len(text) - 1, 1, -1):
            rest = text[length:]
            function = ops.find(text[:length])
            if not function or function.arity != 1 or text[:length] in GREEK_WORDS:
                continue
            if len(rest) == 1 or self.is_known(rest) or _NUMBER_AND_LETTER.fullmatch(rest):
                raise self.error(
                    f"{text}: one variable, or {text[:length]} of {rest}?",
                    name.span,
                    f"write {text[:length]}({rest}) for the function, or add --name {text}",
                )

    def example(self, text: str, arity: int) -> str:
        """A call, for a hint."""
        return f"its argument in brackets: {text}(x)" if arity == 1 else f"{text}({', '.join('xyz'[:arity])})"

    def product(self, name: Token, letters: list[str], *, told: bool = False) -> Operand:
        """The product of several variables written as one word, with a remark that says so, if it is not told yet."""
        result: Operand | None = None
        start = name.start
        for letter in letters:
            token = Token(NAME, letter, start, start + len(letter))
            operand = self.variable(token)
            result = operand if result is None else self.apply("multiply", [result, operand], result.start, token.end)
            start = token.end
        if result is None:
            raise self.error("a product needs letters", name.span)
        if len(letters) > 1 and not told:
            self.remark(name.text, f"{name.text} is read as {'·'.join(letters)}", name.span)
        return Operand(result.what, name.start, name.end)

    def remark(self, name: str | None, message: str, span: Span | None = None) -> None:
        """Note a choice made in reading, once; `span` is its place, else where the reader is.

        Raises ParseError where no choice is to be made.
        """
        if self.strict:
            place = span or self.tokens[max(self.position - 1, 0)].span
            raise self.error(message, place, "--strict refuses a choice: write it in full")
        remark = Remark("reading", name, message)
        if remark not in self.remarked:
            self.remarked.add(remark)
            self.builder.remarks.append(remark)

    def no_function(self, name: Token, count: int) -> ParseError:
        """The error for a call of something that is no function."""
        text = name.text
        base = _LOGARITHM.fullmatch(text)
        if base:
            return self.error(f"unknown function {text}", name.span, f"write log(x, {base[1]})")
        if text in OF_VECTORS:
            return self.error(f"{text} acts on a vector", name.span, "vectors are not read here: write the numbers out")
        near = closest(text, ops.names())
        if near and len(text) > 1:
            return self.error(f"unknown function {text}", name.span, f"did you mean {near[0]}?")
        if count == 1 and len(text) == 1:
            return self.error(f"{text} is not a function", name.span, f"write {text}*(…) for the product")
        return self.error(f"unknown function {text}", name.span, "gradcli ops lists the functions")
