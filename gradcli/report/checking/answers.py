"""The report of somebody's answers: right or wrong, one a row; the true ones only where they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.analysis.checking.answers import Answers, Judged
from gradcli.printers import ascii
from gradcli.printers.expression import in_full, tree_sizes
from gradcli.report import Cell, Column, Note, Report, Style, Table, Title
from gradcli.report.checking.points import of_graph
from gradcli.report.checking.same import LONG, whole
from gradcli.report.formulas import Writer, derivative, digits, equation, formula, listed, phrase
from gradcli.report.formulas import name as name_of
from gradcli.report.plain_text import say

SAID = {
    "right": "right",
    "wrong": "wrong",
    "unverified": "not verified",
    "missing": "no answer",
}
"""The verdicts as people read them."""

ALL = {"right": "All answers are right.", "unverified": "Not every answer is verified."}
ONE = {"right": "The answer is right.", "wrong": "The answer is wrong.", "unverified": "The answer is not verified."}


class OwnAnswers:
    """What `gradcli check --answer` found; `show` tells the true answers as well."""

    def __init__(self, found: Answers, notes: Sequence[Note], style: Style, *, show: bool) -> None:
        self.found = found
        self.style = style
        self.show = show
        remarks = [Note(*remark) for remark in found.graph.remarks]
        read = [Note(*remark) for each in found.answers if each.answer.graph for remark in each.answer.graph.remarks]
        self.notes = [*notes, *dict.fromkeys([*remarks, *read])]

    def facts(self) -> Mapping[str, Any]:
        """The record: the point, every answer with its verdict."""
        found = self.found
        return {
            "point": dict(found.point),
            "verdict": found.verdict,
            "answers": [self.record(each) for each in found.answers],
        }

    def record(self, each: Judged) -> dict[str, Any]:
        """One answer as JSON; the true one is null where it is not to be shown."""
        graph = self.found.graph
        return {
            "name": each.answer.name,
            "node": self.node(each),
            "quantity": each.answer.part,
            "answer": each.answer.text,
            "kind": each.kind,
            "verdict": each.verdict,
            "reason": each.reason,
            "rounding": each.rounding,
            "true_value": each.truth if self.show else None,
            "true_expression": self.expression(each) if self.show and len(graph) else None,
        }

    def node(self, each: Judged) -> str:
        """The name of the node that an answer is about."""
        graph = self.found.graph
        return graph.output_name() if each.answer.at == graph.output else graph.name(each.answer.at)

    def expression(self, each: Judged) -> str | None:
        """The true formula; None where it is long."""
        if tree_sizes(each.formula)[each.formula.output] > LONG:
            return None
        return in_full(each.formula, each.formula.output, ascii.DIALECT)

    def title(self) -> Title:
        """The formula and the point."""
        values = [equation(name, say(value, self.style)) for name, value in self.found.point.items()]
        at = [phrase("at ", *listed(values))] if values else []
        return [of_graph(self.found.graph), *at]

    def about(self, each: Judged) -> Writer:
        """`∂f/∂y`, or the name of the node whose value it is."""
        if each.answer.part == "value":
            return name_of(self.node(each))
        return derivative(self.found.graph.output_name(), self.node(each))

    def screen(self, rows: int) -> Sequence[Table]:
        """A row an answer; the reasons; the verdict in one line."""
        columns = [Column("quantity", ""), Column("answer", "your answer"), Column("verdict", "")]
        if self.show:
            columns.append(Column("true", "right is"))
        answers = self.found.answers
        cells: list[list[Cell]] = []
        for each in answers[:rows]:
            row: list[Cell] = [formula(self.about(each)), each.answer.text, SAID[each.verdict]]
            cells.append([*row, self.true(each)] if self.show else row)
        lines: list[list[Cell]] = [[line] for line in self.lines()]
        return [
            Table("answers", columns, cells, total=len(answers)),
            Table("summary", [Column("line", "", wrap=True)], lines, ruled=False, caption="Verdict"),
        ]

    def true(self, each: Judged) -> Cell:
        """The true answer: the number where the answer is one, else the formula, with its number beside it."""
        number = None if each.truth is None else say(each.truth, self.style)
        if each.kind == "number" and number is not None:
            return digits(number)
        form = whole(each.formula, "a long formula")
        if isinstance(form, str) or number is None or form.line(ascii.DIALECT) == number:
            return form
        return phrase(form, f"   here {number}")

    def lines(self) -> list[str]:
        """Why, where the verdict alone does not say it; how numbers were compared; the verdict."""
        found = self.found
        lines = [f"{each.answer.name}: {each.reason}." for each in found.answers if each.reason]
        if any(each.rounding is not None for each in found.answers):
            lines.append("A rounded number counts as right where it is right to the digits typed.")
        if len(found.answers) == 1:
            return [*lines, ONE[found.verdict]]
        count = sum(each.verdict == "right" for each in found.answers)
        return [*lines, ALL.get(found.verdict) or f"{count} of {len(found.answers)} answers are right."]

    def tables(self) -> Mapping[str, Table]:
        """A row an answer."""
        names = ["name", "quantity", "answer", "kind", "verdict", *(["true_value", "true_expression"] * self.show)]
        rows: list[list[Cell]] = []
        for each in self.found.answers:
            row: list[Cell] = [each.answer.name, each.answer.part, each.answer.text, each.kind, each.verdict]
            rows.append([*row, each.truth, self.expression(each)] if self.show else row)
        return {"answers": Table("answers", [Column(name, name) for name in names], rows)}

    def quantities(self) -> Mapping[str, Any]:
        """`verdict`, `right` (how many), `answers` (how many), and the verdict on every answer by its name."""
        found = self.found
        single = {each.answer.name: each.verdict for each in found.answers}
        right = sum(each.verdict == "right" for each in found.answers)
        return {**single, "verdict": found.verdict, "right": right, "answers": len(found.answers)}

    def report(self) -> Report:
        """The report."""
        return Report(
            "check",
            self.title,
            self.facts,
            self.screen,
            self.tables,
            quantities=self.quantities,
            formula=self.found.graph.source,
            notes=self.notes,
            exit_status=self.found.exit_status,
        )
