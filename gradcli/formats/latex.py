"""A LaTeX document with booktabs tables that compiles as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.errors import UsageError, width
from gradcli.formats import Drawing, Format
from gradcli.printers import latex, unicode
from gradcli.report import Cell, Items, Report, Style, Table, Title, cell_text
from gradcli.report import blocks as text
from gradcli.report.formulas import EQUAL, FROM, ROUGHLY, TO, Formula, Part, Phrase
from gradcli.report.plain_text import say

ONE_PAGE = 30
"""Tables of more rows may break across pages; they need a second run of LaTeX for their widths."""

_HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[margin=2cm,PAPER]{geometry}
\usepackage{amsmath,booktabs,graphicx,longtable}
\setlength{\parindent}{0pt}
\newsavebox{\fittedbox}
\newenvironment{fitted}{\begin{lrbox}{\fittedbox}}{\end{lrbox}%
\ifdim\wd\fittedbox>\linewidth\resizebox{\linewidth}{!}{\usebox{\fittedbox}}\else\usebox{\fittedbox}\fi}
\begin{document}
"""
"""A table is set smaller where it is too wide: the edge of the paper cuts no number."""

PAGE_CHARACTERS = 125
"""Characters that a landscape page surely holds."""

CHARACTER = 2.1
"""Millimetres that a character takes at most, on average."""

SMALLEST = 0.45
"""Tables are set smaller until about here; beyond it, the page is wider."""

