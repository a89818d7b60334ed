"""Comparisons and logic: 1 for true, 0 for false.

A comparison with nan is nan, so that nan goes through every condition (DESIGN §9).
"""

from gradcli.ops.operation import op

JUMP = "0 at the jump, as everywhere"
JUMP_ELSEWHERE = "PyTorch and JAX say 0, SymPy leaves a Dirac delta"

TABLE = (
    op("less", "1 if a < b, else 0.",
       lambda m, a, b: m.less(a, b),
       0,
       0,
       gives="condition", sample=((-2.0, -0.5), (0.5, 2.0)), symbol="<", aliases=("Lt",),
       corner=lambda m, a, b: m.equal(a, b), convention=JUMP, elsewhere=JUMP_ELSEWHERE),

    op("less_equal", "1 if a <= b, else 0.",
       lambda m, a, b: m.less_equal(a, b),
       0,
       0,
       gives="condition", sample=((-2.0, -0.5), (0.5, 2.0)), symbol="<=", aliases=("Le",),
       corner=lambda m, a, b: m.equal(a, b), convention=JUMP, elsewhere=JUMP_ELSEWHERE),

    op("greater", "1 if a > b, else 0.",
       lambda m, a, b: m.less(b, a),
       0,
       0,
       gives="condition", sample=((-2.0, -0.5), (0.5, 2.0)), symbol=">", aliases=("Gt",),
       corner=lambda m, a, b: m.equal(a, b), convention=JUMP, elsewhere=JUMP_ELSEWHERE),

    op("greater_equal", "1 if a >= b, else 0.",
       lambda m, a, b: m.less_equal(b, a),
       0,
       0,
       gives="condition", sample=((-2.0, -0.5), (0.5, 2.0)), symbol=">=", aliases=("Ge",),
       corner=lambda m, a, b: m.equal(a, b), convention=JUMP, elsewhere=JUMP_ELSEWHERE),

    op("equal", "1 if a = b, else 0.",
       lambda m, a, b: m.equal(a, b),
       0,
       0,
       gives="condition", sample=((-2.0, -0.5), (0.5, 2.0)), symbol="==", aliases=("Eq",),
       corner=lambda m, a, b: m.equal(a, b), convention=JUMP, elsewhere=JUMP_ELSEWHERE),

    op("not_equal", "1 if a differs from b, else 0.",
       lambda m, a, b: 1 - m.equal(a, b),
       0,
       0,
       gives="condition", sample=((-2.0, -0.5), (0.5, 2.0)), symbol="!=", aliases=("Ne",),
       corner=lambda m, a, b: m.equal(a, b), convention=JUMP, elsewhere=JUMP_ELSEWHERE),

    op("logical_and", "1 if both hold, else 0.",
       lambda m, a, b: m.where(a, m.where(b, 1, 0), 0),
       0,
       0,
       gives="condition", sample=((0.5, 2.0), (0.5, 2.0)), symbol="and"),

    op("logical_or", "1 if one or both hold, else 0.",
       lambda m, a, b: m.where(a, 1, m.where(b, 1, 0)),
       0,
       0,
       gives="condition", sample=((0.5, 2.0), (0.5, 2.0)), symbol="or"),

    op("logical_not", "1 if the condition does not hold, else 0.",
       lambda m, a: m.where(a, 0, 1),
       0,
       gives="condition", sample=((0.5, 2.0),), symbol="not", aliases=("Not",)),
)  # fmt: skip
