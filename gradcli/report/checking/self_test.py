"""The report of the self test: one line when all is well, else what is wrong; every item on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.analysis.checking.self_test import Item, SelfTest
from gradcli.report import Cell, Column, Note, Report, Table, Title, of_parts
from gradcli.report.checking.findings import WORDS
from gradcli.report.formulas import phrase
from gradcli.report.plain_text import plural

NEXT = "to check a formula: gradcli check FORMULA --x 2"


class SelfTested:
    """What `gradcli check` without a formula found; `seconds` is shown where it is given."""

    def __init__(self, found: SelfTest, *, verbose: bool = False, seconds: float | None = None) -> None:
        self.found = found
        self.verbose = verbose
        self.seconds = seconds
        self.notes: Sequence[Note] = ()
        self.exit_status = 1 if found.wrong else 0

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind were tested."""
        return {
            "operations": self.found.count("operation"),
            "examples": self.found.count("example"),
            "graphs": self.found.count("graph"),
        }

    def facts(self) -> Mapping[str, Any]:
        """The record: how many, and every item."""
        return {
            "self_test": self.counts,
            "verdict": self.found.verdict,
            "items": [each._asdict() for each in self.found.items],
        }

    def title(self) -> Title:
        """What this is."""
        return [phrase("Self test: every operation, worked examples, random graphs")]

    def screen(self, rows: int) -> Sequence[Table]:
        """What is wrong, or every item; then one line."""
        shown = self.found.items if self.verbose else self.found.wrong
        tables = []
        if shown:
            columns = [Column("kind", "kind"), Column("name", "tested", wrap=True), Column("verdict", "verdict")]
            if self.found.wrong:
                columns.append(Column("detail", "what is wrong", wrap=True))
            cells = [self.row(each)[: len(columns)] for each in shown[:rows]]
            tables.append(Table("items", columns, cells, total=len(shown)))
        lines: list[list[Cell]] = [[self.summary()], [NEXT]]
        return [*tables, Table("summary", [Column("line", "", wrap=True)], lines, ruled=False)]

    def row(self, each: Item) -> list[Cell]:
        """One row of the table for people."""
        return [each.kind, each.name, WORDS[each.verdict], each.detail]

    def summary(self) -> str:
        """`101 operations, 12 lecture examples, 100 random graphs: all agree (4.1 s)`."""
        counts = self.counts
        parts = [
            plural(counts["operations"], "operation", "operations"),
            plural(counts["examples"], "lecture example", "lecture examples"),
            plural(counts["graphs"], "random graph", "random graphs"),
        ]
        wrong = [each.name if each.kind != "graph" else each.name.partition(":")[0] for each in self.found.wrong]
        named = ", ".join(wrong[:5]) + (" …" if len(wrong) > 5 else "")
        told = f"{plural(len(wrong), 'is', 'are')} WRONG: {named}" if wrong else "all agree"
        seconds = "" if self.seconds is None else f" ({self.seconds:.1f} s)"
        return f"{', '.join(parts)}: {told}{seconds}"

    def tables(self) -> Mapping[str, Table]:
        """A row an item."""
        names = Item._fields
        rows: list[list[Cell]] = [list(each) for each in self.found.items]
        return {"items": Table("items", [Column(name, name) for name in names], rows)}

    def quantities(self) -> Mapping[str, Any]:
        """`verdict`, `operations`, `examples`, `graphs`, `wrong`."""
        return {"verdict": self.found.verdict, **self.counts, "wrong": len(self.found.wrong)}

    def report(self) -> Report:
        """The report."""
        return of_parts("check", self)
