"""Second derivatives at special points, and whether the variables together have a derivative.

The right numbers are computed elsewhere: by hand, or by mpmath with 50 digits.
"""

import math

import pytest

from gradcli import check, forward, parse
from gradcli.analysis.checking.second_order import check_second_order, gradient_graphs

THIRD = -1 / 3


def second(formula, point):
    """The check of the second derivatives, and its entries by `row column`."""
    found = check_second_order(parse(formula), point)
    return found, {row + each.name: each for row, check in found.rows.items() for each in check.variables}


RIGHT = [
    ("sinc(x)", {"x": 0}, {"xx": THIRD}),
    ("3*sinc(x)**2", {"x": 0}, {"xx": -2}),
    ("sinc(x*y)", {"x": 0, "y": 2}, {"xx": -4 / 3, "xy": 0, "yx": 0, "yy": 0}),
    ("x*sinc(x)", {"x": 0}, {"xx": 0}),
    ("xlogy(x, y)", {"x": 0, "y": 2}, {"xx": 0, "xy": 0.5, "yx": 0.5, "yy": 0}),
    ("xlogy(x, y)", {"x": 0, "y": 0.25}, {"xx": 0, "xy": 4, "yx": 4, "yy": 0}),
    ("xlogy(x, x + 1)", {"x": 0}, {"xx": 2}),
    ("xlogy(2*x, y)*y", {"x": 0, "y": 1}, {"xy": 2, "yx": 2, "xx": 0, "yy": 0}),
    ("Si(x)", {"x": 0}, {"xx": 0}),
    ("Si(x)*x", {"x": 0}, {"xx": 2}),
    ("Shi(x)", {"x": 0}, {"xx": 0}),
    ("LambertW(x)", {"x": 0}, {"xx": -2}),
    ("elliptic_k(x)", {"x": 0}, {"xx": 9 * math.pi / 64}),
    ("elliptic_e(x)", {"x": 0}, {"xx": -3 * math.pi / 64}),
    ("x**y", {"x": 1, "y": 0}, {"xx": 0, "xy": 1, "yx": 1, "yy": 0}),
    ("x**y", {"x": 2, "y": 0}, {"xx": 0, "xy": 0.5, "yx": 0.5, "yy": math.log(2) ** 2}),
    ("x**1", {"x": 0}, {"xx": 0}),
    ("x**2", {"x": 0}, {"xx": 2}),
    ("x**3", {"x": 0}, {"xx": 0}),
    ("mish(x)", {"x": 0}, {"xx": 0.64}),
    ("logsumexp(x, y)", {"x": 0, "y": 0}, {"xx": 0.25, "xy": -0.25, "yx": -0.25, "yy": 0.25}),
]


@pytest.mark.parametrize(("formula", "point", "entries"), RIGHT)
def test_there_is_a_second_derivative_and_it_is_right(formula, point, entries):
    """The number, and the verdict."""
    found, all_entries = second(formula, point)
    assert {name: all_entries[name].graph for name in entries} == pytest.approx(entries, abs=1e-15)
    assert found.verdict == "agree"


def test_a_power_with_the_base_0():
    """x**y at (0, 2): three entries are right; to the left of x = 0 there is no ∂f/∂y."""
    _, entries = second("x**y", {"x": 0, "y": 2})
    assert [entries[name].graph for name in ("xx", "xy", "yy")] == [2, 0, 0]
    assert [entries[name].verdict for name in ("xx", "xy", "yx", "yy")] == [
        "agree", "agree", "not_differentiable", "agree",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "point", "rows"),
    [
        ("x*abs(y)", {"x": 1, "y": 0}, "y"),
        ("y*relu(x)", {"x": 0, "y": 3}, "x"),
        ("max(x, y) + z", {"x": 1, "y": 1, "z": 0}, "xy"),
        ("floor(x) + y", {"x": 2, "y": 1}, "x"),
        ("x*sqrt(y)", {"x": 0, "y": 0}, "y"),
        ("loggamma(x)", {"x": -0.5}, "x"),
        ("loggamma(x)*y", {"x": -2.5, "y": 1}, "xy"),
        ("log(x) + y", {"x": -1, "y": 1}, "xy"),
        ("min(abs(x), abs(y))", {"x": 0, "y": 0}, "xy"),
        ("where(x*y == 0, 0, 1)", {"x": 0, "y": 0}, "xy"),
    ],
)
def test_no_row_agrees_where_there_is_no_first_derivative(formula, point, rows):
    """Not in words, and not with a number of digits."""
    found, entries = second(formula, point)
    assert found.first.verdict != "agree"
    for name, each in entries.items():
        if name[0] in rows:
            assert each.verdict != "agree"
            assert each.digits is None or each.verdict == "not_differentiable"


