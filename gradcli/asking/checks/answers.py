"""Are somebody's own answers right? `--answer y=8 --answer x='2xy'`, or the columns `answer:y` of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.asking.checks import RandomPoints, intervals_of
from gradcli.errors import ParseError, UsageError, closest
from gradcli.language.spelling import plain_name

if TYPE_CHECKING:
    from gradcli.analysis.checking.answers import Answer, Part
    from gradcli.asking.question import Asked, Problem
    from gradcli.graph import Graph
    from gradcli.report import Report, Style

BETWEEN = re.compile(r"[,;]\s*(?=[^\W\d][^\s=,;()]*\s*=(?!=))")
"""Between two answers: not the comma of `0,75` or of `max(x, y)`."""

DERIVATIVE = re.compile(r"[d∂]\s*(?P<above>\w*)\s*/\s*[d∂]\s*(?P<below>\w+)")
"""`df/dy`, `∂f/∂y`."""

COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
ROUGHLY = "=≈~ "
"""What may stand before a number."""


class OwnAnswers(NamedTuple):
    """The question with the answers, the points at which formulas are compared, and whether the truth is shown."""

    asked: Asked
    drawing: RandomPoints
    show: bool
    style: Style

    def report(self, task: Problem) -> Report:
        """Which answers are right. Raises UsageError for one that cannot be read."""
        from gradcli.analysis.checking.answers import Judge
        from gradcli.analysis.checking.same import POINTS
        from gradcli.asking.names import assignments
        from gradcli.report.checking.answers import OwnAnswers

        graph = task.graph
        constants = [plain_name(name) for name, _ in assignments("--const", self.asked.const or (), bare=True)]
        answers = list(read_answers(graph, task.answers))
        free = [name for name in graph.inputs if name not in constants]
        judge = Judge(
            graph,
            task.point,
            constants,
            float(task.upstream),
            seed=self.drawing.seed,
            ranges=intervals_of(self.drawing.ranges, free, graph.inputs),
            count=POINTS if self.drawing.points is None else self.drawing.points,
            time_limit=self.drawing.time_limit,
        )
        return OwnAnswers(judge.judged(answers), task.notes, self.style, show=self.show).report()


def read_answers(graph: Graph, typed: Sequence[tuple[str, str]]) -> Iterator[Answer]:
    """The answers, read; one without a name, as on the command line, holds `y=8`, or several of them.

    Raises UsageError for one that cannot be read, is about nothing in the formula, or is given twice.
    """
    from gradcli.analysis.checking.answers import Answer

    known: set[tuple[Part, int]] = set()
    for name, text in separated(typed):
        part, at = quantity(graph, name)
        if (part, at) in known:
            raise UsageError(f"the answer for {name} is given twice", hint="give one answer")
        known.add((part, at))
        words = text.strip()
        if words:
            found, unit = read_answer(graph, name, words)
            yield Answer(name, part, at, words, found, unit)
        else:
            yield Answer(name, part, at, "", None)


def separated(typed: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Name and text of every answer. Raises UsageError for one without a name."""
    for name, text in typed:
        if name:
            yield name, text
            continue
        for piece in BETWEEN.split(text.strip()):
            about, sign, answer = (part.strip() for part in piece.partition("="))
            if not sign or not about or not answer:
                raise UsageError(f"--answer {text}: {piece or 'nothing'} is not NAME=ANSWER", hint="write --answer y=8")
            yield about, answer


def quantity(graph: Graph, typed: str) -> tuple[Part, int]:
    """What an answer is about: the gradient of a node, the value of the output, `a.value`, `a.gradient`, `df/da`.

    Raises UsageError for a name that nothing has.
    """
    ratio = DERIVATIVE.fullmatch(typed.strip())
    output = graph.output_name()
    if ratio is not None and ratio["above"] in ("", output):
        typed = f"{ratio['below']}.gradient"
    name, _, wanted = typed.strip().partition(".")
    name = plain_name(name)
    places = {graph.name(index): index for index in range(len(graph)) if not graph.is_constant(index)}
    places = {output: graph.output, **places}
    if name not in places or wanted not in ("", "value", "gradient"):
        near = closest(name, [each for each in places if each != name])
        listed = f"there is: {', '.join([*graph.inputs, output])}"
        raise UsageError(
            f"--answer {typed}: the formula has no {typed}", hint=f"did you mean {near[0]}?" if near else listed
        )
    at = places[name]
    is_value = wanted == "value" or (not wanted and at == graph.output and name not in graph.inputs)
    return "value" if is_value else "gradient", at


def read_answer(graph: Graph, name: str, text: str) -> tuple[Graph, float | None]:
    """An answer as a formula over the variables and nodes of the question, and the rounding of a plain number.

    Raises UsageError where it cannot be read.
    """
    from gradcli.analysis.checking.answers import rounding
    from gradcli.language.parser import parse
    from gradcli.language.values import read_value

    words = text.lstrip(ROUGHLY).replace("−", "-")
    if COMMA.fullmatch(words):
        words = read_value(name, words).text
    known = {graph.name(index) for index in range(len(graph)) if not graph.is_constant(index)}
    try:
        found = parse(words, names=known)
    except ParseError as error:
        raise UsageError(
            f"the answer for {name} cannot be read: {error.message}",
            source=error.source,
            span=error.span,
            hint=error.hint,
        ) from None
    if found.bindings:
        raise UsageError(f"the answer for {name} is more than one formula: {text}", hint=f"write --answer {name}=2")
    unknown = [each for each in found.inputs if each not in known]
    if unknown:
        raise UsageError(
            f"the answer for {name} has {unknown[0]}, and the formula has none",
            source=found.source,
            span=found.span(found.inputs[unknown[0]]),
            hint=f"its variables: {', '.join(graph.inputs) or 'none'}",
        )
    return found, rounding(words)
