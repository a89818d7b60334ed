"""Graph to text: the one algorithm; a dialect is a table of spellings (one file each).

Printed in typed order with the fewest brackets that read back to the same graph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from gradcli import ops
from gradcli.graph import CONSTANT, Graph
from gradcli.language import grammar

MOST = 500
"""Operations an expression may hold when it is written out in full; the tree of a graph can be exponentially larger."""

Piece = tuple[str, int]
"""A piece of text and how tightly its outermost sign binds."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one notation spells operations.

    infix     signs between arguments, with blanks, by operation name; the others use the table's own symbol
    special   an operation's own way to be written, from the printed arguments
    names     other names of functions
    name      how a variable's or node's name is written
    """

    infix: dict[str, str] = field(default_factory=dict)
    special: dict[str, Callable[..., Piece]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    name: Callable[[str], str] = str
    constant: Callable[[str], str] = str


def bracketed(piece: Piece, least: int) -> str:
    """The text, in brackets when it binds less tightly than `least`."""
    return piece[0] if piece[1] >= least else f"({piece[0]})"


def atom(text: str) -> Piece:
    """A piece that never needs brackets."""
    return text, grammar.ATOM


def apply(operation: str, arguments: list[Piece], dialect: Dialect) -> Piece:
    """One operation on printed arguments."""
    special = dialect.special.get(operation)
    if special is not None:
        return special(*arguments)
    entry = ops.OPERATIONS[operation]
    if operation == "square":
        return bracketed(arguments[0], grammar.ATOM) + "**2", grammar.POWER
    if entry.symbol and len(arguments) == 2:
        level = grammar.BINARY[entry.symbol]
        sign = dialect.infix.get(operation) or _sign(entry.symbol)
        left, right = (level + 1, grammar.SIGN) if level == grammar.POWER else (level, level + 1)
        if level == grammar.COMPARE:
            left = level + 1
        first, second = bracketed(arguments[0], left), bracketed(arguments[1], right)
        return f"{first}{sign}{second}" if not second.startswith("-") else f"{first}{sign}({second})", level
    if entry.symbol:
        level = grammar.PREFIX[entry.symbol]
        text = bracketed(arguments[0], level)
        if text[0].isdigit() or text[0] in "-.":
            text = f"({text})" if arguments[0][1] >= grammar.ATOM or text[0] == "-" else text
        return (f"not {text}" if entry.symbol == "not" else f"-{text}"), level
    name = dialect.names.get(operation, entry.typed.removesuffix("()"))
    return atom(f"{name}({', '.join(text for text, _ in arguments)})")


def _sign(symbol: str) -> str:
    return symbol if symbol in ("*", "/", "**") else f" {symbol} "


def suited(graph: Graph, dialect: Dialect) -> Dialect:
    """The dialect without those other names of functions that are variables of the graph: σ next to a variable σ."""
    taken = {*graph.inputs, *graph.bindings.values()}
    if taken.isdisjoint(dialect.names.values()):
        return dialect
    return replace(dialect, names={name: other for name, other in dialect.names.items() if other not in taken})


def leaf(graph: Graph, index: int, dialect: Dialect) -> Piece:
    """A variable, or a number; a negative number binds like a sign."""
    if graph.operations[index] != CONSTANT:
        return atom(dialect.name(graph.texts[index]))
    text = dialect.constant(graph.texts[index])
    return (text, grammar.SIGN) if text.startswith(("-", "−")) else atom(text)


def one_level(graph: Graph, index: int, dialect: Dialect) -> str:
    """Node `index` over the names of its arguments: `v1*y`."""
    if graph.is_leaf(index):
        return leaf(graph, index, dialect)[0]
    arguments = [
        leaf(graph, a, dialect) if graph.is_leaf(a) else atom(dialect.name(graph.name(a)))
        for a in graph.arguments[index]
    ]
    return apply(graph.operations[index], arguments, dialect)[0]


def tree_sizes(graph: Graph) -> list[int]:
    """How many operations every node holds when it is written out, in one loop; kept with the graph."""
    sizes: list[int] | None = graph.derived.get("sizes")
    if sizes is None:
        sizes = []
        for arguments in graph.arguments:
            sizes.append(1 + sum([sizes[a] for a in arguments]) if arguments else 0)
        graph.derived["sizes"] = sizes
    return sizes


def in_full(graph: Graph, index: int, dialect: Dialect, most: int = MOST, *, brackets: bool = False) -> str | None:
    """Node `index` written out over the inputs; None when that takes more than `most` operations.

    With `brackets` the text can stand in any formula.
    """
    if tree_sizes(graph)[index] > most:
        return None
    piece = piece_in_full(graph, index, dialect)
    return bracketed(piece, grammar.ATOM) if brackets else piece[0]


def piece_in_full(graph: Graph, index: int, dialect: Dialect) -> Piece:
    """Node `index` written out, whatever its size."""
    return _written(graph, index, dialect, {}, len(graph))


def in_terms(graph: Graph, index: int, dialect: Dialect, names: Mapping[int, str], most: int) -> str | None:
    """Node `index` written out over the nodes that have one of these names; None when more than `most` are needed."""
    return _written(graph, index, dialect, names, most)[0] or None


def _written(graph: Graph, index: int, dialect: Dialect, names: Mapping[int, str], most: int) -> Piece:
    """Node `index` over the named nodes and the inputs; an empty text when more than `most` nodes are needed."""
    dialect = suited(graph, dialect)
    needed: set[int] = set()
    stack = [index]
    while stack:
        i = stack.pop()
        if i not in needed:
            needed.add(i)
            if len(needed) > most:
                return atom("")
            stack += () if i in names and i != index else graph.arguments[i]
    pieces: dict[int, Piece] = {}
    for i in sorted(needed):
        if i in names and i != index:
            pieces[i] = atom(names[i])
        elif graph.is_leaf(i):
            pieces[i] = leaf(graph, i, dialect)
        else:
            pieces[i] = apply(graph.operations[i], [pieces[a] for a in graph.arguments[i]], dialect)
    return pieces[index]


def program(graph: Graph, dialect: Dialect) -> str:
    """The whole graph as a program that reads back to it: a statement for every node that is named or used twice."""
    dialect = suited(graph, dialect)
    uses = graph.uses()
    last_use = [max((user for user, _ in each), default=-1) for each in uses]
    taken = {*graph.inputs, *graph.bindings.values()}
    current = dict(graph.inputs)
    statements = [f"{name} = {text}" for name, text in graph.defaults.items()]
    pieces: dict[int, Piece] = {}
    for i in range(graph.output + 1):
        if graph.is_leaf(i):
            pieces[i] = leaf(graph, i, dialect)
            continue
        written = apply(graph.operations[i], [pieces[a] for a in graph.arguments[i]], dialect)
        pieces[i] = written
        if i not in graph.bindings and (len(uses[i]) < 2 or i == graph.output):
            continue
        name = graph.name(i).split("@")[0]
        before = current.get(name)
        if before is not None and last_use[before] > i:
            spare = next(f"{name}_{count}" for count in range(1, len(graph) + 2) if f"{name}_{count}" not in taken)
            taken.add(spare)
            statements.append(f"{spare} = {name}")
            pieces[before] = atom(dialect.name(spare))
        current[name] = i
        statements.append(f"{name} = {written[0]}")
        pieces[i] = atom(dialect.name(name))
    if graph.output not in graph.bindings:
        statements.append(pieces[graph.output][0])
    return "; ".join(statements)