@pytest.mark.parametrize("formula", ["loggamma(x)", "log(x)", "sqrt(x)*2", "acosh(x)"])
def test_outside_the_domain_there_is_no_number(formula):
    """The gradient's own formula may have one there; it is not shown."""
    _, entries = second(formula, {"x": -0.5})
    assert math.isnan(entries["xx"].graph)
    assert entries["xx"].verdict == "outside_domain"


@pytest.mark.parametrize(
    ("formula", "height"),
    [
        ("selu(x)", "0.707398"),
        ("relu(x)", "1"),
        ("3*relu(x)", "3"),
        ("leaky_relu(x)", "0.99"),
        ("prelu(x, 0.2)", "0.8"),
        ("x + where(x > 0, 0.5*x, 0)", "0.5"),
    ],
)
def test_the_jump_of_a_first_derivative(formula, height):
    """As high as the slopes differ: of selu 1.7581 - 1.0507 = 0.7074."""
    _, entries = second(formula, {"x": 0})
    assert entries["xx"].finding.reason == "jump"
    assert entries["xx"].finding.explanation.endswith(f"the value differs by {height}")


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("where(x*y == 0, 0, 1)", {"x": 0, "y": 0}),
        ("where(x*y > 0, 1, 0)", {"x": 0, "y": 0}),
        ("where(x*y < 0, 1, 0)", {"x": 0, "y": 0}),
        ("where(x > 0 and y > 0, x, 0)", {"x": 0, "y": 0}),
        ("where(x == 0 and y == 0, 0, x*y/(x*x + y*y))", {"x": 0, "y": 0}),
        ("where(x == 0 and y == 0, 0, x**2*y/(x**4 + y*y))", {"x": 0, "y": 0}),
        ("where((x - 1)*(y - 2) == 0, 3, 5)", {"x": 1, "y": 2}),
        ("where(x*y*z != 0, 1, 0) + x", {"x": 0, "y": 0, "z": 0}),
        ("where(x > 0 and y > 0 and z < 0, 1, 0)", {"x": 0, "y": 0, "z": 0}),
        ("min(abs(x), abs(y))", {"x": 0, "y": 0}),
    ],
)
def test_variables_together(formula, point):
    """Every variable alone has a slope, together there is no derivative."""
    found = check(parse(formula), point)
    assert {each.verdict for each in found.variables} == {"agree"}
    assert (found.verdict, found.joint.reason) == ("not_differentiable", "partials_only")


@pytest.mark.parametrize(
    "formula",
    ["relu(x*y)", "relu(x)*relu(y)", "where(x*y == 0, 0, x*y)", "abs(x*y)", "where(x > 0, x*y, 0)", "max(x, 0)*y*y"],
)
def test_together_they_are_differentiable(formula):
    """The formula chooses at the point, and the derivative is there all the same: no false alarm."""
    found = check(parse(formula), {"x": 0, "y": 0})
    assert found.joint is None or found.joint.verdict == "agree"


CLOSED = [
    ("where(x > 0, sqrt(x), 0)", {"x": -3}, {"xx": 0}),
    ("where(x > 0, log(x), x**2)", {"x": -1}, {"xx": 2}),
    ("where(x > 1, sqrt(x - 1), x**3)", {"x": 0.5}, {"xx": 3}),
    ("where(y > 0, x*sqrt(y), x*y)", {"x": 2, "y": -4}, {"xx": 0, "xy": 1, "yx": 1, "yy": 0}),
]


@pytest.mark.parametrize(("formula", "point", "entries"), CLOSED)
def test_a_closed_branch_harms_no_second_derivative(formula, point, entries):
    """Its formula may have no number there: the product is masked, not multiplied by 0."""
    found, all_entries = second(formula, point)
    assert {name: all_entries[name].graph for name in entries} == pytest.approx(entries, abs=1e-12)
    assert {all_entries[name].verdict for name in entries} == {"agree"}
    for name, graph in gradient_graphs(found.first.back.graph, point).items():
        assert math.isfinite(forward(graph, point).value), name
