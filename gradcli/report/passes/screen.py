"""The tables of a pass for people: nodes, edges in backward order, and what each gradient means."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

from gradcli.passes import Edge
from gradcli.printers import unicode
from gradcli.report import Cell, Column, Items, Table
from gradcli.report.formulas import FROM, Formula, Part, formula, number, phrase, words
from gradcli.report.passes.sentences import MANY, NUDGE, beside, in_text, order
from gradcli.report.passes.trace import Trace
from gradcli.report.passes.writers import LONGEST
from gradcli.report.plain_text import say


def node_rows(trace: Trace) -> Iterator[list[Cell]]:
    """A row a node: name, computed as, value, local derivatives, gradient with its arithmetic."""
    graph = trace.graph
    uses = graph.uses()
    incoming: dict[int, list[Edge]] = {}
    for edge in trace.edges:
        incoming.setdefault(edge.source, []).append(edge)
    for index in order(graph):
        value = trace.run.values[index]
        row: list[Cell] = [trace.write.just(index), computed(trace, index), with_tidy(trace, value)]
        if trace.back:
            row += [locals_cell(trace, index, len(uses[index])), gradient_cell(trace, index, incoming.get(index, []))]
        yield row


def with_tidy(trace: Trace, value: Any) -> Formula:
    """A number, and its tidy form where it has one: `y + (x + y) = x + 2·y`."""
    return formula(trace.write.number(value), *trace.write.tidy(value))


def computed(trace: Trace, index: int) -> Cell:
    """`input`, `constant`, or `x + y = 2 + 3`."""
    graph, write = trace.graph, trace.write
    if graph.is_leaf(index):
        return "constant" if trace.back and trace.gradients[index] is None else "input"
    typed = write.one_level(index)
    if index in trace.run.pins:
        return phrase(formula(typed), ", pinned")
    return formula(typed) if trace.spelling.formulas else formula(typed, write.put_in(index))


def locals_cell(trace: Trace, index: int, uses: int) -> Cell:
    """`∂f/∂v1 = 3, ∂f/∂y = 5`; for an input used more than once, that its contributions are added up."""
    graph, back, write = trace.graph, trace.back, trace.write
    if back is None or trace.gradients[index] is None:
        return ""
    if graph.is_leaf(index):
        return f"used {'twice' if uses == 2 else f'{uses} times'}: add up" if uses > 1 else ""
    items: dict[str, Part] = {}
    for k, (argument, local) in enumerate(zip(graph.arguments[index], back.locals(index), strict=True)):
        if local is not None:
            side = write.local_at(index, k, local) if trace.spelling.formulas else write.number(local)
            item = formula(write.derivative(argument, index), side)
            items.setdefault(item.line(unicode.DIALECT), item)
    return Items(tuple(items.values()))


def gradient_cell(trace: Trace, index: int, edges: list[Edge]) -> Cell:
    """`3·1 + 5 = 8`: the contributions in the order of the uses in the text, and their sum."""
    gradient, write = trace.gradients[index], trace.write
    if gradient is None:
        return "—"
    total = write.number(gradient)
    if index == trace.graph.output and trace.back:
        start = formula(write.number(trace.back.upstream))
        return phrase("start ", start, *((", ", formula(total)) if edges else ()))
    if trace.spelling.formulas:
        return with_tidy(trace, gradient)
    active = [edge for edge in edges if edge.active]
    if not active:
        return phrase("closed: " if edges else "no path: ", formula(total))
    if len(active) > MANY:
        return formula(words(f"sum of {len(active):,}"), total)
    terms = write.contributions([(upstream_of(trace, edge), edge.local) for edge in in_text(active)])
    is_alone = terms(unicode.DIALECT)[0] == trace.say(gradient)
    return formula(total) if is_alone else formula(terms, total)


def upstream_of(trace: Trace, edge: Edge) -> Any:
    """The first factor of a contribution; None where an upstream gradient of 1, the output's own, is left out."""
    back = trace.back
    return None if back and edge.target == back.graph.output and back.upstream == 1 else edge.upstream


def starts_with_one(trace: Trace) -> bool:
    """Whether 1 arrives at the output: with another upstream gradient the gradients are not those of the output."""
    return trace.back is None or trace.say(trace.back.upstream) == "1"


