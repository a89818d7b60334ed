"""`check --random` and `--order-of-derivative 2`."""

import csv
import io
import itertools
import json
import shlex

import pytest

from gradcli import parse
from gradcli.analysis.checking.points import check_points, draw
from gradcli.analysis.checking.second_order import check_second_order, gradient_graphs
from gradcli.graph import GraphBuilder
from gradcli.ops import OPERATIONS


def test_points_are_drawn_from_their_ranges():
    """The same seed gives the same points, another seed others; a range holds, and few digits are enough to type."""
    ranges = {"x": (-1.0, 1.0), "y": (1000.0, 1000.5)}
    first, again, other = (list(itertools.islice(draw("xyz", ranges, seed), 200)) for seed in (1, 1, 2))
    assert first == again != other
    assert all(-1 <= each["x"] <= 1 and 1000 <= each["y"] <= 1000.5 for each in first)
    assert all(len(repr(value)) <= 12 for each in first for value in each.values())
    sizes = [abs(each["z"]) for each in first]
    assert sum(size <= 2 for size in sizes) > 150
    assert max(sizes) > 2
    assert min(each["x"] for each in first) < -0.9 < 0.9 < max(each["x"] for each in first)


def test_points_outside_the_domain_are_drawn_again():
    """Every point of log(x)·y has x > 0, and those that had not are counted."""
    found = check_points(parse("log(x)*y"), {"y": 3.0}, 10)
    assert len(found.points) == 10
    assert found.outside > 0
    assert found.drawn == 10 + found.outside
    assert all(each.point["x"] > 0 and each.point["y"] == 3 for each in found.points)
    assert (found.verdict, found.counts) == ("agree", {"agree": 10})


def test_a_formula_without_a_domain_ends():
    """Nothing is drawn forever; no point is no proof."""
    found = check_points(parse("log(-x**2)"), {}, 5)
    assert (len(found.points), found.outside, found.verdict, found.worst) == (0, 100, "inconclusive", None)


def test_the_worst_point():
    """The gravest verdict first, then the largest error: the one point of x = 0 or less, where abs is wrong here."""
    seen = []
    found = check_points(parse("1/(1+exp(-1000*x))"), {}, 20, progress=seen.append)
    assert seen == list(range(1, 21))
    assert found.verdict == found.worst.verdict == "rounding"
    assert found.counts["rounding"] + found.counts["agree"] == 20
    assert found.worst.point["x"] < 0


def test_command(gradcli):
    """The line of the worst point, typed again, has its verdict; the same seed gives the same bytes."""
    args = ("check", "1/(1+exp(-1000*x))*y", "--random", "15", "--seed", "4", "--y", "2", "--wrt", "x")
    found = gradcli(*args, "--json")
    assert found == gradcli(*args, "--json")
    record = json.loads(found.out)
    assert len(record["points"]) == 15
    assert {each["point"]["y"] for each in record["points"]} == {2.0}
    line = shlex.split(record["worst"]["command"])
    alone = json.loads(gradcli(*line[1:], "--json").out)
    assert alone["verdict"] == record["worst"]["verdict"] == record["verdict"] == "rounding"
    assert alone["inputs"]["x"]["gradient"] == record["worst"]["inputs"]["x"]["gradient"]
    assert found.status == 3
    assert f"  {record['worst']['command']}\n" in gradcli(*args).out


def test_a_row_a_point(gradcli):
    """CSV has a row for every point; the second table one for every variable."""
    rows = list(csv.DictReader(io.StringIO(gradcli("check", "x*y", "--random", "7", "--csv").out)))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 8)]
    assert all(float(row["x"]) * float(row["y"]) == float(row["value"]) for row in rows)
    inputs = gradcli("check", "x*y", "--random", "7", "--csv", "--table", "inputs").out
    assert len(inputs.splitlines()) == 15


def test_no_bar_outside_a_terminal(gradcli):
    """Standard error stays empty in a pipe."""
    assert gradcli("check", "x*y", "--random", "3").err == ""


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--random", "3", "--range", "z=1:2"], "no variable z"),
        (["--random", "3", "--range", "x=2:1"], "the first end is not the smaller"),
        (["--random", "3", "--range", "x=1"], "no interval"),
        (["--random", "3", "--range", "x=a:1"], "is no number"),
        (["--random", "3", "--range", "x=0:1", "--x", "2"], "x has a value and a range"),
        (["--random", "0"], "--random"),
        (["--random", "3", "--nodes"], "--random and --nodes exclude each other"),
        (["--random", "3", "--order-of-derivative", "2"], "--random and --order-of-derivative exclude each other"),
        (["--x", "1", "--y", "2", "--seed", "3"], "--seed goes with --random"),
        (["--x", "1", "--y", "2", "--range", "x=0:1"], "--range goes with --random"),
        (["--x", "1", "--y", "2", "--order-of-derivative", "3"], "first and second derivatives"),
        (["--x", "1", "--y", "2", "--order-of-derivative", "2", "--curve"], "--order-of-derivative and --curve"),
        (["--x", "1", "--y", "2", "--verbose"], "--verbose goes with the self test"),
    ],
)
def test_refused(gradcli, args, message):
    """One sentence, exit status 2, nothing on standard output."""
    found = gradcli("check", "x*y", *args)
    assert (found.status, found.out) == (2, "")
    assert message in found.err


