"""Exponential functions and logarithms.

Stable forms: reference numerics §6.2. A logarithm has no slope below 0, although 1/a is a number there.
"""

from typing import Any

from gradcli.ops.operation import POSITIVE, SMOOTH, op


def _not_below(m: Any, least: Any, a: Any, slope: Any) -> Any:
    """`slope` from `least` on, nan below."""
    return m.where(m.less(a, least), m.nan, slope)


def _is_zero_beside(m: Any, a: Any, b: Any) -> Any:
    """1 where a = 0; nan where b is nan, which a 0 must not hide."""
    return m.equal(a, 0) * m.equal(b, b)


def _stable_xlogy_second(m: Any, y: Any, a: Any, b: Any) -> Any:
    """a/b; at a = 0 there is a value for every b, although none beside it below b = 0: that is y."""
    return m.where(m.equal(a, 0) * m.less_equal(b, 0), y, _not_below(m, 0, b, m.divide(a, b)))


def _of_base(text: str) -> Any:
    """1/(a·log(base)), the local derivative of a logarithm to a base that is a number."""
    return lambda m, y, a: m.divide(1, a * m.log(m.literal(text)))


def _stable_of_base(text: str) -> Any:
    """The same, nan below 0."""
    return lambda m, y, a: _not_below(m, 0, a, m.divide(1, a * m.log(m.literal(text))))


def _stable_logaddexp(m: Any, a: Any, b: Any) -> Any:
    """The larger one + log(1 + exp(-|a - b|)); equal ones need no difference, which would be nan at infinity."""
    larger = m.where(m.less(a, b), b, a)
    return m.where(m.equal(a, b), a + m.log(m.literal("2")), larger + m.log1p(m.exp(-m.abs(a - b))))


def _largest(m: Any, arguments: tuple[Any, ...]) -> Any:
    """The largest of the arguments, which is taken out of the sum of their exponentials."""
    largest = arguments[0]
    for other in arguments[1:]:
        largest = m.where(m.less(largest, other), other, largest)
    return largest


def _total(m: Any, arguments: tuple[Any, ...], shift: Any = None) -> Any:
    """The sum of exp(a - shift)."""
    total: Any = 0
    for argument in arguments:
        total = total + m.exp(argument if shift is None else argument - shift)
    return total


def _others(m: Any, arguments: tuple[Any, ...], largest: Any) -> Any:
    """The sum of exp(a - largest) over all but one largest argument, which would hide small ones by its 1."""
    total: Any = 0
    taken: Any = 0
    for argument in arguments:
        tied = m.equal(argument, largest)
        first = tied * (1 - taken)
        total = total + m.where(first, 0, m.where(tied, 1, m.exp(argument - largest)))
        taken = taken + first
    return total


def _stable_logsumexp(m: Any, *arguments: Any) -> Any:
    """The largest one + log(1 + the others' exponentials, as large as they are beside it)."""
    largest = _largest(m, arguments)
    return largest + m.log1p(_others(m, arguments, largest))


TABLE = (
    op("exp", "Exponential function: e to the power a.",
       lambda m, a: m.exp(a),
       lambda m, y, a: y),

    op("exp2", "2 to the power a.",
       lambda m, a: m.power(m.literal("2"), a),
       lambda m, y, a: y * m.log(m.literal("2"))),

    op("expm1", "exp(a) - 1, with all digits near 0.",
       lambda m, a: m.exp(a) - 1,
       lambda m, y, a: m.exp(a),
       stable=(lambda m, a: m.expm1(a), None),
       sympy=lambda s, a: s.exp(a) - 1),

    op("log", "Natural logarithm.",
       lambda m, a: m.log(a),
       lambda m, y, a: m.divide(1, a),
       stable=(None, lambda m, y, a: _not_below(m, 0, a, m.divide(1, a))),
       sample=(POSITIVE,), domain="a > 0",
       takes="takes numbers larger than 0", aliases=("ln",)),

    op("log_base", "Logarithm of a to the base b: log(a, b).",
       lambda m, a, b: m.divide(m.log(a), m.log(b)),
       lambda m, y, a, b: m.divide(1, a * m.log(b)),
       lambda m, y, a, b: m.divide(-y, b * m.log(b)),
       stable=(None, lambda m, y, a, b: _not_below(m, 0, a, m.divide(1, a * m.log(b))), None),
       sample=(POSITIVE, (1.5, 3.0)), domain="a > 0 and b > 0 and b != 1",
       takes="takes a number and a base larger than 0; the base is not 1", called="log"),

    op("log1p", "log(1 + a), with all digits near 0.",
       lambda m, a: m.log(1 + a),
       lambda m, y, a: m.divide(1, 1 + a),
       stable=(lambda m, a: m.log1p(a), lambda m, y, a: _not_below(m, -1, a, m.divide(1, 1 + a))),
       sample=((-0.75, 2.0),), domain="a > -1",
       takes="takes numbers larger than -1",
       sympy=lambda s, a: s.log(1 + a)),

    op("log2", "Logarithm to the base 2.",
       lambda m, a: m.divide(m.log(a), m.log(m.literal("2"))),
       _of_base("2"),
       stable=(lambda m, a: m.log2(a), _stable_of_base("2")),
       sample=(POSITIVE,), domain="a > 0",
       takes="takes numbers larger than 0", aliases=("ld", "lb"),
       sympy=lambda s, a: s.log(a) / s.log(2)),

    op("log10", "Logarithm to the base 10.",
       lambda m, a: m.divide(m.log(a), m.log(m.literal("10"))),
       _of_base("10"),
       stable=(lambda m, a: m.log10(a), _stable_of_base("10")),
       sample=(POSITIVE,), domain="a > 0",
       takes="takes numbers larger than 0", aliases=("lg",),
       sympy=lambda s, a: s.log(a) / s.log(10)),

    op("logaddexp", "log(exp(a) + exp(b)) without overflow.",
       lambda m, a, b: m.log(m.exp(a) + m.exp(b)),
       lambda m, y, a, b: m.exp(a - y),
       lambda m, y, a, b: m.exp(b - y),
       stable=(_stable_logaddexp, lambda m, y, a, b: m.sigmoid(a - b), lambda m, y, a, b: m.sigmoid(b - a)),
       sample=(SMOOTH, (-1.5, 1.0))),

    op("logsumexp", "log(exp(a) + exp(b) + …) without overflow.",
       lambda m, *a: m.log(_total(m, a)),
       lambda m, y, k, fixed, *a: m.exp(a[k] - y),
       stable=(_stable_logsumexp,
               lambda m, y, k, fixed, *a: m.divide(m.exp(a[k] - _largest(m, a)), _total(m, a, _largest(m, a)))),
       sample=(SMOOTH, (-1.5, 1.0)), aliases=("lse",), variadic=True),

    op("xlogy", "a·log(b), and 0 at a = 0.",
       lambda m, a, b: m.where(m.equal(a, 0), 0, a * m.log(b)),
       lambda m, y, a, b: m.log(b),
       lambda m, y, a, b: m.where(m.equal(a, 0), 0, m.divide(a, b)),
       stable=(lambda m, a, b: m.where(_is_zero_beside(m, a, b), 0, a * m.log(b)),
               lambda m, y, a, b: _not_below(m, 0, b, m.log(b)),
               _stable_xlogy_second),
       written=(None,
                lambda m, y, a, b: m.where(m.logical_and(m.equal(a, 0), m.less_equal(b, 0)), y, m.divide(a, b))),
       sample=((0.25, 2.0), POSITIVE), domain="b > 0 or a == 0",
       takes="takes a second number larger than 0, or a first that is 0"),
)  # fmt: skip
