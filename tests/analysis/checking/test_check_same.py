"""`check --same-as`: equal formulas are told equal, different ones have a counterexample, nothing is guessed."""

import json
import math
import time

import pytest

from gradcli import ops, parse
from gradcli.analysis.checking import proof
from gradcli.analysis.checking.same import compare, same

EQUAL = [
    ("(x+y)*y", "x*y + y**2", "equal"),
    ("(x+y)**3", "x**3 + 3*x**2*y + 3*x*y**2 + y**3", "equal"),
    ("0.1*x", "x/10", "equal"),
    ("1/(1-x) - 1/(1+x)", "2*x/(1-x**2)", "equal"),
    ("sin(x)**2 + cos(x)**2", "1", "equal"),
    ("sin(2*x)", "2*sin(x)*cos(x)", "equal"),
    ("exp(x)*exp(y)", "exp(x+y)", "equal"),
    ("tanh(x)", "(exp(x)-exp(-x))/(exp(x)+exp(-x))", "equal"),
    ("x + z - z", "x", "equal"),
    ("log(x**2)", "2*log(x)", "undecided"),
    ("relu(x)", "max(x, 0)", "undecided"),
    ("where(x > 0, x, -x)", "abs(x)", "undecided"),
]


@pytest.mark.parametrize(("first", "second", "kind"), EQUAL, ids=[f"{a} = {b}" for a, b, _ in EQUAL])
def test_equal_formulas(first, second, kind):
    """No point tells them apart, and algebra proves those it can."""
    found = same(parse(first), parse(second), count=20)
    assert (found.verdict, found.exit_status, found.proof.kind) == ("agree", 0, kind)
    assert len(found.points) == 20


DIFFERENT = [
    ("(x+y)*y", "x*y + y", {"value", "y"}, "y² - y"),
    ("x", "x + 1e-12", {"value"}, "-1/1000000000000"),
    ("x*y", "x*y + 1e-9*z", {"value", "z"}, "-z/1000000000"),
    ("atan(x) + atan(1/x)", "pi/2", {"value"}, "atan(1/x) + atan(x) - π/2"),
    ("sqrt(x**2)", "x", {"value", "x"}, None),
]


@pytest.mark.parametrize(
    ("first", "second", "differing", "shown"), DIFFERENT, ids=[f"{d[0]} | {d[1]}" for d in DIFFERENT]
)
def test_different_formulas(first, second, differing, shown):
    """A point shows it, and Python's own arithmetic confirms the numbers of that point."""
    found = same(parse(first), parse(second), count=20)
    assert (found.verdict, found.exit_status) == ("disagree", 1)
    worst = found.counterexample
    assert set(worst.differing) == differing
    if shown is not None:
        assert found.proof == ("differ", shown)
    names = {**vars(math), **worst.point}
    for text, value in zip((first, second), worst.value, strict=True):
        assert value == pytest.approx(eval(text, names), rel=1e-15)  # noqa: S307  (texts of this file)


def test_a_difference_too_small_for_any_point():
    """Numbers that differ in the 300th digit are proved different, though no point is a counterexample."""
    found = same(parse("x"), parse("x + 1e-300"), count=3)
    assert (found.verdict, found.proof.kind, found.counterexample) == ("disagree", "differ", None)


def test_points_outside_the_domain_are_counted():
    """√x² has no value where x has one; points there do not count, and are told."""
    found = same(parse("sqrt(x)**2"), parse("x"), count=10)
    assert found.verdict == "agree"
    assert found.outside[0] > 0
    assert found.outside[1:] == (0, 0)
    assert all(each.point["x"] > 0 for each in found.points)


@pytest.mark.parametrize(
    ("first", "second", "point", "verdict", "status"),
    [
        ("(x+y)*y", "x*y + y**2", {"x": 2, "y": 3}, "agree", 0),
        ("x/x", "1", {"x": 0}, "outside_domain", 3),
        ("relu(x) - relu(-x)", "x", {"x": 0}, "not_differentiable", 3),
        ("x**2", "x", {"x": 1}, "disagree", 1),
    ],
)
def test_at_a_point(first, second, point, verdict, status):
    """The point itself counts: a pole, a corner, and two parabolas that meet but have other slopes."""
    found = same(parse(first), parse(second), point, count=5)
    assert (found.verdict, found.exit_status) == (verdict, status)


