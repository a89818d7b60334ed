"""Graph to text: the one algorithm; a dialect is a table of spellings (one file each).

Printed in typed order with the fewest brackets that read back to the same graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from gradcli import grammar, ops
from gradcli.graph import CONSTANT, INPUT, Call, Graph
from gradcli.ops.unspecified import partial

MOST = 500
"""Operations an expression may hold when it is written out in full; the tree of a graph can be exponentially larger."""

Piece = tuple[str, int]
"""A piece of text and how tightly its outermost sign binds."""

Line = tuple[str, str]
"""A statement: the name, or nothing where an expression stands alone, and the expression."""

Sign = str | Callable[[str, str], str]
"""A sign between two arguments with its blanks, or what chooses it from the two texts."""


def atom(text: str) -> Piece:
    """A piece that never needs brackets."""
    return text, grammar.ATOM


def number(text: str) -> Piece:
    """A number as it is; a negative one binds like a sign."""
    return (text, grammar.SIGN) if text.startswith(("-", "−")) else atom(text)


def called(name: str, arguments: Sequence[str]) -> str:
    """`name(a, b)`."""
    return f"{name}({', '.join(arguments)})"


def lines(statements: Sequence[Line]) -> str:
    """A statement a line: `name = expression`."""
    return "\n".join(f"{name} = {text}" if name else text for name, text in statements)


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Dialect(NamedTuple):
    """How one notation spells operations.

    infix       signs between arguments, with blanks, by operation name; the others use the table's own symbol
    prefix      signs before an argument, in the same way
    special     an operation's own way to be written, from the printed arguments, and parameters by name
    letters     letters that such a way uses: with a variable of that name the function is called by its own name
    names       other names of functions
    name        how a variable's or node's name is written
    literally   the same without any beauty, where two names would be written alike
    constant    how a number is written
    call        how a function with its arguments is written
    brackets    the opening and the closing one
    begins      the first visible character of a piece
    derivative  ∂f/∂x, from the names
    second_derivative  ∂²f/∂x∂y, from the names
    words       words that stand in a formula
    dot         the sign of multiplication where it must be seen, between numbers
    program     statements one below the other
    """

    infix: Mapping[str, Sign] = NOTHING
    prefix: Mapping[str, str] = NOTHING
    special: Mapping[str, Callable[..., Piece]] = NOTHING
    letters: Mapping[str, str] = NOTHING
    names: Mapping[str, str] = NOTHING
    name: Callable[[str], str] = str
    literally: Callable[[str], str] = str
    constant: Callable[[str], Piece] = number
    call: Callable[[str, Sequence[str]], str] = called
    brackets: tuple[str, str] = ("(", ")")
    begins: Callable[[str], str] = lambda text: text[:1]
    derivative: Callable[[str, str], str] = lambda output, name: f"d{output}/d{name}"
    second_derivative: Callable[[str, str, str], str] = lambda output, first, second: (
        f"d2{output}/d{first}^2" if first == second else f"d2{output}/d{first}d{second}"
    )
    words: Callable[[str], str] = str
    dot: str = "*"
    program: Callable[[Sequence[Line]], str] = lines


def bracketed(piece: Piece, least: int, brackets: tuple[str, str] = ("(", ")")) -> str:
    """The text, in brackets when it binds less tightly than `least`."""
    return piece[0] if piece[1] >= least else piece[0].join(brackets)


def apply(call: Call | str, arguments: Sequence[Piece], dialect: Dialect) -> Piece:
    """One operation, with its parameters if it has some, on printed arguments."""
    operation, parameters = Call(call) if isinstance(call, str) else call
    if operation == "copy":  # b = a: only the name is new
        return arguments[0]
    special = dialect.special.get(operation)
    if special is not None:
        return special(*arguments, **parameters)
    derivative = partial(operation) if operation[0] == "∂" else None
    if derivative:
        function, place = derivative
        return atom(dialect.derivative(dialect.name(function), arguments[place][0]))
    entry = ops.OPERATIONS[operation]
    if operation == "square":
        return bracketed(arguments[0], grammar.ATOM, dialect.brackets) + "**2", grammar.POWER
    if entry.symbol and len(arguments) == 2:
        return between(operation, arguments[0], arguments[1], dialect)
    if entry.symbol:
        return before(operation, arguments[0], dialect)
    name = dialect.names.get(operation, entry.typed.removesuffix("()"))
    named = [f"{key}={value!r}" for key, value in parameters.items()]
    return atom(dialect.call(name, [text for text, _ in arguments] + named))


def between(operation: str, a: Piece, b: Piece, dialect: Dialect) -> Piece:
    """An operation written with a sign between its arguments."""
    symbol = ops.OPERATIONS[operation].symbol or ""
    level = grammar.BINARY[symbol]
    left, right = (level + 1, grammar.SIGN) if level == grammar.POWER else (level, level + 1)
    if level == grammar.COMPARE:
        left = level + 1
    first, second = bracketed(a, left, dialect.brackets), bracketed(b, right, dialect.brackets)
    if dialect.begins(second) in ("-", "−"):
        second = second.join(dialect.brackets)
    sign = dialect.infix.get(operation) or (symbol if symbol in ("*", "/", "**") else f" {symbol} ")
    return f"{first}{sign if isinstance(sign, str) else sign(first, second)}{second}", level


def dotted(factors: Sequence[Piece], dialect: Dialect) -> Piece:
    """A product with every sign visible: `3·(-1)`, `2·(x + y)`."""
    first, *rest = factors
    if not rest:
        return first
    texts = [bracketed(first, grammar.PRODUCT, dialect.brackets)]
    for factor in rest:
        text = bracketed(factor, grammar.PRODUCT + 1, dialect.brackets)
        texts.append(text.join(dialect.brackets) if dialect.begins(text) in ("-", "−") else text)
    return dialect.dot.join(texts), grammar.PRODUCT


def before(operation: str, a: Piece, dialect: Dialect) -> Piece:
    """An operation written with a sign before its argument; -(2) is the operation, -2 a number."""
    symbol = ops.OPERATIONS[operation].symbol or ""
    level = grammar.PREFIX[symbol]
    text = bracketed(a, level, dialect.brackets)
    first = dialect.begins(text)
    if first in ("-", "−") or (a[1] != grammar.POWER and (first.isdigit() or first == ".")):
        text = text.join(dialect.brackets)
    return dialect.prefix.get(operation, f"{symbol} " if symbol.isalpha() else symbol) + text, level


def suited(graph: Graph, dialect: Dialect) -> Dialect:
    """The dialect without what would be read as something else in this graph.

    Other names of functions that are variables as well (σ next to a variable σ), and names that are written alike.
    """
    names = [*graph.inputs, *graph.bindings.values()]
    written: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        written.setdefault(dialect.name(name), []).append(name)
    alike = {name: dialect.literally(name) for same in written.values() for name in sorted(same, key=len)[1:]}
    if alike:
        beautiful = dialect.name
        dialect = dialect._replace(name=lambda name: alike.get(name) or beautiful(name))
    if any(letter in names for letter in dialect.letters.values()):
        special = {key: how for key, how in dialect.special.items() if dialect.letters.get(key) not in names}
        dialect = dialect._replace(special=special)
    if written.keys().isdisjoint(dialect.names.values()):
        return dialect
    return dialect._replace(names={name: other for name, other in dialect.names.items() if other not in written})


def leaf(graph: Graph, index: int, dialect: Dialect) -> Piece:
    """A variable, or a number; a negative number binds like a sign."""
    if graph.operations[index] != CONSTANT:
        return atom(dialect.name(graph.texts[index]))
    return dialect.constant(graph.texts[index])


def one_level(graph: Graph, index: int, dialect: Dialect) -> str:
    """Node `index` over the names of its arguments: `v1*y`."""
    if graph.is_leaf(index):
        return leaf(graph, index, dialect)[0]
    return over(graph, index, dialect, lambda argument: atom(dialect.name(graph.name(argument))))


def over(graph: Graph, index: int, dialect: Dialect, piece: Callable[[int], Piece]) -> str:
    """An operation with what `piece` gives in the place of its arguments; constants stay as they are typed."""
    arguments = graph.arguments[index]
    pieces = [leaf(graph, a, dialect) if graph.is_constant(a) else piece(a) for a in arguments]
    return apply(graph.call(index), pieces, dialect)[0]


LARGEST = 10**15
"""Trees are counted up to here: the exact number of a long chain has thousands of digits, and nobody writes it out."""


def tree_sizes(graph: Graph) -> list[int]:
    """How many operations every node holds when it is written out, up to LARGEST; kept with the graph."""
    return graph.derived(_tree_sizes)


def _tree_sizes(graph: Graph) -> list[int]:
    sizes: list[int] = []
    for arguments in graph.arguments:
        sizes.append(min(LARGEST, 1 + sum([sizes[a] for a in arguments])) if arguments else 0)
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
    """Node `index` over the named nodes and the inputs; an empty text when more than `most` nodes are needed.

    A walk of its own, not `Graph.behind`: it gives up at `most`, whatever the size of what lies behind.
    """
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
            pieces[i] = apply(graph.call(i), [pieces[a] for a in graph.arguments[i]], dialect)
    return pieces[index]


def program(graph: Graph, dialect: Dialect) -> str:
    """The whole graph as a program on one line that reads back to it."""
    return "; ".join(f"{name} = {text}" if name else text for name, text in statements(graph, dialect))


def statements(graph: Graph, dialect: Dialect, most: int | None = None) -> list[Line]:
    """The whole graph as statements that read back to it: one for every node that is named or used twice.

    With `most`, also one wherever an expression would hold more operations.
    """
    dialect = suited(graph, dialect)
    uses = graph.uses()
    last_use = [max((user for user, _ in each), default=-1) for each in uses]
    taken = {*graph.inputs, *graph.bindings.values()}
    current = dict(graph.inputs)
    found = [(dialect.name(name), dialect.constant(text)[0]) for name, text in graph.defaults.items()]
    pieces: dict[int, Piece] = {}
    told: set[int] = set()
    sizes = [0] * len(graph)
    for i in range(graph.output + 1):
        if graph.is_leaf(i):
            pieces[i] = leaf(graph, i, dialect)
            continue
        written = apply(graph.call(i), [pieces[a] for a in graph.arguments[i]], dialect)
        if graph.operations[i] == "copy" and not _is_renamed(graph, i, told):
            copied = dialect.special.get("copy")
            written = copied(written) if copied else atom(dialect.call("copy", [written[0]]))
        pieces[i] = written
        sizes[i] = 1 + sum([sizes[a] for a in graph.arguments[i]])
        inline = i == graph.output or (len(uses[i]) < 2 and (most is None or sizes[i] < most))
        if i not in graph.bindings and inline:
            continue
        sizes[i] = 0
        name = graph.name(i).split("@")[0]
        before = current.get(name)
        if before is not None and last_use[before] > i:
            spare = next(f"{name}_{count}" for count in range(1, len(graph) + 2) if f"{name}_{count}" not in taken)
            taken.add(spare)
            found.append((dialect.name(spare), dialect.name(name)))
            pieces[before] = atom(dialect.name(spare))
        current[name] = i
        found.append((dialect.name(name), written[0]))
        told.add(i)
        pieces[i] = atom(dialect.name(name))
    if graph.output not in graph.bindings:
        found.append(("", pieces[graph.output][0]))
    return found


def _is_renamed(graph: Graph, index: int, told: Collection[int]) -> bool:
    """Whether a copy can be written `b = a`: it has a name, and it copies a variable or what has a line of its own."""
    (copied,) = graph.arguments[index]
    return index in graph.bindings and (graph.operations[copied] == INPUT or copied in told)


ONE_LINE = 12
"""Operations of an expression that is still easy to read on one line."""


def several(graph: Graph, outputs: Mapping[str, int], dialect: Dialect, most: int = MOST) -> list[Line]:
    """Some nodes written out over the inputs, each under a name of its own.

    Where one takes more than `most` operations, all become a program: a statement for every node that is used twice,
    and wherever an expression would be longer than a line.
    """
    dialect = suited(graph, dialect)
    if max([tree_sizes(graph)[index] for index in outputs.values()], default=0) <= most:
        return [(name, in_full(graph, index, dialect) or "") for name, index in outputs.items()]
    needed = sorted(graph.behind(outputs.values()))
    uses = Counter(outputs.values())
    for i in needed:
        uses.update(graph.arguments[i])
    found: list[Line] = []
    pieces: dict[int, Piece] = {}
    sizes = [0] * len(graph)
    for i in needed:
        if graph.is_leaf(i):
            pieces[i] = leaf(graph, i, dialect)
            continue
        pieces[i] = apply(graph.call(i), [pieces[a] for a in graph.arguments[i]], dialect)
        sizes[i] = 1 + sum([sizes[a] for a in graph.arguments[i]])
        if uses[i] > 1 or sizes[i] >= ONE_LINE:
            sizes[i] = 0
            name = dialect.name(graph.name(i))
            found.append((name, pieces[i][0]))
            pieces[i] = atom(name)
    return found + [(name, pieces[index][0]) for name, index in outputs.items()]
