"""Tables for people. On a narrow terminal lists fold and columns go; a number is never cut."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from gradcli.errors import visible, width
from gradcli.formats import Drawing, Format, data_table
from gradcli.printers import unicode
from gradcli.report import Cell, Column, Items, Report, Style, Table, cell_text, title_text
from gradcli.report import blocks as text
from gradcli.report.formulas import Formula, remark, told
from gradcli.report.plain_text import plain, say

GAP = 3
"""Blanks between columns."""

WRAPPED = 24
"""How narrow a column that may wrap can become before another has to go."""

UNBOUNDED = 100_000


class Line(NamedTuple):
    """A line of its own; `folds` where it may be longer than the terminal is wide."""

    text: str
    style: str = ""
    folds: bool = True


class Grid(NamedTuple):
    """A table as text: the columns that fit, and the text of their cells; `ruled` has headings and a line below."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    ruled: bool


def render(report: Report, drawing: Drawing) -> str:
    """Title and tables, one below the other."""
    parts = parts_of(report, drawing)
    lines = with_rich(parts, drawing) if drawing.width or drawing.colour else in_columns(parts)
    return "".join(line.rstrip() + "\n" for line in lines)


def parts_of(report: Report, drawing: Drawing) -> Iterator[Line | Grid]:
    """The lines and tables of a page, every text made safe."""
    spell = plain if drawing.ascii else str
    yield Line(visible(spell(title_text(report.title()))), "bold")
    if drawing.table is not None:
        table = data_table(report, drawing)
        shown = table._replace(rows=table.rows[: drawing.rows], total=table.total or len(table.rows))
        yield from grid(shown, drawing.width, spell)
        return
    blocks = report.blocks(drawing.rows)
    if blocks:
        for line, style in lines_of(blocks, drawing.width):
            yield Line(visible(line), style, folds=False)
        return
    for position, table in enumerate(report.screen(drawing.rows)):
        if not table.rows:
            continue
        if table.ruled and position:
            yield Line("")
        if table.title:
            yield Line(visible(spell(table.title)), "bold")
        yield from grid(table, drawing.width, spell)


def grid(table: Table, most: int | None, spell: Callable[[str], str]) -> Iterator[Line | Grid]:
    """A table in at most so many columns of characters, and how many rows it leaves out."""
    columns = [column._replace(heading=spell(column.heading)) for column in table.columns]
    columns, texts = fit(columns, table.rows, most, whole=not table.ruled, spell=spell)
    yield Grid(columns, [[visible_lines(text) for text in row] for row in texts], table.ruled)
    if table.left_out:
        yield Line(f" … {table.left_out:,} more rows: --rows {table.total}")


def in_columns(parts: Iterable[Line | Grid]) -> Iterator[str]:
    """The lines where nothing limits or colours them: in a pipe, or a file. Rich draws the same, slowly."""
    for part in parts:
        if isinstance(part, Line):
            yield part.text
            continue
        headings = [column.heading for column in part.columns]
        rows = [[cell.split("\n") for cell in row] for row in ([headings] if part.ruled else []) + [*part.rows]]
        widths = [max(width(line) for lines in column for line in lines) for column in zip(*rows, strict=True)]
        right = [column.justify == "right" for column in part.columns]
        margin = " " if part.ruled else ""
        for number, row in enumerate(rows):
            for k in range(max(map(len, row))):
                cells = [lines[k] if k < len(lines) else "" for lines in row]
                padded = [
                    " " * (most - width(cell.rstrip())) + cell.rstrip() if leans else cell + " " * (most - width(cell))
                    for cell, most, leans in zip(cells, widths, right, strict=True)
                ]
                yield margin + (" " * GAP).join(padded)
            if part.ruled and number == 0:
                yield "─" * (sum(widths) + GAP * (len(widths) - 1) + 2)


def with_rich(parts: Iterable[Line | Grid], drawing: Drawing) -> Iterator[str]:
    """The lines on a terminal, as wide as it is, or with colours."""
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
    for part in parts:
        if isinstance(part, Grid):
            _draw(console, part, drawing)
        elif part.folds:
            console.print(Text(part.text, style=part.style if drawing.colour else ""), overflow="fold")
        else:
            text = Text(part.text, style=part.style if drawing.colour else "")
            console.print(text, no_wrap=True, overflow="ignore")
    yield from stream.getvalue().splitlines()