def edge_rows(trace: Trace) -> Iterator[list[Cell]]:
    """A row an edge in backward order: where the gradient goes, upstream × local = contribution."""
    graph, write, usual = trace.graph, trace.write, starts_with_one(trace)
    for edge in trace.edges:
        local, symbol = write.number(edge.local), write.derivative(edge.source, edge.target)
        whole = write.number(edge.contribution)
        contribution = formula(whole)
        if trace.spelling.formulas:
            named = formula(symbol, write.local(edge))
        else:
            text = write.local(edge)(unicode.DIALECT)[0]
            is_plain = text == trace.say(edge.local) or len(text) > LONGEST
            named = formula(symbol, local) if is_plain else formula(symbol, write.local(edge), local)
            contribution = formula(write.applied("multiply", [write.number(edge.upstream), local]), whole)
        yield [
            formula(write.name(edge.source), (FROM, write.name(edge.target))),
            formula(*([write.derivative(edge.target, graph.output)] if usual else []), write.number(edge.upstream)),
            named,
            contribution if edge.active else "closed",
        ]


def meaning_rows(trace: Trace) -> Iterator[list[Cell]]:
    """What each gradient means: `raise x by 0.01: f rises by about 0.03`, and which ways it came."""
    graph, back, write = trace.graph, trace.back, trace.write
    if back is None:
        return
    incoming: dict[int, list[Edge]] = {}
    for edge in trace.edges:
        if edge.active:
            incoming.setdefault(edge.source, []).append(edge)
    usual = starts_with_one(trace)
    ordinary = usual and not trace.spelling.formulas
    smooth = not any(note.kind == "corner" for note in trace.notes)
    for input_name, index in graph.inputs.items():
        gradient = trace.gradients[index]
        if gradient is None:
            continue
        head = formula(write.derivative(index) if usual else write.name(index), *write.both_forms(gradient))
        sentence = meaning(trace, index, trace.system.to_float(gradient)) if ordinary and smooth else ""
        ways = incoming.get(index, [])
        ways_told = ways_text(trace, ways) if len(ways) > 1 and not trace.spelling.formulas else ""
        yield [
            phrase(*(() if usual else ("gradient of ",)), head),
            beside(trace, trace.true_gradient(index)),
            "" if input_name == trace.output else sentence,
            ways_told,
        ]


def meaning(trace: Trace, index: int, gradient: float) -> Cell:
    """What happens to the output when one input is raised a little."""
    if not math.isfinite(gradient):
        return ""
    change = gradient * NUDGE
    this, output = trace.write.just(index), trace.write.just(trace.graph.output)
    if change == 0:
        return phrase("raise ", this, " a little: ", output, " hardly changes")
    size = say(float(f"{abs(change):.3g}"), trace.style)
    verb = "rises" if change > 0 else "falls"
    step = formula(number(str(NUDGE)))
    return phrase("raise ", this, " by ", step, ": ", output, f" {verb} by about ", formula(number(size)))


def ways_text(trace: Trace, edges: list[Edge]) -> Cell:
    """`(3 through v1, 5 directly)`."""
    if len(edges) > 4:
        return f"({len(edges)} contributions)"
    parts: list[Part] = []
    for edge in in_text(edges):
        is_direct = edge.target == trace.graph.output
        parts += [", " if parts else "(", formula(trace.write.number(edge.contribution))]
        parts += [" directly"] if is_direct else [" through ", trace.write.just(edge.target)]
    return phrase(*parts, ")")


NODES = "Nodes: values from the inputs down, gradients from the output up"


def screen(trace: Trace, most: int) -> list[Table]:
    """The tables for people, the first `most` rows of each."""
    output = trace.output
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
    tables.append(Table("nodes", columns, list(islice(node_rows(trace), most)), total=total, caption=NODES))
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
                caption="Edges, in the order of the backward pass",
            )
        )
    meanings = list(islice(meaning_rows(trace), most))
    if trace.true_run is not None:
        true = beside(trace, trace.true_value(trace.graph.output))
        result = formula(trace.write.name(trace.graph.output), trace.write.number(trace.run.value))
        meanings.insert(0, [phrase(result), true, "", ""])
    if meanings:
        heads = [
            Column("gradient", "", wrap=wraps),
            Column("true", ""),
            Column("meaning", "", keep=5),
            Column("ways", "", keep=4),
        ]
        shown = [i for i in range(len(heads)) if i != 1 or trace.true_run is not None]
        rows = [[row[i] for i in shown] for row in meanings]
        tables.append(Table("inputs", [heads[i] for i in shown], rows, ruled=False, caption="What the gradients mean"))
    shortened = trace.spelling.shortened()
    if shortened:
        tables.append(Table("shortened", [Column("sentence", "", wrap=True)], [[shortened]], ruled=False))
    return tables
