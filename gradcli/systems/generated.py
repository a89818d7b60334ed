"""Fast passes over floats for large graphs: Python source generated from the rule table, compiled once a process.

`Source` is one more number system: its numbers are local variables, its operations append statements. Reading a rule in
it writes the rule down with nothing called that need not be. The statements of every operation of a graph become the
branches of one loop.

This is the one module that may call `exec`. What it runs is made of its own identifiers and `repr` of floats only, and
`_check` refuses anything else. Results are those of the ordinary passes, bit for bit (tested).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from gradcli.graph import NO_PARAMETERS, Graph, Parameters
from gradcli.ops import NATIVE, OPERATIONS, Operation
from gradcli.systems.contribution import contribution
from gradcli.systems.system import System

OPERANDS = "abcdefgh"
"""Names of a node's operands in the source; nodes with more arguments take the ordinary way."""

LARGEST_EXPONENT = 709.0
"""exp does not overflow below this."""

_WORDS = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_WORDS_OF_LOOPS = """
    def forward backward values arguments gradients depends codes leaves choose code places index top gradient old local
    if else for in is not None continue range zip next append nan inf
    divide power equal safe_exp exp log sin cos tan tanh sqrt fabs
"""
CALLED = frozenset("atan atan2 asin acos floor round erf gamma sinc_slope".split()) | NATIVE  # noqa: SIM905
"""Functions that are called by name, as they stand in Floats."""

_OWN = frozenset(_WORDS_OF_LOOPS.split()) | CALLED
_CHARACTERS = re.compile(r"[\w\s()\[\]=<>+\-*/.,:]*")


class Variable:
    """A number of `Source`: the name of a local variable."""

    __slots__ = ("source", "text")

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.text = text

    def __add__(self, other: Any) -> Variable:
        return self.source.let(f"{self.text} + {self.source.write(other)}")

    def __radd__(self, other: Any) -> Variable:
        return self.source.let(f"{self.source.write(other)} + {self.text}")

    def __sub__(self, other: Any) -> Variable:
        return self.source.let(f"{self.text} - {self.source.write(other)}")

    def __rsub__(self, other: Any) -> Variable:
        return self.source.let(f"{self.source.write(other)} - {self.text}")

    def __mul__(self, other: Any) -> Variable:
        return self.source.let(f"{self.text} * {self.source.write(other)}")

    def __rmul__(self, other: Any) -> Variable:
        return self.source.let(f"{self.source.write(other)} * {self.text}")

    def __neg__(self) -> Variable:
        return self.source.let(f"-{self.text}")


class Test:
    """A comparison that has not been written yet: `where` asks it directly; used as a number it becomes 1, 0 or nan."""

    def __init__(self, source: Source, a: str, sign: str, b: str, otherwise: str) -> None:
        self.source = source
        self.holds = f"{a} {sign} {b}"
        self.fails = f"{a} {otherwise} {b}"

    def number(self) -> Variable:
        """The comparison as a number."""
        return self.source.let(f"1.0 if {self.holds} else 0.0 if {self.fails} else nan")

    def __mul__(self, other: Any) -> Variable:
        return self.number() * (other.number() if isinstance(other, Test) else other)

    def __rsub__(self, other: Any) -> Any:
        return other - self.number()

    def __radd__(self, other: Any) -> Any:
        return other + self.number()


class NotCompiledError(Exception):
    """A rule calls what cannot be written as source: the graph takes the ordinary way."""


