"""A formula as a Python module: its functions, written down from the rules of the table.

`Writer` is a number system whose numbers are names: reading a rule in it writes the rule's statements. The functions of
`Floats` that they call are copied from their source, so that there is one text of each.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from gradcli.errors import UsageError
from gradcli.graph import Graph
from gradcli.language import grammar
from gradcli.ops import OPERATIONS
from gradcli.printers import python
from gradcli.printers.expression import Line, Piece, apply, atom, leaf, statements, suited
from gradcli.printers.python import COPIED, LONGEST, MATH, SIGNS, constant
from gradcli.systems import floats
from gradcli.systems.floats import Floats
from gradcli.systems.system import System

# -- the functions it calls -------------------------------------------------------------------------------------------


class Written:
    """A number of `Writer`: a name or a literal in the text."""

    __slots__ = ("text", "writer")

    def __init__(self, writer: Writer, text: str) -> None:
        self.writer = writer
        self.text = text

    def __add__(self, other: Any) -> Written:
        return self.writer.let(f"{self.text} + {self.writer.write(other)}")

    def __radd__(self, other: Any) -> Written:
        return self.writer.let(f"{self.writer.write(other)} + {self.text}")

    def __sub__(self, other: Any) -> Written:
        return self.writer.let(f"{self.text} - {self.writer.write(other)}")

    def __rsub__(self, other: Any) -> Written:
        return self.writer.let(f"{self.writer.write(other)} - {self.text}")

    def __mul__(self, other: Any) -> Written:
        return self.writer.let(f"{self.text} * {self.writer.write(other)}")

    def __rmul__(self, other: Any) -> Written:
        return self.writer.let(f"{self.writer.write(other)} * {self.text}")

    def __neg__(self) -> Written:
        return self.writer.let(f"-{self.text}")


class Writer(System):
    """Reads a rule of the table and writes its statements down; notes the functions that they call.

    lines  the statements
    used   the functions, by the names of the table
    stem   how the names of local variables begin
    """

    name = "float"
    rounds = True

    def __init__(self, stem: str = "t") -> None:
        self.lines: list[str] = []
        self.used: set[str] = set()
        self.stem = stem
        self.nan = Written(self, "math.nan")
        self.count = 0

    def let(self, expression: str) -> Written:
        """A new local variable for an expression."""
        self.count += 1
        self.lines.append(f"{self.stem}{self.count} = {expression}")
        return Written(self, f"{self.stem}{self.count}")

    def write(self, value: Any) -> str:
        """A number as Python writes it."""
        if isinstance(value, Written):
            return value.text
        text = repr(float(value))
        return f"({text})" if text.startswith("-") else text

    def literal(self, text: str) -> Written:
        """A number of a rule's own."""
        return Written(self, constant(text)[0])

    def call(self, function: str, *arguments: Any) -> Written:
        """A function called by name."""
        self.used.add(function)
        return self.let(f"{MATH.get(function, function)}({', '.join(map(self.write, arguments))})")

    def library(self, name: str, k: int, *arguments: Any) -> Any:
        """One of the floats' own functions. Raises UsageError for one that only SymPy's library has."""
        own = floats.LIBRARY.get((name, k))
        if own is None:
            raise no_function(f"the derivative of {name}" if k else name)
        return self.call(own.__name__, *arguments)

    def __getattr__(self, name: str) -> Any:
        if name in MATH or name in COPIED or name in OPERATIONS:
            return partial(self.call, name)
        raise AttributeError(name)


def no_function(what: str) -> UsageError:
    """The error for what Python's `math` has not got."""
    return UsageError(f"Python's math has no function for {what}", hint="choose another dialect: --to sympy")


_CHOOSING: dict[str, tuple[tuple[str, ...], set[str]]] = {
    **{
        name: (
            ("for other in rest:", f"    first = where(less({order}), other, first)", "return first"),
            {"where", "less"},
        )
        for name, order in (("max", "first, other"), ("min", "other, first"))
    },
    "logsumexp": (
        (
            "largest = first",
            "for other in rest:",
            "    largest = where(less(largest, other), other, largest)",
            "others, taken = 0.0, 0.0",
            "for each in (first, *rest):",
            "    counted = equal(each, largest) * (1.0 - taken)",
            "    others = others + where(counted, 0.0, where(equal(each, largest), 1.0, exp(each - largest)))",
            "    taken = taken + counted",
            "return largest + log1p(others)",
        ),
        {"where", "less", "equal", "exp", "log1p"},
    ),
}
"""The functions of any number of arguments, with the helpers they call."""


