"""Differences in floats: an honest error bar, the V-curve, the textbook check; time limits; the joint probe."""

import json
import math
import re
import time

import mpmath
import pytest

from gradcli import check, parse
from gradcli.analysis.checking.differences import FloatFunction, complex_step, curve, shown
from gradcli.analysis.checking.evidence import Evidence
from gradcli.analysis.checking.stable_forms import FORMS, suggestion
from gradcli.errors import UsageError
from gradcli.passes import backward, forward
from gradcli.report.checking.verdicts import relative_error
from gradcli.systems.digits import Digits

SMOOTH = [
    ("x**3 - 2*x", 1.5, "4.75"), ("x**50", 1.1, None), ("x**200", 0.9, None), ("sin(x)", 1.0, None),
    ("exp(x)", 1.0, None), ("tanh(x)", 0.5, None), ("(x**2+1)/(x-2)", 0.3, None), ("atan(1000*x)", 0.001, "500"),
    ("x**2", 1e8, "2e8"), ("x**2", 1e-8, None), ("x**3", 1e-8, None), ("x**2", 1e150, "2e150"), ("3*x", 1e300, "3"),
    ("sin(x)", 1e8, None), ("sin(x)", 1e15, None),
    ("4*x*(1-x)*(1-4*x*(1-x))", 0.3, None), ("log(x)", 1e8, None), ("log(x)", 1e-8, None), ("log(x)", 1e-300, None),
    ("1/x", 1e-8, None), ("1/x", 1e-4, None), ("1/x**2", 1e6, None), ("exp(x)", 700.0, None), ("exp(x)", 709.7, None),
    ("exp(-x)", 700.0, None), ("exp(x)", -30.0, None), ("exp(-x**2)", 20.0, None), ("exp(1000*x)", 0.1, None),
    ("exp(-1/x)", 0.01, None), ("(1-cos(x))/x**2", 0.01, None), ("log(1+x)", 1e-10, None),
    ("log(1+x)/x", 1e-10, None), ("exp(x)-1", 1e-12, None), ("10000000000+x", 1.0, "1"),
    ("sin(x)+1000000000000", 1.0, None), ("sqrt(x+1)-sqrt(x)", 1e12, None), ("(x+1)**2-x**2-2*x", 1e9, "0"),
    ("sigmoid(x)", 40.0, None), ("sigmoid(x)", -40.0, None), ("softplus(x)", 30.0, None), ("sqrt(x)", 1e-12, None),
    ("sqrt(x)", 1e-300, None), ("x**1.5", 1e-10, None), ("abs(x)", 1e-7, "1"), ("abs(x-1)", 1.0000001, "1"),
    ("max(x, x**2)", 0.9999999, "1"), ("x**x", 2.5, None), ("x**x", 1e-5, None), ("x**(1/3)", 1e-9, None),
    ("asin(x)", 0.99999999, None), ("atanh(x)", 0.9999999, None), ("tan(x)", 1.5707, None),
    ("acosh(x)", 1.0000001, None),
    ("sin(1/x)", 0.001, None), ("sin(1000000*x)", 0.3, None), ("erf(x)", 5.0, None), ("cos(x)", 0.0, "0"),
    ("x**2", 0.0, "0"), ("x**3", 0.0, "0"), ("sin(x)/x", 1e-5, None), ("gelu(x)", -30.0, None),
]  # fmt: skip
"""The smooth points of reference numerics §3.1, with the derivative where it is plain."""


def function_at(formula, x):
    """The output in floats as a function of x."""
    graph = parse(formula)
    return FloatFunction(Evidence(backward(forward(graph, {"x": x})), ("x",)), graph.inputs["x"])


def exact_slope(formula, x, plain):
    """The derivative of the value rule, taken by mpmath's own differences in 200 digits."""
    if plain is not None:
        return mpmath.mpf(plain)
    system = Digits(200, binary=True)
    graph, m = parse(formula), system.context
    return m.diff(lambda t: forward(graph, {"x": t}, system).value, m.mpf(x), h=m.mpf(10) ** -60 * (abs(x) or 1))


@pytest.mark.parametrize(("formula", "x", "plain"), SMOOTH, ids=[f"{f} at {x:g}" for f, x, _ in SMOOTH])
def test_the_error_bar_is_honest(formula, x, plain):
    """The true error of the difference that is shown is at most ten times what it claims."""
    found = shown(function_at(formula, x))
    exact = exact_slope(formula, x, plain)
    assert abs(found.value - exact) <= 10 * found.error + 4 * math.ulp(float(exact))


