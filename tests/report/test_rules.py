"""`gradcli ops`: the table for people and machines, one entry with its check, the curves."""

import json
import math

import pytest

from gradcli import ops
from gradcli.analysis.samples import sample_point, samples
from gradcli.ops import OPERATIONS, SUBJECTS, library
from gradcli.report import schema
from gradcli.report.operations import LEAST_PLOT, Plot, Rules
from gradcli.report.plain_text import plain
from gradcli.report.plot import HEIGHT, curve, places, window

UNARY = [entry for entry in OPERATIONS.values() if entry.arity == 1 and entry not in library.TABLE]


def test_the_table_is_grouped_by_subject(gradcli):
    """Every subject is a heading, in the order of the table, with its operations below."""
    lines = gradcli("ops").out.splitlines()
    headings = [subject.__doc__.partition("\n")[0].rstrip(".") for subject in SUBJECTS]
    assert [line for line in lines if line in headings] == headings
    assert lines.index(headings[1]) < next(i for i, line in enumerate(lines) if line.startswith(" expm1"))
    for entry in OPERATIONS.values():
        assert any(line.startswith(f" {entry.name} ") for line in lines), entry.name


def test_rows_are_counted_over_all_groups():
    """`--rows 3` shows three operations and says how many each group leaves out."""
    tables = Rules(list(OPERATIONS.values()), single=False).screen(3)
    assert sum(len(table.rows) for table in tables) == 3
    assert sum(len(table.rows) + table.left_out for table in tables) == len(OPERATIONS)


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in OPERATIONS.values()])
def test_one_entry_is_told_and_checked(entry):
    """Each entry's local derivatives are those of the difference quotient, to the digits shown."""
    for sample in samples(entry):
        assert sample.local == pytest.approx(sample.quotient, rel=1e-4, abs=1e-8), sample
    table = Rules([entry], single=True).entry()
    told = {row[0]: row[1] for row in table.rows}
    assert {"value", "local derivative", "pattern", "typed", "subject", "domain", "checked"} <= told.keys()
    assert ("at a corner" in told) == ("others" in told) == (entry.corner is not None)
    assert ("in floats" in told) == bool(entry.stable)


def test_what_is_said_of_softplus(gradcli):
    """Stable form, aliases, domain, check."""
    out = gradcli("ops", "Softplus").out
    assert "z = relu(a) + log1p(exp(-|a|))" in out
    assert "softplus(a), Softplus" in out
    assert "all numbers" in out
    assert "∂z/∂a = 0.598688, difference quotient 0.598688, at a = 0.4" in out
    assert "a > 0" in gradcli("ops", "log").out
    assert "log(a, b)" in gradcli("ops", "log_base").out


def test_the_record_is_complete(gradcli):
    """The JSON record fits the schema and says group, domain and stable forms."""
    jsonschema = pytest.importorskip("jsonschema", reason="the records are validated against the schema")
    for args in (["ops", "--json"], ["ops", "atan2", "--json"], ["ops", "log", "--plot", "--json"]):
        record = json.loads(gradcli(*args).out)
        jsonschema.validate(record, json.loads(schema.text()))
    entry = record["operations"][0]
    assert (entry["group"], entry["domain"], entry["typed"]) == ("Exponential functions and logarithms", "a > 0", "log")
    assert entry["stable"] == [None, "where(a < 0, nan, 1/a)"]
    assert record["plot"]["a"][-1] == 5
    assert record["plot"]["value"][-1] == math.log(5)
    assert record["plot"]["derivative"][-1] == 1 / 5


# -- curves -----------------------------------------------------------------------------------------------------------


def test_a_line_is_drawn():
    """Dots from the lower left to the upper right; scales; below an axis."""
    lines = curve(places(-1, 1, 8), (-1, 1))
    assert lines == [
        " 1 │       ⡜",
        "   │      ⡰⠁",
        "   │     ⢰⠁",
        "   │    ⢠⠃",
        " 0 │┈┈┈⢀⠇┈┈┈",
        "   │  ⢀⠎",
        "   │  ⡜",
        "   │ ⡜",
        "-1 │⡰⠁",
        "   └────────",
        "    -1     1",
    ]


def test_poles_do_not_flatten_a_curve():
    """What is shown is the usual size; a constant has a window around it, nothing finite the window -1 to 1."""
    assert window([1, 2, 3]) == (1, 3)
    low, high = window([-1e6, *[x / 10 for x in range(-50, 50)], 1e6])
    assert -20 < low < 0 < high < 20
    assert window([2, 2]) == (1, 3)
    assert window([math.nan, math.inf]) == (-1, 1)


def test_gaps_are_left_out():
    """nan and infinities draw nothing."""
    lines = curve([math.nan] * 8 + [1.0] * 8, (0, 1))
    dots = "".join(line.partition("│")[2] for line in lines[:HEIGHT])
    assert sum("\u2800" < character <= "\u28ff" for character in dots) == 4


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in UNARY])
def test_every_function_of_one_argument_is_drawn(entry):
    """Two curves with something in them, as wide as asked, where the function has values."""
    plot = Plot(entry, 60)
    assert sum(map(math.isfinite, plot.values)) > len(plot.values) // 3
    for table in plot.tables():
        lines = [str(row[0]) for row in table.rows]
        assert len(lines) == HEIGHT + 4
        assert max(map(len, lines[2:])) <= 60
        assert any("\u2800" < character <= "\u28ff" for character in "".join(lines))


def test_the_plot_in_ascii(gradcli):
    """Where the stream cannot encode dots they become stars."""
    out = gradcli("ops", "sigmoid", "--plot", "--ascii").out
    assert out.isascii()
    assert "****" in out
    assert "?" not in out
    assert plain("⣀│└┈") == "*|+-"


def test_what_cannot_be_drawn(gradcli):
    """A curve needs one operation with one argument."""
    for args in (["ops", "--plot"], ["ops", "add", "--plot"], ["ops", "max", "--plot"]):
        result = gradcli(*args)
        assert (result.status, result.out) == (2, "")
        assert "--plot draws one operation with one argument" in result.err


def test_the_points_of_a_curve_are_a_table(gradcli):
    """`--csv --table plot`: a, value, derivative."""
    lines = gradcli("ops", "square", "--plot", "--csv", "--table", "plot").out.splitlines()
    assert lines[0] == "a,value,derivative"
    assert lines[1] == "-5,25,-10"
    assert Plot(OPERATIONS["square"], LEAST_PLOT).places[0] == -5
    assert ops.group(OPERATIONS["square"]) == "Sums, products, quotients, powers, roots"


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in OPERATIONS.values()])
def test_a_rule_is_checked_where_its_arguments_differ(entry):
    """At a = b nobody could tell ∂z/∂a = b from ∂z/∂a = a."""
    point = sample_point(entry)
    assert len(set(map(abs, point))) == len(point)
