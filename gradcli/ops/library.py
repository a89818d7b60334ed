"""Functions of SymPy's library: Bessel, Airy, exponential integrals, elliptic integrals.

The list is frozen: the names are SymPy's, the value is the number system's `library` (mpmath's number, SymPy's object,
or the node itself), the local derivative is what SymPy's `fdiff` says, written out; a test compares the two for every
entry. To take one out, or to give it a value rule of its own, touch nothing but its entry.

An argument without a local derivative (None) is an order: it must be constant.
"""

from collections.abc import Callable
from typing import Any

from gradcli.ops.operation import Operation, Rule, op

ORDER = (0.0, 0.5)
WHOLE_ORDER = (1.0, 1.004)
MIDDLE = (2.0, 3.0)
POSITIVE = (0.25, 3.0)
INSIDE = (-0.9, 0.9)
"""Intervals in which the functions are smooth and their derivatives not near 0."""


def _function(name: str, doc: str, *locals: Rule | None, **more: Any) -> Operation:
    """An entry whose value is the library's."""
    return op(name, doc, lambda m, *arguments: m.library(name, 0, *arguments), *locals, **more)


def _neighbours(name: str, sign: int, factor: int) -> Rule:
    """factor·(f(n - 1, a) + sign·f(n + 1, a))/2: the derivative of a Bessel function of order n (DLMF 10.6, 10.29)."""

    def local(m: Any, y: Any, n: Any, a: Any) -> Any:
        function: Callable[..., Any] = getattr(m, name)
        below, above = function(n - 1, a), function(n + 1, a)
        half = m.divide(below + above if sign > 0 else below - above, 2)
        return half if factor > 0 else -half

    return local


def _rising_bell(m: Any, a: Any) -> Any:
    """2·exp(a²)/√π."""
    return m.divide(2 * m.exp(m.square(a)), m.sqrt(m.literal("pi")))


def _quarter_circle(m: Any, a: Any) -> Any:
    """π·a²/2."""
    return m.divide(m.literal("pi") * m.square(a), 2)


def _lambert_local(m: Any, y: Any, a: Any) -> Any:
    """exp(-w)/(1 + w), which has a value at a = 0."""
    return m.divide(m.exp(-y), 1 + y)


def _elliptic_k_local(m: Any, y: Any, a: Any) -> Any:
    """dK/dm (DLMF 19.4.1)."""
    return m.divide(m.elliptic_e(a) - (1 - a) * y, 2 * a * (1 - a))


def _elliptic_e_local(m: Any, y: Any, a: Any) -> Any:
    """dE/dm (DLMF 19.4.2)."""
    return m.divide(y - m.elliptic_k(a), 2 * a)


def _near_circle(m: Any, first: int, second: int, a: Any) -> Any:
    """π·(first + second·a)/64: how the derivatives of K and -E begin at a = 0 (DLMF 19.5.1, 19.5.2)."""
    return m.divide(m.literal("pi") * (first + second * a), 64)


TABLE = (
    _function("besselj", "Bessel function of the first kind, of order a, at b.",
       None,
       _neighbours("besselj", -1, 1),
       sample=(ORDER, MIDDLE)),

    _function("bessely", "Bessel function of the second kind, of order a, at b.",
       None,
       _neighbours("bessely", -1, 1),
       sample=(ORDER, (0.5, 1.5))),

    _function("besseli", "Modified Bessel function of the first kind, of order a, at b.",
       None,
       _neighbours("besseli", 1, 1),
       sample=(ORDER, MIDDLE)),

    _function("besselk", "Modified Bessel function of the second kind, of order a, at b.",
       None,
       _neighbours("besselk", 1, -1),
       sample=(ORDER, MIDDLE)),

    _function("airyai", "Airy function Ai.",
       lambda m, y, a: m.airyaiprime(a),
       sample=((0.0, 2.0),)),

    _function("airyaiprime", "Derivative of the Airy function Ai.",
       lambda m, y, a: a * m.airyai(a),
       sample=(POSITIVE,)),

    _function("airybi", "Airy function Bi.",
       lambda m, y, a: m.airybiprime(a),
       sample=((0.0, 2.0),)),

    _function("airybiprime", "Derivative of the Airy function Bi.",
       lambda m, y, a: a * m.airybi(a),
       sample=(POSITIVE,)),

    _function("Ei", "Exponential integral.",
       lambda m, y, a: m.divide(m.exp(a), a),
       sample=(POSITIVE,)),

    _function("li", "Logarithmic integral.",
       lambda m, y, a: m.divide(1, m.log(a)),
       sample=((1.5, 4.0),)),

    _function("Si", "Sine integral.",
       lambda m, y, a: m.divide(m.sin(a), a),
       stable=(None, lambda m, y, a: m.sinc(a)),
       written=(lambda m, y, a: m.sinc(a),)),

    _function("Ci", "Cosine integral.",
       lambda m, y, a: m.divide(m.cos(a), a),
       sample=((0.25, 1.25),)),

    _function("Shi", "Hyperbolic sine integral.",
       lambda m, y, a: m.divide(m.exp(a) - m.exp(-a), 2 * a),
       stable=(None, lambda m, y, a: m.library("Shi", 1, a)),
       written=(lambda m, y, a: m.where(m.equal(a, 0), 1, m.divide(m.exp(a) - m.exp(-a), 2 * a)),),
       sample=(POSITIVE,)),

    _function("Chi", "Hyperbolic cosine integral.",
       lambda m, y, a: m.divide(m.exp(a) + m.exp(-a), 2 * a),
       sample=(POSITIVE,)),

    _function("LambertW", "Lambert's W: the w with w·exp(w) = a.",
       lambda m, y, a: m.divide(y, a * (1 + y)),
       stable=(None, _lambert_local), written=(_lambert_local,),
       sample=(POSITIVE,), aliases=("lambertw",)),

    _function("erfi", "Imaginary error function: -i·erf(i·a).",
       lambda m, y, a: _rising_bell(m, a)),

    _function("polygamma", "Derivative of digamma of order a, at b.",
       None,
       lambda m, y, n, a: m.polygamma(n + 1, a),
       sample=(WHOLE_ORDER, POSITIVE)),

    _function("fresnels", "Fresnel's integral of sin(π·a²/2).",
       lambda m, y, a: m.sin(_quarter_circle(m, a)),
       sample=((0.25, 1.25),)),

    _function("fresnelc", "Fresnel's integral of cos(π·a²/2).",
       lambda m, y, a: m.cos(_quarter_circle(m, a)),
       sample=((0.0, 0.9),)),

    _function("elliptic_k", "Complete elliptic integral of the first kind, of the parameter a = k².",
       _elliptic_k_local,
       stable=(None, lambda m, y, a: m.library("elliptic_k", 1, a)),
       written=(lambda m, y, a: m.where(m.equal(a, 0), _near_circle(m, 8, 9, a), _elliptic_k_local(m, y, a)),),
       sample=(INSIDE,), aliases=("ellipk",)),

    _function("elliptic_e", "Complete elliptic integral of the second kind, of the parameter a = k².",
       _elliptic_e_local,
       stable=(None, lambda m, y, a: m.library("elliptic_e", 1, a)),
       written=(lambda m, y, a: m.where(m.equal(a, 0), -_near_circle(m, 8, 3, a), _elliptic_e_local(m, y, a)),),
       sample=(INSIDE,), aliases=("ellipe",)),
)  # fmt: skip
