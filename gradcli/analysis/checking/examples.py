"""Worked examples with known answers: formulas of the lecture pages, a point, the value and the gradients.

Where a page prints numbers they are these (the neuron's unrounded: its page goes on from a = 0.75). Where it prints
none, the point is ours and the numbers were computed with 20 digits by other means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Example(NamedTuple):
    """A formula, a point, and what comes out."""

    formula: str
    point: Mapping[str, float]
    value: float
    gradients: Mapping[str, float]


EXAMPLES = (
    Example("(x + y)*y", {"x": 2, "y": 3}, 15, {"x": 3, "y": 8}),
    Example(
        "z = w*x; s = z + b; a = sigmoid(s); L = (a - t)**2",
        {"w": 0.5, "x": 2, "b": 0.1, "t": 1},
        0.062370014857361809,
        {"w": -0.18717493573141330, "x": -0.046793733932853325, "b": -0.093587467865706650, "t": 0.49947978880976476},
    ),
    Example("L = (w*x + b - t)**2", {"w": 3, "x": 2, "b": 1, "t": 5}, 4, {"w": 8, "x": 12, "b": 4, "t": -4}),
    Example("z = w*x; y = z + b; L = y**2", {"w": 3, "x": 2, "b": 1}, 49, {"w": 28, "x": 42, "b": 14}),
    Example("x**2", {"x": 3}, 9, {"x": 6}),
    Example("x**3", {"x": 3}, 27, {"x": 27}),
    Example("x**2 + x**3", {"x": 3}, 36, {"x": 33}),
    Example("sin(x**2)", {"x": 1}, 0.84147098480789651, {"x": 1.0806046117362794}),
    Example("3*x**2 + 2*x + 1", {"x": 2}, 17, {"x": 14}),
    Example(
        "L = log(sigmoid(w*x + b))",
        {"w": 0.5, "x": 2, "b": 0.1},
        -0.28733532511543081,
        {"w": 0.49947978880976479, "x": 0.12486994720244120, "b": 0.24973989440488240},
    ),
    Example("x*y*z", {"x": 2, "y": 3, "z": 4}, 24, {"x": 12, "y": 8, "z": 6}),
    Example("a = 2*t; b = 3*a; c = a**2; L = b + c", {"t": 1}, 10, {"t": 14}),
)
