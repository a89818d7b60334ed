"""The tables of a pass for people: nodes, edges in backward order, and what each gradient means."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

from gradcli.graph import Graph
from gradcli.passes import Edge
from gradcli.printers import unicode
from gradcli.printers.expression import in_full, one_level
from gradcli.report import Cell, Column, Items, Table, equation
from gradcli.report.passes.trace import Trace
from gradcli.report.words import say

MANY = 12
"""A sum of more contributions is not written out; the table of edges has them."""

LONGEST = 40
"""A longer formula of a local derivative is left to `gradcli ops` and JSON."""

NUDGE = 0.01
"""How far an input is raised in the sentence that says what a gradient means."""


def title(trace: Trace) -> str:
    """`f = (x + y)·y   at x = 2, y = 3`."""
    graph = trace.graph
    formula = in_full(graph, graph.output, unicode.DIALECT, most=200) or f"{len(trace.nodes):,} operations"
    name = graph.name(graph.output)
    head = formula if formula == name else f"{name} = {formula}"
    values = {name: trace.say(trace.run.values[i]) for name, i in graph.inputs.items()}
    point = ", ".join(f"{name} = {value}" for name, value in values.items() if value != name)
    return f"{head}   at {point}" if point else head


def order(graph: Graph) -> list[int]:
    """Inputs in order of first appearance, then operations in evaluation order."""
    return [*graph.inputs.values(), *(i for i in range(len(graph)) if not graph.is_leaf(i))]


def node_rows(trace: Trace) -> Iterator[list[Cell]]:
    """A row a node: name, computed as, value, local derivatives, gradient with its arithmetic."""
    graph = trace.graph
    uses = graph.uses()
    incoming: dict[int, list[Edge]] = {}
    for edge in trace.edges:
        incoming.setdefault(edge.source, []).append(edge)
    for index in order(graph):
        value = trace.run.values[index]
        row: list[Cell] = [graph.name(index), computed(trace, index), with_tidy(trace, value)]
        if trace.back:
            row += [locals_cell(trace, index, len(uses[index])), gradient_cell(trace, index, incoming.get(index, []))]
        yield row


def with_tidy(trace: Trace, value: Any) -> Cell:
    """A number, and its tidy form where it has one: `y + (x + y) = x + 2·y`."""
    text, tidy = trace.say(value), trace.spelling.tidy(value)
    return text if tidy is None else equation(text, tidy)


def computed(trace: Trace, index: int) -> Cell:
    """`input`, `constant`, or `x + y = 2 + 3`."""
    graph = trace.graph
    if graph.is_leaf(index):
        return "constant" if trace.back and trace.gradients[index] is None else "input"
    formula = one_level(graph, index, unicode.DIALECT)
    if index in trace.run.pins:
        return f"{formula}, pinned"
    return formula if trace.spelling.formulas else equation(formula, trace.substituted(index))


def locals_cell(trace: Trace, index: int, uses: int) -> Cell:
    """`∂f/∂v1 = 3, ∂f/∂y = 5`; for an input used more than once, that its contributions are added up."""
    graph, back = trace.graph, trace.back
    if back is None or trace.gradients[index] is None:
        return ""
    if graph.is_leaf(index):
        return f"used {'twice' if uses == 2 else f'{uses} times'}: add up" if uses > 1 else ""
    name = graph.name(index)
    items: dict[str, None] = {}
    for k, (argument, local) in enumerate(zip(graph.arguments[index], back.locals(index), strict=True)):
        if local is not None:
            text = trace.local_text(index, k, machine=False) if trace.spelling.formulas else trace.say(local)
            items[f"∂{name}/∂{graph.name(argument)} = {text}"] = None
    return Items(tuple(items))


def gradient_cell(trace: Trace, index: int, edges: list[Edge]) -> Cell:
    """`3·1 + 5 = 8`: the contributions in the order of the uses in the text, and their sum."""
    gradient = trace.gradients[index]
    if gradient is None:
        return "—"
    if index == trace.graph.output and trace.back:
        start = f"start {trace.say(trace.back.upstream)}"
        return start if not edges else f"{start}, {trace.say(gradient)}"
    total = trace.say(gradient)
    if trace.spelling.formulas:
        return with_tidy(trace, gradient)
    active = [edge for edge in edges if edge.active]
    if not active:
        return f"no path: {total}" if not edges else f"closed: {total}"
    if len(active) > MANY:
        return equation(f"sum of {len(active):,}", total)
    text = " + ".join(term_text(trace, edge) for edge in in_text(active))
    return total if text == total else equation(text.replace(" + -", " - "), total)


def in_text(edges: list[Edge]) -> list[Edge]:
    """Edges in the order of the uses in the text."""
    return sorted(edges, key=lambda edge: (edge.target, edge.argument))


def term_text(trace: Trace, edge: Edge) -> str:
    """One contribution: `3·1`; an upstream gradient of 1 that is the output's own is left out."""
    back = trace.back
    if back and edge.target == back.graph.output and back.upstream == 1:
        return trace.say(edge.local)
    return trace.product(edge.upstream, edge.local)


def starts_with_one(trace: Trace) -> bool:
    """Whether 1 arrives at the output: with another upstream gradient the gradients are not those of the output."""
    return trace.back is None or trace.say(trace.back.upstream) == "1"


def gradient_of(trace: Trace, name: str) -> str:
    """`∂f/∂x`, or `gradient of x` where another gradient than 1 arrives at the output."""
    return f"∂{trace.graph.name(trace.graph.output)}/∂{name}" if starts_with_one(trace) else f"gradient of {name}"


