"""The nonlinearities of neural networks."""

from typing import Any

from gradcli.ops.operation import op


def _stable_sigmoid(m: Any, a: Any) -> Any:
    """1/(1 + z) or z/(1 + z) with z = exp(-|a|) <= 1: nothing overflows."""
    z = m.exp(-m.abs(a))
    return m.divide(m.where(m.less(a, 0), z, 1), 1 + z)


def _stable_sigmoid_local(m: Any, y: Any, a: Any) -> Any:
    """z/(1 + z)**2 with z = exp(-|a|); y*(1 - y) would be 0 from a = 37 on."""
    z = m.exp(-m.abs(a))
    return m.divide(z, m.square(1 + z))


TABLE = (
    op("sigmoid", "Logistic function: 1/(1 + exp(-a)).",
       lambda m, a: m.divide(1, 1 + m.exp(-a)),
       lambda m, y, a: y * (1 - y),
       stable=(_stable_sigmoid, _stable_sigmoid_local),
       aliases=("σ", "logistic")),

    op("relu", "Rectifier: max(0, a).",
       lambda m, a: m.where(m.less(0, a), a, 0),
       lambda m, y, a: m.where(m.less(0, a), 1, 0),
       pattern="gate", sample=((0.25, 2.0),),
       corner=lambda m, a: m.equal(a, 0), convention="relu'(0) = 0",
       elsewhere="PyTorch and JAX say 0, SymPy 1/2; the slopes are 0 and 1",
       aliases=("ReLU",)),
)  # fmt: skip