_TEXT_HEAD = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[a4paper,margin=2.5cm]{geometry}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5\baselineskip}
\allowdisplaybreaks
\begin{document}
"""

LINE = 70
"""Characters of an equation, as a terminal shows it, that fit on a line of a page."""


def render(report: Report, drawing: Drawing) -> str:
    """The document: the formula, the tables, the notes. Raises UsageError for a plot drawn in characters."""
    blocks = report.blocks(drawing.rows)
    if blocks:
        text = "\n".join([*_title(report.title()), *told(blocks), *noted(report)]) + "\n"
        return text if drawing.fragment else _TEXT_HEAD + text + "\\end{document}\n"
    head, *rest = (words(each.parts) for each in report.title())
    parts = [rf"\textbf{{{head}}}" + "".join(rf"\quad {each}" for each in rest), ""]
    tables = report.screen(drawing.rows)
    for table in tables:
        if table.drawn:
            raise UsageError("latex cannot show this plot", hint="--csv has its points")
        if table.rows:
            above = [rf"\textit{{{latex.words(table.title)}}}\par"] if table.title else []
            parts += ["", r"\medskip", *above, *_table(table)]
    parts += noted(report)
    page = _paper(cell_text(report.title()[0]), tables)
    return _HEAD.replace("PAPER", page) + "\n".join(parts) + "\n\\end{document}\n"


def _paper(head: str, tables: Sequence[Table]) -> str:
    """The page: landscape, or as wide as formulas and tables over several pages need, which are not set smaller."""
    needs = [_characters(table) * (1 if len(table.rows) > ONE_PAGE else SMALLEST) for table in tables if table.rows]
    widest = max([width(head), *needs])
    if widest <= PAGE_CHARACTERS:
        return "landscape"
    return f"paperwidth={40 + round(widest * CHARACTER)}mm,paperheight=210mm"


def _characters(table: Table) -> int:
    """How many characters wide a table is as text, with two between columns."""
    cells = zip(*table.rows, strict=True)
    columns = (
        max(width(column.heading), *(width(line) for cell in each for line in _lines(cell)))
        for column, each in zip(table.columns, cells, strict=True)
    )
    return sum(columns) + 2 * len(table.columns)


def _lines(cell: Cell) -> list[str]:
    """The lines of a cell as text."""
    if isinstance(cell, Items):
        texts = list(map(cell_text, cell.items))
        return texts if cell.stacked else [",  ".join(texts)]
    return [say(cell, Style()) if cell is None or isinstance(cell, (int, float)) else cell_text(cell)]


def noted(report: Report) -> list[str]:
    """The notes, one a paragraph."""
    return [rf"\par {latex.words(note.message)}" for note in report.notes]


def _title(title: Title) -> list[str]:
    """The formula in a line of its own, then the point."""
    head, *rest = title
    lines = [words(head.parts)]
    match head.parts:
        case (Formula() as formula,):
            short = len(formula.line(unicode.DIALECT)) <= LINE
            line = one_line(formula)
            lines = [rf"\[ {line} \]" if short else rf"\textbf{{${line}$}}\par"]
    return [*lines, *(words(each.parts) for each in rest)]


def told(blocks: Sequence[text.Block]) -> list[str]:
    """A text: sections, paragraphs, and equations aligned at their first sign."""
    lines: list[str] = []
    for block in blocks:
        label = "" if isinstance(block, text.Heading) or not block.label else rf"\textbf{{{block.label}}} "
        if isinstance(block, text.Heading):
            command = "section" if block.level == 1 else "subsection"
            lines += ["", rf"\{command}*{{{words(block.parts)}}}"]
        elif isinstance(block, text.Sentence):
            lines += ["", label + words(block.parts)]
        else:
            rows = [row for each in block.rows for row in rows_of(each)]
            before = ["", label.strip()] if label else []
            lines += [*before, r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]
    return lines


def words(parts: Sequence[Part]) -> str:
    """A sentence."""
    return "".join(latex.words(part) if isinstance(part, str) else f"${one_line(part)}$" for part in parts)


def one_line(formula: Formula) -> str:
    """A formula on one line."""
    first, *rest = formula.texts(latex.DIALECT)
    return first + "".join(f" {_RELATIONS[sign]} {side}" for sign, side in zip(formula.signs, rest, strict=True))


def rows_of(formula: Formula) -> list[str]:
    """A formula as rows of `align*`: a new row wherever the line would be too long."""
    first, *rest = formula.texts(latex.DIALECT)
    sizes = [len(side) for side in formula.texts(unicode.DIALECT)]
    rows, size = [first], sizes[0]
    for place, (sign, side) in enumerate(zip(formula.signs, rest, strict=True), start=1):
        relation = _RELATIONS[sign]
        if place == 1:
            rows[-1] += f" &{relation} {side}"
        elif size + sizes[place] > LINE:
            rows.append(f"&{relation} {side}")
            size = sizes[0]
        else:
            rows[-1] += f" {relation} {side}"
        size += sizes[place] + 3
    if formula.comment:
        said = (
            latex.words(part) if isinstance(part, str) else f"${part(latex.DIALECT)[0]}$" for part in formula.comment
        )
        rows[-1] += rf" && \text{{{''.join(said)}}}"
    return rows


_RELATIONS = {EQUAL: "=", ROUGHLY: r"\approx", FROM: r"\leftarrow", TO: r"\to"}


def _table(table: Table) -> list[str]:
    columns = "".join("r" if column.justify == "right" else "l" for column in table.columns)
    long = len(table.rows) > ONE_PAGE
    environment = "longtable" if long else "tabular"
    lines = [] if long else [r"\begin{fitted}%"]
    lines += [rf"\begin{{{environment}}}{'[l]' if long else ''}{{@{{}}{columns}@{{}}}}"]
    if table.ruled:
        heads = " & ".join(latex.words(column.heading) for column in table.columns)
        lines += [r"\toprule", rf"{heads} \\", r"\midrule", *([r"\endhead"] if long else [])]
    lines += [" & ".join(_cell(cell) for cell in row) + r" \\" for row in table.rows]
    lines += [r"\bottomrule"] if table.ruled else []
    lines.append(rf"\end{{{environment}}}" + ("" if long else "%"))
    lines += [] if long else [r"\end{fitted}\par"]
    if table.left_out:
        lines.append(f"{table.left_out:,} more rows are left out.")
    return lines


def _cell(cell: Cell) -> str:
    """A cell: formulas in mathematics, words as words."""
    if isinstance(cell, Items):
        lines = [words(item.parts if isinstance(item, Phrase) else [item]) for item in cell.items]
        if len(lines) < 2 or not cell.stacked:
            return ",\\ ".join(lines)
        return "\n".join([r"\begin{tabular}[t]{@{}l@{}}", " \\\\\n".join(lines), r"\end{tabular}"])
    if isinstance(cell, Phrase):
        return words(cell.parts)
    return words([cell]) if isinstance(cell, Formula) else latex.words(say(cell, Style()) if cell is not None else "")


FORMAT = Format(".tex", ("page",), render, rounds=True, fragments=True)
