"""Exponential function and logarithm."""

from gradcli.ops.operation import POSITIVE, op

TABLE = (
    op("exp", "Exponential function: e to the power a.",
       lambda m, a: m.exp(a),
       lambda m, y, a: y),

    op("log", "Natural logarithm.",
       lambda m, a: m.log(a),
       lambda m, y, a: m.divide(1, a),
       stable=(None, lambda m, y, a: m.where(m.less(a, 0), m.nan, m.divide(1, a))),
       sample=(POSITIVE,), aliases=("ln",)),
)  # fmt: skip
