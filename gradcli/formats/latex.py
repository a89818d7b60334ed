"""A LaTeX document with booktabs tables that compiles as it stands."""

from __future__ import annotations

import re
import unicodedata

from gradcli.formats import Drawing
from gradcli.report import Aligned, Cell, Column, Items, Report, Table

SUFFIX = ".tex"

ONE_PAGE = 30
"""Tables of more rows may break across pages; they need a second run of LaTeX for their widths."""

_HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[margin=2cm,landscape]{geometry}
\usepackage{amsmath,booktabs,longtable}
\setlength{\parindent}{0pt}
\begin{document}
"""

_FUNCTIONS = frozenset(
    ["sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "exp", "log", "ln", "max", "min",
     "arcsin", "arccos", "arctan"]
)  # fmt: skip

_SIGNS = {
    "∂": r"\partial ", "·": r" \cdot ", "×": r" \times ", "≤": r" \le ", "≥": r" \ge ", "≠": r" \ne ", "√": r"\surd ",
    "π": r"\pi ", "←": r" \leftarrow ", "→": r" \to ", "—": r"\text{--}", "…": r"\ldots ", "−": "-", "&": r"\&",
    "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\sim ", "\\": r"\backslash ",
    "^": r"\hat{\ }", "≈": r" \approx ", "↓": r" \downarrow ", "↑": r" \uparrow ",
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
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def render(report: Report, drawing: Drawing) -> str:
    """The document: the formula, the tables, the notes."""
    head, _, point = report.title().partition("   ")
    parts = [rf"\textbf{{${math(head)}$}}" + (rf"\quad {mixed(point)}" if point else ""), ""]
    for table in report.screen(drawing.rows):
        if table.rows:
            title = [rf"\textit{{{mixed(table.title)}}}\par"] if table.title else []
            parts += ["", r"\medskip", *title, *_table(table)]
    parts += [rf"\par {mixed(note.message)}" for note in report.notes]
    return _HEAD + "\n".join(parts) + "\n\\end{document}\n"


def _table(table: Table) -> list[str]:
    columns = "".join("r" if column.justify == "right" else "l" for column in table.columns)
    long = len(table.rows) > ONE_PAGE
    environment = "longtable" if long else "tabular"
    lines = [rf"\begin{{{environment}}}{'[l]' if long else ''}{{@{{}}{columns}@{{}}}}"]
    if table.ruled:
        heads = " & ".join(mixed(column.heading) for column in table.columns)
        lines += [r"\toprule", rf"{heads} \\", r"\midrule", *([r"\endhead"] if long else [])]
    lines += [
        " & ".join(cell_text(cell, c) for cell, c in zip(row, table.columns, strict=True)) + r" \\"
        for row in table.rows
    ]
    lines += [r"\bottomrule"] if table.ruled else []
    lines.append(rf"\end{{{environment}}}")
    if table.left_out:
        lines.append(f"{table.left_out:,} more rows are left out.")
    return lines


def cell_text(cell: Cell, column: Column) -> str:
    """A cell: equations and names in mathematics, words as words."""
    if isinstance(cell, Aligned):
        return f"${' = '.join(map(math, cell.parts))}$"
    if isinstance(cell, Items):
        return ",\\ ".join(f"${math(item)}$" for item in cell.items)
    if cell is None:
        return ""
    text = str(cell)
    return (
        mixed(text)
        if re.search(r"[A-Za-z]{2,} [A-Za-z0-9]|:", text) or column.name == "computed"
        else f"${math(text)}$"
    )


def mixed(text: str) -> str:
    """A sentence: words as text, pieces with mathematical signs as mathematics."""
    words = []
    for piece in text.split(" "):
        word = piece.rstrip(",;:.") or piece
        end = piece[len(word) :]
        if re.search(r"[∂·√σπ²³≤≥≠←↓↑]|[^\x00-\x7f]|^-?[0-9]", word):
            words.append(f"${math(word)}${end}")
        else:
            words.append("".join(_TEXT.get(character, character) for character in piece))
    return " ".join(words)


def math(text: str) -> str:
    """A formula of ours in LaTeX's mathematics."""
    return "".join(_piece(match) for match in _PIECE.finditer(text))


def _piece(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match.group()
    if kind == "fraction":
        above, _, below = text.partition("/")
        return rf"\frac{{{above}}}{{{below}}}"
    if kind == "number":
        mantissa, e, exponent = text.partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else text
    if kind == "super":
        return f"^{{{text.translate(_SUPERSCRIPTS)}}}"
    if kind == "name":
        return _name(text)
    if text.isascii():
        return _SIGNS.get(text, text)
    return _SIGNS.get(text) or _greek(text)


def _name(text: str) -> str:
    """A name: x, v1 with its index, Greek and functions by their commands, or a word upright."""
    if text in _FUNCTIONS:
        return rf"\{text} "
    if text in ("inf", "nan"):
        return r"\infty " if text == "inf" else r"\text{nan}"
    letters = re.match(r"[^\W\d_]+", text)
    stem = letters.group() if letters else text
    index = text[len(stem) :].strip("_")
    written = (
        _greek(stem) if len(stem) == 1 else rf"\mathrm{{{stem}}}" if stem.isascii() else "".join(map(_greek, stem))
    )
    return written + (f"_{{{_index(index)}}}" if index else "")


def _index(index: str) -> str:
    """An index: digits as they are, words upright."""
    return index if index.isdigit() else rf"\mathrm{{{index.replace('_', ' ').replace('@', '@')}}}"


def _greek(character: str) -> str:
    """A Greek letter by its command; other letters as they are."""
    if character.isascii():
        return character
    words = unicodedata.name(character, "").split()
    if "GREEK" in words:
        name = words[-1].lower().replace("lamda", "lambda")
        if "CAPITAL" in words:
            capitals = ("gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega")
            return rf"\{name.capitalize()} " if name in capitals else rf"\mathrm{{{name[0].upper()}}}"
        return "o" if name == "omicron" else rf"\{name} "
    return r"\text{?}"
