"""The report of a check: the witnesses side by side, one verdict a variable, one in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.analysis.check import Check, VariableCheck
from gradcli.report import Cell, Column, Note, Report, Style, Table
from gradcli.report import record as trace_record
from gradcli.report.screen import title
from gradcli.report.trace import Trace
from gradcli.report.words import say

WORDS = {
    "agree": "agree",
    "disagree": "DISAGREE",
    "not_differentiable": "no derivative here",
    "outside_domain": "outside the domain",
    "rounding": "floats lose it",
    "inconclusive": "inconclusive",
}
"""The verdicts as people read them."""


class Verdicts(Report):
    """What `gradcli check` found."""

    def __init__(self, check: Check, notes: Sequence[Note], style: Style) -> None:
        self.check = check
        self.style = style
        self.trace = Trace("check", check.back.forward, check.back, notes, style)
        self.notes = self.trace.notes
        self.exit_status = check.exit_status

    def record(self) -> Mapping[str, Any]:
        """The record of the backward pass, and on each input what the witnesses say."""
        record = dict(trace_record.record(self.trace))
        record["inputs"] = {
            name: {**numbers, **self.verdict_record(name)} for name, numbers in record["inputs"].items()
        }
        notes = record.pop("notes")
        return {**record, "verdict": self.check.verdict, "notes": notes}

    def verdict_record(self, name: str) -> dict[str, Any]:
        """What is added to an input; nothing for one that was not checked."""
        for variable in self.check.variables:
            if variable.name == name:
                return {
                    "verdict": variable.verdict,
                    "reason": variable.reason,
                    "digits": variable.digits,
                    "symbolic": variable.symbolic,
                    "difference": variable.difference,
                    "left": variable.left,
                    "right": variable.right,
                }
        return {}

    def title(self) -> str:
        """The formula and the point."""
        return title(self.trace)

    def screen(self, rows: int) -> Sequence[Table]:
        """A row a variable, then the reasons, then the verdict."""
        columns = [
            Column("variable", "gradient"),
            Column("graph", "graph", "right", colour="red"),
            Column("symbolic", "SymPy", "right", keep=4),
            Column("difference", "difference of values", "right", keep=6),
            Column("verdict", "verdict"),
        ]
        output = self.trace.graph.name(self.trace.graph.output)
        found: list[list[Cell]] = [
            [
                f"∂{output}/∂{variable.name}",
                say(variable.graph, self.style),
                "none" if variable.symbolic is None else say(variable.symbolic, self.style),
                self.slope(variable),
                WORDS[variable.verdict] + (f" to {variable.digits} digits" if variable.verdict == "agree" else ""),
            ]
            for variable in self.check.variables
        ]
        reasons: list[list[Cell]] = [
            [f"{variable.name}: {variable.reason}"] for variable in self.check.variables if variable.verdict != "agree"
        ]
        return [
            Table("check", columns, found[:rows], total=len(found)),
            Table("reasons", [Column("reason", "", wrap=True)], [*reasons, [self.summary()]], ruled=False),
        ]

    def slope(self, variable: VariableCheck) -> str:
        """The slope of the values, or the two one-sided ones."""
        if variable.difference == variable.difference:
            return say(variable.difference, self.style)
        if variable.left == variable.left or variable.right == variable.right:
            return f"left {say(variable.left, self.style)}, right {say(variable.right, self.style)}"
        return "none"

    def summary(self) -> str:
        """The verdict in one line."""
        count = len(self.check.variables)
        good = sum(variable.verdict == "agree" for variable in self.check.variables)
        word = WORDS[self.check.verdict]
        if count == 0:
            return "nothing to check: the formula has no variables"
        if good == count:
            all_of_them = {1: "The gradient is right.", 2: "Both gradients are right."}
            return all_of_them.get(count, f"All {count} gradients are right.")
        return f"{good} of {count} verified: {word}."

    def tables(self) -> Mapping[str, Table]:
        """A row a variable."""
        names = ["variable", "graph", "symbolic", "difference", "left", "right", "digits", "verdict", "reason"]
        rows: list[list[Cell]] = [
            [v.name, v.graph, v.symbolic, v.difference, v.left, v.right, v.digits, v.verdict, v.reason]
            for v in self.check.variables
        ]
        return {"inputs": Table("inputs", [Column(n, n) for n in names], rows)}

    def quantities(self) -> Mapping[str, Any]:
        """A variable's verdict, and `x.graph`, `x.symbolic`, `x.difference`; `verdict` for all."""
        found: dict[str, Any] = {}
        for variable in self.check.variables:
            found[variable.name] = variable.verdict
            found[f"{variable.name}.verdict"] = variable.verdict
            found[f"{variable.name}.graph"] = variable.graph
            found[f"{variable.name}.symbolic"] = variable.symbolic
            found[f"{variable.name}.difference"] = variable.difference
        found.setdefault("verdict", self.check.verdict)
        return found
