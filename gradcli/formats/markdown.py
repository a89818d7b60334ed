"""A Markdown table under the formula, as repository pages and notebooks render it; every number in full."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.errors import width
from gradcli.formats import Drawing, Format, data_table, latex
from gradcli.formats.plain import field
from gradcli.report import Report, title_text
from gradcli.report import blocks as text
from gradcli.report.formulas import Part

_SPECIAL = "\\`*_{}[]<>#|~$"


def render(report: Report, drawing: Drawing) -> str:
    """Title, table or text, notes."""
    blocks = report.blocks(drawing.rows)
    if blocks:
        return "\n".join([f"# {escaped(title_text(report.title()))}", *told(blocks), *noted(report)]) + "\n"
    table = data_table(report, drawing)
    numeric = [
        bool(table.rows) and all(cell is None or isinstance(cell, (int, float)) for cell in column)
        for column in zip(*table.rows, strict=True)
    ] or [False] * len(table.columns)
    rows = [[column.name for column in table.columns]]
    rows += [[code(field(cell)) if isinstance(cell, str) else field(cell) for cell in row] for row in table.rows]
    widths = [max(3, *(width(row[i]) for row in rows)) for i in range(len(table.columns))]
    rules = ["-" * (w - 1) + (":" if right else "-") for w, right in zip(widths, numeric, strict=True)]

    def line(cells: list[str]) -> str:
        padded = [" " * (w - width(c)) + c if right else c + " " * (w - width(c))
                  for c, w, right in zip(cells, widths, numeric, strict=True)]  # fmt: skip
        return f"| {' | '.join(padded)} |"

    lines = [escaped(title_text(report.title())), "", line(rows[0]), line(rules), *map(line, rows[1:])]
    lines += noted(report)
    return "\n".join(lines) + "\n"


def noted(report: Report) -> list[str]:
    """The notes, one a paragraph."""
    return [f"\n*{escaped(note.message)}*" for note in report.notes]


def told(blocks: Sequence[text.Block]) -> list[str]:
    """A text: headings, paragraphs with `$…$`, equations in `$$…$$`."""
    lines: list[str] = []
    for block in blocks:
        label = "" if isinstance(block, text.Heading) or not block.label else f"**{block.label}** "
        if isinstance(block, text.Heading):
            lines += ["", f"{'#' * (1 + block.level)} {words(block.parts)}"]
        elif isinstance(block, text.Sentence):
            lines += ["", label + words(block.parts)]
        else:
            rows = " \\\\\n".join(row for each in block.rows for row in latex.rows_of(each))
            before = ["", label.strip()] if label else []
            lines += [*before, "", "$$", r"\begin{aligned}", rows, r"\end{aligned}", "$$"]
    return lines


def words(parts: Sequence[Part]) -> str:
    """A sentence with its formulas between dollar signs."""
    return "".join(escaped(part) if isinstance(part, str) else f"${latex.one_line(part)}$" for part in parts)


def code(text: str) -> str:
    """Text that may hold formulas, so that nothing in it is markup."""
    if all(character.isalnum() or character in " :;,.-()'" for character in text):
        return text
    return "`" + text.replace("|", "\\|").replace("`", "'") + "`"


def escaped(text: str) -> str:
    """Text with every character that Markdown would read escaped."""
    return "".join("\\" + character if character in _SPECIAL else character for character in text)


FORMAT = Format(".md", ("page", "table"), render, joins="blank line")
