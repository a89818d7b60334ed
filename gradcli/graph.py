"""The computational graph: a flat list of what was typed, in evaluation order (a Wengert list).

Kept as columns, one entry a node: the operation's name, the positions of its arguments, its static parameters where it
has some, its place in the text. The order of the list is a topological order, so every pass is one loop and nothing
recurses. `Node` is a view made on demand. Results (values, gradients) stand beside the graph, never in it.

Source of the form: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, section 2.2 (evaluation
traces).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from gradcli.errors import Span

INPUT = "input"
CONSTANT = "constant"
LEAVES = frozenset({INPUT, CONSTANT})


class Parameters(Mapping[str, Any]):
    """Static parameters of a node (axis, index, shape …) by name: immutable, and hashable as their values are."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = dict(sorted((values or {}).items()))

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"Parameters({self._values!r})"


NO_PARAMETERS = Parameters()
"""Those of most nodes."""


class Call(NamedTuple):
    """What a node does with its arguments: its operation, with parameters."""

    operation: str
    parameters: Parameters = NO_PARAMETERS


class Node(NamedTuple):
    """One node, as a record made on demand."""

    position: int
    name: str
    operation: str
    arguments: tuple[int, ...]
    span: Span
    parameters: Parameters = NO_PARAMETERS


Result = TypeVar("Result")


class Remark(NamedTuple):
    """Something the reader of a text decided or noticed: kind reading or unused, the name it is about, a sentence."""

    kind: str
    name: str | None
    message: str


class Claim(NamedTuple):
    """What a page says about a value: `≈ 0.75` behind a formula.

    span     where it stands in the text
    node     the node of the claim, among those of `Claims.graph`
    about    the node that it says something about
    numeric  whether it is made of numbers only, and so rounded as they are
    """

    span: Span
    node: int
    about: int
    numeric: bool


class Claims(NamedTuple):
    """The claims of a text, and its graph with their nodes behind the others."""

    graph: Graph
    claims: tuple[Claim, ...]


