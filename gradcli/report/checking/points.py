"""The report of a check at many random points: how many of each verdict, and the worst point as a line to type."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.analysis.checking.points import PointCheck, PointChecks
from gradcli.analysis.checking.verdict import SEVERITY
from gradcli.graph import Graph
from gradcli.report import Cell, Column, Note, Report, Style, Table, Title, of_parts
from gradcli.report.checking.findings import WORDS, finding_record
from gradcli.report.formulas import Phrase, equation, listed, phrase
from gradcli.report.passes.sentences import headline
from gradcli.report.plain_text import exact_number, plural, say


class CheckedPoints:
    """What `gradcli check --random` found; `options` are those the line of a point needs besides its values."""

    def __init__(self, found: PointChecks, notes: Sequence[Note], style: Style, options: Sequence[str] = ()) -> None:
        self.found = found
        self.style = style
        self.options = options
        self.notes = [*notes, *(Note(*remark) for remark in found.graph.remarks)]
        self.exit_status = {"agree": 0, "disagree": 1}.get(found.verdict, 3)

    def line(self, each: PointCheck) -> str:
        """`gradcli check '(x+y)*y' --at x=0.5,y=2`."""
        values = ",".join(f"{name}={exact_number(value)}" for name, value in each.point.items())
        at = ["--at", values] if values else []
        return shlex.join(["gradcli", "check", self.found.graph.source, *at, *self.options])

    def facts(self) -> Mapping[str, Any]:
        """The record: what was drawn, how many of each verdict, every point."""
        found = self.found
        worst = found.worst
        return {
            "random": {"wanted": found.wanted, "seed": found.seed, "drawn": found.drawn, "outside": found.outside},
            "verdict": found.verdict,
            "counts": found.counts,
            "worst": None if worst is None else {"command": self.line(worst), **self.point(worst)},
            "points": [self.point(each) for each in found.points],
        }

    def point(self, each: PointCheck) -> dict[str, Any]:
        """One point as JSON."""
        return {
            "point": dict(each.point),
            "value": each.value,
            **finding_record(each.finding),
            "relative_error": each.error,
            "inputs": {
                v.name: {
                    "gradient": v.graph, "difference": v.difference, "error": v.error,
                    "symbolic": None if v.symbolic.value is None else float(v.symbolic.value),
                    "digits": v.digits, "verdict": v.verdict, "reason": v.finding.reason,
                }
                for v in each.variables
            },
        }  # fmt: skip

    def title(self) -> Title:
        """`f = (x + y)·y   at 100 random points, seed 0`."""
        found = self.found
        where = f"at {plural(found.wanted, 'random point', 'random points')}, seed {found.seed}"
        return [of_graph(found.graph), phrase(where)]

    def screen(self, rows: int) -> Sequence[Table]:
        """How many points of each verdict; the worst one; one line at the end."""
        found = self.found
        columns = [Column("verdict", "verdict"), Column("points", "points", "right"), Column("first", "for example")]
        counted: list[list[Cell]] = []
        for verdict, count in found.counts.items():
            first = next(each for each in found.points if each.verdict == verdict)
            values = phrase(*listed([equation(name, say(value, self.style)) for name, value in first.point.items()]))
            counted.append([WORDS[verdict], f"{count:,}", values])
        lines: list[list[Cell]] = [[line] for line in self.lines()]
        return [
            Table("counts", columns, counted[:rows]),
            Table("summary", [Column("line", "", wrap=True)], lines, ruled=False),
        ]

    def lines(self) -> list[str]:
        """The sentences below the table."""
        found, worst = self.found, self.found.worst
        lines = []
        if found.outside:
            lines.append(f"{plural(found.outside, 'point lies', 'points lie')} outside the domain: drawn again.")
        if worst is not None:
            if worst.verdict != "agree":
                lines.append(f"worst: {worst.finding.explanation}.")
            elif not math.isnan(worst.error):
                lines.append(f"largest relative error {worst.error:.1e}")
            lines.append(f"  {self.line(worst)}")
        if not found.points:
            return [*lines, "No point was found in the domain: say where it is with --range."]
        if len(found.points) < found.wanted:
            lines.append(f"Only {len(found.points):,} of {found.wanted:,} points found in the domain: give --range.")
        good = found.counts.get("agree", 0)
        if good == len(found.points):
            lines.append(f"The gradient is right at {'all ' * (good > 1)}{plural(good, 'point', 'points')}.")
        else:
            lines.append(f"{good:,} of {len(found.points):,} points verified: {WORDS[found.verdict]}.")
        return lines

    def tables(self) -> Mapping[str, Table]:
        """A row a point; a row a point and variable."""
        names = list(self.found.graph.inputs)
        columns = ["number", *names, "value", "verdict", "reason", "relative_error"]
        rows: list[list[Cell]] = []
        inputs: list[list[Cell]] = []
        for number, each in enumerate(self.found.points, start=1):
            values = [each.point[name] for name in names]
            rows.append([number, *values, each.value, each.verdict, each.finding.reason, each.error])
            for v in each.variables:
                symbolic = None if v.symbolic.value is None else float(v.symbolic.value)
                inputs.append([number, v.name, v.graph, symbolic, v.difference, v.error, v.verdict, v.finding.reason])
        ends = ["number", "variable", "graph", "symbolic", "difference", "error", "verdict", "reason"]
        return {
            "points": Table("points", [Column(name, name) for name in columns], rows),
            "inputs": Table("inputs", [Column(name, name) for name in ends], inputs),
        }

    def quantities(self) -> Mapping[str, Any]:
        """`verdict`, `points`, `outside`, `worst` (its line), `worst.error`, and how many of each verdict."""
        worst = self.found.worst
        return {
            "verdict": self.found.verdict,
            "points": len(self.found.points),
            "outside": self.found.outside,
            **{verdict: self.found.counts.get(verdict, 0) for verdict in SEVERITY},
            **({"worst": self.line(worst), "worst.error": worst.error} if worst is not None else {}),
        }

    def report(self) -> Report:
        """The report."""
        return of_parts("check", self, self.found.graph.source)


def of_graph(graph: Graph) -> Phrase:
    """`f = (x + y)·y`."""
    return headline(graph, graph.output_name(), f"{len(graph):,} nodes", always=True)
