"""The last section: what happens when an input is raised a little, and, where asked, what gradient descent does."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gradcli.report.blocks import Block, Sentence
from gradcli.report.explain.material import Material, few
from gradcli.report.formulas import Part, formula, name, number
from gradcli.report.passes.sentences import NUDGE
from gradcli.report.plain_text import say

SIGN = "Where a gradient is positive, raising that input raises the output; where it is negative, it lowers it."
DESCENT = " Gradient descent moves every input the other way."


def meaning(material: Material) -> Iterator[Block]:
    """What happens to the output when an input is raised a little."""
    asked = [i for i in material.inputs if material.trace.gradients[i] is not None]
    if not asked:
        yield Sentence(["There is no input whose gradient was asked for."])
        return
    if material.formulas:
        yield Sentence([SIGN, DESCENT] if material.wishes.descend else [SIGN])
        return
    first, last, left_out = few(asked, material.wishes.most)
    for index in first:
        yield Sentence(meaning_of(material, index))
    if left_out:
        yield Sentence([f"… {left_out:,} more inputs are left out: --rows {len(asked)} shows all …"])
    for index in last:
        yield Sentence(meaning_of(material, index))


def meaning_of(material: Material, index: int) -> list[Part]:
    """`∂f/∂x = 3: raise x by 0.01 and f rises by about 0.03; gradient descent lowers x.`"""
    write, value = material.write, material.trace.gradients[index]
    this, upper = write.just(index), formula(name(material.letter))
    gradient = material.trace.system.to_float(value)
    parts: list[Part] = [formula(write.derivative(index), write.result(value))]
    true = material.trace.true_gradient(index)
    if true is not None:
        parts += [" (without rounding ", formula(number(say(true, material.trace.style))), ")"]
    parts.append(": ")
    if not math.isfinite(gradient):
        return [*parts, "no finite number, so it says nothing about ", upper, "."]
    verb = "does not change" if gradient == 0 else "lowers" if gradient > 0 else "raises"
    descent: list[Part] = [f"; gradient descent {verb} ", this] if material.wishes.descend else []
    if index in material.behind_corners:
        by_convention: list[Part] = [f"; by the convention gradient descent {verb} ", this] if descent else []
        return [*parts, "there is a corner on the way, so ", upper, " may change otherwise", *by_convention, "."]
    if gradient == 0:
        effect = " hardly changes" if index in material.incoming else " does not change"
        return [*parts, "raise ", this, " a little and ", upper, effect, *descent, "."]
    size = say(float(f"{abs(gradient * NUDGE):.3g}"), material.trace.style)
    parts += ["raise ", this, " by ", formula(number(str(NUDGE))), " and ", upper]
    parts += [f" {'rises' if gradient > 0 else 'falls'} by about ", formula(number(size))]
    return [*parts, *descent, "."]
