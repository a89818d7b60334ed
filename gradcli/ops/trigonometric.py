"""Circular and hyperbolic functions; angles are in radians."""

from typing import Any

from gradcli.ops.operation import op


def _stable_tanh_local(m: Any, y: Any, a: Any) -> Any:
    """4z/(1 + z)**2 with z = exp(-2|a|); 1 - y**2 would be 0 from |a| = 19 on."""
    z = m.exp(-2 * m.abs(a))
    return m.divide(4 * z, m.square(1 + z))


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
       sample=((-1.2, 1.2),), aliases=("tg",)),

    op("tanh", "Hyperbolic tangent.",
       lambda m, a: m.tanh(a),
       lambda m, y, a: 1 - m.square(y),
       stable=(None, _stable_tanh_local)),
)  # fmt: skip
