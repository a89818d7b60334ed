"""What a format cannot show is refused with a sentence, never left out: every command, format and wish against it."""

import csv
import io
import json
import shlex
from importlib import import_module

import pytest

from gradcli import commands, formats

ROWS_OF_DATA = ("csv", "tsv", "markdown", "plain", "table")
WAYS = [("--format", name) for name in formats.NAMES]
DRAWING = [name for name in commands.NAMES if name not in ("help", "export", "explain")]
"""Every command that makes a report with tables; a worked solution is a text."""


def question(command: str) -> list[str]:
    """The first example of a command, as arguments."""
    return shlex.split(import_module(f"gradcli.commands.{command}").EXAMPLES[0])[1:]


def has(gradcli, command: str, option: str) -> bool:
    """Whether a command has an option."""
    return f"{option} " in gradcli(command, "--help").out


@pytest.mark.parametrize("command", DRAWING)
@pytest.mark.parametrize(("option", "value"), [("--rows", "1"), ("--digits", "3")])
def test_rounding_and_first_rows_are_for_people(gradcli, command, option, value):
    """--rows and --digits act in the formats for people; where nothing is rounded or left out they are refused."""
    if not has(gradcli, command, option):
        assert gradcli(*question(command), option, value).status == 2
        return
    for way in WAYS:
        result = gradcli(*question(command), option, value, *way)
        if formats.named(way[1]).rounds:
            assert (result.status, bool(result.out)) == (0, True), way
        else:
            assert (result.status, result.out) == (2, ""), way
            assert f"{option} goes with" in result.err
    if has(gradcli, command, "--get"):
        assert gradcli(*question(command), option, value, "--get", "x").status == 2


@pytest.mark.parametrize("command", DRAWING)
def test_a_table_is_written_or_refused(gradcli, command):
    """Each data table differs from the others; one that a report or a format lacks is refused with those it has."""
    refused = gradcli(*question(command), "--csv", "--table", "nothing")
    assert (refused.status, refused.out) == (2, "")
    names = refused.err.split("--table takes: ")[1].strip().split(", ")
    for way in WAYS:
        found = [gradcli(*question(command), *way, "--table", name) for name in names]
        if way[1] in ROWS_OF_DATA:
            assert [result.status for result in found] == [0] * len(names), way
            assert len({result.out for result in found}) == len(names), way
            if way[1] != "table":  # which shows more than one
                assert gradcli(*question(command), *way).out == found[0].out
        else:
            assert {(result.status, result.out) for result in found} == {(2, "")}, way


@pytest.mark.parametrize("command", DRAWING)
def test_wishes_against_each_other(gradcli, command, tmp_path):
    """Two formats, bare numbers in a format, a suffix without a meaning, --force for nothing: all are refused."""
    pairs = [["--json", "--csv"], ["--csv", "--format", "tsv"], ["--force"], ["--output", str(tmp_path / "a.xyz")]]
    if has(gradcli, command, "--get"):
        pairs += [["--get", "x", *way] for way in WAYS] + [["--get", "x", "--table", "nodes"]]
    for pair in pairs:
        result = gradcli(*question(command), *pair)
        assert (result.status, result.out) == (2, ""), pair
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["ops", "--get", "sigmoid"], "gradcli ops has no option --get"),
        (["ops", "sigmoid", "--x", "2"], "gradcli ops has no option --x"),
        (["ops", "--fromat=json"], "did you mean --format?"),
        (["help", "notation", "--json"], "gradcli help has no option --json"),
        (["help", "--x", "2"], "gradcli help has no option --x"),
        (["ops", "sigmoid", "--plot", "--format", "latex"], "latex cannot show this plot"),
        (["forward", "x", "--x", "2", "--csv", "--table", "paths"], "--table takes: nodes, inputs, edges"),
        (["check", "x", "--x", "2", "--csv", "--table", "edges"], "--table takes: inputs"),
        (["backward", "x*y", "--x", "2", "--y", "3", "--name", "zz"], "the formula has no zz"),
        (["export", "x*y"], "--to is missing\n  write --to ascii|latex|mathml|python"),
        (["backward", "theta*y", "--theta", "2", "--y", "3", "--name", "theat"], "did you mean theta?"),
    ],
)
def test_nothing_typed_is_left_out(gradcli, args, message):
    """An option that a command lacks is an error there, not the value of a variable nobody reads."""
    result = gradcli(*args)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_errors_of_commands_without_a_formula_are_json_too(gradcli):
    """The record says which option is wrong."""
    result = gradcli("help", "notation", "--json")
    assert "no option --json" in json.loads(result.err)["error"]["message"]


