"""Fast passes over floats for large graphs: Python source generated from the rule table, compiled once a process.

The writing system reads the rules in a language of the loops' own: Python with the guards of `Floats` in place, so that
nothing is called that need not be. The statements of every operation of a graph become the branches of one loop.

This is the one module that may call `exec`. What it runs is made of its own identifiers and `repr` of floats only, and
`_check` refuses anything else. Results are those of the ordinary passes, bit for bit (tested).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from gradcli.errors import UsageError
from gradcli.graph import NO_PARAMETERS, Graph, Parameters
from gradcli.ops import NATIVE, OPERATIONS, Operation
from gradcli.printers.expression import Dialect, Piece, atom, called, number
from gradcli.programs.language import Language, plain_number
from gradcli.programs.writer import Name, Writer
from gradcli.systems import floats
from gradcli.systems.contribution import contribution
from gradcli.systems.floats import Floats

OPERANDS = "abcdefgh"
"""Names of a node's operands in the source; nodes with more arguments take the ordinary way."""

LARGEST_EXPONENT = 709.0
"""exp does not overflow below this."""

_WORDS = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_WORDS_OF_LOOPS = """
    def forward backward values arguments gradients depends codes leaves choose code places index top gradient old
    if else for in is not None continue range zip next append nan inf
    divide power equal safe_exp exp log sin cos tan tanh sqrt fabs
"""
CALLED = frozenset("atan atan2 asin acos floor round erf gamma sinc_slope".split()) | NATIVE  # noqa: SIM905
"""Functions that are called by name, as they stand in Floats."""

_OWN = frozenset(_WORDS_OF_LOOPS.split()) | CALLED
_CHARACTERS = re.compile(r"[\w\s()\[\]=<>+\-*/.,:]*")


# -- the language -----------------------------------------------------------------------------------------------------


def _finite_only(function: str) -> Callable[[str], str]:
    """A function without a value at an infinity."""
    return lambda a: f"{function}({a}) if -inf < {a} < inf else nan"


_IN_PLACE: dict[str, Callable[..., str]] = {
    "divide": lambda a, b: f"{a} / {b} if {b} else divide({a}, {b})",
    "power": lambda a, b: f"power({a}, {b})",
    "equal": lambda a, b: f"equal({a}, {b})",
    "exp": lambda a: f"exp({a}) if {a} < {LARGEST_EXPONENT!r} else safe_exp({a})",
    "log": lambda a: f"log({a}) if {a} > 0.0 else -inf if {a} == 0.0 else nan",
    "sqrt": lambda a: f"sqrt({a}) if {a} >= 0.0 else nan",
    "abs": lambda a: f"fabs({a})",
    "tanh": lambda a: f"tanh({a})",
    **{function: _finite_only(function) for function in ("sin", "cos", "tan")},
}
"""How operations of Floats are written in place, of the names of their operands."""


def _written(form: Callable[..., str]) -> Callable[..., Piece]:
    return lambda *operands: atom(form(*(text for text, _ in operands)))


def _call(function: str) -> Callable[..., str]:
    return lambda *operands: called(function, operands)


_FORMS = {**{function: _call(function) for function in CALLED}, **_IN_PLACE}

LANGUAGE = Language(
    dialect=Dialect(
        special={operation: _written(form) for operation, form in _FORMS.items()},
        constant=lambda text: number(plain_number(Floats().literal(text))),
    ),
    has=_FORMS.keys() | {"less", "less_equal", "where"},
    lacks="the fast loops have no",
    instead="python",
)
"""Python with the guards of Floats in place; no text of it leaves this module."""


class Comparison(Name):
    """A comparison that is not written yet: `where` asks it directly; used as a number it becomes 1, 0 or nan."""

    __slots__ = ("fails", "holds")

    def __init__(self, source: Source, a: str, sign: str, b: str, otherwise: str) -> None:
        super().__init__(source, "")
        self.holds = f"{a} {sign} {b}"
        self.fails = f"{a} {otherwise} {b}"


class Source(Writer):
    """The writing system in the language of the loops; a choice asks a comparison without a number in between."""

    def __init__(self) -> None:
        super().__init__(LANGUAGE)

    def write(self, value: Any) -> str:
        """A number as source."""
        if isinstance(value, Comparison) and not value.text:
            value.text = self.let(f"1.0 if {value.holds} else 0.0 if {value.fails} else nan").text
        return super().write(value)

    def less(self, a: Any, b: Any) -> Comparison:
        """a < b."""
        return Comparison(self, self.write(a), "<", self.write(b), ">=")

    def less_equal(self, a: Any, b: Any) -> Comparison:
        """a <= b."""
        return Comparison(self, self.write(a), "<=", self.write(b), ">")

    def where(self, condition: Any, a: Any, b: Any) -> Name:
        """a if the condition holds, else b; nan for nan."""
        a, b = self.write(a), self.write(b)
        if isinstance(condition, Comparison):
            return self.let(f"{a} if {condition.holds} else {b} if {condition.fails} else nan")
        condition = self.write(condition)
        return self.let(f"{b} if {condition} == 0.0 else {a} if {condition} == {condition} else nan")


# -- the loops --------------------------------------------------------------------------------------------------------


class Loops(NamedTuple):
    """The compiled passes of one set of operations, and the number of each in the loops."""

    forward: Callable[..., None]
    backward: Callable[..., None]


class Kind(NamedTuple):
    """An operation with a number of arguments, and its parameters."""

    operation: Operation
    arity: int
    parameters: Parameters