class Graph:
    """An immutable graph; `GraphBuilder` makes it.

    operations  the operation's name per node, or "input" or "constant"
    arguments   the positions of the arguments per node, in the order of the operation
    parameters  the static parameters (axis, index, shape …) of the nodes that have some, by position
    texts       what a leaf stands for: the variable's name, or the constant as typed ("0.1", "pi")
    bindings    the names given in the text (`a = …`), by position
    inputs      the position of every variable, by name, in order of first appearance
    defaults    the values, as typed, that variables have of their own, by name
    output      the position of the output
    source      the text it was read from; spans count its code points
    remarks     choices made in reading the text
    constants   inputs that the text says take no gradient
    claims      what the text says about its values besides, to be compared with them; None where it says nothing
    """

    __slots__ = (
        "_derived",
        "_ends",
        "_names",
        "_starts",
        "arguments",
        "bindings",
        "claims",
        "constants",
        "defaults",
        "inputs",
        "operations",
        "output",
        "parameters",
        "remarks",
        "source",
        "texts",
    )

    def __init__(
        self,
        *,
        operations: Sequence[str],
        arguments: Sequence[tuple[int, ...]],
        texts: Mapping[int, str],
        bindings: Mapping[int, str],
        inputs: Mapping[str, int],
        defaults: Mapping[str, str],
        output: int,
        source: str = "",
        remarks: Sequence[Remark] = (),
        parameters: Mapping[int, Parameters] | None = None,
        constants: Collection[str] = (),
        starts: array[int] | None = None,
        ends: array[int] | None = None,
    ) -> None:
        self.operations = tuple(operations)
        self.arguments = tuple(arguments)
        self.parameters = dict(parameters or {})
        self.texts = dict(texts)
        self.bindings = dict(bindings)
        self.inputs = dict(inputs)
        self.defaults = dict(defaults)
        self.output = output
        self.source = source
        self.remarks = tuple(remarks)
        self.constants = frozenset(constants)
        self.claims: Claims | None = None
        self._starts = starts or array("q")
        self._ends = ends or array("q")
        self._names: list[str] | None = None
        self._derived: dict[Callable[[Graph], Any], Any] = {}

    def __len__(self) -> int:
        return len(self.operations)

    def __eq__(self, other: object) -> bool:
        """Equal when the same operations act on the same arguments under the same names; spans do not count."""
        if not isinstance(other, Graph):
            return NotImplemented
        return (
            self.operations == other.operations
            and self.arguments == other.arguments
            and self.parameters == other.parameters
            and self.texts == other.texts
            and self.output == other.output
            and self.names() == other.names()
            and self.defaults == other.defaults
        )

    def __hash__(self) -> int:
        return hash((self.operations, self.arguments, self.output, frozenset(self.parameters.items())))

    def __repr__(self) -> str:
        return f"<Graph of {len(self)} nodes, inputs {', '.join(self.inputs) or 'none'}>"

    def span(self, index: int) -> Span:
        """Where node `index` stands in `source`; (0, 0) for a graph that was not read from a text."""
        return (self._starts[index], self._ends[index]) if self._starts else (0, 0)

    def call(self, index: int) -> Call:
        """The operation of node `index` with its parameters."""
        return Call(self.operations[index], self.parameters.get(index, NO_PARAMETERS))

    def derived(self, compute: Callable[[Graph], Result]) -> Result:
        """What `compute` makes of this graph, computed at the first asking and kept.

        `compute` must be a function of the graph alone, at the top of its module. Threads that ask at the same time may
        compute it twice; all of them get the same finished result.
        """
        found: Result | None = self._derived.get(compute)
        if found is None:
            kept: Result = self._derived.setdefault(compute, compute(self))
            return kept
        return found

    def name(self, index: int) -> str:
        """The unique name of a node: the one given, else v1, v2, …; f for an unnamed output; a constant's own text."""
        return self.names()[index]

    def names(self) -> list[str]:
        """The names of all nodes, by position."""
        names = self._names
        if names is None:
            names = self._names = self._make_names()
        return names

    def _make_names(self) -> list[str]:
        taken = {*self.inputs, *self.bindings.values()}
        names: list[str] = []
        count = 0
        for index, operation in enumerate(self.operations):
            if operation in (INPUT, CONSTANT):
                names.append(self.texts[index])
            elif index in self.bindings:
                names.append(self.bindings[index])
            elif index == self.output:
                names.append(_unnamed_output(taken))
            else:
                count += 1
                while f"v{count}" in taken:
                    count += 1
                names.append(f"v{count}")
        return names

    def output_name(self) -> str:
        """What the output is called in a row of its own: its name, or f where it is only a variable or a number."""
        if not self.is_leaf(self.output):
            return self.name(self.output)
        return _unnamed_output({*self.inputs, *self.bindings.values()})

    def node(self, index: int) -> Node:
        """The node at position `index`."""
        operation, parameters = self.call(index)
        return Node(index, self.name(index), operation, self.arguments[index], self.span(index), parameters)

    def nodes(self) -> Iterator[Node]:
        """The operations, in evaluation order; leaves (inputs and constants) are left out."""
        return (self.node(i) for i, arguments in enumerate(self.arguments) if arguments)

    def is_leaf(self, index: int) -> bool:
        """Whether node `index` is an input or a constant."""
        return not self.arguments[index]

    def is_constant(self, index: int) -> bool:
        """Whether node `index` is a number written in the text."""
        return self.operations[index] == CONSTANT

    def behind(self, nodes: Iterable[int], through: Callable[[int], Iterable[int]] | None = None) -> set[int]:
        """The nodes that some nodes depend on, and themselves.

        `through` gives the arguments of a node to go on to, where not all of them count.
        """
        return _behind(nodes, through or self.arguments.__getitem__)

    def depending_on(self, nodes: Iterable[int], through: Collection[int] | None = None) -> list[bool]:
        """Per node, whether it depends on one of some nodes, or is one; with `through`, by way of these nodes only."""
        starts = set(nodes)
        first = min(starts, default=len(self.operations))
        depends = [False] * first
        append = depends.append
        for index in range(first, len(self.operations)):
            arguments = self.arguments[index]
            if index in starts:
                append(True)
            elif through is not None and index not in through:
                append(False)
            elif len(arguments) == 2:
                a, b = arguments
                append(depends[a] or depends[b])
            elif len(arguments) == 1:
                append(depends[arguments[0]])
            else:
                append(any(depends[a] for a in arguments))
        return depends

    def uses(self) -> list[list[tuple[int, int]]]:
        """Per node, the (node, argument) pairs that use it, in evaluation order."""
        uses: list[list[tuple[int, int]]] = [[] for _ in self.operations]
        for index, arguments in enumerate(self.arguments):
            for k, argument in enumerate(arguments):
                uses[argument].append((index, k))
        return uses