@pytest.mark.parametrize("named", [["--name", "wx"], ["--name", "wx,b"], ["--name", "a", "--name", "wx"]])
def test_names_that_the_formula_has(gradcli, named):
    """A variable, and the name of a node, may stand in --name."""
    result = gradcli("forward", "a = wx; a = a + b", *named, "--wx", "2", "--b", "1", "--get", "a")
    assert (result.status, result.out) == (0, "3\n")


def test_a_plot_is_written_as_its_points(gradcli):
    """`--plot` in a data format gives the curve, not the rule."""
    rows = list(csv.DictReader(io.StringIO(gradcli("ops", "square", "--plot", "--csv").out)))
    assert len(rows) > 20
    assert all(float(row["value"]) == float(row["a"]) ** 2 for row in rows)
    assert all(float(row["derivative"]) == 2 * float(row["a"]) for row in rows)


def grown(count: int) -> str:
    """A formula whose value and gradient, written out, double with every statement."""
    return "; ".join(["a0 = x*x"] + [f"a{i} = a{i - 1}*a{i - 1} + x" for i in range(1, count)])


@pytest.mark.parametrize("way", [*[way for way in WAYS if not formats.named(way[1]).rounds], ("--get", "x")])
def test_a_formula_too_long_for_a_machine_names_nodes(gradcli, way):
    """Machine formats carry no dots in place of a formula: a long one is written in terms of nodes."""
    result = gradcli("backward", grown(12), *way)
    assert result.status == 0
    assert "…" not in result.out
    assert "..." not in result.out
    assert max(map(len, result.out.split("\n"))) < 60_000
    assert gradcli("backward", grown(12), "--get", "a0.value").out == "x*x\n"
    assert gradcli("backward", grown(12), "--x", "0.5", *way).status == 0


LEAVES = [
    (["2"], "f", "2", ""),
    (["pi"], "f", "3.141592653589793", ""),
]


@pytest.mark.parametrize(("args", "name", "value", "gradient"), LEAVES, ids=[" ".join(case[0]) for case in LEAVES])
def test_an_output_that_is_a_number_has_its_row(gradcli, args, name, value, gradient):
    """A formula that is one number still has an output, in every format with rows and with --get."""
    for command, cells in (("forward", [name, value]), ("backward", [name, value, gradient])):
        assert gradcli(command, *args, "--format", "plain").out.splitlines()[-1].split("\t") == cells
        for delimiter, way in ((",", "csv"), ("\t", "tsv")):
            out = gradcli(command, *args, "--format", way).out
            (row,) = [row for row in csv.DictReader(io.StringIO(out), delimiter=delimiter) if row["kind"] == "output"]
            assert [row[key] for key in ("node", "value", "gradient") if key in row] == cells
        last = gradcli(command, *args, "--format", "markdown").out.splitlines()
        last = [line for line in last if line.startswith("|")][-1]
        assert [cell.strip() for cell in last.strip("|").split("|")][:2] == [name, "output"]
        assert gradcli(command, *args, "--get", name).out == f"{value}\n"
        assert gradcli(command, *args, "--get", f"{name}.value").out == f"{value}\n"
        inputs = gradcli(command, *args, "--format", "csv", "--table", "inputs").out
        assert not any(line.startswith(f"{name},") for line in inputs.splitlines()[1:])


@pytest.mark.parametrize(
    ("args", "name", "value", "gradient"),
    [
        (["x", "--x", "-1/4"], "x", "-0.25", "1"),
        (["f = y*2; x", "--y", "1", "--x", "5"], "x", "5", "1"),
        (["x", "--x", "2", "--upstream", "7"], "x", "2", "7"),
        (["x"], "x", "x", "1"),
    ],
)
def test_a_formula_that_is_one_name_makes_no_node(gradcli, args, name, value, gradient):
    """The row of the variable is all there is, as in JSON; `--get` knows its value."""
    rows = list(csv.DictReader(io.StringIO(gradcli("backward", *args, "--csv").out)))
    (row,) = [row for row in rows if row["node"] == name]
    assert (row["kind"], row["value"], row["gradient"]) == ("input", value, gradient)
    assert "output" not in {row["kind"] for row in rows}
    told = json.loads(gradcli("backward", *args, "--json").out)
    assert [*told["inputs"], *(node["node"] for node in told["nodes"])] == [row["node"] for row in rows]
    assert gradcli("backward", *args, "--get", f"{name}.value").out == f"{value}\n"