@pytest.mark.parametrize(
    ("formula", "x", "slope", "missed"),
    [
        ("max(3*x, 0.3)", 0.1, 3.0, True),
        ("sin(x)", 1e300, float(mpmath.cos(mpmath.mpf(1e300))), True),
        ("sin(x)", 1.0, math.cos(1), False),
        ("1e-300*x", 1e-300, 1e-300, True),
        ("x**2", 1e150, 2e150, False),
        ("cosh(x) - sinh(x)", 40.0, -math.exp(-40), False),
    ],
)
def test_an_error_bar_that_leaves_out_the_slope_is_told(gradcli, formula, x, slope, missed):
    """The bar is the difference's own, never mended by the referee; where it is wrong, the report says so."""
    found = check(parse(formula), {"x": x})
    (variable,) = found.variables
    assert variable.difference == pytest.approx(slope, rel=1e-12)
    bar = found.shown["x"]
    assert bar == shown(FloatFunction(found.evidence, variable.at))
    assert (abs(bar.value - slope) > 10 * bar.error + 4 * math.ulp(slope)) == missed
    assert (": misses the slope" in gradcli("check", formula, "--x", repr(x)).out.splitlines()[3]) == missed


@pytest.mark.parametrize(
    ("formula", "x", "missed"),
    [
        ("1 - cos(x)", "1e-9", True),
        ("max(3*x, 0.3)", "0.1", True),
        ("tan(x)", "1.5707963267948966", True),
        ("x**3", "0", False),
        ("x**2", "3", False),
    ],
)
def test_a_textbook_difference_that_is_off_is_told(gradcli, formula, x, missed):
    """The difference that is written out beside a right gradient does not contradict it without a word."""
    (line,) = [line for line in gradcli("check", formula, "--x", x).out.splitlines() if line.startswith("∂f/∂x ≈")]
    assert line.endswith(": this step misses the slope") == missed


def test_floats_that_jump_from_one_to_the_next_have_no_difference():
    """sin at 1e22, where two neighbouring floats are two million apart."""
    assert shown(function_at("sin(x)", 1e22)) is None
    text = "u0 = x\n" + "\n".join(f"u{k + 1} = 3.9*u{k}*(1 - u{k})" for k in range(40))
    found = shown(function_at(text, 0.3))
    assert found is None or abs(found.value - exact_slope(text, 0.3, None)) <= 10 * found.error


