"""`--each`: one answer a row, errors by line, the worst exit status; points from files; help topics."""

import json

import pytest

from gradcli import topics

ROWS = "id,formula,x,y\nq1,x*y,2,3\nq2,x^2 + y,4,1/3\n"


@pytest.fixture
def table(tmp_path):
    """Write a CSV file and give its path."""

    def write(text: str) -> str:
        path = tmp_path / "q.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_one_answer_a_row(gradcli, table):
    """Bare numbers, JSON lines, plain rows and tables carry the id of their row."""
    path = table(ROWS)
    assert gradcli("backward", "--each", path, "--get", "x,f") == (0, "q1\t3\t6\nq2\t8\t16.333333333333332\n", "")
    records = [json.loads(line) for line in gradcli("backward", "--each", path, "--json").out.splitlines()]
    assert [(r["id"], r["inputs"]["x"]["gradient"]) for r in records] == [("q1", 3.0), ("q2", 8.0)]
    assert gradcli("forward", "--each", path, "--format", "plain").out.splitlines()[:3] == [
        "q1\tx\t2", "q1\ty\t3", "q1\tf\t6",
    ]  # fmt: skip
    assert "q2: f = x² + y" in gradcli("backward", "--each", path).out


def test_one_formula_many_points(gradcli, table):
    """Without a column for it the formula stands on the command line; without ids rows are numbered."""
    path = table("x\n1\n2\n-0.5\n")
    assert gradcli("backward", "x**2", "--each", path, "--get", "x").out == "1\t2\n2\t4\n3\t-1\n"


@pytest.mark.parametrize(
    ("rows", "status", "errors"),
    [
        (ROWS, 0, 0),
        (ROWS + "q3,log(x),-1,\n", 3, 0),
        (ROWS + "q3,log(x),-1,\nq4,sigmiod(x),1,\n", 2, 1),
        (ROWS + "q3,x*y,1,\n", 2, 1),
    ],
)
def test_the_worst_exit_status(gradcli, table, rows, status, errors):
    """An error is told with its line and stands in its row, the rows after it are answered."""
    text = rows + "q9,x,1,\n"
    result = gradcli("backward", "--each", table(text), "--get", "x")
    assert (result.status, len(result.out.splitlines())) == (status, len(text.splitlines()) - 1)
    assert [line.partition("\t")[2] for line in result.out.splitlines()].count("error") == errors
    if status:
        assert "q.csv:" in result.err


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is empty"), ("x\n1,2\n", "more cells than columns"), ('x\n"1\n', "q.csv:"), ("x,x\n1,2\n", "two columns x")],
)
def test_a_file_that_is_no_table(gradcli, table, text, message):
    """A broken file is an error, nothing is printed."""
    result = gradcli("backward", "x", "--each", table(text))
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_points_from_json(gradcli, tmp_path):
    """--at point.json; names that the formula lacks are a note there, typed ones are errors; typed values win."""
    path = tmp_path / "point.json"
    path.write_text('{"x": 2, "y": "1/4", "q": 1.5}')
    result = gradcli("backward", "x*y", "--at", str(path), "--get", "x,y")
    assert (result.status, result.out) == (0, "0.25\n2\n")
    assert "also has q" in result.err
    assert gradcli("backward", "x*y", "--at", str(path), "--x", "5", "--get", "y").out == "5\n"
    path.write_text("[1]")
    assert gradcli("backward", "x", "--at", str(path)).status == 2
    path.write_text("{")
    assert "is not JSON" in gradcli("backward", "x", "--at", str(path)).err
    assert gradcli("backward", "x", "--at", "nothing.json").status == 74


def test_names_that_are_words(gradcli):
    """--name wx keeps a word whole; values for the letters split it, with a note."""
    assert gradcli("backward", "wx + b", "--wx", "2", "--b", "1", "--get", "wx").out == "1\n"
    split = gradcli("backward", "wx + b", "--w", "3", "--x", "2", "--b", "1", "--get", "w")
    assert (split.out, split.err) == ("2\n", "gradcli: note: wx is read as w·x\n")
    assert "--name wx" in gradcli("backward", "wx + b").err
    assert gradcli("backward", "wx + b", "--name", "wx").status == 0


def test_a_formula_that_no_row_uses_is_told(gradcli, table):
    """The typed formula is for rows without one; where every row has its own, a note says that it is left out."""
    own = table("id,formula,x,y\na,x+y,2,3\n")
    assert gradcli("backward", "--each", own, "x*y", "--get", "f") == (
        0, "a\t5\n", f"gradcli: note: every row of {own} has its own formula: the one typed is left out\n",
    )  # fmt: skip
    assert gradcli("backward", "--each", table("id,formula,x,y\na,x+y,2,3\nb,,2,3\n"), "x*y", "--get", "f") == (
        0, "a\t5\nb\t6\n", "",
    )  # fmt: skip


def test_functions_that_are_not_specified(gradcli):
    """`L = f(g(x))` has a gradient in symbols, f'(g(x))·g'(x); with values it is an error; a misspelt word too."""
    result = gradcli("backward", "L = f(g(x))", "--json")
    assert json.loads(result.out)["inputs"]["x"]["gradient_expression"] == "f'(g(x))*g'(x)"
    assert gradcli("backward", "L = f(g(x))", "--x", "2").status == 2
    assert "did you mean sigmoid?" in gradcli("backward", "sigmiod(x)").err


@pytest.mark.parametrize("name", topics.NAMES)
def test_topics(gradcli, name):
    """Every topic is a screen that can be read; what it shows as read is computed from the program itself."""
    result = gradcli("help", name)
    assert (result.status, result.err) == (0, "")
    if name != "json":
        assert len(result.out.splitlines()) <= 45
        assert max(map(len, result.out.splitlines())) <= 100
    assert gradcli("help", "backward").out.startswith("Usage: gradcli backward")
    assert gradcli("help", "nonsense").status == 2
