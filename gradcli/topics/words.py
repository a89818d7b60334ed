"""What the words of the answers mean."""

from __future__ import annotations

from gradcli import ops
from gradcli.report.operations import PATTERNS
from gradcli.topics import columns

GUIDE = "gradients.md"

WORDS = (
    ("node", "a step of the computation: an input, a constant, or an operation"),
    ("input, constant", "a variable that is differentiated; one that is not"),
    ("intermediate, output", "a node on the way; the last one, f unless it is named"),
    ("arguments, uses", "the nodes an operation takes; the operations that take a node"),
    ("value", "the number at a node, from the forward pass"),
    ("local derivative", "the derivative of one operation with respect to one argument: ∂v1/∂x"),
    ("gradient", "the derivative of the output with respect to a node: ∂f/∂v1"),
    ("upstream gradient", "the gradient that arrives at a node from above"),
    ("contribution", "upstream · local, along one edge; a node's gradient is their sum"),
    ("path", "one way from an input to the output, over one use after another"),
    ("forward pass", "values, from the inputs to the output"),
    ("backward pass", "gradients, from the output to the inputs"),
    ("corner", "a point where there is no derivative; a convention is used, and said"),
)


def text() -> str:
    """The words, and the patterns in which a gradient flows with the operations that have them."""
    lines = [*columns(WORDS), "", "How a gradient flows back through an operation:", ""]
    rows = []
    for pattern, meaning in PATTERNS.items():
        names = [entry.symbol or entry.name for entry in ops.OPERATIONS.values() if entry.pattern == pattern]
        rows.append((pattern, meaning, " ".join(names) if pattern != "scale" else "all others"))
    return "\n".join([*lines, *columns(rows)]) + "\n"
