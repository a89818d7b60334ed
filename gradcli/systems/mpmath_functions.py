"""Functions of SymPy's library that the table takes over as they are (`gradcli.ops.library`), evaluated by mpmath.

They go by SymPy's names. Where mpmath spells one otherwise, or fails at the edge of its range, it stands below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcli.errors import OutOfRange

LARGEST_ORDER = 100
"""Bessel functions of larger order, and polygamma, are refused: some of their series need minutes."""

LEAST_POLYGAMMA = -1_000
"""Below, polygamma is refused: it is moved to the right step by step."""

ARGUMENT_BITS = 2_000
"""Larger arguments are refused: the value would have more digits in its exponent than memory holds."""

GUARD_DIGITS = 10
"""Digits carried beyond those asked for."""

Function = Callable[..., Any]
"""A function of (context, *arguments), with mpmath's numbers."""


def _cylinder(name: str, *, even: bool) -> Function:
    """A Bessel function; a negative whole order is turned into the positive one, where mpmath's series are short."""

    def function(context: Any, order: Any, a: Any) -> Any:
        if not abs(order) <= LARGEST_ORDER:
            raise OutOfRange(f"a Bessel function of order {context.nstr(order, 5)}")
        value = getattr(context, name)(abs(order) if order == int(order) else order, a)
        return -value if order < 0 and not even and order == int(order) and int(order) % 2 else value

    return function


def _polygamma(context: Any, order: Any, a: Any) -> Any:
    if not abs(order) <= LARGEST_ORDER:
        raise OutOfRange(f"polygamma of order {context.nstr(order, 5)}")
    if a < LEAST_POLYGAMMA:
        raise OutOfRange(f"polygamma({context.nstr(order, 5)}, {context.nstr(a, 5)})")
    return context.psi(int(order), a) if order == int(order) and order >= 0 else context.nan


def _legendre_part(context: Any, m: Any) -> Any:
    """(K(m) - E(m))/m without its cancellation near 0: a third of Carlson's R_D(0, 1 - m, 1) (DLMF 19.25.1)."""
    return context.elliprd(0, 1 - m, 1) / 3


def _elliptic_k_slope(context: Any, m: Any) -> Any:
    return (context.ellipk(m) - _legendre_part(context, m)) / (2 * (1 - m))


def _sinc_slope(context: Any, a: Any) -> Any:
    """(cos(a) - sin(a)/a)/a, with the digits that cancel near 0 carried; -a/3 where more would be needed."""
    lost = -2 * context.mag(a) if a != 0 else 0
    if a == 0 or lost > ARGUMENT_BITS + context.prec:
        return -a / 3
    with context.extraprec(max(0, lost)):
        return (context.cos(a) - context.sin(a) / a) / a


def _sinc_bend(context: Any, a: Any) -> Any:
    """-sinc(a) - 2·sinc'(a)/a: the differential equation of the spherical Bessel function j0 (DLMF 10.47.1)."""
    return -context.sinc(a) - 2 * _sinc_slope(context, a) / a if a != 0 else context.mpf(-1) / 3


def _shi_slope(context: Any, a: Any) -> Any:
    return context.sinh(a) / a if a != 0 else context.one


def _shi_bend(context: Any, a: Any) -> Any:
    """(cosh(a) - sinh(a)/a)/a, with the digits that cancel near 0 carried; a/3 where more would be needed."""
    lost = -2 * context.mag(a) if a != 0 else 0
    if a == 0 or lost > ARGUMENT_BITS + context.prec:
        return a / 3
    with context.extraprec(max(0, lost)):
        return (context.cosh(a) - context.sinh(a) / a) / a


def _elliptic_k_bend(context: Any, m: Any) -> Any:
    """9π/64·F(5/2, 5/2; 3; m) (DLMF 15.5.1 and 19.5.1)."""
    return 9 * context.pi / 64 * context.hyp2f1(2.5, 2.5, 3, m)


def _elliptic_e_bend(context: Any, m: Any) -> Any:
    """-3π/64·F(3/2, 5/2; 3; m) (DLMF 15.5.1 and 19.5.2)."""
    return -3 * context.pi / 64 * context.hyp2f1(1.5, 2.5, 3, m)


def _beta(context: Any, a: Any, b: Any) -> Any:
    """The beta function; gamma(a)/gamma(a + b) cancels for large numbers, so that many digits are carried."""
    if not (context.isfinite(a) and context.isfinite(b)):
        return context.nan
    with context.extraprec(2 * max(0, context.mag(a) if a else 0, context.mag(b) if b else 0)):
        return context.beta(a, b)


FUNCTIONS: dict[tuple[str, int], Function] = {
    ("besselj", 0): _cylinder("besselj", even=False),
    ("bessely", 0): _cylinder("bessely", even=False),
    ("besseli", 0): _cylinder("besseli", even=True),
    ("besselk", 0): _cylinder("besselk", even=True),
    ("airyaiprime", 0): lambda context, a: context.airyai(a, derivative=1),
    ("airybiprime", 0): lambda context, a: context.airybi(a, derivative=1),
    ("polygamma", 0): _polygamma,
    ("erfc", 0): lambda context, a: context.erfc(min(a, 2**40)),
    ("sinc", 1): _sinc_slope,
    ("sinc'", 1): _sinc_bend,
    ("Shi", 1): _shi_slope,
    ("Shi'", 1): _shi_bend,
    ("beta", 0): _beta,
    ("elliptic_k", 0): lambda context, m: context.ellipk(m),
    ("elliptic_k", 1): _elliptic_k_slope,
    ("elliptic_k'", 1): _elliptic_k_bend,
    ("elliptic_e", 0): lambda context, m: context.ellipe(m),
    ("elliptic_e", 1): lambda context, m: -_legendre_part(context, m) / 2,
    ("elliptic_e'", 1): _elliptic_e_bend,
}
"""By SymPy's name and the argument a derivative is with respect to (0: the value); a name with ' is the derivative of
that function. The others are called by mpmath's own name, which is SymPy's in small letters."""


def evaluate(context: Any, name: str, k: int, arguments: tuple[Any, ...]) -> Any:
    """The value (k = 0) or derivative to argument k, in the context's digits; nan where it is no real number.

    Raises OutOfRange for arguments that would take forever.
    """
    if any(context.isnan(a) for a in arguments):
        return context.nan
    if any(a != 0 and context.isfinite(a) and context.mag(a) > ARGUMENT_BITS for a in arguments):
        raise OutOfRange(f"{name} of a huge number")
    function = FUNCTIONS.get((name, k)) or (lambda c, *a: getattr(c, name.lower())(*a))
    with context.extradps(GUARD_DIGITS):
        try:
            result = function(context, *arguments)
        except OutOfRange:
            raise
        except (ArithmeticError, ValueError, TypeError, context.NoConvergence):
            return context.nan
    return +result if isinstance(result, context.mpf) else context.nan
