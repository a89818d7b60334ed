"""Statements as they stand on pages, put into the forms that the parser reads, in an order in which they can be read.

All of it moves tokens and makes none up, so that every token keeps its place in the text. What is a choice is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.language.lexer import BREAK, END, NAME, NUMBER, SIGN, Token

BINDING = frozenset({"=", "+=", "-=", "*=", "/=", "**="})
THEN = "then"
"""Between the statements of the body of a function."""

_WORDS = frozenset({"with", "where", "and"})
"""Words between two statements."""

_NO_ARITHMETIC = frozenset({"if", "for", "while", "else", "elif", "try", "with", "class", "raise", "def"})
_TRIGGERS = frozenset({"->", "lambda", "def", ",", *_WORDS})

Statement = list[Token]


class Arranged(NamedTuple):
    """Tokens in the order in which they are read, and remarks on it."""

    tokens: list[Token]
    remarks: tuple[str, ...] = ()


def arranged(text: str, tokens: list[Token], names: Collection[str], marked: str | None) -> Arranged:
    """The tokens of a text as the parser reads them.

    `names` are names known to be variables, `marked` is a name that is the output. Raises ParseError for a body of a
    function that is no arithmetic, and for several outputs.
    """
    written = {token.text for token in tokens}
    if not written & BINDING and not written & {"->", "lambda", "def"}:
        return Arranged(tokens)
    early = _is_early(tokens, names)
    if not early and not written & _TRIGGERS:
        return Arranged(tokens)
    statements = _split(tokens)
    if written & _TRIGGERS:
        if "def" in written:
            statements = _with_functions(text, statements)
        statements = [each for statement in statements for each in _separated(text, statement)]
        if written & {"->", "lambda"}:
            statements = [_mapping(statement) for statement in statements]
        early = len(statements) > 1
    order = _order(text, statements, names, marked) if early else None
    remarks: tuple[str, ...] = ()
    if order is not None:
        statements = [statements[place] for place in order]
        remarks = ("the statements are put in an order in which every name is computed before it is used",)
    return Arranged(_joined(statements, tokens[-1]), remarks)


def _is_early(tokens: list[Token], names: Collection[str]) -> bool:
    """Whether a name is used before a statement that may assign it: a quick look that most programs pass."""
    used: set[str] = set()
    before = BREAK
    for token, after in pairwise(tokens):
        if token.kind == NAME:
            text = token.text
            if before == BREAK and after.text in ("=", "("):
                if text in used and text not in names:
                    return True
            elif text not in used:
                used.add(text)
                if 1 < len(text) < 5 and text.isalpha():
                    used.update(text)
        before = token.kind
    return False


def _split(tokens: list[Token]) -> list[Statement]:
    """The statements, each with the token that ends it; the last one has the token that ends the text."""
    found: list[Statement] = []
    current: Statement = []
    for token in tokens:
        if token.kind not in (BREAK, END):
            current.append(token)
        elif current:
            found.append(current)
            current = []
    return found


def _joined(statements: list[Statement], end: Token) -> list[Token]:
    """One list of tokens, with a break between two statements."""
    tokens: list[Token] = []
    for statement in statements:
        place = statement[-1].end
        tokens += statement
        tokens.append(Token(BREAK, ";", place, place))
    return [*tokens[:-1], end] if tokens else [end]


def top_level(statement: Statement) -> Iterator[tuple[int, Token]]:
    """The tokens outside of every bracket, with their places."""
    depth = 0
    for place, token in enumerate(statement):
        if token.kind == SIGN and token.text in ("(", "["):
            depth += 1
        elif token.kind == SIGN and token.text in (")", "]"):
            depth -= 1
        elif depth == 0:
            yield place, token


def _is(statement: Statement, place: int, text: str) -> bool:
    """Whether a sign stands at a place."""
    return place < len(statement) and statement[place].kind == SIGN and statement[place].text == text


def _names_until(statement: Statement, place: int, closing: str) -> list[Token] | None:
    """The names with commas between from `place` up to the sign `closing`; None when something else stands there."""
    found: list[Token] = []
    while place < len(statement) and statement[place].kind == NAME:
        found.append(statement[place])
        if _is(statement, place + 1, closing):
            return found
        if not _is(statement, place + 1, ","):
            return None
        place += 2
    return None


def defines(statement: Statement, place: int) -> bool:
    """Whether `name =` or `name(names) =` begins at a place."""
    if place >= len(statement) or statement[place].kind != NAME:
        return False
    if _is(statement, place + 1, "="):
        return True
    if not _is(statement, place + 1, "("):
        return False
    parameters = _names_until(statement, place + 2, ")")
    return parameters is not None and _is(statement, place + 2 + 2 * len(parameters), "=")


# -- separators and assignments to several names ----------------------------------------------------------------------


def _separated(text: str, statement: Statement) -> list[Statement]:
    """The statements in one: between them a comma or a word, before `name =`."""
    several = _several_names(text, statement)
    if several:
        return several
    found: list[Statement] = []
    start = 0
    for place, token in top_level(statement):
        if place < start or not (token.text == "," or token.text in _WORDS):
            continue
        after = place + 1
        if token.text == "," and after < len(statement) and statement[after].text in _WORDS:
            after += 1
        if defines(statement, after):
            if place > start:
                found.append(statement[start:place])
            start = after
    return [*found, statement[start:]]


def _several_names(text: str, statement: Statement) -> list[Statement]:
    """`a, b = 1, 2` as one statement a name; empty when the statement is no such one."""
    names = _names_until(statement, 0, "=") if _is(statement, 1, ",") else None
    if not names or len(names) < 2:
        return []
    start = 2 * len(names)
    sign = statement[start - 1]
    rest = statement[start:]
    cuts = [place for place, token in top_level(rest) if token.text == ","]
    if len(cuts) + 1 != len(names):
        return []
    parts = [rest[first + 1 : last] for first, last in zip([-1, *cuts], [*cuts, len(rest)], strict=True)]
    early = {name.text for name in names}
    for count, part in enumerate(parts):
        for token in part:
            if token.kind == NAME and token.text in early and token.text in {name.text for name in names[:count]}:
                hint = "write one statement a line"
                raise ParseError(
                    f"{token.text} is old and new in one statement", source=text, span=token.span, hint=hint
                )
    return [[name, sign, *part] for name, part in zip(names, parts, strict=True)]


# -- functions as programs write them ---------------------------------------------------------------------------------


def _mapping(statement: Statement) -> Statement:
    """`f = lambda x, y: …`, `f := (x, y) -> …`, `x ↦ …` as `f(x, y) = …`."""
    named = len(statement) > 2 and statement[0].kind == NAME and statement[1].text in ("=", ":")
    rest = statement[2:] if named else statement
    if rest and rest[0].text == "lambda":
        parameters, arrow = _names_until(rest, 1, ":"), ":"
        body = 1 + 2 * len(parameters or ())
    elif _is(rest, 0, "("):
        parameters, arrow = _names_until(rest, 1, ")"), "->"
        body = 2 + 2 * len(parameters or ())
    else:
        parameters, arrow = _names_until(rest, 0, "->"), "->"
        body = 2 * len(parameters or ())
    if not parameters or not _is(rest, body - 1, arrow):
        return statement
    sign = rest[body - 1]
    taken = {token.text for token in rest if token.kind == NAME}
    name = statement[0] if named else Token(NAME, next(n for n in ("f", "g", "h", "out") if n not in taken), *sign.span)
    return [*_header(name, parameters, sign), *rest[body:]]


def _header(name: Token, parameters: list[Token], sign: Token) -> Statement:
    """`name(parameters) =`, the signs at the place of `sign`."""
    tokens = [name, Token(SIGN, "(", *sign.span)]
    for parameter in parameters:
        tokens += [parameter, Token(SIGN, ",", *sign.span)]
    return [*tokens[:-1], Token(SIGN, ")", *sign.span), Token(SIGN, "=", *sign.span)]


def _with_functions(text: str, statements: list[Statement]) -> list[Statement]:
    """The statements, with each `def` and the indented lines below it as one definition."""
    found: list[Statement] = []
    waiting = [*reversed(statements)]
    while waiting:
        statement = waiting.pop()
        if statement[0].text != "def" or len(statement) < 4:
            found.append(statement)
            continue
        colon = next((place for place, token in top_level(statement) if token.text == ":"), None)
        if colon is None or statement[1].kind != NAME:
            found.append(statement)
            continue
        body = [statement[colon + 1 :]] if statement[colon + 1 :] else []
        edge = _column(text, statement[0])
        while waiting and _column(text, waiting[-1][0]) > edge:
            body.append(waiting.pop())
        parameters = _parameters(statement[3:colon])
        found.append([*_header(statement[1], parameters, statement[colon]), *_body(text, body, statement[0])])
    return found


def _parameters(tokens: Statement) -> list[Token]:
    """The names of parameters, without what Python may say about their types."""
    return [
        token
        for place, token in enumerate(tokens)
        if token.kind == NAME and (place == 0 or tokens[place - 1].text == ",")
    ]


def _body(text: str, body: list[Statement], start: Token) -> Statement:
    """The statements of a body as one; the last one returns. Raises ParseError for what is no arithmetic."""
    tokens: Statement = []
    for count, statement in enumerate(body, start=1):
        first = statement[0]
        returns = first.text == "return"
        if first.text in _NO_ARITHMETIC or (returns and count < len(body)):
            hint = "a function is one formula, or assignments and a return; a condition is written: a if c else b"
            span = first.start, statement[-1].end
            raise ParseError("this line of the function is no arithmetic", source=text, span=span, hint=hint)
        tokens += statement[returns:]
        if count < len(body):
            tokens.append(Token(SIGN, THEN, statement[-1].end, statement[-1].end))
    if not body or body[-1][0].text != "return" or len(body[-1]) < 2:
        raise ParseError("this function returns nothing", source=text, span=start.span, hint="end it with: return …")
    return tokens


def _column(text: str, token: Token) -> int:
    """How far a token stands from the beginning of its line."""
    return token.start - (text.rfind("\n", 0, token.start) + 1)


# -- order ------------------------------------------------------------------------------------------------------------


class Needs(NamedTuple):
    """What a statement assigns and uses.

    assigns     the names it binds
    uses        the names it uses, without its parameters
    words       words of several letters between two of its =: names, or products of letters that others assign
    parameters  those of its parameters that it uses
    number      whether it only gives a number
    changes     whether it changes what it names
    """

    assigns: frozenset[str]
    uses: frozenset[str]
    words: frozenset[str]
    parameters: frozenset[str]
    number: bool
    changes: bool


def needs(statement: Statement) -> Needs:
    """What a statement assigns and uses."""
    assigns: set[str] = set()
    words: set[str] = set()
    parameters: set[str] = set()
    place = 0
    changes = len(statement) > 1 and statement[0].kind == NAME and statement[1].text in BINDING - {"="}
    if changes:
        assigns.add(statement[0].text)
    while defines(statement, place):
        name = statement[place].text
        if _is(statement, place + 1, "("):
            inner = _names_until(statement, place + 2, ")") or []
            known = ops.find(name) is not None and place > 0
            parameters |= set() if known else {token.text for token in inner}
            place += 2 * len(inner) + 3
            assigns |= set() if known else {name}
        else:
            (words if place and len(name) > 1 else assigns).add(name)
            place += 2
    rest = statement[place:]
    number = bool(assigns) and all(token.kind == NUMBER or token.text in "+-/" for token in rest)
    uses = {token.text for token in rest if token.kind == NAME}
    return Needs(
        frozenset(assigns),
        frozenset(uses - parameters),
        frozenset(words),
        frozenset(uses & parameters),
        number,
        changes,
    )


def _order(text: str, statements: list[Statement], names: Collection[str], marked: str | None) -> list[int] | None:
    """The places of the statements in an order in which they can be read; None when they can be as they stand.

    They are sorted only if a name is used before its only assignment, and nothing is assigned twice. The last one is
    then the one that no other needs. Raises ParseError when there are several.
    """
    facts = [needs(statement) for statement in statements]
    letters = frozenset().union(*(each.assigns for each in facts))
    facts = [_settled(each, letters) for each in facts]
    home: dict[str, int] = {}
    for place, each in enumerate(facts):
        if each.changes or any(name in home for name in each.assigns):
            return None
        home.update(dict.fromkeys(each.assigns, place))
    used = set().union(*(each.uses for each in facts))
    facts = [
        each if each.assigns & used else each._replace(uses=each.uses | each.parameters)  # an output, not a function
        for each in facts
    ]
    behind = [{home[name] for name in _meant(each.uses, home) if name not in names} - {place}
              for place, each in enumerate(facts)]  # fmt: skip
    if all(other < place for place, others in enumerate(behind) for other in others):
        return None
    order = _sorted(behind)
    if order is None:
        return None
    needed = set().union(*behind)
    ends = [place for place in order if place not in needed and not facts[place].number]
    if marked is not None:
        return order
    if len(ends) > 1:
        shown = ", ".join(_shown(text, statements[place]) for place in sorted(ends))
        span = statements[ends[-1]][0].start, statements[ends[-1]][-1].end
        hint = "leave out what is not needed, or end with the name of the output"
        raise ParseError(f"several statements that no other needs: {shown}", source=text, span=span, hint=hint)
    return [place for place in order if place not in ends] + ends


def _settled(facts: Needs, letters: Collection[str]) -> Needs:
    """The same, where words between two = are products if their letters are assigned, and names if not."""
    products = {word for word in facts.words if any(letter in letters for letter in word)}
    return facts._replace(assigns=facts.assigns | (facts.words - products), uses=facts.uses | products)


def _meant(uses: Collection[str], home: Collection[str]) -> set[str]:
    """The assigned names among the names used; a word of letters may be the product of assigned ones."""
    found = {name for name in uses if name in home}
    for name in uses:
        if name not in home and len(name) > 1 and name.isalpha() and ops.find(name) is None:
            letters = {letter for letter in name if letter in home}
            if len(name) == 2 or len(letters) == len({*name}):
                found |= letters
    return found


def _sorted(behind: list[set[int]]) -> list[int] | None:
    """The places, each behind those it needs, else as they stand; None when two need each other."""
    order: list[int] = []
    state = [0] * len(behind)
    for root in range(len(behind)):
        stack = [root]
        while stack:
            place = stack[-1]
            if state[place] == 2:
                stack.pop()
            elif state[place] == 1:
                state[place] = 2
                order.append(place)
                stack.pop()
            else:
                state[place] = 1
                waiting = sorted((other for other in behind[place] if state[other] != 2), reverse=True)
                if any(state[other] == 1 for other in waiting):
                    return None
                stack += waiting
    return order


def _shown(text: str, statement: Statement) -> str:
    """A statement as it was typed, shortened."""
    typed = text[statement[0].start : statement[-1].end]
    return typed if len(typed) <= 20 else typed[:19] + "…"