def _helper(function: str) -> tuple[str, set[str]]:
    """The text of a function that the module needs, and the names of those it calls in turn."""
    if function in COPIED:
        text = textwrap.dedent(inspect.getsource(getattr(Floats, function))).removeprefix("@staticmethod\n")
        return _copied(text.replace(f"def {function}(", f"def {MATH.get(function, function)}(")), set()
    if function == floats.sinc_slope.__name__:
        series = floats._SINC_SERIES  # noqa: SLF001
        return f"_SINC_SERIES = {series!r}\n\n\n{_copied(inspect.getsource(floats.sinc_slope))}", set()
    if function not in OPERATIONS:
        raise no_function(function.removesuffix("()"))
    entry = OPERATIONS[function]
    if entry.variadic:
        lines, calls = _CHOOSING[function]
        return _function_text(function, "first, *rest", entry.doc, lines), calls
    writer = Writer()
    names = list("abcdefgh"[: entry.arity])
    result = writer.write(entry.stable_value()(writer, *(Written(writer, each) for each in names)))
    *body, last = writer.lines
    return _function_text(function, ", ".join(names), entry.doc, [*body, last.replace(f"{result} =", "return")]), (
        writer.used - {function}
    )


def _function_text(function: str, parameters: str, doc: str, body: Sequence[str]) -> str:
    text = "\n".join([f'"""{doc}"""', *body] if doc else body)
    return f"def {function}({parameters}):\n{textwrap.indent(text, '    ')}\n"


def _copied(source: str) -> str:
    """A function of Floats without its annotations."""
    return source.replace(": float", "").replace(" -> float", "")


def _helpers(used: set[str]) -> list[str]:
    """The texts of all functions that are called, directly or not, the called ones first."""
    texts: dict[str, str] = {}
    waiting = sorted(used - {name for name, other in MATH.items() if other.startswith("math.")}, reverse=True)
    while waiting:
        function = waiting.pop()
        if function not in texts:
            text, calls = _helper(function)
            texts[function] = text
            waiting += sorted(calls - {name for name, other in MATH.items() if other.startswith("math.")})
    return list(reversed(texts.values()))


# -- the module -------------------------------------------------------------------------------------------------------


def module(graph: Graph, gradient: Sequence[str] | None = None) -> str:
    """The module: the functions it needs, `f(x, y)`; with the names in `gradient` also `gradient(x, y)`.

    Raises UsageError for a function that needs more than Python's standard library.
    """
    named = suited(graph, python.DIALECT).name
    own = "f" if graph.is_leaf(graph.output) else named(graph.name(graph.output).split("@")[0])
    head = ", ".join(_parameters(graph, named))
    used = {graph.operations[i] for i in range(graph.output + 1) if not graph.is_leaf(i)} - SIGNS
    body = [f"{left} = {text}" if left else f"return {text}" for left, text in _value(graph)]
    parts = [_function_text(own, head, "", body)]
    if gradient is not None:
        backward = _Gradient(graph, gradient, named)
        doc = f"The derivatives of {own} with respect to {', '.join(map(named, gradient))}: the backward pass."
        parts.append(_function_text("gradient", head, doc if gradient else "", backward.body()))
        used |= backward.writer.used
    parts = [*_helpers(used), *parts]
    text = "\n\n".join(parts)
    constants = [line for line in ("inf = math.inf", "nan = math.nan", f"WHOLE = {floats.WHOLE!r}")
                 if re.search(rf"(?<![.\w]){line.partition(' ')[0]}\b", text)]  # fmt: skip
    start = "".join(f"{line}\n" for line in constants)
    imports = "import math\n\n" if "math." in text or constants else ""
    return (imports + (start + "\n\n" if start else "\n" if imports else "") + text).rstrip("\n")


def _parameters(graph: Graph, named: Callable[[str], str]) -> Iterator[str]:
    """The inputs; those with a value of their own come last, as Python wants it."""
    for each in sorted(graph.inputs, key=lambda each: each in graph.defaults):
        yield f"{named(each)}={constant(graph.defaults[each])[0]}" if each in graph.defaults else named(each)


def _value(graph: Graph) -> list[Line]:
    """The statements of the function; the last one, or the name it binds, is returned."""
    found = statements(graph, python.DIALECT, LONGEST)[len(graph.defaults) :]
    if found[-1][0]:
        found[-1] = ("", found[-1][1])
    return found


