"""Tables for people. On a narrow terminal lists fold and columns go; a number is never cut."""

from __future__ import annotations

import io
from collections.abc import Sequence

from gradcli.errors import visible, width
from gradcli.formats import Drawing
from gradcli.report import Aligned, Cell, Column, Items, Report, Style, Table
from gradcli.report.words import say

SUFFIX = ".txt"

GAP = 3
"""Blanks between columns."""

WRAPPED = 24
"""How narrow a column that may wrap can become before another has to go."""

UNBOUNDED = 100_000


def render(report: Report, drawing: Drawing) -> str:
    """Title and tables, one below the other."""
    from rich.console import Console
    from rich.text import Text

    stream = io.StringIO()
    console = Console(
        file=stream,
        width=drawing.width or UNBOUNDED,
        force_terminal=drawing.colour,
        color_system="standard" if drawing.colour else None,
        no_color=not drawing.colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(Text(visible(report.title()), style="bold" if drawing.colour else ""), overflow="fold")
    for position, table in enumerate(report.screen(drawing.rows)):
        if not table.rows:
            continue
        if table.ruled and position:
            console.print()
        if table.title:
            console.print(Text(visible(table.title), style="bold" if drawing.colour else ""), overflow="fold")
        _draw(console, table, drawing)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())


def _draw(console: object, table: Table, drawing: Drawing) -> None:
    from rich import box
    from rich import table as rich_table
    from rich.text import Text

    columns, texts = fit(table.columns, table.rows, drawing.width, whole=not table.ruled)
    header_line = box.Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    drawn = rich_table.Table(
        box=header_line if table.ruled else None,
        show_edge=False,
        show_header=table.ruled,
        padding=(0, 1) if table.ruled else (0, GAP, 0, 0),
        pad_edge=table.ruled,
        header_style="",
    )
    for column in columns:
        drawn.add_column(
            Text(column.heading),
            justify=column.justify,
            overflow="fold",
            no_wrap=not column.wrap,
            style=column.colour if drawing.colour else "",
        )
    for row in texts:
        drawn.add_row(*(Text(visible_lines(text)) for text in row))
    console.print(drawn)  # type: ignore[attr-defined]
    if table.left_out:
        console.print(Text(f" … {table.left_out:,} more rows: --rows {table.total}"))  # type: ignore[attr-defined]


def visible_lines(text: str) -> str:
    """`text` made safe line by line."""
    return "\n".join(visible(line) for line in text.split("\n"))


def fit(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], available: int | None, *, whole: bool = False
) -> tuple[list[Column], list[list[str]]]:
    """The columns that fit and the text of their cells.

    Where there is no room, first lists fold; then columns, the least important first, lose the left sides of their
    equations, and at last disappear. Where lines are to stay `whole`, nothing wraps before the others are gone.
    """
    shown = list(range(len(columns)))
    bare: set[int] = set()
    folded = False
    while True:
        cells = [
            column_text([row[i] for row in rows], right=columns[i].justify == "right", folded=folded, bare=i in bare)
            for i in shown
        ]
        if available is None or needed([columns[i] for i in shown], cells, most=None) <= available:
            break
        candidates = sorted((i for i in shown if columns[i].keep < 9), key=lambda i: columns[i].keep)
        wrapping = folded and not (whole and candidates)
        if wrapping and needed([columns[i] for i in shown], cells, most=WRAPPED) <= available:
            break
        stripped = [i for i in candidates if i not in bare and any(isinstance(row[i], Aligned) for row in rows)]
        if not folded:
            folded = True
        elif stripped:
            bare.add(stripped[0])
        elif candidates:
            shown.remove(candidates[0])
        else:
            break
    kept = [columns[i] for i in shown]
    return kept, [list(row) for row in zip(*cells, strict=True)] if cells else []


def needed(columns: Sequence[Column], cells: Sequence[Sequence[str]], most: int | None) -> int:
    """How wide a table with these columns is, where those that may wrap take at most `most`."""
    widths = [
        max([width(column.heading), *(width(line) for text in texts for line in text.split("\n"))])
        for column, texts in zip(columns, cells, strict=True)
    ]
    if most is not None:
        widths = [min(w, most) if column.wrap else w for w, column in zip(widths, columns, strict=True)]
    return sum(widths) + GAP * (len(widths) - 1) + 2


def column_text(cells: Sequence[Cell], *, right: bool, folded: bool, bare: bool) -> list[str]:
    """The cells of one column as text, equals signs one below the other."""
    equations = [cell.parts for cell in cells if isinstance(cell, Aligned)]
    depth = max(map(len, equations), default=0)
    widths = [max(width(parts[i]) for parts in equations if i < len(parts)) for i in range(depth)]

    def aligned(parts: tuple[str, ...]) -> str:
        blanks = [" " * (widths[i] - width(part)) for i, part in enumerate(parts[:-1])]
        padded = [blank + part if right else part + blank for blank, part in zip(blanks, parts, strict=False)]
        return " = ".join([*padded, parts[-1]])

    def text(cell: Cell) -> str:
        if isinstance(cell, Aligned):
            return cell.parts[-1] if bare else aligned(cell.parts)
        if isinstance(cell, Items):
            return ("\n" if folded else ", ").join(cell.items)
        return cell if isinstance(cell, str) else say(cell, Style())

    return [text(cell) for cell in cells]
