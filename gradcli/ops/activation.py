"""The nonlinearities of neural networks.

Stable forms rest on z = exp(-|a|) <= 1, so that nothing overflows and no 1 - y cancels (reference numerics §6.2).
Constants of selu: G. Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017; the tanh form of gelu:
D. Hendrycks and K. Gimpel, "Gaussian error linear units", 2016; mish: D. Misra, 2019; squareplus: J. Barron, 2021.
"""

from typing import Any

from gradcli.ops.operation import op


def _z(m: Any, a: Any) -> Any:
    """exp(-|a|), from 0 to 1."""
    return m.exp(-m.abs(a))


def _stable_sigmoid(m: Any, a: Any) -> Any:
    """1/(1 + z) or z/(1 + z)."""
    z = _z(m, a)
    return m.divide(m.where(m.less(a, 0), z, 1), 1 + z)


def _stable_sigmoid_local(m: Any, y: Any, a: Any) -> Any:
    """z/(1 + z)**2; y*(1 - y) would be 0 from a = 37 on."""
    z = _z(m, a)
    return m.divide(z, m.square(1 + z))


def _stable_softplus(m: Any, a: Any) -> Any:
    """max(0, a) + log(1 + z)."""
    return m.relu(a) + m.log1p(_z(m, a))


def _stable_silu_local(m: Any, y: Any, a: Any) -> Any:
    """σ(a)·(1 + a·σ(-a))."""
    return m.sigmoid(a) * (1 + a * m.sigmoid(-a))


def _scale(m: Any) -> Any:
    """λ of selu."""
    return m.literal("1.0507009873554805")


def _alpha(m: Any) -> Any:
    """α of selu."""
    return m.literal("1.6732632423543772")


def _over_root_2(m: Any, a: Any) -> Any:
    """a/√2."""
    return m.divide(a, m.sqrt(m.literal("2")))


def _density(m: Any, a: Any) -> Any:
    """Density of the normal distribution: exp(-a²/2)/√(2π)."""
    return m.divide(m.exp(m.divide(-m.square(a), 2)), m.sqrt(2 * m.literal("pi")))


def _stable_gelu(m: Any, a: Any) -> Any:
    """a·erfc(-a/√2)/2; 1 + erf would cancel for negative a."""
    return m.divide(a * m.erfc(_over_root_2(m, -a)), 2)


def _stable_gelu_local(m: Any, y: Any, a: Any) -> Any:
    return m.divide(m.erfc(_over_root_2(m, -a)), 2) + a * _density(m, a)


def _bend(m: Any, a: Any) -> Any:
    """√(2/π)·(a + 0.044715·a³), the argument of the tanh in gelu_tanh."""
    return m.sqrt(m.divide(2, m.literal("pi"))) * (a + m.literal("0.044715") * (a * m.square(a)))


def _bend_local(m: Any, a: Any) -> Any:
    return m.sqrt(m.divide(2, m.literal("pi"))) * (1 + 3 * m.literal("0.044715") * m.square(a))


def _gelu_tanh_local(m: Any, y: Any, a: Any) -> Any:
    t = m.tanh(_bend(m, a))
    return m.divide(1 + t, 2) + m.divide(a * (1 - m.square(t)), 2) * _bend_local(m, a)


def _stable_gelu_tanh_local(m: Any, y: Any, a: Any) -> Any:
    """The same with (1 + tanh(u))/2 = σ(2u)."""
    s, other = m.sigmoid(2 * _bend(m, a)), m.sigmoid(-2 * _bend(m, a))
    return s * (1 + 2 * (a * other) * _bend_local(m, a))


def _mish_local(m: Any, y: Any, a: Any) -> Any:
    t = m.tanh(m.softplus(a))
    return t + a * (1 - m.square(t)) * m.sigmoid(a)


