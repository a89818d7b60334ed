"""Signs and steps: sign, step, rounding, remainder.

Between two jumps these are constant, so the local derivative is 0 (reference numerics §5.2).
"""

from typing import Any

from gradcli.ops.operation import op

JUMP = "0 at the jump, as everywhere"
ROUND_ELSEWHERE = "PyTorch and JAX say 0, SymPy leaves the derivative open"


def _is_whole(m: Any, a: Any) -> Any:
    return m.equal(m.floor(a), a)


def _stable_fmod(m: Any, a: Any, b: Any) -> Any:
    """The remainder of a zero is that zero, with its sign."""
    zero = m.equal(a, 0) * m.less(0, m.abs(b))
    return m.where(zero, a, m.sign(a) * m.mod(m.abs(a), m.abs(b)))


TABLE = (
    op("sign", "1, -1 or 0: the sign of a.",
       lambda m, a: m.where(m.less(0, a), 1, m.where(m.less(a, 0), -1, 0)),
       0,
       sample=((0.25, 2.0),),
       corner=lambda m, a: m.equal(a, 0), convention=JUMP,
       elsewhere="PyTorch and JAX say 0, SymPy 2 Dirac deltas", aliases=("sgn", "signum")),

    op("step", "Heaviside's step: 0 below 0, 1/2 at 0, 1 above.",
       lambda m, a: m.where(m.less(0, a), 1, m.where(m.less(a, 0), 0, m.divide(1, 2))),
       0,
       pattern="gate", sample=((0.25, 2.0),),
       corner=lambda m, a: m.equal(a, 0), convention=JUMP,
       elsewhere="JAX says 0, SymPy a Dirac delta; PyTorch has no derivative for it",
       aliases=("heaviside", "Heaviside")),

    op("floor", "The largest whole number that is not above a.",
       lambda m, a: m.floor(a),
       0,
       sample=((1.1, 1.9),),
       corner=_is_whole, convention=JUMP, elsewhere=ROUND_ELSEWHERE, aliases=("Floor",)),

    op("ceil", "The smallest whole number that is not below a.",
       lambda m, a: -m.floor(-a),
       0,
       sample=((1.1, 1.9),),
       corner=_is_whole, convention=JUMP, elsewhere=ROUND_ELSEWHERE, aliases=("ceiling", "Ceiling")),

    op("round", "The nearest whole number, of two the even one.",
       lambda m, a: m.round(a),
       0,
       sample=((0.6, 1.4),),
       corner=lambda m, a: _is_whole(m, a + m.divide(1, 2)), convention=JUMP, elsewhere=ROUND_ELSEWHERE,
       aliases=("rint",)),

    op("mod", "Remainder of a/b, with the sign of b.",
       lambda m, a, b: a - b * m.floor(m.divide(a, b)),
       1,
       lambda m, y, a, b: -m.floor(m.divide(a, b)),
       stable=(lambda m, a, b: m.mod(a, b), None, None),
       sample=((3.1, 3.9), (1.1, 1.5)), domain="b != 0",
       takes="takes no second number 0",
       corner=lambda m, a, b: _is_whole(m, m.divide(a, b)), convention="the slopes of the side where a grows",
       elsewhere="PyTorch and JAX say the same, SymPy leaves the derivative open",
       aliases=("Mod", "remainder")),

    op("fmod", "Remainder of a/b, with the sign of a.",
       lambda m, a, b: m.sign(a) * m.mod(m.abs(a), m.abs(b)),
       1,
       lambda m, y, a, b: -m.sign(a) * m.sign(b) * m.floor(m.divide(m.abs(a), m.abs(b))),
       stable=(_stable_fmod, None, None),
       sample=((3.1, 3.9), (1.1, 1.5)), domain="b != 0",
       takes="takes no second number 0",
       corner=lambda m, a, b: _is_whole(m, m.divide(a, b)), convention="the slopes of the side away from 0",
       elsewhere="PyTorch and JAX say the same, SymPy leaves the derivative open"),
)  # fmt: skip