class Source(System):
    """Writes statements; `let` names a result. The forms are those of Floats with their guards inlined."""

    name = "float"
    rounds = True

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.nan = Variable(self, "nan")

    def let(self, expression: str) -> Variable:
        """A new local variable for an expression."""
        name = f"t{len(self.lines)}"
        self.lines.append(f"{name} = {expression}")
        return Variable(self, name)

    def write(self, value: Any) -> str:
        """A number as source."""
        if isinstance(value, Test):
            return value.number().text
        if isinstance(value, Variable):
            return value.text
        text = repr(float(value))
        return f"({text})" if text.startswith("-") else text

    def literal(self, text: str) -> Variable:
        """A number of a rule's own: pi or e."""
        from gradcli.systems.floats import Floats

        return self.let(self.write(Floats().literal(text)))

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """One of the floats' own functions; another one of SymPy's library is not compiled."""
        from gradcli.systems.floats import LIBRARY

        if (name, k) not in LIBRARY:
            raise NotCompiledError(name)
        return self.call(LIBRARY[name, k].__name__, *arguments)

    def call(self, function: str, *arguments: Any) -> Variable:
        """A function called by name."""
        return self.let(f"{function}({', '.join(map(self.write, arguments))})")

    def __getattr__(self, name: str) -> Any:
        return partial(self.call, name) if name in CALLED else super().__getattr__(name)

    def divide(self, a: Any, b: Any) -> Variable:
        """a/b."""
        a, b = self.write(a), self.write(b)
        return self.let(f"{a} / {b} if {b} else divide({a}, {b})")

    def power(self, a: Any, b: Any) -> Variable:
        """a**b."""
        return self.let(f"power({self.write(a)}, {self.write(b)})")

    def less(self, a: Any, b: Any) -> Test:
        """a < b."""
        return Test(self, self.write(a), "<", self.write(b), ">=")

    def less_equal(self, a: Any, b: Any) -> Test:
        """a <= b."""
        return Test(self, self.write(a), "<=", self.write(b), ">")

    def equal(self, a: Any, b: Any) -> Variable:
        """a = b, as a number."""
        return self.let(f"equal({self.write(a)}, {self.write(b)})")

    def where(self, condition: Any, a: Any, b: Any) -> Variable:
        """a if the condition holds, else b; nan for nan."""
        a, b = self.write(a), self.write(b)
        if isinstance(condition, Test):
            return self.let(f"{a} if {condition.holds} else {b} if {condition.fails} else nan")
        condition = self.write(condition)
        return self.let(f"{b} if {condition} == 0.0 else {a} if {condition} == {condition} else nan")

    def exp(self, a: Any) -> Variable:
        """Exponential function."""
        a = self.write(a)
        return self.let(f"exp({a}) if {a} < {LARGEST_EXPONENT!r} else safe_exp({a})")

    def log(self, a: Any) -> Variable:
        """Natural logarithm."""
        a = self.write(a)
        return self.let(f"log({a}) if {a} > 0.0 else -inf if {a} == 0.0 else nan")

    def sqrt(self, a: Any) -> Variable:
        """Square root."""
        a = self.write(a)
        return self.let(f"sqrt({a}) if {a} >= 0.0 else nan")

    def abs(self, a: Any) -> Variable:
        """Absolute value."""
        return self.let(f"fabs({self.write(a)})")

    def tanh(self, a: Any) -> Variable:
        """Hyperbolic tangent."""
        return self.let(f"tanh({self.write(a)})")

    def sin(self, a: Any) -> Variable:
        """Sine."""
        return self._circular("sin", a)

    def cos(self, a: Any) -> Variable:
        """Cosine."""
        return self._circular("cos", a)

    def tan(self, a: Any) -> Variable:
        """Tangent."""
        return self._circular("tan", a)

    def _circular(self, function: str, a: Any) -> Variable:
        a = self.write(a)
        return self.let(f"{function}({a}) if -inf < {a} < inf else nan")


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
    from gradcli.systems import floats
    from gradcli.systems.floats import Floats

    try:
        source = _forward_source(kinds) + _backward_source(kinds)
    except NotCompiledError:
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


def _forward_source(kinds: Sequence[Kind]) -> str:
    blocks = []
    for operation, arity, parameters in kinds:
        source = Source()
        operands = [Variable(source, x) for x in OPERANDS[:arity]]
        result = source.write(operation.stable_value()(source, *operands, **parameters))
        body = [*source.lines, f"append({result})"]
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
            y, upstream, *operands = (Variable(source, x) for x in ("y", "gradient", *OPERANDS[:arity]))
            fixed = (False,) * arity
            passed = contribution(source, operation, parameters, k, fixed, y, operands, upstream)
            parts += [
                f"if depends[j{letter}]:",
                *(f" {line}" for line in source.lines),
                f" old = gradients[j{letter}]",
                f" gradients[j{letter}] = {passed.text} if old is None else {passed.text} + old",
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