def _mish_parts(m: Any, a: Any) -> tuple[Any, Any, Any]:
    """z, and numerator and denominator of tanh(softplus(a)) = ((1 + e^a)² - 1)/((1 + e^a)² + 1) in z."""
    z = m.exp(m.where(m.less(a, 0), a, -a))  # not |a|, which has no slope at 0
    above = m.where(m.less(a, 0), z * (z + 2), 1 + 2 * z)
    below = m.where(m.less(a, 0), m.square(z) + 2 * z + 2, 1 + 2 * z + 2 * m.square(z))
    return z, above, below


def _stable_mish(m: Any, a: Any) -> Any:
    _, above, below = _mish_parts(m, a)
    return a * m.divide(above, below)


def _stable_mish_local(m: Any, y: Any, a: Any) -> Any:
    """t + a·(1 - t²)·σ(a), with 1 - t² = 4(1 + e^a)²/((1 + e^a)² + 1)² written in z."""
    z, above, below = _mish_parts(m, a)
    flat = m.divide(2 * m.where(m.less(a, 0), 1 + z, z * (1 + z)), below)
    return m.divide(above, below) + a * m.square(flat) * m.sigmoid(a)


def _root_4(m: Any, a: Any) -> Any:
    return m.sqrt(m.square(a) + 4)


def _stable_squareplus(m: Any, a: Any) -> Any:
    """(a + h)/2 or 2/(h - a), whichever does not cancel, with h = √(a² + 4)."""
    h = m.hypot(a, 2)
    return m.where(m.less(a, 0), m.divide(2, h - a), m.divide(a + h, 2))


