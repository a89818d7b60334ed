"""Floats with IEEE 754 results, for exported Python: nan and infinities where `math` raises an exception."""

import math

inf = math.inf
nan = math.nan
WHOLE = 4503599627370496.0
SINC_SERIES = (
    3.166789608205361e-30,
    -2.387759364586842e-27,
    1.5472680682522736e-24,
    -8.509974375387505e-22,
    3.9145882126782523e-19,
    -1.4797143443923793e-16,
    4.498331606952833e-14,
    -1.0706029224547743e-11,
    1.9270852604185937e-09,
    -2.505210838544172e-07,
    2.2045855379188714e-05,
    -0.0011904761904761906,
    0.03333333333333333,
    -0.3333333333333333,
)


def divide(a, b):
    """a/b; 1/0 is inf with the sign of both zeros, 0/0 nan."""
    try:
        return a / b
    except ZeroDivisionError:
        return math.copysign(inf, a) * math.copysign(1.0, b) if a and a == a else nan


def power(a, b):
    """a**b as C's pow: a negative base with a broken exponent is nan, 0 to a negative power inf."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -inf if a < 0 and math.fmod(b, 2.0) in (1.0, -1.0) else inf
    except ValueError:
        if a == 0:
            odd = math.fmod(b, 2.0) in (1.0, -1.0)
            return math.copysign(inf, a) if odd else inf
        return nan


def less(a, b):
    """1 if a < b, else 0; nan for nan."""
    return 1.0 if a < b else 0.0 if a >= b else nan


def less_equal(a, b):
    """1 if a <= b, else 0; nan for nan."""
    return 1.0 if a <= b else 0.0 if a > b else nan


def equal(a, b):
    """1 if a = b, else 0; nan for nan."""
    return 1.0 if a == b else 0.0 if a < b or a > b else nan


def where(condition, a, b):
    """`a` if the condition is not zero, else `b`; nan if it is nan."""
    return 1.0 * (b if condition == 0 else a if condition == condition else nan)


def sqrt(a):
    """Square root; nan below 0."""
    return math.sqrt(a) if a >= 0 else nan


def exp(a):
    """Exponential function; inf where it overflows."""
    try:
        return math.exp(a)
    except OverflowError:
        return inf


def log(a):
    """Natural logarithm; -inf at 0, nan below."""
    if a > 0:
        return math.log(a)
    return -inf if a == 0 else nan


def sin(a):
    """Sine; nan at an infinity."""
    return math.sin(a) if -inf < a < inf else nan


def cos(a):
    """Cosine; nan at an infinity."""
    return math.cos(a) if -inf < a < inf else nan


def tan(a):
    """Tangent; nan at an infinity."""
    return math.tan(a) if -inf < a < inf else nan


def asin(a):
    """Inverse of sin; nan outside [-1, 1]."""
    return math.asin(a) if -1 <= a <= 1 else nan


def acos(a):
    """Inverse of cos; nan outside [-1, 1]."""
    return math.acos(a) if -1 <= a <= 1 else nan


def sinh(a):
    """Hyperbolic sine; ±inf where it overflows."""
    try:
        return math.sinh(a)
    except OverflowError:
        return math.copysign(inf, a)


def cosh(a):
    """Hyperbolic cosine; inf where it overflows."""
    try:
        return math.cosh(a)
    except OverflowError:
        return inf


def acosh(a):
    """Inverse of cosh; nan below 1."""
    return math.acosh(a) if a >= 1 else nan


def atanh(a):
    """Inverse of tanh; ±inf at ±1, nan beyond."""
    return math.atanh(a) if -1 < a < 1 else math.copysign(inf, a) if a in (1, -1) else nan


def expm1(a):
    """exp(a) - 1; inf where it overflows."""
    try:
        return math.expm1(a)
    except OverflowError:
        return inf


def log1p(a):
    """log(1 + a); -inf at -1, nan below."""
    return math.log1p(a) if a > -1 else -inf if a == -1 else nan


def log2(a):
    """Logarithm to the base 2; -inf at 0, nan below."""
    return math.log2(a) if a > 0 else -inf if a == 0 else nan


def log10(a):
    """Logarithm to the base 10; -inf at 0, nan below."""
    return math.log10(a) if a > 0 else -inf if a == 0 else nan


def floor(a):
    """The largest whole number that is not above; the sign of a zero is kept."""
    return math.copysign(math.floor(a), a) if -WHOLE < a < WHOLE else a


def rint(a):
    """The nearest whole number, of two the even one; the sign of a zero is kept."""
    return math.copysign(round(a), a) if -WHOLE < a < WHOLE else a


def mod(a, b):
    """Remainder with the sign of the divisor; nan for the divisor 0."""
    return a % b if b else nan


def gamma(a):
    """Gamma function; inf where it overflows and at 0, nan at the other poles."""
    try:
        return math.gamma(a)
    except OverflowError:
        return inf
    except ValueError:
        return math.copysign(inf, a) if a == 0 else nan


def loggamma(a):
    """Logarithm of the gamma function; inf at 0, nan below."""
    try:
        return math.lgamma(a) if a > 0 else inf if a == 0 else nan
    except OverflowError:
        return inf


def sinc_slope(a):
    """The derivative of sin(a)/a: its series below 2, where (cos(a) - sin(a)/a)/a would cancel (DLMF 10.53.1)."""
    if not -inf < a < inf:
        return a * 0 if a == a else nan
    if abs(a) >= 2:
        return (math.cos(a) - math.sin(a) / a) / a
    square, total = a * a, 0.0
    for coefficient in SINC_SERIES:
        total = total * square + coefficient
    return total * a
