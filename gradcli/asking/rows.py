"""The rows of a file for `--each`: separated by commas, semicolons or tabs, as spreadsheets of any country are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gradcli.asking.files import read_file
from gradcli.errors import GradcliError, UsageError, visible
from gradcli.language.limits import FILE
from gradcli.language.spelling import plain_name

FORMULA = (
    "formula", "formel", "formule", "fórmula", "formuła", "formül", "формула", "公式", "数式",
)  # fmt: skip
"""Headings of the column with the formula."""

ELSE = (
    "expression", "equation", "gleichung", "équation", "ecuación", "function", "funktion", "fonction", "función",
)  # fmt: skip
"""Other headings of it, where no formula is typed: a variable may have such a name."""

ID = (
    "id", "#", "nr", "nr.", "no.", "n°", "nummer", "number", "numéro", "número", "номер", "编号", "番号", "student",
    "student id", "matrikelnummer", "étudiant", "estudiante", "name", "nom", "nombre", "question", "frage", "aufgabe",
)  # fmt: skip
"""Headings of the column that says which row it is, the first of them that the file has."""

ANSWER = re.compile(r"(?:answer|antwort|réponse|respuesta|risposta)(?:\s*[:_.\s]\s*(?P<name>\S.*))?", re.I)
"""The heading of a column of answers: `answer:y` is about y, in `answer` stands `y=8`."""

SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""What some spreadsheets write into the first line."""

COMMA = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+(?:[eE][+-]?[0-9]+)?")
"""A number with a decimal comma, with points between thousands or without."""


class Row(NamedTuple):
    """One row of the file: its line, its id, its formula if it has one, its values; or why it cannot be read.

    `answers` are those of the columns of answers, by what they are about.
    """

    line: int
    id: str
    formula: str | None
    values: dict[str, str]
    answers: Sequence[tuple[str, str]] = ()
    error: GradcliError | None = None


class Sheet(NamedTuple):
    """A file with a heading: the names of its columns, the place of the one with the formula, and its rows."""

    columns: Sequence[str]
    formula: int | None
    rows: Iterator[Row]


def sheet(path: str, *, has_formula: bool) -> Sheet:
    """The file, or standard input for `-`; `has_formula` says whether one is typed for all rows.

    Raises UsageError for a file without a heading, or with two columns of one name, and for one in which no row can
    have a formula; EnvironmentFault for one that cannot be opened.
    """
    csv.field_size_limit(FILE.characters)
    text = read_file(path)
    path = "standard input" if path == "-" else path
    given = SEPARATOR.match(text)
    text = text[given.end() :] if given else text
    separator = given[1] if given else separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    lines_before = 1 if given else 0
    try:
        columns = [" ".join(name.split()) for name in next(reader, [])]
    except csv.Error as error:
        raise UsageError(f"{path}:1: {error}") from None
    named = [plain_name(name) for name in columns if name]
    if not named:
        raise UsageError(f"{path} is empty", hint="its first line names the columns: id,formula,x,y")
    repeated = [name for name in named if named.count(name) > 1]
    if repeated:
        raise UsageError(f"{path} has two columns {repeated[0]}", hint="give every column its own name")
    formula = place_of(columns, FORMULA if has_formula else FORMULA + ELSE)
    if formula is None and not has_formula:
        listed = ", ".join(name for name in columns if name)
        raise UsageError(
            f"there is no formula: {path} has no column formula",
            hint=f"its columns: {listed}; name one of them formula, or type the formula for all rows",
        )
    return Sheet(columns, formula, rows(reader, columns, formula, lines_before, decimal_commas=separator != ","))


def separator_of(text: str) -> str:
    """What stands between the cells of the heading: a tab, a semicolon or a comma."""
    heading = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0])
    return next((sign for sign in "\t;" if sign in heading), ",")


def place_of(columns: Sequence[str], headings: Sequence[str]) -> int | None:
    """The place of the first column that has one of the headings, in capitals or not."""
    lower = [name.lower() for name in columns]
    return next((lower.index(heading) for heading in headings if heading in lower), None)


def rows(
    reader: Iterator[list[str]], columns: Sequence[str], formula: int | None, lines_before: int, *, decimal_commas: bool
) -> Iterator[Row]:
    """The rows behind the heading; empty cells are no values, a row that cannot be read carries its error."""
    id_at = place_of(columns, ID)
    about = [ANSWER.fullmatch(name) for name in columns]
    number = 0
    while True:
        number += 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line_of(reader, lines_before), str(number), None, {}, error=UsageError(str(error)))
            return
        if not any(cells):
            number -= 1
            continue
        line = line_of(reader, lines_before)
        if any(cells[len(columns) :]):
            advice = "put quotation marks around a formula with commas"
            yield Row(line, str(number), None, {}, error=UsageError("more cells than columns", hint=advice))
            continue
        cells = [*cells, *[""] * (len(columns) - len(cells))][: len(columns)]
        if decimal_commas:
            cells = [decimal_point(cell) for cell in cells]
        answers = [
            (match["name"] or "", cell)
            for match, cell in zip(about, cells, strict=True)
            if match is not None and (cell or match["name"])
        ]
        values = {
            plain_name(name): cell
            for place, (name, cell) in enumerate(zip(columns, cells, strict=True))
            if name and cell and place not in (formula, id_at) and about[place] is None
        }
        yield Row(
            line,
            visible((cells[id_at] if id_at is not None else "") or str(number)),
            None if formula is None else cells[formula] or None,
            values,
            answers,
        )


def line_of(reader: Iterator[list[str]], before: int) -> int:
    """The line of the file that the reader has come to."""
    return int(reader.line_num) + before  # type: ignore[attr-defined]


def decimal_point(cell: str) -> str:
    """A number with its decimal comma as a point, without points between thousands; anything else as it is."""
    return cell.replace(".", "").replace(",", ".") if COMMA.fullmatch(cell) else cell