# -- second derivatives -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("(x+y)*y", {"x": 2, "y": 3}),
        ("exp(x)*sin(y)", {"x": 1, "y": 0.5}),
        ("(sigmoid(w*x+b)-t)**2", {"w": 0.5, "x": 2, "b": 0.125, "t": 1}),
        ("x**y/z", {"x": 1.5, "y": 2.5, "z": 0.75}),
        ("x + 2", {"x": 1}),
    ],
)
def test_the_hessian_is_that_of_sympy(formula, point):
    """Every entry is SymPy's second derivative of the typed text, and every one is verified."""
    sympy = pytest.importorskip("sympy", reason="SymPy differentiates twice")
    symbols = {name: sympy.Symbol(name) for name in point}
    value = eval(  # noqa: S307  (texts of this file)
        formula, {"exp": sympy.exp, "sin": sympy.sin, "sigmoid": lambda s: 1 / (1 + sympy.exp(-s)), **symbols}
    )
    found = check_second_order(parse(formula), point)
    assert (found.verdict, found.exit_status) == ("agree", 0)
    for row, check in found.rows.items():
        assert {each.name for each in check.variables} == set(point)
        for each in check.variables:
            exact = float(value.diff(symbols[row], symbols[each.name]).subs(point).evalf(30))
            assert each.graph == pytest.approx(exact, rel=1e-12, abs=1e-15)
            assert float(each.symbolic.value) == pytest.approx(exact, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", ["tanh", "gelu", "softplus", "atan2", "logaddexp", "besselj", "erf", "hypot", "where"])
def test_operations_have_second_derivatives(name):
    """Operations of every kind at a sample point; the slopes of the gradient's values agree."""
    entry = OPERATIONS[name]
    builder = GraphBuilder()
    names = "abc"[: entry.arity]
    graph = builder.finish(builder.add(name, tuple(builder.input(each) for each in names)))
    point = {each: low + 0.375 * (high - low) for each, (low, high) in zip(names, entry.sample, strict=True)}
    if name == "besselj":
        point["a"] = 1.0
    wrt = [each for k, each in enumerate(names) if k not in entry.constant]
    assert check_second_order(graph, point, wrt).verdict == "agree"


def test_gradient_graphs_hold_what_they_need():
    """∂/∂x of (x+y)·y is y, and nothing else of the formula stands in its graph; both variables do."""
    graphs = gradient_graphs(parse("(x+y)*y"), ["x", "y"])
    assert (len(graphs["x"]), graphs["x"].texts[graphs["x"].output]) == (2, "y")
    assert list(graphs["y"].inputs) == ["x", "y"]


def test_second_derivatives_at_a_corner(gradcli):
    """relu has a jump in its slope at 0: no second derivative, status 3; SymPy's own convention is no disagreement.

    ∂f/∂x is a convention there, so the row of x agrees with nothing; ∂f/∂y is a derivative.
    """
    found = gradcli("check", "relu(x)*y", "--x", "0", "--y", "1", "--order-of-derivative", "2", "--json")
    record = json.loads(found.out)
    assert (found.status, record["verdict"]) == (3, "not_differentiable")
    verdicts = {each["row"] + each["column"]: each["verdict"] for each in record["entries"]}
    assert verdicts == {**dict.fromkeys(("xx", "xy", "yx"), "not_differentiable"), "yy": "agree"}


def test_hessian_on_the_screen(gradcli):
    """A row an entry, symmetry, one line at the end."""
    found = gradcli("check", "x**2*y", "--x", "2", "--y", "3", "--order-of-derivative", "2")
    assert found.status == 0
    for text in ("∂²f/∂x²", "∂²f/∂x∂y", "2·x = 4", "The Hessian is symmetric.", "All 4 second derivatives are right."):
        assert text in found.out
    assert (
        gradcli("check", "x**2*y", "--x", "2", "--y", "3", "--order-of-derivative", "2", "--get", "x.x,x.y,verdict").out
        == "6\n4\nagree\n"
    )


@pytest.mark.parametrize("upstream", ["2", "-0.5", "1e10"])
def test_an_upstream_gradient_scales_every_witness(gradcli, upstream):
    """The check of x·y³ with any gradient arriving at the output agrees, in first and second order."""
    point = ("--x", "2", "--y", "3", "--upstream", upstream)
    first = json.loads(gradcli("check", "x*y**3", *point, "--json").out)
    assert first["verdict"] == "agree"
    y = first["inputs"]["y"]
    expected = 54 * float(upstream)
    for number in (y["gradient"], y["difference"], y["symbolic"]):
        assert number == pytest.approx(expected, rel=1e-12)
    assert y["float_difference"]["value"] == pytest.approx(expected, rel=1e-6)
    assert gradcli("check", "x*y**3", *point, "--order-of-derivative", "2").status == 0
    assert gradcli("check", "x*y**3", *point, "--nodes", "--scheme", "central").status == 0
