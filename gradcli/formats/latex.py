"""A LaTeX document with booktabs tables that compiles as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcli.errors import GradcliError, UsageError, width
from gradcli.formats import Drawing, Format
from gradcli.language import parse
from gradcli.printers import latex, unicode
from gradcli.printers.expression import in_full
from gradcli.report import Aligned, Cell, Column, Items, Report, Table
from gradcli.report import blocks as text

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

WORDS = frozenset({"operation", "pattern", "what"})
"""Columns of words, which are no formulas even where they could be read as one: `exp2`."""

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

_FUNCTIONS = frozenset(
    ["sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "exp", "log", "ln", "max", "min",
     "arcsin", "arccos", "arctan"]
)  # fmt: skip

_SIGNS = {
    "∂": r"\partial ", "·": r" \cdot ", "×": r" \times ", "≤": r" \le ", "≥": r" \ge ", "≠": r" \ne ", "√": r"\surd ",
    "π": r"\pi ", "←": r" \leftarrow ", "→": r" \to ", "—": r"\text{--}", "…": r"\ldots ", "−": "-", "&": r"\&",
    "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\sim ", "\\": r"\backslash ",
    "^": r"\hat{\ }", "≈": r" \approx ",
    "±": r" \pm ", "∞": r"\infty ", "′": "'", "§": r"\S ", "↓": r" \downarrow ", "↑": r" \uparrow ",
}  # fmt: skip

_TEXT = {
    "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip

_PIECE = re.compile(
    r"(?<![/^])(?P<fraction>[0-9]+/[0-9]+)(?![.0-9⁰¹²³⁴-⁹^A-Za-z])|(?P<number>[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?(?![A-Za-z]))|(?P<name>[^\W\d_²³¹⁰⁴-⁹][^\W_²³¹⁰⁴-⁹]*(?:_[^\W_²³¹⁰⁴-⁹]+)*(?:@[0-9]+)?)"
    r"|(?P<super>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)|(?P<other>.)",
    re.DOTALL,
)
_NAME = re.compile(r"([^\W\d]\w*)(?![\w(])")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def render(report: Report, drawing: Drawing) -> str:
    """The document: the formula, the tables, the notes. Raises UsageError for a plot drawn in characters."""
    head, _, point = report.title().partition("   ")
    blocks = report.blocks(drawing.rows)
    if blocks:
        text = "\n".join([*_title(head, point), *told(blocks), *noted(report)]) + "\n"
        return text if drawing.fragment else _TEXT_HEAD + text + "\\end{document}\n"
    words = " = " not in head or re.search(r"[0-9] operations", head)
    title = mixed(head) if words else f"${math(head)}$"
    parts = [rf"\textbf{{{title}}}" + (rf"\quad {mixed(point)}" if point else ""), ""]
    tables = report.screen(drawing.rows)
    for table in tables:
        if table.name == "plot":
            hint = "--csv has its points, --format html and table draw it"
            raise UsageError("latex cannot show this plot", hint=hint)
        if table.rows:
            above = [rf"\textit{{{mixed(table.title)}}}\par"] if table.title else []
            parts += ["", r"\medskip", *above, *_table(table)]
    parts += noted(report)
    return _HEAD.replace("PAPER", _paper(head, tables)) + "\n".join(parts) + "\n\\end{document}\n"


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
    if isinstance(cell, Aligned):
        return [" = ".join(cell.parts)]
    if isinstance(cell, Items):
        return [",  ".join(cell.items)]
    return [""] if cell is None else str(cell).split("\n")


def noted(report: Report) -> list[str]:
    """The notes, one a paragraph."""
    return [rf"\par {mixed(note.message)}" for note in report.notes]


def _title(head: str, point: str) -> list[str]:
    """The formula in a line of its own, and the point."""
    formula = rf"\[ {math(head)} \]" if len(head) <= LINE else rf"\textbf{{${math(head)}$}}\par"
    where = ", ".join(f"${math(each)}$" for each in point.removeprefix("at ").split(", "))
    return [formula] + ([f"at {where}"] if point else [])


def told(blocks: Sequence[text.Block]) -> list[str]:
    """A text: sections, paragraphs, and equations aligned at their first sign."""
    lines: list[str] = []
    for block in blocks:
        label = "" if isinstance(block, text.Heading) or not block.label else rf"\textbf{{{block.label}}} "
        if isinstance(block, text.Heading):
            command = "section" if block.level == 1 else "subsection"
            title = "".join(escaped(part) if isinstance(part, str) else f"${one_line(part)}$" for part in block.parts)
            lines += ["", rf"\{command}*{{{title}}}"]
        elif isinstance(block, text.Sentence):
            lines += ["", label + words(block.parts)]
        else:
            rows = [row for each in block.rows for row in rows_of(each)]
            before = ["", label.strip()] if label else []
            lines += [*before, r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]
    return lines


def words(parts: Sequence[text.Part]) -> str:
    """A sentence."""
    return "".join(mixed(part) if isinstance(part, str) else f"${one_line(part)}$" for part in parts)


def one_line(formula: text.Formula) -> str:
    """A formula on one line."""
    first, *rest = formula.texts(latex.DIALECT)
    return first + "".join(f" {_RELATIONS[sign]} {side}" for sign, side in zip(formula.signs, rest, strict=True))


def rows_of(formula: text.Formula) -> list[str]:
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
        said = (mixed(part) if isinstance(part, str) else f"${part(latex.DIALECT)[0]}$" for part in formula.comment)
        rows[-1] += rf" && \text{{{''.join(said)}}}"
    return rows


_RELATIONS = {text.EQUAL: "=", text.ROUGHLY: r"\approx"}


def _table(table: Table) -> list[str]:
    columns = "".join("r" if column.justify == "right" else "l" for column in table.columns)
    long = len(table.rows) > ONE_PAGE
    environment = "longtable" if long else "tabular"
    lines = [] if long else [r"\begin{fitted}%"]
    lines += [rf"\begin{{{environment}}}{'[l]' if long else ''}{{@{{}}{columns}@{{}}}}"]
    if table.ruled:
        heads = " & ".join(mixed(column.heading) for column in table.columns)
        lines += [r"\toprule", rf"{heads} \\", r"\midrule", *([r"\endhead"] if long else [])]
    lines += [
        " & ".join(cell_text(cell, c) for cell, c in zip(row, table.columns, strict=True)) + r" \\"
        for row in table.rows
    ]
    lines += [r"\bottomrule"] if table.ruled else []
    lines.append(rf"\end{{{environment}}}" + ("" if long else "%"))
    lines += [] if long else [r"\end{fitted}\par"]
    if table.left_out:
        lines.append(f"{table.left_out:,} more rows are left out.")
    return lines


def cell_text(cell: Cell, column: Column) -> str:
    """A cell: equations and names in mathematics, words as words."""
    if isinstance(cell, Aligned):
        return f"${' = '.join(map(math, cell.parts))}$"
    if isinstance(cell, Items):
        return ",\\ ".join(f"${math(item)}$" for item in cell.items)
    lines = [_words_or_formula(line, column) for line in str(cell).split("\n")] if cell is not None else [""]
    if len(lines) == 1:
        return lines[0]
    return "\n".join([r"\begin{tabular}[t]{@{}l@{}}", " \\\\\n".join(lines), r"\end{tabular}"])


def _words_or_formula(text: str, column: Column) -> str:
    """One line of a cell."""
    if column.name in WORDS:
        return "".join(_TEXT.get(character, character) for character in text)
    if column.name == "computed":
        formula = None if text.isidentifier() else _formula(text)
        return f"${formula}$" if formula else mixed(text)
    if not text:
        return ""
    return mixed(text) if re.search(r"[A-Za-z]{2,} [A-Za-z0-9]|:", text) else f"${math(text)}$"


def mixed(text: str) -> str:
    """A sentence: words as text, pieces with mathematical signs as mathematics."""
    words = []
    for piece in text.split(" "):
        word = piece.rstrip(",;:.") or piece
        end = piece[len(word) :]
        if re.search(r"[∂·√σπ²³≤≥≠←↓↑]|[^\x00-\x7f]|^-?[0-9]", word):
            words.append(f"${math(word)}${end}")
        else:
            words.append(escaped(piece))
    return " ".join(words)


def escaped(text: str) -> str:
    """Words as they are, whatever LaTeX makes of their characters."""
    return "".join(_TEXT.get(character, character) for character in text)


def math(text: str) -> str:
    """A formula of ours, or an equation, in LaTeX's mathematics."""
    return " = ".join(_formula(part) or _signs(part) for part in text.split(" = "))


