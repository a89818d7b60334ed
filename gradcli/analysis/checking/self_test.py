"""Does this installation compute right? Every operation, worked examples and random graphs against their oracles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple

from gradcli.analysis.checking import judge
from gradcli.analysis.checking.evidence import Evidence, Moved
from gradcli.analysis.checking.examples import EXAMPLES, Example
from gradcli.analysis.checking.points import Progress, relative_error, silent
from gradcli.analysis.checking.random_graphs import GRID, RandomGraph, random_graphs
from gradcli.analysis.checking.sentences import short
from gradcli.analysis.checking.slopes import slopes
from gradcli.analysis.checking.verdict import Verdict
from gradcli.errors import GradcliError
from gradcli.graph import Graph, GraphBuilder
from gradcli.language.parser import parse
from gradcli.ops import OPERATIONS, Operation
from gradcli.passes import Backward, backward, forward, tangents
from gradcli.printers import unicode
from gradcli.printers.expression import in_full
from gradcli.systems.exact import Exact

GRAPHS = 100
"""How many random graphs are tested."""

SEED = 0

PLACES = (0.25, 0.625)
"""Where in its sample intervals an operation is tested: at this part of the first, further on in the others."""

CLOSE = 1e-12
"""How closely floats must meet exact numbers where nothing cancels; `FORWARD` is for two sums of the same terms."""

FORWARD = 1e-9

Kind = Literal["operation", "example", "graph"]


class Item(NamedTuple):
    """One thing that was tested: what it is, the verdict, and what is wrong (empty when nothing is)."""

    kind: Kind
    name: str
    verdict: Verdict
    detail: str = ""


class SelfTest(NamedTuple):
    """Everything that was tested, in order."""

    items: Sequence[Item]

    def count(self, kind: Kind) -> int:
        """How many items there are of a kind."""
        return sum(each.kind == kind for each in self.items)

    @property
    def wrong(self) -> list[Item]:
        """The items that do not agree."""
        return [each for each in self.items if each.verdict != "agree"]

    @property
    def verdict(self) -> Verdict:
        """Whether all agree."""
        return "disagree" if self.wrong else "agree"


def self_test(
    operations: Mapping[str, Operation] | None = None, graphs: int | None = None, progress: Progress = silent
) -> SelfTest:
    """Test the operations (default: the whole table), the worked examples and random graphs (default: GRAPHS)."""
    graphs = GRAPHS if graphs is None else graphs
    entries = OPERATIONS if operations is None else operations
    exact = Exact(binary=True)
    work: list[tuple[Kind, str, Callable[[], Iterator[str]]]] = [
        ("operation", name, lambda entry=entry: operation_faults(entry, exact))  # type: ignore[misc]
        for name, entry in entries.items()
    ]
    work += [("example", each.formula, lambda each=each: example_faults(each)) for each in EXAMPLES]  # type: ignore[misc]
    work += [
        ("graph", f"graph {number}: {described(each)}", lambda each=each: graph_faults(each))  # type: ignore[misc]
        for number, each in enumerate(islice(random_graphs(SEED), graphs), start=1)
    ]
    items = []
    for done, (kind, name, faults) in enumerate(work, start=1):
        try:
            found = next(faults(), "")
        except (GradcliError, ArithmeticError, TypeError, ValueError) as error:
            found = f"{type(error).__name__}: {error}"
        items.append(Item(kind, name, "disagree" if found else "agree", found))
        progress(done)
    return SelfTest(items)


def operation_faults(entry: Operation, exact: Any) -> Iterator[str]:
    """Where its local derivatives, in floats, are not the slopes of its values, nor SymPy's derivative of them."""
    count = 3 if entry.variadic else entry.arity
    names = "abc"[:count]
    builder = GraphBuilder()
    graph = builder.finish(builder.add(entry.name, tuple(builder.input(name) for name in names)))
    wrt = [name for k, name in enumerate(names) if k not in entry.constant]
    for place in PLACES:
        point = {
            name: round((low + (high - low) * ((place + 0.3125 * k) % 0.875 + 0.0625)) * GRID) / GRID
            for k, (name, (low, high)) in enumerate(zip(names, (entry.sample * 2)[:count], strict=False))
        }
        back = backward(forward(graph, point), wrt)
        at = f"at {', '.join(f'{name} = {number:g}' for name, number in point.items())}"
        yield from (f"{at}: {fault}" for fault in slope_faults(back, wrt))
        for name in wrt:
            expected = exact_derivative(graph, point, name, exact)
            found = float(back.gradient(name))
            if not relative_error(found, expected) <= CLOSE:
                yield f"{at}: ∂{entry.name}/∂{name} is {found:.12g}, SymPy's derivative {expected:.12g}"


def exact_derivative(graph: Graph, point: Mapping[str, float], name: str, exact: Any) -> float:
    """SymPy's derivative of the value in exact numbers; a whole part is constant around the point."""
    sympy = exact.sympy
    symbol, here = sympy.Symbol(name, real=True), exact.number(point[name])
    value = exact.number(forward(graph, {**point, name: symbol}, exact).value)
    value = value.replace(sympy.floor, lambda part: sympy.floor(part.subs(symbol, here)))
    return float(value.diff(symbol).subs(symbol, here).evalf(30))


def slope_faults(back: Backward, wrt: Sequence[str]) -> Iterator[str]:
    """Where a gradient is not the slope of the values in many digits."""
    evidence = Evidence(back, wrt)
    for name in wrt:
        index = back.graph.inputs[name]
        x, gradient = float(back.forward.values[index]), float(back.gradient(name))
        hint = abs(gradient) if math.isfinite(gradient) and gradient else 1.0
        found = slopes(Moved(evidence, {index: 1}, x), hint)
        finding = judge.judge(evidence, index, found)
        if finding.verdict != "agree":
            yield f"gradient of {name} is {gradient:.12g}: {finding.explanation}"


def example_faults(example: Example) -> Iterator[str]:
    """Where the value or a gradient is not the known one."""
    back = backward(forward(parse(example.formula), example.point))
    numbers = [("value", float(back.forward.value), example.value)]
    numbers += [(f"gradient of {name}", float(back.gradient(name)), known) for name, known in example.gradients.items()]
    for what, found, known in numbers:
        if not relative_error(found, known) <= CLOSE:
            yield f"{what} is {found:.12g}, it should be {known:.12g}"


def graph_faults(drawn: RandomGraph) -> Iterator[str]:
    """Where reverse mode, forward mode and the slopes of the values differ."""
    graph, names = drawn.graph, list(drawn.graph.inputs)
    run = forward(graph, drawn.point)
    back = backward(run)
    at = f"at {', '.join(f'{name} = {number:g}' for name, number in drawn.point.items())}"
    for name in names:
        reverse, along = float(back.gradient(name)), float(tangents(run, {name: 1.0})[graph.output])
        size = sum(abs(edge.contribution) for edge in back.edges() if graph.name(edge.source) == name)
        if not abs(reverse - along) <= FORWARD * max(abs(reverse), abs(along), size):
            yield f"{at}: gradient of {name} is {short(reverse)}, forward mode says {short(along)}"
    yield from (f"{at}: {fault}" for fault in slope_faults(back, names))


def described(drawn: RandomGraph) -> str:
    """The formula of a random graph."""
    return in_full(drawn.graph, drawn.graph.output, unicode.DIALECT) or f"{len(drawn.graph)} nodes"
