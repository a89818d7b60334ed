"""A format is one file that ends in one record: files put beside the others follow everywhere, and by no other name."""

import subprocess
import sys

import pytest

from gradcli import backward, formats, forward, parse
from gradcli.report import Column, Items, Note, Report, Table, of_row
from gradcli.report.formulas import derivative, formula, name, number, phrase, words
from gradcli.report.passes.report import report_of
from gradcli.report.passes.trace import Trace
from gradcli.report.picture import Picture

ORG = '''
"""Tables of a text editor."""

from gradcli.formats import Format, data_table
from gradcli.formats.plain import field


def render(report, drawing):
    table = data_table(report, drawing)
    rows = [[column.name for column in table.columns], *([field(cell) for cell in row] for row in table.rows)]
    return "".join(f"| {' | '.join(row)} |\\n" for row in rows)


FORMAT = Format(".org", ("table",), render, joins="one heading")
'''

DOTS = '''
"""Bytes, as a drawing program reads them."""

from gradcli.formats import Format
from gradcli.report import title_text


def render(report, drawing):
    return b"\\x89\\xff" + title_text(report.title()).encode()


FORMAT = Format(".dots", ("page",), render, is_bytes=True)
'''

BOXES = '''
"""Pictures only."""

from gradcli.formats import Format

FORMAT = Format(".boxes", ("picture",), lambda report, drawing: f"{report.picture.width:g}\\n", joins="nothing")
'''

ADDED = """
import sys
from importlib.util import find_spec, module_from_spec

spec = find_spec("gradcli.formats")
spec.submodule_search_locations.append({folder!r})
module = module_from_spec(spec)
sys.modules["gradcli.formats"] = module
spec.loader.exec_module(module)
"""
"""What a process does first, so that the folder of formats has files more."""


@pytest.fixture
def ask(tmp_path):
    """Run a command line in a process whose folder of formats has three files more."""
    added = tmp_path / "added"
    added.mkdir()
    for file, text in (("org", ORG), ("dots", DOTS), ("boxes", BOXES)):
        (added / f"{file}.py").write_text(text, encoding="utf-8")
    start = ADDED.format(folder=str(added))

    def call(*args: str, before: str = "") -> tuple[int, bytes, str]:
        code = f"{start}{before}\nfrom gradcli.cli import run\nsys.exit(run({list(args)!r}))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=tmp_path)
        return done.returncode, done.stdout, done.stderr.decode()

    return call


NEURON = ("(x+y)*y", "--x", "2", "--y", "3")


def test_a_format_of_tables_follows_everywhere(ask, tmp_path):
    """--format and --table take it, its suffix names it, a heading stands once, and a text is refused in it."""
    status, out, _ = ask("backward", *NEURON, "--format", "org", "--table", "edges")
    assert (status, out.splitlines()[0].split(b" | ")[0]) == (0, b"| from")
    assert ask("backward", *NEURON, "--output", "answer.org")[0] == 0
    assert (tmp_path / "answer.org").read_text().startswith("| node | kind")
    (tmp_path / "q.csv").write_text("id,x,y\na,2,3\nb,4,5\n")
    status, out, _ = ask("backward", "x*y", "--each", "q.csv", "--format", "org")
    assert (status, out.count(b"kind"), out.count(b"\n")) == (0, 1, 7)
    status, out, err = ask("explain", *NEURON, "--format", "org")
    assert (status, out) == (2, b"")
    assert "org holds tables, and a worked solution is a text" in err
    assert "--format org has the numbers" in err
    status, _, err = ask("backward", *NEURON, "--table", "edges", "--json")
    assert "--table goes with csv, markdown, org, plain, table, tsv" in err
    status, _, err = ask("backward", *NEURON, "--format", "org", "--digits", "3")
    assert "org leaves nothing out and rounds nothing" in err


def test_bytes_go_to_a_file_or_a_pipe_and_not_to_a_terminal(ask, tmp_path):
    """A file holds exactly the bytes; a terminal is told what to do; several answers are refused."""
    title = "f = (x + y)·y   at x = 2, y = 3".encode()
    assert ask("backward", *NEURON, "--output", "answer.dots") == (0, b"", "")
    assert (tmp_path / "answer.dots").read_bytes() == b"\x89\xff" + title
    assert ask("backward", *NEURON, "--output", "answer.dots")[0] == 74
    assert ask("backward", *NEURON, "--format", "dots", "--ascii")[:2] == (0, b"\x89\xff" + title)
    status, out, err = ask("backward", *NEURON, "--format", "dots", before="sys.stdout.isatty = lambda: True")
    assert (status, out) == (2, b"")
    assert "dots is no text" in err
    assert "--output FILE.dots" in err
    (tmp_path / "q.csv").write_text("id,x,y\na,2,3\n")
    status, out, err = ask("backward", "x*y", "--each", "q.csv", "--format", "dots")
    assert (status, out) == (2, b"")
    assert "a document holds one answer" in err


