"""Section 3: from the output back; at every node receive, the rule by its name, multiply, pass on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcli import ops
from gradcli.passes import Edge
from gradcli.report.blocks import Block, Equations, Heading, Sentence
from gradcli.report.explain.material import TERMS, Material, few, spoken
from gradcli.report.explain.sums import sum_row
from gradcli.report.explain.teaching import rule
from gradcli.report.formulas import Comment, Formula, Part, Writer, formula, name, number
from gradcli.report.passes.sentences import in_text

WAY = (
    "Go back, from the last line to the first. At every node: receive the gradient from above (the upstream gradient), "
    "compute the local derivative, multiply the two (the chain rule), and pass the product on."
)


def backward(material: Material) -> Iterator[Block]:
    """From the output back: at every node receive, the rule, multiply, pass on."""
    if material.back is None or material.trace.gradients[material.start] is None:
        yield Sentence(["Nothing here depends on an input, so there is no gradient."])
        return
    visited = [i for i in reversed(material.nodes) if i in material.outgoing]
    if material.nodes and not material.wishes.brief:
        yield from opening(material)
    if not material.nodes:
        one = formula(
            material.write.derivative(material.start), material.result(material.trace.gradients[material.start])
        )
        yield Sentence([one, ": nothing stands between the two."])
    told: set[str] = set()
    first, last, left_out = few(visited, material.wishes.most)
    for index in first:
        yield from node(material, index, told)
    if left_out:
        yield Heading([f"… {left_out:,} more nodes are left out: --rows {len(visited)} shows all …"], level=2)
    for index in last:
        yield from node(material, index, told)
    idle = [i for i in material.nodes if i not in material.outgoing and material.trace.gradients[i] is not None]
    unreached = [
        i for i in material.inputs
        if material.trace.gradients[i] is not None and not material.incoming.get(i) and i != material.start
    ]  # fmt: skip
    if not idle and not unreached:
        return
    if not material.wishes.brief:
        yield Heading(["Where nothing arrives"], level=2)
    if idle:
        is_one = len(idle) == 1
        parts: list[Part] = ["No gradient arrives at ", *material.names(idle)]
        yield Sentence([*parts, f": {'it is' if is_one else 'they are'} 0."])
    for index in unreached[: material.wishes.most]:
        reach = (
            "No path leads from "
            if index not in material.graph.behind([material.graph.output])
            else "No gradient arrives at "
        )
        ends: list[Part] = [" to ", material.write.just(material.graph.output)] if reach.startswith("No path") else []
        zero = formula(material.write.derivative(index), number("0"))
        yield Sentence([reach, material.write.just(index), *ends, ": ", zero, "."])


def opening(material: Material) -> Iterator[Block]:
    """What a gradient is, the chain rule, and where the pass begins."""
    write, start = material.write, material.start
    output = material.graph.output
    some = material.inputs[0] if material.inputs else start
    some = next((i for i in material.inputs if material.trace.gradients[i] is not None), some)
    what: list[Part] = [formula(write.derivative(some)), " is the gradient of ", write.just(some), ": how fast "]
    upper = formula(name(material.letter))
    yield Sentence([*what, upper, " changes when ", write.just(some), " changes, and nothing else."])
    yield Sentence([WAY])
    gradient = material.trace.gradients[start]
    if not material.plain_start:
        parts: list[Part] = [
            write.just(output),
            " goes on into a quantity ",
            upper,
            ", and this gradient arrives: ",
        ]
        arriving = material.trace.system.number(0) if gradient is None else gradient
        yield Sentence([*parts, formula(write.derivative(output), material.result(arriving)), "."], "Start")
    if start != output:
        known = formula(write.derivative(start), *material.short(gradient))
        yield Sentence(["The gradient that arrives at ", write.just(start), " is known: ", known, "."], "Start")
    elif material.plain_start:
        one = formula(write.derivative(output), number("1"))
        yield Sentence([one, ": the output changes as fast as itself."], "Start")


def node(material: Material, index: int, told: set[str]) -> Iterator[Block]:
    """One node of the backward pass."""
    write, edges = material.write, material.outgoing[index]
    operation = material.graph.operations[index]
    if material.wishes.brief:
        parts: list[Part] = [formula(write.name(index), write.one_level(index)), f" ({spoken(operation)}): "]
        for place, edge in enumerate(edges):
            parts += [", " if place else "", *brief_edge(material, edge)]
        yield Sentence([*parts, "."])
        return
    yield Heading([formula(write.name(index), write.one_level(index))], level=2)
    upstream = edges[0].upstream
    arrived = [edge for edge in in_text(material.incoming.get(index, [])) if edge.active]
    several = len(arrived) > 1 and index != material.start
    if several and len(arrived) <= TERMS and not material.formulas:
        received = sum_row(material, index)
        received = Formula((received.sides[0], *received.sides[-2:]), received.signs[-2:])
    else:
        received = formula(write.derivative(index), *material.short(upstream))
    added = " (the sum of its contributions)" if several else ""
    yield Sentence([received, f"{added}."], "Receive")
    corner = index in material.corners
    gate = ""
    if ops.OPERATIONS[operation].pattern == "gate" and not material.formulas and not corner:
        gate = f" Here it is {'open' if material.trace.system.to_float(edges[0].local) else 'closed'}."
    convention = f" At a corner there is no derivative; used: {ops.OPERATIONS[operation].convention}." if corner else ""
    yield Sentence([rule(ops.OPERATIONS[operation], brief=operation in told) + gate + convention], "Rule")
    told.add(operation)
    unclear = [edge for edge in edges if material.graph.arguments[index].count(edge.source) > 1]
    rows = []
    for edge in edges:
        if not edge.active:
            continue
        comment = ("as the first argument", "as the second argument")[edge.argument] if (
            edge in unclear and edge.argument < 2
        ) else ""  # fmt: skip
        rows.append(formula(write.derivative(edge.source, edge.target), *write.local_sides(edge), comment=comment))
    if rows:
        yield Equations(rows)
    total = [edge for edge in edges if edge.active and write.is_ambiguous(edge) and edge not in unclear]
    if total:
        local = formula(write.derivative(total[0].source, index))
        yield Sentence(["Here ", local, " is the derivative of this one line, not yet the whole gradient."])
    active = [edge for edge in edges if edge.active]
    if active:
        yield Equations([product_row(material, edge) for edge in active], "Multiply")
    yield Sentence(passed_on(material, edges), "Pass on")


def product_row(material: Material, edge: Edge) -> Formula:
    """`∂f/∂x = ∂f/∂v1·∂v1/∂x = 3·1 = 3`; of a node used more than once its left side is in section Add up."""
    write = material.write
    single = len(material.incoming[edge.source]) == 1
    left = [write.derivative(edge.source)] if single else []
    at_output = material.graph.name(edge.target) == material.letter
    chain = [] if at_output and single else [
        write.product(write.derivative(edge.target), write.local_symbol(edge))
    ]  # fmt: skip
    if material.formulas:
        numbers: list[Writer | tuple[str, Writer]] = []
        if at_output and not chain:
            numbers.append(write.product(number("1"), write.local(edge)))
        if write.is_written(edge.contribution):
            numbers.append(write.number(edge.contribution))
    else:
        numbers = [
            write.product(write.number(edge.upstream), write.number(edge.local)), contribution(material, edge)
        ]  # fmt: skip
    comment: Comment = () if single else ("to ", write.name(edge.source))
    return material.distinct(*left, *chain, *numbers, comment=comment)


def contribution(material: Material, edge: Edge) -> tuple[str, Writer]:
    """What goes along an edge, with = where the digits beside it give it exactly."""
    write = material.write
    return write.result(edge.contribution, write.digits(edge.upstream) * write.digits(edge.local))


def brief_edge(material: Material, edge: Edge) -> list[Part]:
    """`∂f/∂x = 3·1 = 3`, or to which node a contribution goes."""
    write = material.write
    if not edge.active:
        return ["nothing to ", write.just(edge.source), why_closed(edge)]
    row = product_row(material, edge)
    aim: list[Part] = [" to ", write.just(edge.source)] if row.comment else []
    if material.formulas or len(row.sides) < 3:
        return [row._replace(comment=()), *aim]
    short = [row.sides[0], *row.sides[-2:]] if not row.comment else row.sides[-2:]
    return [Formula(tuple(short), row.signs[-len(short) + 1 :]), *aim]


def why_closed(edge: Edge) -> str:
    """Why nothing goes along an edge: the branch was not taken, or it is the condition."""
    return " (only the condition)" if edge.argument == 0 else " (not taken)"


def passed_on(material: Material, edges: Sequence[Edge]) -> list[Part]:
    """`3 to x, 3 to y.`"""
    parts: list[Part] = []
    for edge in edges:
        parts += [", "] if parts else []
        if not edge.active:
            parts += ["nothing to ", material.write.just(edge.source), why_closed(edge)]
            continue
        if material.write.is_written(edge.contribution):
            parts.append(formula(material.write.number(edge.contribution)))
        else:
            parts.append("this")
        parts += [" to ", material.write.just(edge.source)]
        if len(material.incoming[edge.source]) > 1:
            parts.append(" (a contribution)")
    return [*parts, "."]