def _formula(text: str) -> str | None:
    """A formula that is read and printed again; None where that would not give the same text, as with ∂f/∂x."""
    names = [match[1] for match in _NAME.finditer(text)]
    try:
        graph = parse(text, names=names, unspecified=True)
    except GradcliError:
        return None
    if in_full(graph, graph.output, unicode.DIALECT) != text:
        return None
    return in_full(graph, graph.output, latex.DIALECT)


def _signs(text: str) -> str:
    """What is no formula, character by character."""
    return "".join(_piece(match) for match in _PIECE.finditer(text))


def _piece(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match.group()
    if kind == "fraction":
        above, _, below = text.partition("/")
        return rf"\frac{{{above}}}{{{below}}}"
    if kind == "number":
        return latex.number(text)[0]
    if kind == "super":
        return f"^{{{text.translate(_SUPERSCRIPTS)}}}"
    if kind == "name":
        return _name(text)
    return _SIGNS.get(text) or (_name(text) if text.isalpha() and not text.isascii() else text)


def _name(text: str) -> str:
    """A name, and a blank where another letter would become a part of it."""
    if text in _FUNCTIONS:
        return rf"\{text} "
    written = latex.SPELLED.get(text) or latex.name(text)
    return f"{written} " if re.search(r"\\[A-Za-z]+$", written) else written


FORMAT = Format(".tex", ("page",), render, rounds=True, fragments=True)