TABLE = (
    op("sigmoid", "Logistic function: 1/(1 + exp(-a)).",
       lambda m, a: m.divide(1, 1 + m.exp(-a)),
       lambda m, y, a: y * (1 - y),
       stable=(_stable_sigmoid, _stable_sigmoid_local),
       aliases=("σ", "logistic"),
       sympy=lambda s, a: 1 / (1 + s.exp(-a))),

    op("logsigmoid", "log(sigmoid(a)) without overflow.",
       lambda m, a: m.log(m.sigmoid(a)),
       lambda m, y, a: 1 - m.sigmoid(a),
       stable=(lambda m, a: -m.softplus(-a), lambda m, y, a: m.sigmoid(-a)),
       aliases=("log_sigmoid", "LogSigmoid"),
       sympy=lambda s, a: -s.log(1 + s.exp(-a))),

    op("softplus", "log(1 + exp(a)) without overflow: a smooth relu.",
       lambda m, a: m.log(1 + m.exp(a)),
       lambda m, y, a: m.sigmoid(a),
       stable=(_stable_softplus, None),
       aliases=("Softplus",),
       sympy=lambda s, a: s.log(1 + s.exp(a))),

    op("relu", "Rectifier: max(0, a).",
       lambda m, a: m.where(m.less(0, a), a, 0),
       lambda m, y, a: m.where(m.less(0, a), 1, 0),
       pattern="gate", sample=((0.25, 2.0),),
       corner=lambda m, a: m.equal(a, 0), convention="relu'(0) = 0",
       elsewhere="PyTorch and JAX say 0, SymPy 1/2; the slopes are 0 and 1",
       aliases=("ReLU",)),

    op("leaky_relu", "a where it is positive, a/100 elsewhere; leaky_relu(a, b) takes the slope b instead.",
       lambda m, a: m.where(m.less(0, a), a, m.literal("0.01") * a),
       lambda m, y, a: m.where(m.less(0, a), 1, m.literal("0.01")),
       sample=((0.25, 2.0),),
       corner=lambda m, a: m.equal(a, 0), convention="leaky_relu'(0) = 0.01, the slope on the left",
       elsewhere="PyTorch says 0.01, JAX 1, SymPy (with Max) 0.505",
       aliases=("LeakyReLU",)),

    op("prelu", "a where it is positive, b·a elsewhere: leaky_relu(a, b).",
       lambda m, a, b: m.where(m.less(0, a), a, b * a),
       lambda m, y, a, b: m.where(m.less(0, a), 1, b),
       lambda m, y, a, b: m.where(m.less(0, a), 0, a),
       sample=((-2.0, -0.25), (0.25, 1.5)),
       corner=lambda m, a, b: m.equal(a, 0), convention="∂/∂a at a = 0 is b, the slope on the left",
       elsewhere="PyTorch says b, JAX 1, SymPy leaves both slopes",
       called="leaky_relu", aliases=("PReLU",)),

    op("elu", "a where it is positive, exp(a) - 1 elsewhere.",
       lambda m, a: m.where(m.less(0, a), a, m.exp(a) - 1),
       lambda m, y, a: m.where(m.less(0, a), 1, m.exp(a)),
       stable=(lambda m, a: m.where(m.less(0, a), a, m.expm1(a)), None),
       sample=((0.25, 2.0),), aliases=("ELU",)),

    op("selu", "Scaled elu: keeps mean 0 and variance 1 from layer to layer.",
       lambda m, a: _scale(m) * m.where(m.less(0, a), a, _alpha(m) * (m.exp(a) - 1)),
       lambda m, y, a: _scale(m) * m.where(m.less(0, a), 1, _alpha(m) * m.exp(a)),
       stable=(lambda m, a: _scale(m) * m.where(m.less(0, a), a, _alpha(m) * m.expm1(a)), None),
       sample=((0.25, 2.0),),
       corner=lambda m, a: m.equal(a, 0), convention="selu'(0) = 1.7581, the slope on the left",
       elsewhere="PyTorch and JAX say 1.7581, SymPy leaves both slopes; the one on the right is 1.0507",
       aliases=("SELU",)),

    op("silu", "a·sigmoid(a).",
       lambda m, a: a * m.sigmoid(a),
       lambda m, y, a: m.sigmoid(a) + y * (1 - m.sigmoid(a)),
       stable=(None, _stable_silu_local),
       aliases=("swish", "SiLU"),
       sympy=lambda s, a: a / (1 + s.exp(-a))),

    op("gelu", "a times the normal distribution function at a.",
       lambda m, a: m.divide(a * (1 + m.erf(_over_root_2(m, a))), 2),
       lambda m, y, a: m.divide(1 + m.erf(_over_root_2(m, a)), 2) + a * _density(m, a),
       stable=(_stable_gelu, _stable_gelu_local),
       aliases=("GELU",),
       sympy=lambda s, a: a * (1 + s.erf(a / s.sqrt(2))) / 2),

    op("gelu_tanh", "gelu with a tanh for the distribution function.",
       lambda m, a: m.divide(a * (1 + m.tanh(_bend(m, a))), 2),
       _gelu_tanh_local,
       stable=(lambda m, a: a * m.sigmoid(2 * _bend(m, a)), _stable_gelu_tanh_local)),

    op("mish", "a·tanh(softplus(a)).",
       lambda m, a: a * m.tanh(m.softplus(a)),
       _mish_local,
       stable=(_stable_mish, _stable_mish_local),
       aliases=("Mish",)),

    op("softsign", "a/(1 + |a|).",
       lambda m, a: m.divide(a, 1 + m.abs(a)),
       lambda m, y, a: m.divide(1, m.square(1 + m.abs(a))),
       sample=((0.25, 2.0),), aliases=("Softsign",),
       sympy=lambda s, a: a / (1 + s.Abs(a))),

    op("hardtanh", "a, but not below -1 and not above 1.",
       lambda m, a: m.min(m.max(a, -1), 1),
       lambda m, y, a: m.where(m.less(m.abs(a), 1), 1, 0),
       pattern="gate", sample=((-0.75, 0.75),),
       corner=lambda m, a: m.equal(m.abs(a), 1), convention="0 at -1 and at 1",
       elsewhere="PyTorch says 0, JAX 1, SymPy (with Max and Min) 1/2; the slopes are 0 and 1",
       aliases=("Hardtanh", "hard_tanh")),

    op("squareplus", "(a + √(a² + 4))/2: a smooth relu without exp.",
       lambda m, a: m.divide(a + _root_4(m, a), 2),
       lambda m, y, a: m.divide(y, _root_4(m, a)),
       stable=(_stable_squareplus, lambda m, y, a: m.divide(y, m.hypot(a, 2)))),
)  # fmt: skip