def edge_rows(trace: Trace) -> Iterator[list[Cell]]:
    """A row an edge in backward order: where the gradient goes, upstream × local = contribution."""
    graph = trace.graph
    width = max((len(graph.name(edge.source)) for edge in islice(trace.edges, 200)), default=0)
    for edge in trace.edges:
        source, target = graph.name(edge.source), graph.name(edge.target)
        text = trace.local_text(edge.target, edge.argument, machine=False)
        value = trace.say(edge.local)
        local, said = f"∂{target}/∂{source}", trace.say(edge.upstream)
        contribution: Cell = trace.say(edge.contribution)
        if trace.spelling.formulas:
            named = equation(local, text)
        else:
            plain = text == value or len(text) > LONGEST
            named = equation(local, value) if plain else equation(local, text, value)
            contribution = equation(trace.product(edge.upstream, edge.local), trace.say(edge.contribution))
        yield [
            f"{source:<{width}} ← {target}",
            equation(gradient_of(trace, target), said) if starts_with_one(trace) else said,
            named,
            contribution if edge.active else "closed",
        ]


def meaning_rows(trace: Trace) -> Iterator[list[Cell]]:
    """What each gradient means: `raise x by 0.01: f rises by about 0.03`, and which ways it came."""
    graph, back = trace.graph, trace.back
    if back is None:
        return
    output = graph.name(graph.output)
    incoming: dict[int, list[Edge]] = {}
    for edge in trace.edges:
        if edge.active:
            incoming.setdefault(edge.source, []).append(edge)
    ordinary = not trace.spelling.formulas and starts_with_one(trace)
    smooth = not any(note.kind == "corner" for note in trace.notes)
    for name, index in graph.inputs.items():
        gradient = trace.gradients[index]
        if gradient is None:
            continue
        head = f"{gradient_of(trace, name)} = {both_forms(trace, gradient)}"
        sentence = meaning(trace, name, output, trace.system.to_float(gradient)) if ordinary and smooth else ""
        ways = incoming.get(index, [])
        ways_told = ways_text(trace, ways) if len(ways) > 1 and not trace.spelling.formulas else ""
        yield [head, beside(trace, trace.true_gradient(index)), sentence, ways_told]


def both_forms(trace: Trace, value: Any) -> str:
    """A number, and what it is tidied (`y + (x + y) = x + 2·y`) or as a decimal (`3/8 ≈ 0.375`)."""
    text, tidy, decimal = trace.say(value), trace.spelling.tidy(value), trace.spelling.decimal(value)
    if tidy is not None:
        return f"{text} = {tidy}"
    return text if decimal is None or decimal == text else f"{text} ≈ {decimal}"


def beside(trace: Trace, true: float | None) -> str:
    """The true result beside one that was rounded or pinned."""
    return "" if true is None else f"true: {say(true, trace.style)}"


def meaning(trace: Trace, name: str, output: str, gradient: float) -> str:
    """What happens to the output when one input is raised a little."""
    if not math.isfinite(gradient) or name == output:
        return ""
    change = gradient * NUDGE
    if change == 0:
        return f"raise {name} a little: {output} hardly changes"
    verb = "rises" if change > 0 else "falls"
    return f"raise {name} by {NUDGE}: {output} {verb} by about {say(float(f'{abs(change):.3g}'), trace.style)}"


def ways_text(trace: Trace, edges: list[Edge]) -> str:
    """`(3 through v1, 5 directly)`."""
    graph = trace.graph
    if len(edges) > 4:
        return f"({len(edges)} contributions)"
    parts = []
    for edge in in_text(edges):
        way = "directly" if edge.target == graph.output else f"through {graph.name(edge.target)}"
        parts.append(f"{trace.say(edge.contribution)} {way}")
    return f"({', '.join(parts)})"


def screen(trace: Trace, most: int) -> list[Table]:
    """The tables for people, the first `most` rows of each."""
    output = trace.graph.name(trace.graph.output)
    wraps = trace.spelling.long
    columns = [
        Column("node", "node"),
        Column("computed", "computed as", keep=6),
        Column("value", "value ↓", "right", colour="green", wrap=wraps),
    ]
    tables: list[Table] = []
    if trace.back:
        gradient = f"gradient ∂{output}/∂node ↑" if starts_with_one(trace) else "gradient ↑"
        columns += [
            Column("locals", "local derivatives", keep=3),
            Column(
                "gradient", gradient, "left" if trace.spelling.formulas else "right", keep=8, colour="red", wrap=wraps
            ),
        ]
    total = len(trace.graph.inputs) + len(trace.nodes)
    tables.append(Table("nodes", columns, list(islice(node_rows(trace), most)), total=total))
    if trace.edges:
        tables.append(
            Table(
                "edges",
                [
                    Column("edge", "gradient goes"),
                    Column("upstream", "upstream", keep=4),
                    Column("local", "× local derivative", keep=6),
                    Column("contribution", "= contribution", keep=7, colour="red", wrap=wraps),
                ],
                list(islice(edge_rows(trace), most)),
                total=len(trace.edges),
            )
        )
    meanings = list(islice(meaning_rows(trace), most))
    if trace.true_run is not None:
        true = beside(trace, trace.true_value(trace.graph.output))
        meanings.insert(0, [f"{output} = {trace.say(trace.run.value)}", true, "", ""])
    if meanings:
        heads = [
            Column("gradient", "", wrap=wraps),
            Column("true", ""),
            Column("meaning", "", keep=5),
            Column("ways", "", keep=4),
        ]
        shown = [i for i in range(len(heads)) if i != 1 or trace.true_run is not None]
        rows = [[row[i] for i in shown] for row in meanings]
        tables.append(Table("inputs", [heads[i] for i in shown], rows, ruled=False))
    shortened = trace.spelling.shortened()
    if shortened:
        tables.append(Table("shortened", [Column("sentence", "", wrap=True)], [[shortened]], ruled=False))
    return tables
