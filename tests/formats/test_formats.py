"""Every format on every kind of report: numbers read back bit for bit, markup is safe, files are whole or absent."""

import csv
import io
import json
import os
import re
import shutil
import stat
import subprocess

import pytest
from pages import Page

from gradcli import backward, commands, formats, forward, parse
from gradcli.errors import width
from gradcli.formats.table import fit
from gradcli.report import Style, cell_text, schema
from gradcli.report.passes.screen import screen
from gradcli.report.passes.trace import Trace
from gradcli.systems.digits import Digits

NEURON = ("(sigmoid(w*x+b)-t)**2", "--w", "0.5", "--x", "2", "--b", "0.1", "--const", "t=1")
QUESTIONS = [
    ("backward", *NEURON),
    ("forward", *NEURON),
    ("check", *NEURON),
    ("backward", "(x+y)*y"),
    ("backward", "relu(x) + max(x, y)", "--x", "0", "--y", "0"),
    ("backward", "where(x > 0, log(x), x)", "--x", "-1"),
    ("ops",),
    ("ops", "sigmoid"),
]


def record(gradcli):
    """The JSON record of the neuron."""
    return json.loads(gradcli("backward", *NEURON, "--json").out)


@pytest.mark.parametrize("name", formats.NAMES)
@pytest.mark.parametrize("args", QUESTIONS, ids=[" ".join(q[:2]) for q in QUESTIONS])
def test_every_format_draws_every_report(gradcli, name, args):
    """No report brings a format down, and none is empty or ends without a line break."""
    result = gradcli(*args, "--format", name)
    assert result.status in (0, 3)
    assert result.out.endswith("\n")
    assert "\x1b" not in result.out


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_tables_read_back_bit_for_bit(gradcli, name, delimiter):
    """csv and tsv hold the numbers of the JSON record exactly, for nodes, edges and inputs."""
    expected = record(gradcli)

    def read(table):
        out = gradcli("backward", *NEURON, "--format", name, "--table", table).out
        return list(csv.DictReader(io.StringIO(out), delimiter=delimiter))

    nodes = {row["node"]: row for row in read("nodes")}
    for node in expected["nodes"]:
        row = nodes[node["node"]]
        assert (float(row["value"]), float(row["gradient"])) == (node["value"], node["gradient"])
        assert (row["operation"], row["expression"]) == (node["operation"], node["expression"])
    assert nodes["t"] == {
        "node": "t",
        "kind": "constant",
        "operation": "",
        "expression": "t",
        "value": "1",
        "gradient": "",
    }
    edges = [(row["from"], row["to"], float(row["contribution"])) for row in read("edges")]
    assert edges == [(edge["from"], edge["to"], edge["contribution"]) for edge in expected["edges"]]
    assert {row["node"] for row in read("inputs")} == set(expected["inputs"])


def test_jsonl_is_the_record_on_one_line(gradcli):
    """The same record as --json."""
    out = gradcli("backward", *NEURON, "--format", "jsonl").out
    assert out.count("\n") == 1
    assert json.loads(out) == record(gradcli)


def test_markdown_is_one_table_with_nothing_unescaped(gradcli):
    """Every row has as many cells as the heading; formulas are code, so that * and | are no markup."""
    out = gradcli("backward", "abs(x)*x + where(x > 0 or x < 0, x, 1)", "--x", "2", "--format", "markdown").out
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {8}
    assert "`v2 + v6`" in out
    assert out.splitlines()[0] == r"f = \|x\|·x + where(x \> 0 or x \< 0, x, 1)   at x = 2"


def test_html_is_one_safe_page(gradcli):
    """Tags close, nothing is loaded or run, formulas are escaped, tables have captions and headings."""
    page = Page()
    page.feed(gradcli("backward", "where(x < 1, x, 2*x)", "--x", "0.5", "--format", "html").out)
    assert page.open == []
    assert {"table", "caption", "th", "main", "title"} <= page.seen
    assert not page.seen & {"script", "img", "iframe", "link"}
    assert "x < 1" in "".join(page.text)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here: LaTeX is not compiled")