def _behind(nodes: Iterable[int], through: Callable[[int], Iterable[int]]) -> set[int]:
    found: set[int] = set()
    stack = [*nodes]
    while stack:
        index = stack.pop()
        if index not in found:
            found.add(index)
            stack += through(index)
    return found


def _unnamed_output(taken: Collection[str]) -> str:
    candidates = ("f", "L", "out", *(f"out{i}" for i in range(1, len(taken) + 2)))
    return next(name for name in candidates if name not in taken)


class GraphBuilder:
    """Appends nodes; `finish` freezes them into a `Graph`."""

    def __init__(self, source: str = "") -> None:
        self.source = source
        self.operations: list[str] = []
        self.arguments: list[tuple[int, ...]] = []
        self.parameters: dict[int, Parameters] = {}
        self.texts: dict[int, str] = {}
        self.inputs: dict[str, int] = {}
        self.defaults: dict[str, str] = {}
        self.remarks: list[Remark] = []
        self.constants: set[str] = set()
        self._bound: list[tuple[str, int]] = []
        self._starts = array("q")
        self._ends = array("q")

    def __len__(self) -> int:
        return len(self.operations)

    def _append(self, operation: str, arguments: tuple[int, ...], span: Span) -> int:
        self.operations.append(operation)
        self.arguments.append(arguments)
        self._starts.append(span[0])
        self._ends.append(span[1])
        return len(self.operations) - 1

    def input(self, name: str, span: Span = (0, 0)) -> int:
        """The node of a variable: one node however often it is used."""
        if name not in self.inputs:
            self.inputs[name] = self._append(INPUT, (), span)
            self.texts[self.inputs[name]] = name
        return self.inputs[name]

    def constant(self, text: str, span: Span = (0, 0)) -> int:
        """A new leaf for a number as written."""
        index = self._append(CONSTANT, (), span)
        self.texts[index] = text
        return index

    def add(
        self,
        operation: str,
        arguments: tuple[int, ...],
        span: Span = (0, 0),
        parameters: Mapping[str, Any] = NO_PARAMETERS,
    ) -> int:
        """A new node; `arguments` are positions of earlier nodes, `parameters` hashable values by name."""
        index = self._append(operation, arguments, span)
        if parameters:
            self.parameters[index] = Parameters(parameters)
        return index

    def call(self, index: int) -> Call:
        """The operation of node `index` with its parameters."""
        return Call(self.operations[index], self.parameters.get(index, NO_PARAMETERS))

    def span(self, index: int) -> Span:
        """Where node `index` stands in the source."""
        return self._starts[index], self._ends[index]

    def behind(self, nodes: Iterable[int]) -> set[int]:
        """The nodes that some nodes depend on, and themselves."""
        return _behind(nodes, self.arguments.__getitem__)

    def bind(self, name: str, index: int) -> None:
        """Give node `index` a name. A node that has one keeps it; a name given again moves on (`a@1`, …, `a`)."""
        self._bound.append((name, index))

    def _bindings(self) -> dict[int, str]:
        last: dict[str, int] = {}
        nodes: dict[str, list[int]] = {}
        named: set[int] = set()
        for name, index in self._bound:
            if self.arguments[index] and index not in named:
                named.add(index)
                nodes.setdefault(name, []).append(index)
                last[name] = index
        return {
            index: name if index == last[name] and name not in self.inputs else f"{name}@{count}"
            for name, indices in nodes.items()
            for count, index in enumerate(indices, start=1)
        }

    def finish(self, output: int) -> Graph:
        """The graph whose output is node `output`."""
        return Graph(
            operations=self.operations,
            arguments=self.arguments,
            texts=self.texts,
            bindings=self._bindings(),
            inputs=self.inputs,
            defaults=self.defaults,
            output=output,
            parameters=self.parameters,
            source=self.source,
            remarks=self.remarks,
            constants=self.constants & self.inputs.keys(),
            starts=self._starts,
            ends=self._ends,
        )
