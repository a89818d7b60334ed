"""SymPy's functions that the rule table lacks, over those that it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

COMPOSED: dict[str, tuple[int, Callable[..., Any]]] = {
    "acot": (1, lambda s, a: s.atan(1 / a)),
    "asec": (1, lambda s, a: s.acos(1 / a)),
    "acsc": (1, lambda s, a: s.asin(1 / a)),
    "sech": (1, lambda s, a: 1 / s.cosh(a)),
    "csch": (1, lambda s, a: 1 / s.sinh(a)),
    "coth": (1, lambda s, a: 1 / s.tanh(a)),
    "asech": (1, lambda s, a: s.acosh(1 / a)),
    "acsch": (1, lambda s, a: s.asinh(1 / a)),
    "acoth": (1, lambda s, a: s.atanh(1 / a)),
    "erf2": (2, lambda s, a, b: s.erf(b) - s.erf(a)),
    "frac": (1, lambda s, a: a - s.floor(a)),
    "harmonic": (1, lambda s, a: s.digamma(a + 1) + s.EulerGamma),
    "Heaviside": (2, lambda s, a, at: s.Piecewise((0, a < 0), (1, a > 0), (at, True))),
    "Cbrt": (1, lambda s, a: s.cbrt(a)),
    "Sqrt": (1, lambda s, a: s.sqrt(a)),
    "fma": (3, lambda s, a, b, c: s.Add(a * b, c)),
    "factorial": (1, lambda s, a: s.gamma(a + 1)),
    "binomial": (2, lambda s, n, k: s.gamma(n + 1) / (s.gamma(k + 1) * s.gamma(n - k + 1))),
    "RisingFactorial": (2, lambda s, a, k: s.gamma(a + k) / s.gamma(a)),
    "FallingFactorial": (2, lambda s, a, k: s.gamma(a + 1) / s.gamma(a - k + 1)),
}
"""How many arguments, and the expression of (sympy, *arguments)."""
