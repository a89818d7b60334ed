"""One self-contained, accessible page: no script, no network, light and dark."""

from __future__ import annotations

from html import escape

from gradcli.formats import Drawing
from gradcli.formats.table import column_text
from gradcli.report import Report, Table

SUFFIX = ".html"

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

CAPTIONS = {
    "nodes": "Nodes: values from the inputs down, gradients from the output up",
    "edges": "Edges, in the order of the backward pass",
    "inputs": "What the gradients mean",
    "paths": "Paths from the inputs to the output",
    "sums": "The gradient is the sum of the products",
    "counts": "Counting them",
    "check": "The witnesses",
    "reasons": "Verdict",
    "operations": "The rule table",
    "operation": "The rule",
}
"""What a table shows, by name."""


def render(report: Report, drawing: Drawing) -> str:
    """The page."""
    return _PAGE.format(title=escape(report.title()), body=body(report, drawing.rows))


def body(report: Report, rows: int) -> str:
    """The tables and the notes: a part of any page."""
    parts = [_table(table) for table in report.screen(rows) if table.rows]
    if report.notes:
        parts.append("<ul>" + "".join(f"<li>{escape(note.message)}</li>" for note in report.notes) + "</ul>")
    return "\n".join(parts)


def _table(table: Table) -> str:
    columns = [
        column_text([row[i] for row in table.rows], right=column.justify == "right", folded=True, bare=False)
        for i, column in enumerate(table.columns)
    ]
    lines = ['<div class="scroll" tabindex="0">', "<table>"]
    lines.append(f"<caption>{escape(table.title or CAPTIONS.get(table.name, table.name))}</caption>")
    if table.ruled:
        heads = (f'<th scope="col"{_class(c.justify, "")}>{escape(c.heading)}</th>' for c in table.columns)
        lines.append(f"<thead><tr>{''.join(heads)}</tr></thead>")
    lines.append("<tbody>")
    for row in zip(*columns, strict=True):
        cells = []
        for i, (column, text) in enumerate(zip(table.columns, row, strict=True)):
            tag = 'th scope="row"' if i == 0 else "td"
            cells.append(f"<{tag}{_class(column.justify, column.colour)}>{escape(text)}</{tag.split()[0]}>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>", "</div>"]
    if table.left_out:
        lines.append(f"<p>{table.left_out:,} more rows are left out.</p>")
    return "\n".join(lines)


def _class(justify: str, colour: str) -> str:
    names = [name for name in ("right" if justify == "right" else "", colour) if name]
    return f' class="{" ".join(names)}"' if names else ""