def test_a_picture_is_refused_where_there_is_none(ask):
    """By the name of the format, and with what the answer can be written in."""
    status, out, err = ask("backward", *NEURON, "--format", "boxes")
    assert (status, out) == (2, b"")
    assert "boxes draws a picture, and this answer has none" in err
    assert "--format takes: csv, dots, html" in err


def test_no_part_of_a_report_is_forgotten():
    """With the id of a row a report keeps its picture, its notes and everything else that is made."""
    run = forward(parse("x*y"), {"x": 2, "y": 3})
    plain = report_of("backward", Trace(run, backward(run), [Note("reading", None, "a note")]))
    report = plain._replace(picture=Picture(2, 1), exit_status=3)
    changed = of_row(report, "q1")
    kept = set(report._fields) - {"id", "title", "tables"}
    assert {name for name in kept if getattr(changed, name) != getattr(report, name)} == set()
    assert changed.picture is report.picture
    assert list(changed.record())[:3] == ["schema", "id", "command"]


def test_a_format_of_pictures_draws_them_under_each_and_ascii(ask, tmp_path):
    """What draws pictures gets the picture, whatever else was asked for."""
    (tmp_path / "q.csv").write_text("id,x,y\na,2,3\nb,4,5\n")
    drawn = """
import gradcli.report.passes.report as made
from gradcli.report.picture import Picture
usual = made.report_of
made.report_of = lambda *args: usual(*args)._replace(picture=Picture(2.5, 1))
"""
    asked = ("backward", "x*y", "--format", "boxes", "--ascii")
    assert ask(*asked, "--x", "2", "--y", "3", before=drawn) == (0, b"2.5\n", "")
    assert ask(*asked, "--each", "q.csv", before=drawn) == (0, b"2.5\n2.5\n", "")


def test_a_cell_is_drawn_as_what_it_is():
    """Words stay words, whatever they look like; a formula is one in every notation; no format has to guess."""
    half = number("0.5")
    cells = [
        "many", "x_1", formula(name("x_1"), half), phrase("a ", formula(name("theta")), " & more"),
        Items((formula(name("x"), half), formula(derivative("f", "x")))),
        Items((formula(words("none here")), "last"), stacked=True), 2.5, None,
    ]  # fmt: skip
    table = Table("cells", [Column("cell", "cell")], [[cell] for cell in cells])
    report = Report("none", lambda: [phrase("title")], dict, lambda rows: [table], lambda: {"cells": table})

    def drawn(format: str, **more: object) -> str:
        return formats.render(format, report, formats.Drawing(**more))

    assert [line.strip() for line in drawn("table").splitlines()[3:]] == [
        "many", "x_1", "x_1 = 0.5", "a theta & more", "x = 0.5, ∂f/∂x", "none here", "last", "2.5", "—",
    ]  # fmt: skip
    assert "x = 0.5, df/dx" in drawn("table", ascii=True)
    for text in (
        "\nmany \\\\", "\nx\\_1 \\\\", "\n$x_{1} = 0.5$ \\\\", "\na $\\theta$ \\& more \\\\",
        "$x = 0.5$,\\ $\\frac{\\partial f}{\\partial x}$", "$\\text{none here}$ \\\\\nlast", "\n2.5 \\\\",
    ):  # fmt: skip
        assert text in drawn("latex"), text
    for text in (
        ">many<", ">x_1<", "<msub><mi>x</mi><mn>1</mn></msub><mo>=</mo><mn>0.5</mn>",
        "a <math><mi>θ</mi></math> &amp; more",
        "<mtext>none&#xa0;here</mtext></math>\nlast<",
    ):  # fmt: skip
        assert text in drawn("html"), text
    assert drawn("plain").splitlines() == ["many", "x_1", "x_1 = 0.5", "a theta & more", "x = 0.5, ∂f/∂x",
                                           "none here, last", "2.5", ""]  # fmt: skip
