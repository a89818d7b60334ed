"""Circular functions and their inverses; angles are in radians.

Stable forms: reference numerics §6.2; inverse functions by (1 - a)·(1 + a) and hypot, which keep digits and range.
"""

from typing import Any

from gradcli.ops.operation import op


def _stable_asin_local(m: Any, y: Any, a: Any) -> Any:
    """1/√((1 - a)·(1 + a)): 1 - a**2 would cancel near 1."""
    return m.divide(1, m.sqrt((1 - a) * (1 + a)))


def _stable_atan2_local(m: Any, other: Any, a: Any, b: Any) -> Any:
    """(other/h)/h with h = hypot(a, b): a**2 + b**2 would overflow, or vanish."""
    h = m.hypot(a, b)
    return m.divide(m.divide(other, h), h)


TABLE = (
    op("sin", "Sine.",
       lambda m, a: m.sin(a),
       lambda m, y, a: m.cos(a)),

    op("cos", "Cosine.",
       lambda m, a: m.cos(a),
       lambda m, y, a: -m.sin(a)),

    op("tan", "Tangent.",
       lambda m, a: m.tan(a),
       lambda m, y, a: 1 + m.square(y),
       sample=((-1.2, 1.2),), domain="cos(a) != 0",
       takes="has no value where the cosine is 0", aliases=("tg",)),

    op("sec", "Secant.",
       lambda m, a: m.divide(1, m.cos(a)),
       lambda m, y, a: y * m.tan(a),
       sample=((-1.2, 1.2),), domain="cos(a) != 0",
       takes="has no value where the cosine is 0"),

    op("csc", "Cosecant.",
       lambda m, a: m.divide(1, m.sin(a)),
       lambda m, y, a: -y * m.cot(a),
       sample=((0.25, 2.75),), domain="sin(a) != 0",
       takes="has no value where the sine is 0", aliases=("cosec",)),

    op("cot", "Cotangent.",
       lambda m, a: m.divide(m.cos(a), m.sin(a)),
       lambda m, y, a: -(1 + m.square(y)),
       stable=(None, lambda m, y, a: m.divide(-1, m.square(m.sin(a)))),
       sample=((0.25, 2.75),), domain="sin(a) != 0",
       takes="has no value where the sine is 0", aliases=("ctg",)),

    op("asin", "Inverse of sin, from -π/2 to π/2.",
       lambda m, a: m.asin(a),
       lambda m, y, a: m.divide(1, m.sqrt(1 - m.square(a))),
       stable=(None, _stable_asin_local),
       sample=((-0.9, 0.9),), domain="|a| <= 1",
       takes="takes numbers from -1 to 1", aliases=("arcsin",)),

    op("acos", "Inverse of cos, from 0 to π.",
       lambda m, a: m.acos(a),
       lambda m, y, a: m.divide(-1, m.sqrt(1 - m.square(a))),
       stable=(None, lambda m, y, a: -_stable_asin_local(m, y, a)),
       sample=((-0.9, 0.9),), domain="|a| <= 1",
       takes="takes numbers from -1 to 1", aliases=("arccos",)),

    op("atan", "Inverse of tan, from -π/2 to π/2.",
       lambda m, a: m.atan(a),
       lambda m, y, a: m.divide(1, 1 + m.square(a)),
       aliases=("arctan", "arctg")),

    op("atan2", "Angle of the point with abscissa b and ordinate a, from -π to π.",
       lambda m, a, b: m.atan2(a, b),
       lambda m, y, a, b: m.divide(b, m.square(a) + m.square(b)),
       lambda m, y, a, b: m.divide(-a, m.square(a) + m.square(b)),
       stable=(None,
               lambda m, y, a, b: _stable_atan2_local(m, b, a, b),
               lambda m, y, a, b: _stable_atan2_local(m, -a, a, b)),
       sample=((0.25, 2.0), (-2.0, 2.0)),
       corner=lambda m, a, b: m.equal(a, 0) * m.less_equal(b, 0),
       convention="nan at the origin; where the angle jumps by 2π, the slope of either side",
       elsewhere="at the origin PyTorch says 0 and 0, JAX nan, SymPy zoo and 0", aliases=("arctan2",)),

    op("sinc", "sin(a)/a, and 1 at 0 (the form without π).",
       lambda m, a: m.where(m.equal(a, 0), 1, m.divide(m.sin(a), a)),
       lambda m, y, a: m.where(m.equal(a, 0), 0, m.divide(m.cos(a) - y, a)),
       stable=(None, lambda m, y, a: m.library("sinc", 1, a)),
       written=(lambda m, y, a: m.where(m.equal(a, 0), -m.divide(a, 3), m.divide(m.cos(a) - y, a)),),
       sample=((0.25, 2.0),)),
)  # fmt: skip
