"""The report of `gradcli export`: one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli import export
from gradcli.graph import Graph
from gradcli.report import Column, Note, Report, Table
from gradcli.report.words import plural


class Exported(Report):
    """A formula in another notation, or its gradient with respect to some inputs."""

    def __init__(self, graph: Graph, to: str, names: Sequence[str] | None, notes: Sequence[Note] = ()) -> None:
        self.graph = graph
        self.to = to
        self.names = names
        self.notes = notes
        target = export.targets()[to]
        self.text = export.formula(graph, target) if names is None else export.gradient(graph, names, target)

    def record(self) -> Mapping[str, Any]:
        """The text as JSON, schema 1."""
        return {
            "schema": 1,
            "command": "export",
            "formula": self.graph.source,
            "to": self.to,
            "gradient": None if self.names is None else list(self.names),
            "text": self.text,
            "notes": [note.record() for note in self.notes],
        }

    def title(self) -> str:
        """What it is the text of."""
        what = "formula" if self.names is None else plural(len(self.names), "derivative", "derivatives")
        return f"{what} in {self.to}"

    def screen(self, rows: int) -> Sequence[Table]:
        """The lines of the text."""
        lines = self.text.splitlines()
        return [Table("export", [Column("text", "")], [[line] for line in lines[:rows]], ruled=False, total=len(lines))]

    def tables(self) -> Mapping[str, Table]:
        """The lines of the text."""
        return {"export": Table("export", [Column("text", "text")], [[line] for line in self.text.splitlines()])}

    def quantities(self) -> Mapping[str, Any]:
        """The text itself."""
        return {"text": self.text}
