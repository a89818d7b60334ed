"""What holds for a format because it is in the folder: `--table`, `--each` and `explain` follow by themselves.

A new file in `gradcli/formats` is held against all of it. Either a format does what is asked, or it is refused.
"""

import json

import pytest

from gradcli import formats

QUESTION = ("backward", "(x+y)*y", "--x", "2", "--y", "3", "--upstream", "7")
CONTRIBUTION = "35"
"""What comes to y from the product: in the table of the edges, nowhere in that of the nodes."""

every_format = pytest.mark.parametrize("name", formats.NAMES)


@every_format
def test_a_format_shows_the_edges_or_takes_table(gradcli, name):
    """One that writes a single table writes the one that is asked for; one that refuses --table shows all of them."""
    plain, edges = (gradcli(*QUESTION, "--format", name, *more) for more in ((), ("--table", "edges")))
    assert plain.status == 0
    if edges.status == 0:
        assert name == "table" or CONTRIBUTION not in plain.out  # a terminal shows all of them, or one
        assert CONTRIBUTION in edges.out
    else:
        assert (edges.status, edges.out) == (2, "")
        assert "--table goes with" in edges.err
        assert CONTRIBUTION in plain.out


@every_format
def test_a_format_joins_the_answers_of_many_rows(gradcli, name, tmp_path):
    """Every answer has its id; what stands above a table is not repeated among the rows of data."""
    path = tmp_path / "questions.csv"
    path.write_text("id,x,y\nfirst,2,3\nsecond,4,5\n", encoding="utf-8")
    many = gradcli("backward", "(x+y)*y", "--each", str(path), "--format", name)
    if many.status == 2:
        assert many.out == ""
        assert f"--each writes no {name}" in many.err
        return
    assert many.status == 0
    for word in ("first", "second", "15", "45"):
        assert word in many.out
    lines = many.out.split("\n")
    again = [number for number, line in enumerate(lines) if number and line == lines[0]]
    assert all(lines[number - 1] == "" for number in again)


@every_format
def test_a_format_holds_the_worked_solution(gradcli, name):
    """`explain` in a format is the solution, with all its sections, never a table in its place."""
    question = ("explain", "(x+y)*y", "--x", "2", "--y", "3")
    titles = [section["title"] for section in json.loads(gradcli(*question, "--json").out)["sections"]]
    assert len(titles) > 2
    found = gradcli(*question, "--format", name)
    if found.status == 2:
        assert found.out == ""
        assert f"{name} holds tables" in found.err
    else:
        assert found.status == 0
        assert [title for title in titles if title not in found.out] == []
