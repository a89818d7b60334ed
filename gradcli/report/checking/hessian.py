"""The report of a check of second derivatives: every entry of the Hessian with its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.analysis.checking.check import VariableCheck
from gradcli.analysis.checking.points import relative_error
from gradcli.analysis.checking.second_order import SecondOrder
from gradcli.report import Cell, Column, Note, Report, Style, Table, Title, of_parts
from gradcli.report.checking.findings import WORDS, finding_record
from gradcli.report.checking.verdicts import Verdicts
from gradcli.report.formulas import Writer, digits, formula, second_derivative
from gradcli.report.plain_text import say

SYMMETRIC = 1e-9
"""How closely ∂²f/∂x∂y and ∂²f/∂y∂x must meet to be called the same."""


class Hessian:
    """What `gradcli check --order-of-derivative 2` found."""

    def __init__(self, found: SecondOrder, notes: Sequence[Note], style: Style) -> None:
        self.found = found
        self.style = style
        self.exit_status = found.exit_status
        self.first = Verdicts(found.first, notes, style)
        self.rows = {name: Verdicts(row, (), style) for name, row in found.rows.items()}
        self.notes = self.first.notes

    @property
    def entries(self) -> list[tuple[str, VariableCheck]]:
        """(row, entry), row by row."""
        return [(name, each) for name, row in self.found.rows.items() for each in row.variables]

    @property
    def symmetric(self) -> bool:
        """Whether the Hessian is the same read by columns."""
        numbers = {(row, each.name): each.graph for row, each in self.entries}
        pairs = ((number, numbers[column, row]) for (row, column), number in numbers.items())
        return all(a == b or relative_error(a, b) <= SYMMETRIC for a, b in pairs)

    def facts(self) -> Mapping[str, Any]:
        """The record: the gradient with its verdicts, then every entry."""
        found = self.found
        back = found.first.back
        return {
            "order_of_derivative": 2,
            "output": {"node": back.graph.name(back.graph.output), "value": float(back.forward.value)},
            "inputs": {
                each.name: {
                    "value": float(back.forward.values[each.at]),
                    "gradient": each.graph,
                    "verdict": each.verdict,
                    "reason": each.finding.reason,
                }
                for each in found.first.variables
            },
            "verdict": found.verdict,
            "symmetric": self.symmetric,
            "entries": [
                {
                    "row": row,
                    "column": each.name,
                    "value": each.graph,
                    **finding_record(each.finding),
                    "digits": each.digits,
                    "difference": each.difference,
                    "error": each.error,
                    "left": each.left,
                    "right": each.right,
                    "symbolic": None if each.symbolic.value is None else float(each.symbolic.value),
                    "symbolic_expression": each.symbolic.formula or None,
                }
                for row, each in self.entries
            ],
        }

    def title(self) -> Title:
        """The formula and the point."""
        return self.first.title()

    def partial(self, row: str, column: str) -> Writer:
        """`∂²f/∂x∂y`, the derivative of ∂f/∂x with respect to y; `∂²f/∂x²`."""
        return second_derivative(self.first.output, row, column)

    def screen(self, rows: int) -> Sequence[Table]:
        """A row an entry, then the reasons, then one line."""
        columns = [
            Column("entry", "second derivative"),
            Column("graph", "graph", "right", colour="red"),
            Column("symbolic", "SymPy", keep=4),
            Column("difference", "difference of gradients", keep=6),
            Column("verdict", "verdict"),
        ]
        cells: list[list[Cell]] = []
        for row, each in self.entries[:rows]:
            verdicts = self.rows[row]
            sure = f" to {each.digits} digits" if each.verdict == "agree" else ""
            cells.append(
                [
                    formula(self.partial(row, each.name)),
                    digits(say(each.graph, self.style)),
                    verdicts.symbolic(each),
                    verdicts.difference(each),
                    WORDS[each.verdict] + sure,
                ]
            )
        table = Table("hessian", columns, cells, total=len(self.entries))
        lines: list[list[Cell]] = [[line] for line in self.lines()]
        return [table, Table("reasons", [Column("reason", "", wrap=True)], lines, ruled=False, caption="Verdict")]

    def lines(self) -> list[str]:
        """Why the verdicts are what they are; symmetry; the gradient itself; the verdict in one line."""
        found = self.found
        lines = [
            line if line.startswith(" ") else f"∂{self.first.output}/∂{name}: {line}"
            for name, row in self.rows.items()
            for line in row.reasons()
        ]
        if len(found.rows) > 1 and all(each.verdict == "agree" for _, each in self.entries):
            lines.append("The Hessian is symmetric." if self.symmetric else "The Hessian is NOT symmetric.")
        if found.first.verdict != "agree":
            lines += [*self.first.reasons(), f"The gradient itself: {self.first.summary()}"]
        good = sum(each.verdict == "agree" for _, each in self.entries)
        if not self.entries:
            lines.append("nothing to check: the formula has no variables")
        elif found.verdict == "agree":
            all_of_them = {1: "The second derivative is right."}
            lines.append(all_of_them.get(good, f"All {good} second derivatives are right."))
        else:
            lines.append(f"{good} of {len(self.entries)} verified: {WORDS[found.verdict]}.")
        return lines

    def tables(self) -> Mapping[str, Table]:
        """A row an entry."""
        names = [
            "row", "column", "graph", "symbolic", "difference", "error", "left", "right", "digits", "verdict", "reason",
            "explanation",
        ]  # fmt: skip
        rows = [[row, *self.rows[row].row(each)] for row, each in self.entries]
        return {"hessian": Table("hessian", [Column(name, name) for name in names], rows)}

    def quantities(self) -> Mapping[str, Any]:
        """`x.y`, the entry in row x and column y; `verdict` for all."""
        found: dict[str, Any] = {"verdict": self.found.verdict}
        return {**found, **{f"{row}.{each.name}": each.graph for row, each in self.entries}}

    def report(self) -> Report:
        """The report."""
        return of_parts("check", self, self.found.first.back.graph.source)
