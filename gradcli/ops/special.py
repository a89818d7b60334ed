"""Error functions and the gamma function.

Local derivatives: NIST Digital Library of Mathematical Functions (DLMF) 7.2, 5.2, 5.9, 5.12.
"""

from typing import Any

from gradcli.ops.operation import op

NO_POLE = "a > 0 or floor(a) != a"


def _bell(m: Any, a: Any) -> Any:
    """2·exp(-a²)/√π."""
    return m.divide(2 * m.exp(-m.square(a)), m.sqrt(m.literal("pi")))


TABLE = (
    op("erf", "Error function.",
       lambda m, a: m.erf(a),
       lambda m, y, a: _bell(m, a)),

    op("erfc", "Complementary error function: 1 - erf(a).",
       lambda m, a: 1 - m.erf(a),
       lambda m, y, a: -_bell(m, a),
       stable=(lambda m, a: m.erfc(a), None)),

    op("erfinv", "Inverse of the error function.",
       lambda m, a: m.library("erfinv", 0, a),
       lambda m, y, a: m.divide(m.sqrt(m.literal("pi")) * m.exp(m.square(y)), 2),
       sample=((-0.9, 0.9),), domain="|a| < 1",
       takes="takes numbers between -1 and 1"),

    op("gamma", "Gamma function: gamma(a + 1) is the factorial of a.",
       lambda m, a: m.gamma(a),
       lambda m, y, a: y * m.digamma(a),
       sample=((1.75, 4.0),), domain=NO_POLE,
       takes="has no value at 0, -1, -2, …"),

    op("loggamma", "Logarithm of the gamma function.",
       lambda m, a: m.library("loggamma", 0, a),
       lambda m, y, a: m.digamma(a),
       stable=(lambda m, a: m.loggamma(a), lambda m, y, a: m.where(m.less(a, 0), m.nan, m.digamma(a))),
       sample=((1.75, 4.0),), domain="a > 0",
       takes="takes numbers larger than 0", aliases=("lgamma", "gammaln")),

    op("digamma", "Logarithmic derivative of the gamma function.",
       lambda m, a: m.library("digamma", 0, a),
       lambda m, y, a: m.polygamma(1, a),
       sample=((0.25, 3.0),), domain=NO_POLE,
       takes="has no value at 0, -1, -2, …", aliases=("psi",)),

    op("beta", "Beta function: gamma(a)·gamma(b)/gamma(a + b).",
       lambda m, a, b: m.divide(m.gamma(a) * m.gamma(b), m.gamma(a + b)),
       lambda m, y, a, b: y * (m.digamma(a) - m.digamma(a + b)),
       lambda m, y, a, b: y * (m.digamma(b) - m.digamma(a + b)),
       stable=(lambda m, a, b: m.library("beta", 0, a, b), None, None),
       sample=((0.5, 2.0), (0.5, 3.0)), domain="a > 0 and b > 0",
       takes="takes two numbers larger than 0"),
)  # fmt: skip
