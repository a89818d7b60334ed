"""Every row of reference numerics §5.2: values and gradients at edges, as DESIGN §2.4 and §9 settle them.

Ties are split evenly (the reference's table gave them to one); a tie with a constant gives 0.
"""

import math

import pytest

from gradcli import backward, forward, parse
from gradcli.passes import corners

nan, inf = math.nan, math.inf


def answer(formula, point, wrt=None):
    """The value and the gradients, as text, so that nan equals nan and zeros of both signs are the same."""
    back = backward(forward(parse(formula, names=tuple(point)), point), wrt)
    names = point if wrt is None else wrt
    return texts(back.forward.value, *(back.gradient(name) for name in names))


def texts(*numbers):
    return [f"{number + 0.0:.15g}" for number in numbers]


ROWS = [
    # formula, point, value, gradients in the order of the point
    ("relu(x)", {"x": 0}, 0, 0),
    ("relu(x)", {"x": -0.0}, 0, 0),
    ("abs(x)", {"x": 0}, 0, 0),
    ("abs(x)", {"x": -0.0}, 0, 0),
    ("max(x, y)", {"x": 1, "y": 1}, 1, 0.5, 0.5),
    ("min(x, y)", {"x": 1, "y": 1}, 1, 0.5, 0.5),
    ("max(x, y, z)", {"x": 1, "y": 1, "z": 1}, 1, 1 / 3, 1 / 3, 1 / 3),
    ("max(x, 2)", {"x": 2}, 2, 0),
    ("min(2, x)", {"x": 2}, 2, 0),
    ("max(0, x)", {"x": 0}, 0, 0),
    ("max(x, x)", {"x": 2}, 2, 1),
    ("sign(x)", {"x": 0}, 0, 0),
    ("sign(x)", {"x": -3}, -1, 0),
    ("step(x)", {"x": 0}, 0.5, 0),
    ("step(x)", {"x": 2}, 1, 0),
    ("floor(x)", {"x": 2}, 2, 0),
    ("floor(x)", {"x": -2.5}, -3, 0),
    ("ceil(x)", {"x": 2.5}, 3, 0),
    ("round(x)", {"x": 2.5}, 2, 0),
    ("round(x)", {"x": 3.5}, 4, 0),
    ("round(x)", {"x": -0.5}, 0, 0),
    ("sqrt(x)", {"x": 0}, 0, inf),
    ("sqrt(x)", {"x": -1}, nan, nan),
    ("x**0.5", {"x": 0}, 0, inf),
    ("asin(x)", {"x": 1}, math.pi / 2, inf),
    ("acos(x)", {"x": -1}, math.pi, -inf),
    ("asin(x)", {"x": 2}, nan, nan),
    ("acosh(x)", {"x": 1}, 0, inf),
    ("atanh(x)", {"x": 1}, inf, inf),
    ("atanh(x)", {"x": 2}, nan, nan),
    ("x**2", {"x": 0}, 0, 0),
    ("x**1", {"x": 0}, 0, 1),
    ("x**0.25", {"x": 0}, 0, inf),
    ("x**0", {"x": 0}, 1, 0),
    ("x**y", {"x": 0, "y": 0}, 1, 0, -inf),
    ("x**y", {"x": 0, "y": 1}, 0, 1, 0),
    ("x**y", {"x": 0, "y": 2}, 0, 0, 0),
    ("x**y", {"x": 0, "y": 0.5}, 0, inf, 0),
    ("x**y", {"x": -2, "y": 3}, -8, 12, nan),
    ("x**y", {"x": -2, "y": 0.5}, nan, nan, nan),
    ("x**(1/3)", {"x": -8}, nan, nan),
    ("cbrt(x)", {"x": -8}, -2, 1 / 12),
    ("cbrt(x)", {"x": 0}, 0, inf),
    ("log(x)", {"x": 0}, -inf, inf),
    ("log(x)", {"x": -1}, nan, nan),
    ("log1p(x)", {"x": -1}, -inf, inf),
    ("log1p(x)", {"x": -2}, nan, nan),
    ("log2(x)", {"x": -1}, nan, nan),
    ("log10(x)", {"x": 0}, -inf, inf),
    ("log(x, 2)", {"x": -1}, nan, nan),
    ("1/x", {"x": 0}, inf, -inf),
    ("reciprocal(x)", {"x": 0}, inf, -inf),
    ("x/y", {"x": 1, "y": 0}, inf, inf, -inf),
    ("x/y", {"x": 0, "y": 0}, nan, inf, nan),
    ("x*log(y)", {"x": 0, "y": 0}, nan, -inf, nan),
    ("xlogy(x, y)", {"x": 0, "y": 0}, 0, -inf, 0),
    ("atan2(y, x)", {"y": 0, "x": 0}, 0, nan, nan),
    ("hypot(x, y)", {"x": 0, "y": 0}, 0, nan, nan),
    ("sqrt(x*x)", {"x": 0}, 0, nan),
    ("sinc(x)", {"x": 0}, 1, 0),
    ("max(x, y)", {"x": nan, "y": 1}, nan, nan, nan),
    ("min(x, y)", {"x": 1, "y": nan}, nan, nan, nan),
    ("clip(x, 0, 1)", {"x": nan}, nan, nan),
    ("sign(x)", {"x": nan}, nan, 0),
    ("mod(x, y)", {"x": 4, "y": 2}, 0, 1, -2),
    ("mod(x, y)", {"x": 5.5, "y": 2}, 1.5, 1, -2),
    ("mod(x, y)", {"x": -5.5, "y": 2}, 0.5, 1, 3),
    ("clip(x, 0, 1)", {"x": 0}, 0, 0),
    ("clip(x, 0, 1)", {"x": 1}, 1, 0),
    ("clip(x, y, 9)", {"x": 2, "y": 2}, 2, 0, 1),
    ("hardtanh(x)", {"x": 1}, 1, 0),
    ("hardtanh(x)", {"x": -1}, -1, 0),
    ("leaky_relu(x)", {"x": 0}, 0, 0.01),
    ("leaky_relu(x, 0.2)", {"x": -3}, -0.6, 0.2),
    ("elu(x)", {"x": 0}, 0, 1),
    ("selu(x)", {"x": 0}, 0, 1.0507009873554805 * 1.6732632423543772),
    ("softsign(x)", {"x": 0}, 0, 1),
    ("gelu(x)", {"x": -40}, 0, 0),
    ("exp(x)", {"x": 1000}, inf, inf),
    ("sigmoid(x)", {"x": -1000}, 0, 0),
    ("logsigmoid(x)", {"x": -800}, -800, 1),
    ("softplus(x)", {"x": 800}, 800, 1),
    ("softplus(x)", {"x": -800}, 0, 0),
    ("logaddexp(x, y)", {"x": 1000, "y": 1000}, 1000 + math.log(2), 0.5, 0.5),
    ("logaddexp(x, y)", {"x": -inf, "y": -inf}, -inf, nan, nan),
    ("tanh(x)", {"x": 400}, 1, 0),
    ("gamma(x)", {"x": -2}, nan, nan),
    ("erfinv(x)", {"x": 2}, nan, nan),
    ("where(x > 0, sqrt(x), 0)", {"x": 0}, 0, 0),
    ("where(x > 0, log(x), 0)", {"x": -1}, 0, 0),
]