class _Gradient:
    """The backward pass over a graph, written down statement by statement (`gradcli.passes.backward`).

    A gradient that only one branch of a condition reaches is None until it is reached: nothing behind a closed branch
    is computed.
    """

    def __init__(self, graph: Graph, names: Sequence[str], named: Callable[[str], str]) -> None:
        self.graph = graph
        self.inputs = names
        taken: set[str] = set()
        self.names: list[str] = []
        for each in graph.names():
            wished = named(each)
            while wished in taken and each not in graph.inputs:
                wished += "_"
            self.names.append(wished)
            taken.add(wished)
        plain = not any(re.match("t[0-9]|d_", each) for each in taken)
        self.stem = "d_" if plain else "_d_"
        self.writer = Writer("t" if plain else "_t")
        self.sure: dict[int, bool] = {}

    def body(self) -> list[str]:
        """The statements."""
        graph, lines = self.graph, self.writer.lines
        depends = self.dependence()
        needed = self.needed()
        for i in range(graph.output + 1):
            if needed[i] and not graph.is_leaf(i):
                pieces = [self.operand(a) for a in graph.arguments[i]]
                lines.append(f"{self.names[i]} = {apply(graph.operations[i], pieces, python.DIALECT)[0]}")
        if depends[graph.output]:
            lines.append(f"{self.stem}{self.names[graph.output]} = 1.0")
            self.sure[graph.output] = True
        for i in range(graph.output, -1, -1):
            if i in self.sure and not graph.is_leaf(i):
                self.node(i, depends)
        results = []
        for each in self.inputs:
            index = graph.inputs[each]
            result = f"{self.stem}{self.names[index]}"
            if index in self.sure and not self.sure[index]:
                result = f"0.0 if {result} is None else {result}"
            results.append(result if index in self.sure else "0.0")
        lines.append(f"return {', '.join(results)}{',' if len(results) == 1 else ''}" if results else "return ()")
        return lines

    def dependence(self) -> list[bool]:
        """Per node, whether it depends on one of the inputs asked for."""
        graph = self.graph
        depends: list[bool] = []
        for i, arguments in enumerate(graph.arguments):
            own = not arguments and not graph.is_constant(i) and graph.texts[i] in self.inputs
            depends.append(own or any(depends[a] for a in arguments))
        return depends

    def needed(self) -> bytearray:
        """Per node, 1 if the output depends on it."""
        needed = bytearray(len(self.graph))
        needed[self.graph.output] = 1
        for i in range(self.graph.output, -1, -1):
            if needed[i]:
                for a in self.graph.arguments[i]:
                    needed[a] = 1
        return needed

    def operand(self, index: int) -> Piece:
        """A node as an operand: its name, or a number."""
        return leaf(self.graph, index, python.DIALECT) if self.graph.is_constant(index) else atom(self.names[index])

    def number(self, index: int) -> Written:
        """The same as a number of the writer."""
        text, level = self.operand(index)
        return Written(self.writer, text if level == grammar.ATOM else f"({text})")

    def node(self, index: int, depends: Sequence[bool]) -> None:
        """What node `index` passes on to its arguments, the last one first."""
        graph, writer = self.graph, self.writer
        arguments = graph.arguments[index]
        entry = OPERATIONS[graph.operations[index]]
        operands = [self.number(a) for a in arguments]
        fixed = tuple(not depends[a] for a in arguments)
        upstream = f"{self.stem}{self.names[index]}"
        outer = [] if self.sure[index] else [f"{upstream} is not None"]
        for k in reversed(range(len(arguments))):
            if fixed[k] or (entry.branches and k == 0):
                continue
            tests = list(outer)
            if entry.branches:
                condition = operands[0].text
                tests.append(f"{condition} != 0.0" if k == 1 else f"not {condition} > 0.0 and not {condition} < 0.0")
            place = len(writer.lines)
            rule = entry.stable_local(k)
            if isinstance(rule, int):
                product = {1: upstream, -1: f"-{upstream}"}.get(rule) or f"{upstream} * {writer.write(rule)}"
            else:
                which = (k, fixed) if entry.variadic else ()
                local = rule(writer, Written(writer, self.names[index]), *which, *operands)
                product = f"{upstream} * {writer.write(local)}"
            self.pass_on(arguments[k], product, tests, place)

    def pass_on(self, target: int, product: str, tests: list[str], place: int) -> None:
        """Add a contribution to a gradient; under `tests`, together with the statements since `place`."""
        lines = self.writer.lines
        gradient = f"{self.stem}{self.names[target]}"
        known = self.sure.get(target)
        if known is None:
            statement = f"{gradient} = {product}"
        elif known:
            statement = f"{gradient} = {product} + {gradient}"
        else:
            statement = f"{gradient} = {product} if {gradient} is None else {product} + {gradient}"
        lines.append(statement)
        if tests:
            lines[place:] = [f"if {' and '.join(tests)}:", *(f"    {line}" for line in lines[place:])]
            if known is None:
                lines.insert(place, f"{gradient} = None")
        self.sure[target] = bool(known) or not tests