def test_gradients_alone_can_differ():
    """At x = 1, x² and x have one value and two slopes."""
    found = compare(parse("x**2"), parse("x"), {"x": 1.0}, ["x"])
    assert (found.kind, found.differing, found.value, found.gradients["x"]) == ("differs", ["x"], (1, 1), (2, 1))


def test_algebra_is_bounded():
    """A product of 316,251 summands and a number of a million digits are left alone."""
    began = time.monotonic()
    for text in ("(a+b+c+d+w)**50", "(x+y)**9999 - x", "2**x**9**9"):
        assert proof.difference(parse(text), parse("x"), differs=False).kind == "undecided"
    assert proof.terms(proof.expression(parse("(a+b)**3*(c+d)"))) == 8
    assert time.monotonic() - began < 60


def test_a_broken_rule_is_no_equality(monkeypatch):
    """The gradients are compared, not the values only: with a wrong rule of sin, sin(x) is not cos(x - π/2)."""
    entry = ops.OPERATIONS["sin"]
    broken = entry._replace(locals=(lambda m, y, a: m.cos(a) * 2,), stable=())
    monkeypatch.setitem(ops._operations, "sin", broken)
    found = same(parse("sin(x)"), parse("cos(x - pi/2)"), count=3)
    assert found.verdict == "disagree"
    assert found.counterexample.differing == ["x"]


def test_command(gradcli):
    """Three routes in one table, the exit status, and what `--get` gives."""
    equal = gradcli("check", "(x+y)*y", "--same-as", "x*y + y²", "--x", "2", "--y", "3")
    assert equal.status == 0
    row = next(line for line in equal.out.splitlines() if line.startswith(" ∂f/∂y"))
    assert row.split()[1] == "8"
    assert "x + 2·y = 8" in row
    assert "8 ± " in row
    assert equal.out.endswith("The formulas are the same.\n")
    other = gradcli("check", "(x+y)*y", "--same-as", "x*y + y", "--get", "verdict,symbolic,difference,points")
    assert (other.status, other.out) == (1, "disagree\ndiffer\ny² - y\n100\n")


def test_a_variable_of_one_formula_only(gradcli):
    """It takes its value, and a note says whose it is."""
    found = gradcli("check", "x", "--same-as", "x + 0*z", "--x", "1", "--z", "3", "--json")
    record = json.loads(found.out)
    assert record["point"]["gradients"]["z"] == {"first": 0.0, "second": 0.0}
    assert [note["node"] for note in record["notes"]] == ["z"]
    assert "only the second formula has z" in found.err


def test_every_row_of_a_file_against_one_solution(gradcli, tmp_path):
    """`--each` marks a file of answers."""
    answers = tmp_path / "answers.csv"
    answers.write_text("id,formula,x,y\nann,x*y+y^2,1,2\nbob,x*y+y,,\ncem,(y+x)*y,,\n", encoding="utf-8")
    found = gradcli("check", "--each", str(answers), "--same-as", "(x+y)*y", "--get", "verdict")
    assert (found.status, found.out) == (1, "ann\tagree\nbob\tdisagree\ncem\tagree\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--same-as", "x*("], "ends too early"),
        (["--same-as", "x*y", "--x", "1"], "no value for y"),
        (["--same-as", "x*y", "--w", "1"], "no variable w"),
        (["--same-as", "x*y", "--nodes"], "--same-as and --nodes exclude each other"),
        (["--same-as", "x*y", "--upstream", "2"], "--same-as and --upstream exclude each other"),
    ],
)
def test_refused(gradcli, args, message):
    """One sentence, exit status 2, nothing on standard output."""
    found = gradcli("check", "x*y", *args)
    assert (found.status, found.out) == (2, "")
    assert message in found.err