@pytest.mark.parametrize(("formula", "point", "numbers"), [(f, p, n) for f, p, *n in ROWS])
def test_special_values(formula, point, numbers):
    """Value and gradients at an edge."""
    assert answer(formula, point) == texts(*numbers)


IDENTITIES = [
    ("max(x, 0)", "relu(x)", {"x": 0}),
    ("max(x, y) + min(x, y)", "x + y", {"x": 1, "y": 1}),
    ("max(x, x)", "x", {"x": 1}),
    ("min(x, y)", "-max(-x, -y)", {"x": 1, "y": 1}),
    ("clip(x, -1, 1)", "hardtanh(x)", {"x": 1}),
    ("clip(x, -1, 1)", "min(max(x, -1), 1)", {"x": -1}),
    ("leaky_relu(x)", "leaky_relu(x, 0.01)", {"x": 0}),
    ("abs(x)", "x*sign(x)", {"x": 0}),
    ("relu(x) - relu(-x)", "x", {"x": 2}),
]


@pytest.mark.parametrize(("left", "right", "point"), IDENTITIES)
def test_identities(left, right, point):
    """Two ways to write the same function have the same value and gradients, at ties too."""
    assert answer(left, point) == answer(right, point)


def test_the_identity_that_no_relu_with_slope_0_keeps():
    """relu(x) - relu(-x) = x has slope 0 at 0 for all who follow the lectures; `check` detects it."""
    assert answer("relu(x) - relu(-x)", {"x": 0}) == texts(0, 0)