@pytest.mark.parametrize("args", QUESTIONS, ids=[" ".join(q[:2]) for q in QUESTIONS])
def test_latex_compiles(gradcli, args, tmp_path):
    """The document compiles as it stands, without an error or a missing character."""
    (tmp_path / "a.tex").write_text(gradcli(*args, "--format", "latex").out, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = done.stdout.decode("latin-1")
    assert done.returncode == 0, log[-1500:]
    assert "Missing character" not in log


WIDE = [
    ("backward", *NEURON, "--precision", "50"),
    ("backward", "x=1; " + "x = x*x + x; " * 9, "--precision", "40"),
    (
        "backward",
        "a = 1/(1+exp(-(" + "+".join(f"w_{i}*x_{i}" for i in range(8)) + "))); log(a)*sqrt(a*" + "b*" * 20 + "c)",
    ),
    ("ops",),
]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here: LaTeX is not compiled")
@pytest.mark.parametrize("args", WIDE, ids=["digits", "long", "formula", "ops"])
def test_the_edge_of_the_paper_cuts_no_latex_table(gradcli, args, tmp_path):
    """TeX finds no box that is wider than the page, after the second run that long tables need."""
    (tmp_path / "a.tex").write_text(gradcli(*args, "--format", "latex").out, encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
    assert done.returncode == 0
    assert b"Overfull" not in done.stdout


def test_latex_writes_words_as_words_and_formulas_as_formulas(gradcli):
    """Names of operations are no products or indices, lines stand below each other, ± is no word."""
    rules = gradcli("ops", "--format", "latex").out
    assert "operations: $z$ is the value" in rules
    assert "\nexp2 & " in rules
    assert "{\\partial a} = b$ \\\\\n$\\frac{\\partial z}{\\partial b} = a" in rules
    assert "b a^{b - 1}" in rules
    assert "$v_{1} + b$ & $w x + b$" in gradcli("backward", "(w*x+b)*(w*x+b)", "--format", "latex").out
    checked = gradcli("check", "(x+y)*y", "--x", "2", "--y", "3", "--format", "latex").out
    assert r"$8$ $\pm$ $" in checked
    assert "sign" not in checked
    assert "many" not in checked
    assert "= 18 operations" in gradcli("backward", "x=1; " + "x = x*x + x; " * 9, "--format", "latex").out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--json", "--csv"], "exclude each other"),
        (["--json", "--table", "edges"], "--table goes with"),
        (["--csv", "--table", "rows"], "there is no table rows here"),
        (["--force"], "--force goes with --output"),
        (["--get", "x", "--csv"], "takes no format"),
        (["--output", "answer.xyz"], "names no format"),
    ],
)
def test_what_a_format_cannot_show_is_refused(gradcli, args, message):
    """Refused with a sentence, never left out."""
    result = gradcli("backward", "x*x", "--x", "2", *args)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_files_are_written_whole_or_not_at_all(gradcli, tmp_path, monkeypatch):
    """The suffix is the format; a file that exists needs --force; a refused write leaves everything as it was."""
    path = tmp_path / "answer.csv"
    args = ("backward", "x*x", "--x", "3", "--output", str(path))
    assert gradcli(*args) == (0, "", "")
    assert path.read_text().startswith("node,kind")
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~os.umask(os.umask(0o022))
    path.write_text("mine")
    refused = gradcli(*args)
    assert (refused.status, path.read_text()) == (74, "mine")
    assert "--force" in refused.err
    assert gradcli("backward", "x*", "--output", str(path), "--force").status == 2
    assert path.read_text() == "mine"
    assert gradcli(*args, "--force").status == 0
    assert path.read_text().startswith("node,kind")
    assert gradcli("backward", "x", "--x", "1", "--format", "csv", "--output", str(tmp_path)).status == 74
    assert gradcli("backward", "x", "--x", "1", "--output", str(tmp_path / "none" / "a.csv")).status == 74
    assert [entry.name for entry in tmp_path.iterdir()] == ["answer.csv"]


def test_ascii_and_colours(gradcli, monkeypatch):
    """--ascii leaves nothing else; --color always colours a pipe, NO_COLOR and --color never do not."""
    assert gradcli("backward", *NEURON, "--ascii").out.isascii()
    assert "\x1b[" in gradcli("backward", *NEURON, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in gradcli("backward", *NEURON).out
    assert "\x1b[" not in gradcli("backward", *NEURON, "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in gradcli("backward", *NEURON).out


def test_the_schema_and_the_exit_statuses_are_told(gradcli):
    """`gradcli help json` prints the schema of the package, `gradcli help exit` the statuses."""
    told = gradcli("help", "json").out
    assert told == schema.text(commands.with_records())
    definitions = json.loads(told)["$defs"]
    references = set(re.findall(r"#/\$defs/(\w+)", told))
    assert references == set(definitions)
    assert all(f"  {status} " in gradcli("help", "exit").out for status in (0, 1, 2, 3, 70, 74, 130, 141))


def test_fifty_digits_stay_on_one_line_where_there_is_room():
    """Beside numbers of 50 digits the sentences go; the digits are not broken into two lines."""
    run = forward(parse("sin(x)"), {"x": 1}, Digits(50))
    table = screen(Trace(run, backward(run)), 200)[-1]
    shown, cells = fit(table.columns, table.rows, 72, whole=True)
    assert [column.name for column in shown] == ["gradient"]
    assert cells == [["∂f/∂x = 0.54030230586813971740093660744297660373231042061792"]]


@pytest.mark.parametrize("columns", [34, 60, 80, 140])
def test_a_narrow_terminal_never_cuts_a_number(columns):
    """At any width every line fits, and every value of the table at 140 columns is there in full."""
    run = forward(parse("(sigmoid(w*x+b)-t)**2"), {"w": 0.5, "x": 2, "b": 0.1, "t": 1})
    table = screen(Trace(run, backward(run), style=Style(12)), 200)[0]
    shown, cells = fit(table.columns, table.rows, columns)
    names = [column.name for column in shown]
    values = [row[names.index("value")] for row in cells]
    assert values == [cell_text(row[2]) for row in table.rows]
    if columns >= 60:
        assert (
            sum(max(width(line) for row in cells for line in row[i].split("\n")) for i in range(len(names))) <= columns
        )