class Aligned(NamedTuple):
    """An equation as text: its sides, and the signs between them, which stand below the others of the column."""

    sides: tuple[str, ...]
    signs: tuple[str, ...]


class Listed(NamedTuple):
    """Things as text: on one line, or one below the other where there is no room."""

    items: tuple[str, ...]
    stacked: bool


Spelled = str | Aligned | Listed
"""A cell as text, before it is known how wide it may be."""


def as_text(cell: Cell, spell: Callable[[str], str] = str) -> Spelled:
    """A cell as text, with its characters spelled by `spell`."""
    if isinstance(cell, Formula) and cell.signs:
        return Aligned(tuple(map(spell, cell.texts(unicode.DIALECT))), tuple(map(spell, cell.signs)))
    if isinstance(cell, Items):
        return Listed(tuple(spell(cell_text(item)) for item in cell.items), cell.stacked)
    if cell is None or isinstance(cell, (int, float)):
        return spell(say(cell, Style()))
    return spell(cell_text(cell))


def _draw(console: object, grid: Grid, drawing: Drawing) -> None:
    from rich import box
    from rich import table as rich_table
    from rich.text import Text

    header_line = box.Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    drawn = rich_table.Table(
        box=header_line if grid.ruled else None,
        show_edge=False,
        show_header=grid.ruled,
        padding=(0, 1) if grid.ruled else (0, GAP, 0, 0),
        pad_edge=grid.ruled,
        header_style="",
    )
    for column in grid.columns:
        drawn.add_column(
            Text(column.heading),
            justify=column.justify,
            overflow="fold",
            no_wrap=not column.wrap,
            style=column.colour if drawing.colour else "",
        )
    for row in grid.rows:
        drawn.add_row(*map(Text, row))
    console.print(drawn)  # type: ignore[attr-defined]


def visible_lines(text: str) -> str:
    """`text` made safe line by line."""
    return "\n".join(visible(line) for line in text.split("\n"))


def fit(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    available: int | None,
    *,
    whole: bool = False,
    spell: Callable[[str], str] = str,
) -> tuple[list[Column], list[list[str]]]:
    """The columns that fit and the text of their cells.

    Where there is no room, first lists fold; then columns, the least important first, lose the left sides of their
    equations, and at last disappear. Where lines are to stay `whole`, nothing wraps before the others are gone.
    """
    spelled = [[as_text(cell, spell) for cell in row] for row in rows]
    shown = list(range(len(columns)))
    bare: set[int] = set()
    folded = False
    while True:
        cells = [
            column_text([row[i] for row in spelled], right=columns[i].justify == "right", folded=folded, bare=i in bare)
            for i in shown
        ]
        if available is None or needed([columns[i] for i in shown], cells, most=None) <= available:
            break
        candidates = sorted((i for i in shown if columns[i].keep < 9), key=lambda i: columns[i].keep)
        wrapping = folded and not (whole and candidates)
        if wrapping and needed([columns[i] for i in shown], cells, most=WRAPPED) <= available:
            break
        stripped = [i for i in candidates if i not in bare and any(isinstance(row[i], Aligned) for row in spelled)]
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


def column_text(cells: Sequence[Spelled], *, right: bool, folded: bool, bare: bool) -> list[str]:
    """The cells of one column as text, the signs of equations one below the other."""
    equations = [cell.sides for cell in cells if isinstance(cell, Aligned)]
    depth = max(map(len, equations), default=0)
    widths = [max(width(sides[i]) for sides in equations if i < len(sides)) for i in range(depth)]

    def text(cell: Spelled) -> str:
        if isinstance(cell, Aligned):
            return cell.sides[-1] if bare else aligned(cell.signs, cell.sides, widths, right=right)
        if isinstance(cell, Listed):
            return ("\n" if folded or cell.stacked else ", ").join(cell.items)
        return cell

    return [text(cell) for cell in cells]


TEXT = 80
"""The longest line of a text in a pipe, and on a wide terminal."""

WIDE = 100
"""The longest line of an equation in a pipe."""