def test_it_says_something():
    """Most of them have ten digits or more; where floats see nothing, that is said."""
    digits = []
    for formula, x, plain in SMOOTH:
        found, exact = shown(function_at(formula, x)), float(exact_slope(formula, x, plain))
        digits.append(16 if found.value == exact else -math.log10(abs(found.value - exact) / abs(exact or 1)))
    assert sorted(digits)[len(digits) // 2] > 10
    assert not shown(function_at("sigmoid(x)", 40.0)).resolves
    assert shown(function_at("x**2", 3.0)).resolves


PUBLISHED = {1: 9.0e-4, 3: 9.0e-8, 5: 1.1e-11, 7: 1.9e-10, 9: 3.0e-9, 11: 1.2e-6, 13: 1.8e-4, 15: 1.5e-2}
"""Error of the central difference of sin at 1 with h = 10**-k, from reference numerics §4.4."""


def test_the_curve_of_sin_at_1():
    """The V: truncation falls with h², rounding grows with 1/h, least between 1e-6 and 1e-4."""
    points = curve(function_at("sin(x)", 1.0))
    errors = {round(-math.log10(p.step)): abs(p.quotient - math.cos(1.0)) for p in points}
    for k in (1, 3):  # truncation: h²·cos(1)/6, as exact as it gets
        assert errors[k] == pytest.approx(PUBLISHED[k], rel=0.02)
        assert errors[k] == pytest.approx(math.cos(1.0) / 6 * 10.0 ** (-2 * k), rel=0.02)
    for k in (5, 7, 9, 11, 13, 15):  # rounding: of the same size, its digits are chance
        assert errors[k] <= 2.0**-53 * 10.0**k * 2 + 1e-11
        assert PUBLISHED[k] / 30 < errors[k] < PUBLISHED[k] * 30
    assert min(errors, key=errors.get) in (4, 5, 6)


def test_the_curve_on_the_screen(gradcli):
    """`--curve` says why h = 1e-5 and not 1e-12."""
    out = gradcli("check", "sin(x)", "--x", "1", "--curve").out
    assert "The V-curve of ∂f/∂x" in out
    bars = {line.split()[0]: line.count("─") for line in out.splitlines() if line.strip().startswith("1e-")}
    assert bars["1e-05"] > bars["1e-01"]
    assert bars["1e-05"] > bars["1e-12"]
    record = json.loads(gradcli("check", "sin(x)", "--x", "1", "--curve", "--json").out)
    assert len(record["curve"]) == 16


COMPLEX = [("sin(x)*exp(x)", 1.0), ("x**3.5", 2.0), ("sqrt(x)/(1+x)", 0.5), ("abs(x)", -2.0), ("tanh(x)", 1.5)]


def test_the_complex_step():
    """To the last digit with a step of 1e-30, where a difference would be 0; refused where it does not exist."""
    for formula, x in (
        ("sin(x)*exp(x)", 1.0),
        ("x**3.5", 2.0),
        ("sqrt(x)/(1+x)", 0.5),
        ("abs(x)", -2.0),
        ("tanh(x)", 1.5),
    ):
        function = function_at(formula, x)
        exact = float(exact_slope(formula, x, None))
        assert complex_step(function.evidence, function.index, 1e-30) == pytest.approx(exact, rel=1e-14)
    function = function_at("erf(x)", 1.0)
    with pytest.raises(UsageError, match="the complex step cannot take erf"):
        complex_step(function.evidence, function.index, 1e-30)


@pytest.mark.parametrize(
    ("scheme", "step", "low", "high"),
    [("central", "1e-5", 1e-12, 1e-9), ("forward", "1e-5", 1e-6, 1e-4), ("complex", "1e-20", 0.0, 1e-15)],
)
def test_the_textbook_check(scheme, step, low, high, gradcli):
    """Quotient and relative error of the three schemes: forward is off by h, central by h², complex by nothing."""
    args = ("check", "exp(x)*y", "--x", "1", "--y", "2", "--scheme", scheme, "--step-size", step, "--json")
    record = json.loads(gradcli(*args).out)
    told = record["inputs"]["x"]["textbook"]
    assert (told["scheme"], told["step"]) == (scheme, float(step))
    assert low <= told["relative_error"] <= high
    assert told["quotient"] == pytest.approx(2 * math.e, rel=high + 1e-15)
    assert told["relative_error"] == relative_error(record["inputs"]["x"]["gradient"], told["quotient"])


def test_relative_error():
    """|a - b| over the larger; 0 for two zeros."""
    assert relative_error(0.0, 0.0) == 0.0
    assert relative_error(1.0, -1.0) == 2.0
    assert relative_error(1.0, 0.0) == 1.0


@pytest.mark.parametrize("step", ["0", "-1e-5", "nan", "inf"])
def test_a_step_that_is_none(step, gradcli):
    """One line and exit status 2."""
    result = gradcli("check", "x**2", "--x", "1", "--step-size", step)
    assert result.status == 2
    assert "Traceback" not in result.err


# -- time limits ------------------------------------------------------------------------------------------------------

HOSTILE = [
    ("exp(exp(exp(x)))", 20.0), ("sin(exp(100000*x))", 1.0), ("besselj(0, besselj(0, besselj(0, besselj(0, x))))", 1.0),
    ("gamma(gamma(gamma(x)))", 5.0), ("x**x**x**x", 30.0), ("airyai(airyai(airyai(x)))", 50.0),
    ("erf(erf(erf(x)))*erfc(x)", 60.0), ("loggamma(exp(x))", 300.0), ("beta(x, exp(x))", 20.0),
    ("((((((x**2)**2)**2)**2)**2)**2)**2", 1e9), ("sin(x)**1000", 1e300),
    ("+".join(f"gamma(x+{k})" for k in range(40)), 3.5), ("besselj(0, x)", 1e6), ("sinh(cosh(sinh(x)))", 10.0),
    ("gelu(x)", -1e5), ("erf(x)", 1e5), ("mod(1e300, x)", 1e-300), ("elliptic_k(x)", 0.9999999),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "x"), HOSTILE, ids=[f"{f[:40]} at {x:g}" for f, x in HOSTILE])
def test_no_formula_runs_away(formula, x):
    """A check stays within its limit and little more, with a verdict."""
    graph = parse(formula)
    start = time.process_time()
    result = check(graph, {"x": x}, time_limit=1.0)
    assert time.process_time() - start < 10.0  # a fault here takes minutes
    assert result.verdict in ("agree", "inconclusive", "rounding", "outside_domain")