@pytest.mark.parametrize(
    ("formula", "point", "corner"),
    [
        ("sign(x)", {"x": 0}, True), ("step(x)", {"x": 0}, True), ("step(x)", {"x": 1}, False),
        ("floor(x)", {"x": 2}, True), ("floor(x)", {"x": 2.5}, False), ("ceil(x)", {"x": -1}, True),
        ("round(x)", {"x": 2.5}, True), ("round(x)", {"x": 2}, False), ("mod(x, y)", {"x": 4, "y": 2}, True),
        ("mod(x, y)", {"x": 5, "y": 2}, False), ("clip(x, 0, 1)", {"x": 1}, True), ("hardtanh(x)", {"x": -1}, True),
        ("leaky_relu(x)", {"x": 0}, True), ("selu(x)", {"x": 0}, True), ("elu(x)", {"x": 0}, False),
        ("hypot(x, y)", {"x": 0, "y": 0}, True), ("hypot(x, y)", {"x": 0, "y": 1}, False),
        ("atan2(y, x)", {"y": 0, "x": -1}, True), ("atan2(y, x)", {"y": 0, "x": 1}, False),
    ],
)  # fmt: skip
def test_corners(formula, point, corner):
    """A convention is reported exactly where there is no derivative."""
    assert bool(list(corners(forward(parse(formula), point)))) is corner


@pytest.mark.parametrize(
    ("formula", "operation"),
    [
        ("log(x, 2)", "log_base"), ("log(x)", "log"), ("ln(x)", "log"), ("lg x", "log10"), ("ld(x)", "log2"),
        ("lb(x)", "log2"), ("tg x", "tan"), ("ctg(x)", "cot"), ("cosec(x)", "csc"), ("arcsin(x)", "asin"),
        ("arccos x", "acos"), ("arctan(x)", "atan"), ("arctan2(y, x)", "atan2"), ("arsinh(x)", "asinh"),
        ("arcsinh(x)", "asinh"), ("arcosh(x)", "acosh"), ("artanh(x)", "atanh"), ("Heaviside(x)", "step"),
        ("sgn(x)", "sign"), ("ceiling(x)", "ceil"), ("Mod(x, 2)", "mod"), ("swish(x)", "silu"), ("GELU(x)", "gelu"),
        ("SiLU(x)", "silu"), ("ELU(x)", "elu"), ("SELU(x)", "selu"), ("Softplus(x)", "softplus"),
        ("lgamma(x)", "loggamma"), ("psi(x)", "digamma"), ("gamma(x)", "gamma"), ("beta(x, y)", "beta"),
        ("leaky_relu(x, y)", "prelu"), ("LeakyReLU(x)", "leaky_relu"), ("1/x", "divide"),
        ("reciprocal(x)", "reciprocal"),
        ("np.arctan2(y, x)", "atan2"), ("torch.clamp(x, 0, 1)", "clip"), ("Log[x]", "log"),
    ],
)  # fmt: skip
def test_names_as_people_write_them(formula, operation):
    """Aliases, calls that depend on the number of arguments, prefixes of modules."""
    assert parse(formula).operations[-1] == operation


@pytest.mark.parametrize("name", "beta gamma psi lb ld lg tg step sign mod sec beta1".split())
def test_names_of_functions_can_be_variables(name):
    """A name that has a value is a variable, even if a function is called so; Greek words are variables anyway."""
    known = () if name in ("beta", "gamma", "psi", "beta1") else (name,)
    assert parse(f"{name}*x + 1", names=known).inputs.keys() == {name, "x"}


def test_two_letters_with_values_are_a_product():
    """l·b, if l and b have values, although lb(x) is the binary logarithm."""
    assert set(parse("lb + 1", names=("l", "b")).inputs) == {"l", "b"}
