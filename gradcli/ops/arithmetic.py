"""Sums, products, quotients, powers, roots."""

from gradcli.ops.operation import POSITIVE, SMOOTH, op

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
       sample=(SMOOTH, POSITIVE), symbol="/"),

    op("negate", "The other sign: -a.",
       lambda m, a: -a,
       -1,
       symbol="-", aliases=("neg", "negative")),

    op("power", "Power: a**b.",
       lambda m, a, b: m.power(a, b),
       lambda m, y, a, b: b * m.power(a, b - 1),
       lambda m, y, a, b: y * m.log(a),
       stable=(None,
               lambda m, y, a, b: m.where(m.equal(b, 0), 0, b * m.power(a, b - 1)),
               lambda m, y, a, b: m.where(m.equal(a, 0) * m.less(0, b), 0, y * m.log(a))),
       sample=(POSITIVE, SMOOTH), symbol="**", aliases=("pow",)),

    op("square", "Square: a·a.",
       lambda m, a: a * a,
       lambda m, y, a: 2 * a),

    op("sqrt", "Square root.",
       lambda m, a: m.sqrt(a),
       lambda m, y, a: m.divide(1, 2 * y),
       sample=(POSITIVE,)),
)  # fmt: skip