def test_sympy_does_not_run_away():
    """Sums within functions within sums: its own evaluation of a derivative takes exponential time there."""
    text = "x"
    for _ in range(6):
        text = f"tanh(({text}*w + w)*w)"
    witness = check(parse(text), {"x": 0.1, "w": 0.2}).variables[1].symbolic
    assert float(witness.value) == pytest.approx(backward(forward(parse(text), {"x": 0.1, "w": 0.2})).gradient("w"))
    for _ in range(10):
        text = f"tanh(({text}*w + w)*w)"
    result = check(parse(text), {"x": 0.1, "w": 0.2})
    assert result.verdict == "agree"
    assert result.variables[1].symbolic.value is None


def test_the_time_limit(gradcli):
    """Inconclusive, exit status 3, and what to do; no traceback."""
    nested = "sin(" * 40 + "x*y" + ")" * 40
    result = gradcli("check", nested, "--x", "1", "--y", "2", "--time-limit", "0.001")
    assert result.status == 3
    assert "the time limit has passed" in result.out
    assert "--time-limit 60" in result.out
    assert "Traceback" not in result.out + result.err
    told = gradcli("check", nested, "--x", "1", "--y", "2", "--time-limit", "0.001", "--get", "x,x.reason").out
    assert told == "inconclusive\ntime_limit\n"


# -- the joint probe --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "point", "reason"),
    [
        ("min(abs(x), abs(y))", {"x": 0.0, "y": 0.0}, "partials_only"),
        ("max(min(x, y), min(-x, -y))", {"x": 0.0, "y": 0.0}, "partials_only"),
        ("min(abs(x), abs(y))*z", {"x": 0.0, "y": 0.0, "z": 2.0}, "partials_only"),
        ("x**y", {"x": 0.0, "y": 2.0}, "ok"),
        ("x*y", {"x": 0.0, "y": 0.0}, "ok"),
        ("x*y*sign(x*y)", {"x": 0.0, "y": 0.0}, "ok"),
        ("x**2 + y**2", {"x": 1e-100, "y": 1e100}, "ok"),
        ("x - y", {"x": 1e15, "y": 1e-15}, "ok"),
    ],
)
def test_the_joint_probe(formula, point, reason):
    """Partial derivatives that are no derivative are found out; nothing else is accused."""
    result = check(parse(formula), point)
    assert {each.verdict for each in result.variables} <= {"agree", "disagree"}
    joint = "ok" if result.joint is None else result.joint.reason
    assert joint == reason


# -- forms that floats lose -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "better"), FORMS.items(), ids=list(FORMS))
def test_forms_have_the_value_of_their_replacement(typed, better):
    """In sixty digits both are the same number, wherever both have one."""
    system = Digits(60)
    left, right = parse(typed), parse(better)
    compared = 0
    for numbers in (("0.7", "0.3", "1.9"), ("2.25", "1.5", "-0.5"), ("-0.4", "0.8", "0.1"), ("31", "17", "25")):
        point = {name: system.literal(text) for name, text in zip("abc", numbers, strict=True)}
        a = forward(left, {n: point[n] for n in left.inputs}, system).value
        b = forward(right, {n: point[n] for n in right.inputs}, system).value
        if system.is_finite(a) and system.is_finite(b):
            assert abs(a - b) <= abs(b) * system.context.mpf(10) ** -40 + system.context.mpf(10) ** -45
            compared += 1
    assert compared >= 3


@pytest.mark.parametrize("typed", FORMS)
def test_forms_are_recognised(typed):
    """Over any parts, with the parts put in: the suggestion is a formula with the same value."""
    for part in ("a", "(x*y)", "cos(x)"):
        text = re.sub(r"\ba\b", part, typed)
        told = suggestion(parse(text))
        graphs = [parse(side) for side in (*told.split(" for "), text)]
        point = {"a": 0.7, "b": 0.3, "c": 1.9, "x": 0.5, "y": 1.1}
        values = [float(forward(graph, {name: point[name] for name in graph.inputs}).value) for graph in graphs]
        assert values == pytest.approx([values[2]] * 3, rel=1e-12)


def test_the_check_names_the_form(gradcli):
    """The advice of a check: which form, for which part."""
    out = gradcli("check", "3*log(1/(1+exp(-(2*x))))", "--x", "-400").out
    assert "Use logsigmoid(2·x) for log(1/(1 + exp(-(2·x))))" in out