def loops(graph: Graph) -> tuple[Loops, Sequence[int]] | None:
    """The compiled passes for `graph` and the code of every node, -1 for a leaf.

    None where an operation has more arguments than the loops can hold, or calls a function of SymPy's library.
    """
    shapes, codes = graph.derived(_shapes)
    if any(arity > len(OPERANDS) for _, arity, _ in shapes):
        return None
    compiled = _compiled(tuple(Kind(OPERATIONS[name], arity, parameters) for name, arity, parameters in shapes))
    return None if compiled is None else (compiled, codes)


Shape = tuple[str, int, Parameters]
"""The name of an operation, how many arguments it has, and its parameters."""


def _shapes(graph: Graph) -> tuple[Sequence[Shape], Sequence[int]]:
    """The different operations of a graph, the most frequent first, and which of them every node is."""
    columns = zip(graph.operations, graph.arguments, strict=True)
    shapes = [(name, len(arguments), NO_PARAMETERS) for name, arguments in columns]
    for index, parameters in graph.parameters.items():
        shapes[index] = (*shapes[index][:2], parameters)
    counts = Counter(shapes)
    found = sorted((shape for shape in counts if shape[1]), key=lambda shape: (-counts[shape], repr(shape)))
    codes = dict.fromkeys(counts, -1) | {shape: code for code, shape in enumerate(found)}
    return found, [codes[shape] for shape in shapes]


@lru_cache(maxsize=64)
def _compiled(kinds: tuple[Kind, ...]) -> Loops | None:
    """The loops for these operations; None where one cannot be written as source."""
    try:
        source = _forward_source(kinds) + _backward_source(kinds)
    except UsageError:  # an operation that the language lacks
        return None
    _check(source)
    names: dict[str, Any] = {
        "nan": math.nan, "inf": math.inf, "divide": Floats.divide, "power": Floats.power, "equal": Floats.equal,
        "safe_exp": Floats.exp, "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "tan": math.tan,
        "tanh": math.tanh, "sqrt": math.sqrt, "fabs": math.fabs, "range": range, "zip": zip, "next": next,
        "__builtins__": {}, "sinc_slope": floats.sinc_slope,
        **{name: getattr(Floats, name) for name in CALLED if name != "sinc_slope"},
    }  # fmt: skip
    exec(source, names)  # noqa: S102  (our own identifiers only, see _check)
    return Loops(names["forward"], names["backward"])


def _check(source: str) -> None:
    """Refuse source with anything but our own words, local variables and numbers."""
    if not _CHARACTERS.fullmatch(source):
        raise AssertionError("generated source holds a foreign character")
    for word in _WORDS.findall(source):
        if word not in _OWN and not re.fullmatch(rf"j?[{OPERANDS}y]|[td][0-9]*|e[0-9]*", word):
            raise AssertionError(f"generated source holds a foreign word: {word}")


def _tree(blocks: Sequence[list[str]], first: int, indent: str) -> list[str]:
    """A binary tree of comparisons on `code` with one block a leaf; the most frequent codes come first."""
    if len(blocks) == 1:
        return [indent + line for line in blocks[0]]
    half = 1 if len(blocks) == 2 else len(blocks) // 2
    return [
        f"{indent}if code < {first + half}:",
        *_tree(blocks[:half], first, indent + " "),
        f"{indent}else:",
        *_tree(blocks[half:], first + half, indent + " "),
    ]


def _operands(arity: int, used: str, places: str) -> list[str]:
    """Statements that fetch the value y and the operands a, b, … named in `used`, and their positions ja, jb, …"""
    letters = OPERANDS[:arity]
    words = set(_WORDS.findall(used))
    lines = [f"{', '.join('j' + letter for letter in letters)}{',' if arity == 1 else ''} = {places}"]
    lines += [f"{letter} = values[j{letter}]" for letter in letters if letter in words]
    return lines + (["y = values[index]"] if "y" in words else [])


def _lines(source: Source) -> list[str]:
    return [f"{name} = {expression}" for name, expression in source.taken()]


def _forward_source(kinds: Sequence[Kind]) -> str:
    blocks = []
    for operation, arity, parameters in kinds:
        source = Source()
        operands = [Name(source, x) for x in OPERANDS[:arity]]
        result = source.expression(operation.stable_value()(source, *operands, **parameters))
        body = [*_lines(source), f"append({result})"]
        blocks.append(_operands(arity, " ".join(body), "places") + body)
    lines = [
        "def forward(codes, arguments, values, leaves):",
        " append = values.append",
        " for code, places in zip(codes, arguments):",
        "  if code < 0:",
        "   append(next(leaves))",
        "   continue",
        *_tree(blocks, 0, "  "),
    ]
    return "\n".join(lines) + "\n"


def _backward_source(kinds: Sequence[Kind]) -> str:
    blocks = []
    for operation, arity, parameters in kinds:
        if operation.variadic or operation.branches:
            blocks.append(["choose(index, gradient)"])
            continue
        parts: list[str] = []
        for k, letter in reversed(list(enumerate(OPERANDS[:arity]))):
            source = Source()
            y, upstream, *operands = (Name(source, x) for x in ("y", "gradient", *OPERANDS[:arity]))
            fixed = (False,) * arity
            product = source.write(contribution(source, operation, parameters, k, fixed, y, operands, upstream))
            parts += [
                f"if depends[j{letter}]:",
                *(f" {line}" for line in _lines(source)),
                f" old = gradients[j{letter}]",
                f" gradients[j{letter}] = {product} if old is None else {product} + old",
            ]
        blocks.append(_operands(arity, " ".join(parts), "arguments[index]") + parts)
    lines = [
        "def backward(codes, arguments, values, gradients, depends, choose, top):",
        " for index in range(top, -1, -1):",
        "  gradient = gradients[index]",
        "  if gradient is None:",
        "   continue",
        "  code = codes[index]",
        "  if code < 0:",
        "   continue",
        *_tree(blocks, 0, "  "),
    ]
    return "\n".join(lines) + "\n"
