"""The backward pass over a graph, written down statement by statement, in any language of statements.

It is the pass of `gradcli.passes`: the same order, the same sums; what a use of a node passes on says `contribution`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gradcli import grammar
from gradcli.graph import Graph
from gradcli.ops import OPERATIONS
from gradcli.printers.expression import Piece, apply, atom, bracketed, leaf
from gradcli.programs.language import Language
from gradcli.programs.writer import Name, Writer
from gradcli.systems.contribution import contribution


class BackwardPass:
    """The statements that compute every value, and from them the gradients of some inputs.

    A gradient that only one branch of a condition reaches is nothing until it is reached: what is behind a closed
    branch is not computed.

    writer  what the statements were written with; it knows which functions they call
    """

    def __init__(self, graph: Graph, inputs: Sequence[str], language: Language, named: Callable[[str], str]) -> None:
        if language.statements is None:
            raise AssertionError("a language of expressions has no statements")
        self.graph = graph
        self.inputs = inputs
        self.dialect = language.dialect
        self.written = language.statements
        self.names = _names(graph, named)
        plain = not any(re.match("t[0-9]|d_", each) for each in self.names)
        self.stem = "d_" if plain else "_d_"
        self.writer = Writer(language, "t" if plain else "_t")
        self.sure: dict[int, bool] = {}
        self.found: list[str] = []

    def lines(self) -> Sequence[str]:
        """The lines of the function."""
        graph, written, dialect = self.graph, self.written, self.dialect
        needed = graph.behind([graph.output])
        for i in range(graph.output + 1):
            if i in needed and not graph.is_leaf(i):
                pieces = [self.operand(a) for a in graph.arguments[i]]
                self.found.append(written.assign(self.names[i], apply(graph.call(i), pieces, dialect)[0]))
        depends = graph.depending_on([graph.inputs[each] for each in self.inputs])
        if depends[graph.output]:
            self.found.append(written.assign(self.gradient(graph.output), self.writer.language.number(1)))
            self.sure[graph.output] = True
        for i in range(graph.output, -1, -1):
            if i in self.sure and not graph.is_leaf(i):
                self.node(i, depends)
        return [*self.found, written.results([self.total(graph.inputs[each]) for each in self.inputs])]

    def total(self, index: int) -> str:
        """The gradient of an input, 0 where none has arrived."""
        zero, name = self.writer.language.number(0), self.gradient(index)
        if index not in self.sure:
            return zero
        return name if self.sure[index] else self.written.either(self.written.is_nothing(name), zero, name)

    def gradient(self, index: int) -> str:
        """The name of the gradient of a node."""
        return f"{self.stem}{self.names[index]}"

    def operand(self, index: int) -> Piece:
        """A node as an operand: its name, or a number."""
        return leaf(self.graph, index, self.dialect) if self.graph.is_constant(index) else atom(self.names[index])

    def factor(self, index: int) -> str:
        """A node as an operand of a rule; a 0 with its sign, which a whole number has not."""
        if self.graph.is_constant(index) and self.graph.texts[index].strip("0.") == "":
            return self.writer.language.number(0)
        return bracketed(self.operand(index), grammar.ATOM)

    def node(self, index: int, depends: Sequence[bool]) -> None:
        """What node `index` passes on to its arguments, the last one first."""
        graph, writer, written = self.graph, self.writer, self.written
        arguments = graph.arguments[index]
        operation, parameters = graph.call(index)
        entry = OPERATIONS[operation]
        operands = [Name(writer, self.factor(a)) for a in arguments]
        fixed = tuple(not depends[a] for a in arguments)
        y, upstream = Name(writer, self.names[index]), Name(writer, self.gradient(index))
        for k in reversed(range(len(arguments))):
            if fixed[k] or (entry.branches and k == 0):
                continue
            tests = [] if self.sure[index] else [written.is_something(upstream.text)]
            if entry.branches:
                tests.append((written.holds if k == 1 else written.fails)(operands[0].text))
            passed = contribution(writer, entry, parameters, k, fixed, y, operands, upstream)
            self.pass_on(arguments[k], writer.expression(passed), tests)

    def pass_on(self, target: int, product: str, tests: Sequence[str]) -> None:
        """Add a contribution to a gradient; under `tests`, together with the statements that it rests on."""
        written, gradient, known = self.written, self.gradient(target), self.sure.get(target)
        if known is not None:
            added = f"{product} + {gradient}"
            product = added if known else written.either(written.is_nothing(gradient), product, added)
        lines = [written.assign(name, text) for name, text in self.writer.taken()]
        lines.append(written.assign(gradient, product))
        if tests:
            if known is None:
                self.found.append(written.assign(gradient, written.nothing))
            lines = [*written.under(tests, lines)]
        self.found += lines
        self.sure[target] = bool(known) or not tests


def _names(graph: Graph, named: Callable[[str], str]) -> list[str]:
    """The name of every node there; two that would be written alike are told apart."""
    taken: set[str] = set()
    names: list[str] = []
    for each in graph.names():
        wished = named(each)
        while wished in taken and each not in graph.inputs:
            wished += "_"
        names.append(wished)
        taken.add(wished)
    return names