LABEL = 10
"""Columns for the label before a sentence."""


def lines_of(blocks: Sequence[text.Block], available: int | None) -> Iterator[tuple[str, str]]:
    """The lines of a text with their styles. Sentences fold between words, equations at their signs."""
    most = available or WIDE
    page = min(most, TEXT)
    deep = beside = False
    for block in blocks:
        if isinstance(block, text.Heading):
            deep, beside = block.level > 1, False
            yield "", ""
            yield from folded(told(block.parts, unicode.DIALECT), page, " " * (2 * deep), "bold")
            continue
        margin = 4 if deep else 2
        beside = beside or bool(block.label)
        indent = margin + (LABEL if beside else 2 if isinstance(block, text.Equations) else 0)
        lead = " " * margin + block.label.ljust(LABEL) if block.label else " " * indent
        if isinstance(block, text.Sentence):
            yield from folded(told(block.parts, unicode.DIALECT), page, " " * indent, "", lead)
            continue
        for line in equations(block.rows, most - indent):
            yield lead + line, ""
            lead = " " * indent


def folded(words: str, available: int, indent: str, style: str, lead: str | None = None) -> list[tuple[str, str]]:
    """A sentence on lines that are no longer than `available`, broken between words only."""
    from textwrap import wrap

    first = indent if lead is None else lead
    lines = wrap(
        words,
        max(available, len(indent) + 20),
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [(line, style) for line in lines]


def equations(rows: Sequence[Formula], available: int) -> Iterator[str]:
    """Rows of equations: every sign below the others where there is room, else folded at the signs."""
    sides = [row.texts(unicode.DIALECT) for row in rows]
    depth = max(map(len, sides), default=0)
    alike = len({len(row) for row in sides}) == 1
    widths = [max([width(row[i]) for row in sides if i < len(row) - 1], default=0) for i in range(depth)]
    widths = [most * (alike or i == 0) for i, most in enumerate(widths)]
    whole = [aligned(row.signs, texts, widths) for row, texts in zip(rows, sides, strict=True)]
    most = max(map(width, whole), default=0)
    whole = [
        line + " " * (most - width(line)) * bool(row.comment) + comment(row)
        for row, line in zip(rows, whole, strict=True)
    ]
    if max(map(width, whole), default=0) <= available:
        yield from whole
        return
    for row, texts in zip(rows, sides, strict=True):
        left = texts[0] + " " * (widths[0] - width(texts[0])) if len(texts) > 1 else texts[0]
        line, lead = left, width(left)
        for sign, side in zip(row.signs, texts[1:], strict=True):
            if width(line) > lead and width(line) + width(side) + 3 > available:
                yield line
                line = " " * min(lead, max(0, available - width(side) - 3))
            pieces = pieces_of(side, available - width(line) - 3)
            line += f" {sign} {pieces[0]}"
            for piece in pieces[1:]:
                yield line
                line = " " * min(lead, max(0, available - width(piece) - 3)) + "   " + piece
        told_comment = comment(row)
        if width(line) + width(told_comment) > available and told_comment:
            yield line
            line = " " * min(lead, max(0, available - width(told_comment)))
        yield line + told_comment


def aligned(signs: Sequence[str], texts: Sequence[str], widths: Sequence[int], *, right: bool = False) -> str:
    """`v1 = x + y = 2 + 3`, each side but the last as wide as the widest of its column."""
    line = ""
    for i, side in enumerate(texts[:-1]):
        blanks = " " * (widths[i] - width(side))
        line += f"{blanks if right else ''}{side}{'' if right else blanks} {signs[i]} "
    return line + texts[-1]


def comment(row: Formula) -> str:
    """What stands behind a row."""
    return f"   ({remark(row, unicode.DIALECT)})" if row.comment else ""


def pieces_of(side: str, available: int) -> list[str]:
    """A side of an equation that is too long, broken between its terms; numbers and names stay whole."""
    from textwrap import wrap

    if width(side) <= available:
        return [side]
    return wrap(side, max(available, 12), break_long_words=False, break_on_hyphens=False) or [side]


FORMAT = Format(".txt", ("page", "table"), render, joins="blank line", rounds=True)
