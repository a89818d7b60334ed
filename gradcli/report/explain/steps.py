"""Sections 1 and 2: the formula one operation a line, and the value of every line."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gradcli import ops
from gradcli.analysis.checking.sentences import domain
from gradcli.report.blocks import Block, Sentence
from gradcli.report.explain.material import Material, spoken
from gradcli.report.explain.teaching import definition
from gradcli.report.formulas import Formula, Part, formula, number
from gradcli.report.plain_text import say


def steps(material: Material) -> Iterator[Block]:
    """One operation a line, what the letters are, what the functions are."""
    graph, write = material.graph, material.write
    if not material.nodes:
        yield Sentence(["There is no operation here: the output is ", write.just(material.start), " itself."])
    else:
        yield Sentence(["One operation a line. Every line has a name, so that later lines can use it."])
        yield from material.listed(
            material.nodes, lambda i: formula(write.name(i), write.one_level(i), comment=spoken(graph.operations[i]))
        )
    if material.start != graph.output:
        yield Sentence(["Only ", write.just(material.start), " and what it is computed from is explained here."])
    live = [i for i in material.inputs if material.trace.gradients[i] is not None]
    fixed = [i for i in material.inputs if material.trace.gradients[i] is None]
    parts: list[Part] = []
    if live:
        parts += [*material.names(live), " is an input" if len(live) == 1 else " are the inputs"]
        parts += ["; ", write.just(graph.output), " is the output. "] if material.nodes else [". "]
    if fixed:
        parts += [*material.names(fixed), " is kept fixed" if len(fixed) == 1 else " are kept fixed"]
        parts.append(": no gradient goes there. ")
    if parts:
        yield Sentence(_trimmed(parts))
    for operation in dict.fromkeys(graph.operations[i] for i in material.nodes):
        meaning = definition(ops.OPERATIONS[operation], write)
        if meaning:
            yield Sentence(meaning)


def forward(material: Material) -> Iterator[Block]:
    """Every value with its arithmetic."""
    if not material.nodes:
        if material.formulas or material.graph.is_constant(material.start):
            yield Sentence(["There is nothing to compute."])
        else:
            value = material.write.result(material.trace.run.values[material.start])
            yield Sentence([formula(material.write.name(material.start), value), "."])
        return
    if not material.wishes.brief:
        yield Sentence(
            ["Write every line over the inputs."]
            if material.formulas
            else ["Put the numbers in, line by line, and keep every value: the backward pass needs them."]
        )
    told = [i for i in material.nodes if material.stop is None or i <= material.stop]
    yield from material.listed(told, lambda i: forward_row(material, i))
    if material.stop is not None:
        yield Sentence(stopped(material, material.stop))
        return
    if material.trace.true_run is not None:
        true = say(material.trace.true_value(material.start), material.trace.style)
        yield Sentence(["Without rounding: ", formula(material.write.name(material.start), number(true)), "."])


def stopped(material: Material, index: int) -> list[Part]:
    """Why the solution ends with the forward pass."""
    graph = material.graph
    need = domain(ops.OPERATIONS[graph.operations[index]])
    value = material.trace.system.to_float(material.trace.run.values[index])
    what = " is not a real number" if math.isnan(value) else " is infinite"
    why = f"{what}: {need}. " if need else f"{what}. "
    end = "There is nothing to go back from: the gradients have no value here."
    return [formula(material.write.name(index), material.write.put_in(index)), why, end]


def forward_row(material: Material, index: int) -> Formula:
    """`v1 = x + y = 2 + 3 = 5`."""
    write, value = material.write, material.trace.run.values[index]
    if index in material.trace.run.pins:
        return formula(write.name(index), write.one_level(index), write.result(value), comment="set to this value")
    if material.formulas:
        sides = [write.number(value)] if write.is_written(value) else []
        comment = "" if sides else "too long to write out"
        return material.distinct(write.name(index), write.one_level(index), *sides, comment=comment)
    result = write.result(value, write.value_shown(index))
    return material.distinct(write.name(index), write.one_level(index), write.put_in(index), result)


def _trimmed(parts: list[Part]) -> list[Part]:
    *before, last = parts
    return [*before, last.rstrip() if isinstance(last, str) else last]
