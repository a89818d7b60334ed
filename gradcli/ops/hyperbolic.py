"""Hyperbolic functions and their inverses.

Stable forms: reference numerics §6.2; e.g. asinh'(a) = 1/√(1 + a²) by hypot, which cannot overflow.
"""

from typing import Any

from gradcli.ops.operation import op


def _stable_tanh_local(m: Any, y: Any, a: Any) -> Any:
    """4z/(1 + z)**2 with z = exp(-2|a|); 1 - y**2 would be 0 from |a| = 19 on."""
    z = m.exp(-2 * m.abs(a))
    return m.divide(4 * z, m.square(1 + z))


def _stable_acosh_local(m: Any, y: Any, a: Any) -> Any:
    """1/(√(a - 1)·√(a + 1)): a**2 - 1 would cancel near 1."""
    return m.divide(1, m.sqrt(a - 1) * m.sqrt(a + 1))


def _stable_atanh_local(m: Any, y: Any, a: Any) -> Any:
    """1/((1 - a)·(1 + a)), and nothing outside the domain."""
    return m.where(m.less(1, m.abs(a)), m.nan, m.divide(1, (1 - a) * (1 + a)))


TABLE = (
    op("sinh", "Hyperbolic sine.",
       lambda m, a: m.divide(m.exp(a) - m.exp(-a), 2),
       lambda m, y, a: m.cosh(a),
       stable=(lambda m, a: m.sinh(a), None)),

    op("cosh", "Hyperbolic cosine.",
       lambda m, a: m.divide(m.exp(a) + m.exp(-a), 2),
       lambda m, y, a: m.sinh(a),
       stable=(lambda m, a: m.cosh(a), None)),

    op("tanh", "Hyperbolic tangent.",
       lambda m, a: m.tanh(a),
       lambda m, y, a: 1 - m.square(y),
       stable=(None, _stable_tanh_local)),

    op("asinh", "Inverse of sinh.",
       lambda m, a: m.log(a + m.sqrt(m.square(a) + 1)),
       lambda m, y, a: m.divide(1, m.sqrt(1 + m.square(a))),
       stable=(lambda m, a: m.asinh(a), lambda m, y, a: m.divide(1, m.hypot(a, 1))),
       aliases=("arcsinh", "arsinh")),

    op("acosh", "Inverse of cosh, not negative.",
       lambda m, a: m.log(a + m.sqrt(m.square(a) - 1)),
       lambda m, y, a: m.divide(1, m.sqrt(m.square(a) - 1)),
       stable=(lambda m, a: m.acosh(a), _stable_acosh_local),
       sample=((1.25, 3.0),), domain="a >= 1",
       takes="takes numbers from 1 on", aliases=("arccosh", "arcosh")),

    op("atanh", "Inverse of tanh.",
       lambda m, a: m.divide(m.log(m.divide(1 + a, 1 - a)), 2),
       lambda m, y, a: m.divide(1, 1 - m.square(a)),
       stable=(lambda m, a: m.atanh(a), _stable_atanh_local),
       sample=((-0.9, 0.9),), domain="|a| < 1",
       takes="takes numbers between -1 and 1", aliases=("arctanh", "artanh")),
)  # fmt: skip
