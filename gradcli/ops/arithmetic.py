"""Sums, products, quotients, powers, roots."""

from typing import Any

from gradcli.ops.operation import POSITIVE, SMOOTH, op


def _stable_power_base(m: Any, y: Any, a: Any, b: Any) -> Any:
    """b·a**(b - 1), which is 0·∞ at a = b = 0.

    x**0 is 1 for every x: the slope is 0, and it is infinite for the smallest b above; that has √b.
    """
    return m.where(m.equal(a, 0) * m.equal(b, 0), m.sqrt(b), b * m.power(a, b - 1))


def _stable_power_exponent(m: Any, y: Any, a: Any, b: Any) -> Any:
    """y·log(a), which is 0·∞ at a = 0; there it is 0, and flat beside it for b > 1 only, which √a is not."""
    beside = m.where(m.less(1, b), 0, 0 - m.sqrt(a))
    return m.where(m.equal(a, 0) * m.less(0, b), beside, y * m.log(a))


TABLE = (
    op("add", "Sum: a + b.",
       lambda m, a, b: a + b,
       1,
       1,
       pattern="distribute", symbol="+"),

    op("subtract", "Difference: a - b.",
       lambda m, a, b: a - b,
       1,
       -1,
       pattern="distribute", symbol="-"),

    op("multiply", "Product: a·b.",
       lambda m, a, b: a * b,
       lambda m, y, a, b: b,
       lambda m, y, a, b: a,
       pattern="swap", symbol="*"),

    op("divide", "Quotient: a/b.",
       lambda m, a, b: m.divide(a, b),
       lambda m, y, a, b: m.divide(1, b),
       lambda m, y, a, b: m.divide(-a, m.square(b)),
       stable=(None, None, lambda m, y, a, b: m.divide(-y, b)),
       sample=(SMOOTH, POSITIVE), domain="b != 0",
       takes="takes no second number 0", symbol="/", spoken="a division",
       sympy=lambda s, a, b: a / b),

    op("reciprocal", "Reciprocal: 1/a.",
       lambda m, a: m.divide(1, a),
       lambda m, y, a: -m.square(y),
       sample=(POSITIVE,), domain="a != 0",
       takes="takes every number but 0", spoken="1/a"),

    op("negate", "The other sign: -a.",
       lambda m, a: -a,
       -1,
       symbol="-", aliases=("neg", "negative")),

    op("power", "Power: a**b.",
       lambda m, a, b: m.power(a, b),
       lambda m, y, a, b: b * m.power(a, b - 1),
       lambda m, y, a, b: y * m.log(a),
       stable=(None, _stable_power_base, _stable_power_exponent),
       written=(lambda m, y, a, b: m.where(m.logical_and(m.equal(a, 0), m.equal(b, 0)), 0, b * m.power(a, b - 1)),
                lambda m, y, a, b: m.where(m.logical_and(m.equal(a, 0), m.less(0, b)), 0, y * m.log(a))),
       sample=(POSITIVE, SMOOTH), domain="a > 0 or a == 0 and b >= 0 or a < 0 and floor(b) == b",
       takes="of a negative number has a whole exponent, one of 0 none below 0; for the cube root write cbrt",
       symbol="**", spoken="a power", aliases=("pow",)),

    op("square", "Square: a·a.",
       lambda m, a: a * a,
       lambda m, y, a: 2 * a),

    op("sqrt", "Square root.",
       lambda m, a: m.sqrt(a),
       lambda m, y, a: m.divide(1, 2 * y),
       sample=(POSITIVE,), domain="a >= 0",
       takes="takes numbers from 0 on"),

    op("cbrt", "Cube root, also of negative numbers.",
       lambda m, a: m.sign(a) * m.power(m.abs(a), m.divide(1, 3)),
       lambda m, y, a: m.divide(1, 3 * m.square(y)),
       stable=(lambda m, a: m.cbrt(a), None),
       sample=(POSITIVE,)),

    op("hypot", "Length of the vector (a, b).",
       lambda m, a, b: m.sqrt(m.square(a) + m.square(b)),
       lambda m, y, a, b: m.divide(a, y),
       lambda m, y, a, b: m.divide(b, y),
       stable=(lambda m, a, b: m.hypot(a, b), None, None),
       sample=(POSITIVE, SMOOTH), sympy=lambda s, a, b: s.sqrt(a * a + b * b),
       corner=lambda m, a, b: m.equal(a, 0) * m.equal(b, 0), convention="nan at the origin",
       elsewhere="PyTorch says nan, JAX 1/2 and 1/2, SymPy 0 and nan; every slope from -1 to 1 occurs"),
)  # fmt: skip
