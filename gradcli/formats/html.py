"""One self-contained, accessible page: no script, no network, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gradcli.formats import Drawing, Format
from gradcli.printers import mathml
from gradcli.report import Cell, Items, Report, Style, Table, title_text
from gradcli.report import blocks as text
from gradcli.report.formulas import Formula, Part, Phrase, Writer
from gradcli.report.plain_text import say

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.25rem; font-weight: 600; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; margin: 0 0 1.5rem; }}
caption {{ text-align: left; font-weight: 600; padding: .25rem 0; }}
th, td {{ padding: .25rem .75rem; text-align: left; vertical-align: top; white-space: pre; }}
thead th {{ border-bottom: 2px solid; }}
tbody tr + tr > * {{ border-top: 1px solid #8886; }}
tbody th {{ font-weight: 600; }}
h2 {{ font-size: 1.15rem; border-bottom: 1px solid #8886; padding-top: 1rem; }}
h3 {{ font-size: 1rem; margin-bottom: .25rem; }}
p {{ margin: .25rem 0; max-width: 45rem; }}
math {{ font-size: 1.1em; }}
.equations mtd {{ text-align: left; padding: .2em .15em; }}
.equations mtd:first-child {{ text-align: right; }}
.label {{ font-weight: 600; }}
.right {{ text-align: right; }}
td, tbody th {{ font-family: ui-monospace, monospace; }}
.green {{ color: #0a6b2d; }} .red {{ color: #a3201b; }}
@media (prefers-color-scheme: dark) {{ .green {{ color: #7fd99a; }} .red {{ color: #ff9a94; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def render(report: Report, drawing: Drawing) -> str:
    """The page."""
    return _PAGE.format(title=escape(title_text(report.title())), body=body(report, drawing.rows))


def body(report: Report, rows: int) -> str:
    """The tables and the notes: a part of any page."""
    blocks = report.blocks(rows)
    parts = told(blocks) if blocks else [_table(table) for table in report.screen(rows) if table.rows]
    if report.notes:
        parts.append("<ul>" + "".join(f"<li>{escape(note.message)}</li>" for note in report.notes) + "</ul>")
    return "\n".join(parts)


def told(blocks: Sequence[text.Block]) -> list[str]:
    """A text: headings, paragraphs and equations, the formulas as MathML."""
    lines = []
    for block in blocks:
        label = (
            "" if isinstance(block, text.Heading) or not block.label else f'<span class="label">{block.label}</span> '
        )
        if isinstance(block, text.Heading):
            tag = f"h{1 + block.level}"
            lines.append(f"<{tag}>{words(block.parts)}</{tag}>")
        elif isinstance(block, text.Sentence):
            lines.append(f"<p>{label}{words(block.parts)}</p>")
        else:
            if label:
                lines.append(f"<p>{label}</p>")
            rows = "\n".join(_row(row) for row in block.rows)
            opening = (
                '<div class="scroll" tabindex="0"><math display="block" class="equations"><mtable displaystyle="true">'
            )
            lines.append(f"{opening}\n{rows}\n</mtable></math></div>")
    return lines


def words(parts: Sequence[Part]) -> str:
    """A sentence."""
    return "".join(escape(part) if isinstance(part, str) else f"<math>{_line(part)}</math>" for part in parts)


def _line(formula: Formula) -> str:
    """A formula on one line."""
    first, *rest = formula.texts(mathml.DIALECT)
    return first + "".join(f"<mo>{sign}</mo>{side}" for sign, side in zip(formula.signs, rest, strict=True))


def _remark(part: str | Writer) -> str:
    """A part of a comment: words, or a name."""
    return mathml.DIALECT.words(part) if isinstance(part, str) else part(mathml.DIALECT)[0]


def _row(formula: Formula) -> str:
    """A row of equations: the left side, and the rest from its first sign on."""
    first, *rest = formula.texts(mathml.DIALECT)
    right = "".join(f"<mo>{sign}</mo>{side}" for sign, side in zip(formula.signs, rest, strict=True))
    comment: Sequence[str | Writer] = ("(", *formula.comment, ")") if formula.comment else ()
    said = "".join(_remark(part) for part in comment)
    said = f"<mtd><mtext>&#xa0;&#xa0;</mtext>{said}</mtd>" if said else ""
    return f"<mtr><mtd><mrow>{first}</mrow></mtd><mtd><mrow>{right}</mrow></mtd>{said}</mtr>"


def _table(table: Table) -> str:
    lines = ['<div class="scroll" tabindex="0">', "<table>"]
    lines.append(f"<caption>{escape(table.title or table.caption or table.name)}</caption>")
    if table.ruled:
        heads = (f'<th scope="col"{_class(c.justify, "")}>{escape(c.heading)}</th>' for c in table.columns)
        lines.append(f"<thead><tr>{''.join(heads)}</tr></thead>")
    lines.append("<tbody>")
    for row in table.rows:
        cells = []
        for i, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            tag = 'th scope="row"' if i == 0 else "td"
            cells.append(f"<{tag}{_class(column.justify, column.colour)}>{_cell(cell)}</{tag.split()[0]}>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>", "</div>"]
    if table.left_out:
        lines.append(f"<p>{table.left_out:,} more rows are left out.</p>")
    return "\n".join(lines)


def _cell(cell: Cell | Phrase) -> str:
    """A cell: formulas as MathML, words as words, what is listed one below the other."""
    if isinstance(cell, Items):
        return "\n".join(map(_cell, cell.items))
    if isinstance(cell, Phrase):
        return words(cell.parts)
    return words([cell]) if isinstance(cell, Formula) else escape(say(cell, Style()))


def _class(justify: str, colour: str) -> str:
    names = [name for name in ("right" if justify == "right" else "", colour) if name]
    return f' class="{" ".join(names)}"' if names else ""


FORMAT = Format(".html", ("page",), render, rounds=True)
