"""The chain rule written out at once, as a nested sum over paths, and what that costs against the graph."""

from __future__ import annotations

from collections.abc import Iterator

from gradcli.analysis.paths import Paths
from gradcli.passes import Edge
from gradcli.report.blocks import Block, Equations, Sentence
from gradcli.report.counts import IN_FULL, count_text
from gradcli.report.explain.material import Material
from gradcli.report.formulas import Formula, Part, Writer
from gradcli.report.plain_text import plural

FACTORS = 24
"""Local derivatives in a nested sum that is written out."""


def expansion(material: Material) -> Iterator[Block]:
    """The nested sum of every input, with the numbers; or only the count where it would be too long."""
    write, graph = material.write, material.graph
    start = material.start
    back = material.back
    if back is None or material.trace.gradients[start] is None or graph.is_leaf(start):
        yield Sentence(["There is no path."])
        return
    found = Paths(back, material.trace.edges, start)
    asked = [i for i in material.inputs if i in material.incoming]
    sizes = {i: _size(material, i) for i in asked}
    short = [i for i in asked if 0 < sizes[i] <= FACTORS][: material.wishes.most]
    if short:
        yield Sentence(["The chain rule at once: multiply along every path, add the paths up."])
        yield Equations([_row(material, i) for i in short])
    if len(short) < len(asked):
        rest = [i for i in asked if i not in short]
        yield Sentence(["The nested ", "sums for " if len(rest) > 1 else "sum for ", *material.names(rest),
                        " would be too long to write out."])  # fmt: skip
    paths, one = count_text(found.count), found.count == 1
    from_start: list[Part] = [" from ", write.just(start), " to the inputs. "]
    count = "There is 1 path" if one else f"There are {paths} paths"
    alone = "It costs" if one else "One by one they cost"
    cost = f"{alone} {_times(found.multiplications)}; the graph costs {_times(found.edges)}: "
    yield Sentence([count, *from_start, cost, "backpropagation multiplies once per edge, not once per path."])


def _times(count: int) -> str:
    return (
        plural(count, "multiplication", "multiplications")
        if count < IN_FULL
        else f"{count_text(count)} multiplications"
    )


def _edges(material: Material) -> dict[int, list[Edge]]:
    """The active edges by the node they go back from."""
    return {
        target: [edge for edge in edges if edge.active] for target, edges in material.outgoing.items()
    }  # fmt: skip


def _size(material: Material, goal: int) -> int:
    """How many local derivatives the nested sum for one input holds, by one loop; 0 where there is no path."""
    edges = _edges(material)
    size: dict[int, int] = {goal: 0}
    for index in material.nodes:
        terms = [1 + size[edge.source] for edge in edges.get(index, []) if edge.source in size]
        if terms:
            size[index] = sum(terms)
    return size.get(material.start, 0)


Terms = list[list[Writer]]
"""A sum of products."""


def _row(material: Material, goal: int) -> Formula:
    """`∂f/∂y = ∂f/∂v1·∂v1/∂y + v1 = 3·1 + 5 = 8`."""
    write, start = material.write, material.start
    edges = _edges(material)
    symbols: dict[int, Terms] = {goal: [[]]}
    numbers: dict[int, Terms] = {goal: [[]]}
    for index in material.nodes:
        onward = [edge for edge in edges.get(index, []) if edge.source in symbols]
        if onward:
            symbols[index] = [[write.local_symbol(e), *_factors(material, symbols[e.source])] for e in onward]
            numbers[index] = [[write.number(e.local), *_factors(material, numbers[e.source])] for e in onward]
    symbol, number = symbols[start], numbers[start]
    gradient, whole = material.trace.gradients[goal], start == material.graph.output
    if not (material.plain_start and whole):
        symbol = [[write.derivative(start), *_factors(material, symbol)]]
        number = [[write.number(material.trace.gradients[start]), *_factors(material, number)]]
    sides: list[Writer | tuple[str, Writer]] = [_sum(material, symbol)]
    if not material.formulas:
        sides.append(_sum(material, number))
    if whole and write.is_written(gradient):
        sides.append(write.result(gradient))
    comment = "" if whole or len(material.incoming[goal]) == 1 else "only the paths through this node"
    return material.distinct(write.derivative(goal), *sides, comment=comment)


def _factors(material: Material, terms: Terms) -> list[Writer]:
    """What stands behind a local derivative: the factors of one product, or one sum."""
    return terms[0] if len(terms) == 1 else [_sum(material, terms)]


def _sum(material: Material, terms: Terms) -> Writer:
    """The products added up."""
    return material.write.total([material.write.product(*factors) for factors in terms])
