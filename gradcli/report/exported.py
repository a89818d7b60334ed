"""The report of `gradcli export`: one text."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.report import Column, Note, Report, Table
from gradcli.report.formulas import phrase
from gradcli.report.plain_text import plural


def report_of(text: str, to: str, formula: str, names: Sequence[str] | None, notes: Sequence[Note] = ()) -> Report:
    """The `text` of a formula in the notation `to`, or of its gradient with respect to the inputs in `names`."""
    lines = text.splitlines()
    what = "formula" if names is None else plural(len(names), "derivative", "derivatives")

    def screen(rows: int) -> Sequence[Table]:
        return [Table("export", [Column("text", "")], [[line] for line in lines[:rows]], ruled=False, total=len(lines))]

    return Report(
        "export",
        lambda: [phrase(f"{what} in {to}")],
        lambda: {"to": to, "gradient": None if names is None else list(names), "text": text},
        screen,
        lambda: {"export": Table("export", [Column("text", "text")], [[line] for line in lines])},
        quantities=lambda: {"text": text},
        formula=formula,
        notes=notes,
    )
