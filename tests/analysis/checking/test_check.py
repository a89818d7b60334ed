"""`check`: verdicts at easy and at hard points, and that a wrong rule is found."""

import pytest

from gradcli import check, ops, parse
from gradcli.analysis.checking.slopes import slopes
from gradcli.systems.digits import Digits

# Expected verdicts: numerics.md §4.5 and the cases it was made from; gradients recomputed with mpmath at 50 digits.
CASES = [
    ("(x+y)*y", {"x": 2, "y": 3}, {"x": "agree", "y": "agree"}),
    ("(sigmoid(w*x+b)-t)**2", {"w": 0.5, "x": 2, "b": 0.1, "t": 1}, dict.fromkeys("wxbt", "agree")),
    ("x**3 - 2*x", {"x": 1.5}, {"x": "agree"}),
    ("sin(x)", {"x": 1e22}, {"x": "agree"}),
    ("x**2", {"x": 1e150}, {"x": "agree"}),
    ("1/x", {"x": 1e-8}, {"x": "agree"}),
    ("log(x)", {"x": 1e-300}, {"x": "agree"}),
    ("abs(x)", {"x": 1e-7}, {"x": "agree"}),
    ("relu(x)", {"x": 1e-30}, {"x": "agree"}),
    ("x*abs(x)", {"x": 0}, {"x": "agree"}),
    ("x**2", {"x": 0}, {"x": "agree"}),
    ("sigmoid(x)", {"x": 40}, {"x": "agree"}),
    ("relu(x)", {"x": 0}, {"x": "not_differentiable"}),
    ("abs(x)", {"x": 0}, {"x": "not_differentiable"}),
    ("max(x, y)", {"x": 1, "y": 1}, {"x": "not_differentiable", "y": "not_differentiable"}),
    ("x > 0", {"x": 0}, {"x": "not_differentiable"}),
    ("sqrt(x)", {"x": 0}, {"x": "not_differentiable"}),
    ("where(x > 0, x, 2*x)", {"x": 0}, {"x": "not_differentiable"}),
    ("log(x)", {"x": -1}, {"x": "outside_domain"}),
    ("1/x", {"x": 0}, {"x": "outside_domain"}),
    ("relu(x) - relu(-x)", {"x": 0}, {"x": "disagree"}),
    ("1/(1 + exp(-x))", {"x": -1000}, {"x": "rounding"}),
    ("(1 - cos(x))/x**2", {"x": 1e-8}, {"x": "rounding"}),
    ("exp(x)", {"x": 1000}, {"x": "rounding"}),
    ("exp(exp(exp(x)))", {"x": 20}, {"x": "inconclusive"}),
]


@pytest.mark.parametrize(("formula", "point", "expected"), CASES, ids=[f"{c[0]} at {c[1]}" for c in CASES])
def test_verdicts(formula, point, expected):
    """The verdict at points where other checkers pass a corner or fail a right gradient."""
    result = check(parse(formula), point)
    assert {variable.name: variable.verdict for variable in result.variables} == expected


def test_one_sided_slopes_at_a_corner():
    """At a corner both slopes are told, and what SymPy's convention is."""
    (found,) = check(parse("relu(x)"), {"x": 0}).variables
    assert (found.left, found.right, found.graph, float(found.symbolic.value)) == (0.0, 1.0, 0.0, 0.5)


def test_witnesses_side_by_side():
    """Graph, SymPy and difference give the same number for the neuron."""
    for found in check(parse("(sigmoid(w*x+b)-t)**2"), {"w": 0.5, "x": 2, "b": 0.1, "t": 1}).variables:
        assert float(found.symbolic.value) == pytest.approx(found.graph, rel=1e-14)
        assert found.difference == pytest.approx(found.graph, rel=1e-14)
        assert found.digits >= 15


SMOOTH = {
    "divide": "x/3 + 2/x", "multiply": "x*y", "sin": "sin(x)*y", "cos": "cos(x)*y",
    "tan": "tan(x)*y", "exp": "exp(x)*y",
    "log": "log(x)*y", "sqrt": "sqrt(x)*y", "tanh": "tanh(x)*y", "sigmoid": "sigmoid(x)*y", "square": "x**2*y",
    "power": "x**3*y**x", "subtract": "y - x", "negate": "-x*y", "add": "x + y", "relu": "relu(x)*y", "abs": "abs(x)*y",
    "max": "max(x, y)", "min": "min(x, y)", "where": "where(x > 0, x*y, y)",
}  # fmt: skip


@pytest.mark.parametrize("factor", [1.0000001, 1.001, -1])
@pytest.mark.parametrize("name", SMOOTH)
def test_a_broken_rule_is_found(name, factor, monkeypatch):
    """Every local derivative multiplied by something else than 1: the check says disagree."""
    entry = ops.OPERATIONS[name]
    point = {"x": 0.7, "y": 1.3}

    def broken(rule):
        if isinstance(rule, int):
            return lambda m, *_: m.number(rule) * m.number(factor)
        return lambda m, *arguments: m.number(rule(m, *arguments)) * m.number(factor)

    stable = (entry.stable_value(), *(broken(entry.stable_local(k)) for k in range(len(entry.locals))))
    mutant = entry._replace(locals=tuple(map(broken, entry.locals)), stable=stable)
    monkeypatch.setitem(ops._operations, name, mutant)
    assert check(parse(SMOOTH[name]), point).verdict == "disagree"


class Plain:
    """A function of the offset for the ladder, with no graph behind it."""

    def __init__(self, function, x):
        self.function, self.x = function, x

    def system(self, digits):
        """So many digits."""
        return Digits(digits, binary=True)

    def at(self, system, offset):
        """The value there."""
        return self.function(system, offset)

    def size(self, system):
        """The size of the value."""
        return system.number(max(1.0, abs(self.x)))


def test_the_ladder_uses_values_only():
    """The slopes of a function given as plain values, with no rule in sight: |x| at 0, and a parabola."""
    assert slopes(Plain(lambda m, h: abs(h), 0.0)).kind == "corner"
    found = slopes(Plain(lambda m, h: (m.number(3) + h) ** 2, 3.0))
    assert (found.kind, float(found.slope)) == ("smooth", 6.0)


def test_command(gradcli):
    """Exit status 0, 1 and 3; `--get` gives the verdict for a script."""
    assert gradcli("check", "(x+y)*y", "--x", "2", "--y", "3").status == 0
    assert gradcli("check", "relu(x) - relu(-x)", "--x", "0").status == 1
    corner = gradcli("check", "relu(x)", "--x", "0")
    assert corner.status == 3
    assert "corner at f = relu(0): the slope is 0 from the left and 1 from the right" in corner.out
    assert gradcli("check", "x*y", "--x", "2", "--y", "3", "--get", "verdict,x").out == "agree\nagree\n"


@pytest.mark.parametrize(
    ("formula", "form"),
    [
        ("0.1*x**2", "0.2·x"),
        ("0.3*sin(0.1*x)", "0.03·cos(0.1·x)"),
        ("x**2.5/1024", "5·x^(3/2)/2048"),
        ("x*1e-3", "0.001"),
    ],
)
def test_decimals_stay_decimals_in_closed_forms(formula, form):
    """0.1 is not shown as the fraction of a power of two that its double is."""
    (variable,) = check(parse(formula), {"x": 0.7}).variables
    assert variable.symbolic.formula == form
