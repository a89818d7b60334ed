"""Arrays, before any array code ships: a small array system over every entry equals the ordinary passes entry by entry.

The system is NumPy's spelling of the primitives; what is tested is that entries, passes and `contribution` ask a system
for everything that an array needs: shapes, sums over what was stretched, masks that hold in some places only.
"""

import itertools

import numpy as np
import pytest
from strategies import EVERY_OPERATION

from gradcli import backward, forward, parse, tangents
from gradcli.errors import UsageError
from gradcli.graph import GraphBuilder
from gradcli.ops import NATIVE
from gradcli.systems import FLOATS
from gradcli.systems.duals import Duals
from gradcli.systems.system import System

nan = np.nan
PRIMITIVE = """
    divide power less less_equal equal abs sqrt exp log sin cos tan tanh asin acos atan atan2 floor round erf gamma
"""
MAPPED = {name: np.frompyfunc(getattr(FLOATS, name), count, 1) for name, count in [
    *((name, 2 if name in ("divide", "power", "less", "less_equal", "equal", "atan2") else 1)
      for name in PRIMITIVE.split()),
    *((name, 2 if name in ("hypot", "mod") else 1) for name in NATIVE),
]}  # fmt: skip


class Arrays(System):
    """Arrays of doubles: each primitive is that of Floats, for every entry."""

    name, rounds, masks, nan = "float", True, True, nan

    def literal(self, text):
        """A number of no shape."""
        return np.asarray(FLOATS.literal(text))

    def number(self, value):
        """An array."""
        return np.asarray(value, float)

    def truth(self, condition):
        """Known where all entries agree."""
        condition = np.asarray(condition, float)
        if np.isnan(condition).any() or len(set((condition != 0).ravel().tolist())) != 1:
            return None
        return bool(condition.ravel()[0])

    def is_finite(self, value):
        """Whether all entries are."""
        return bool(np.isfinite(value).all())

    def where(self, condition, a, b):
        """Entry by entry, nan for nan."""
        condition = np.asarray(condition, float)
        return np.where(np.isnan(condition), nan, np.where(condition != 0, a, b))

    def library(self, name, k, *arguments):
        """Entry by entry."""
        return np.vectorize(lambda *a: FLOATS.library(name, k, *a), otypes=[float])(*arguments)

    def shape(self, value):
        """NumPy's."""
        return np.shape(value)

    def zero(self, like):
        """Zeros of the same shape."""
        return np.zeros(np.shape(like))

    def gathered(self, contribution, like):
        """Stretched to the common shape, and summed over what the smaller one was stretched along."""
        shape = np.shape(like)
        full = np.broadcast_to(contribution, np.broadcast_shapes(np.shape(contribution), shape))
        full = full.sum(axis=tuple(range(full.ndim - len(shape))))
        stretched = tuple(i for i, n in enumerate(shape) if n == 1 and full.shape[i] > 1)
        return full.sum(axis=stretched, keepdims=True)

    def arriving(self, upstream, value):
        """A gradient of the output's shape; 1 only where the output is one number."""
        if np.shape(upstream) != np.shape(value):
            raise UsageError("the upstream gradient has another shape than the output")
        return np.asarray(upstream, float)

    def __getattr__(self, name):
        if name in MAPPED:
            return lambda *a: np.asarray(MAPPED[name](*a), float)
        return super().__getattr__(name)


ARRAYS = Arrays()
SHAPES = ((2, 3), (3,), ())


def operands(entry, count, shapes):
    """An array for every argument, in the sample intervals."""
    found = []
    for k in range(count):
        low, high = (entry.sample * 2)[k]
        size = int(np.prod(shapes[k], dtype=int))
        parts = (0.15 + 0.7 * ((np.arange(size) * 0.37 + 0.21 * k) % 1.0)).reshape(shapes[k])
        found.append(low + (high - low) * parts)
        if k in entry.constant:
            found[-1] = np.round(found[-1].ravel()[0])
    return found


def same(found, expected):
    """Equal entry by entry, nan to nan; sums may be rounded otherwise."""
    np.testing.assert_allclose(np.asarray(found, float), expected, rtol=1e-12, atol=1e-300)


def assert_entry_by_entry(graph, point, wrt):
    """Values, gradients and tangents of a graph on arrays are those of floats at every entry."""
    run = forward(graph, point, ARRAYS)
    shape = np.shape(run.value)
    upstream = 1.0 + np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    speeds = {name: 1.0 + np.asarray(point[name]) * 0 for name in wrt}
    back, along = backward(run, wrt, upstream), tangents(run, speeds)
    duals = Duals(ARRAYS)
    moving = {name: duals.dual(x, speeds[name]) if name in wrt else duals.number(x) for name, x in point.items()}
    dual = forward(graph, moving, duals)
    assert np.shape(along[graph.output]) == shape
    expected = {name: np.zeros(np.shape(point[name])) for name in wrt}
    stretched = {name: np.broadcast_to(x, shape) for name, x in point.items()}
    for place in itertools.product(*map(range, shape)):
        one = forward(graph, {name: float(x[place]) for name, x in stretched.items()})
        same(run.value[place], one.value)
        its = backward(one, wrt, float(upstream[place]))
        tangent = tangents(one, dict.fromkeys(wrt, 1.0))[graph.output]
        same(along[graph.output][place], tangent)
        same(np.broadcast_to(duals.tangent(dual.value), shape)[place], tangent)
        for name in wrt:
            own = place[len(shape) - np.ndim(point[name]) :] if np.ndim(point[name]) else ()
            expected[name][own] += its.gradient(name)
    for name in wrt:
        assert np.shape(back.gradient(name)) == np.shape(point[name])
        same(back.gradient(name), expected[name])
    for value, gradient in zip(run.values, back.gradients, strict=True):
        assert gradient is None or np.shape(gradient) == np.shape(value)
    for edge in back.edges():
        assert np.shape(edge.contribution) == np.shape(run.values[edge.source])


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in EVERY_OPERATION])
def test_every_entry_is_elementwise(entry):
    """(2, 3) with (3,) and with plain numbers, in every order of the first two, with a node before it and one after."""
    count = entry.arity + entry.variadic
    for order in itertools.permutations(SHAPES) if count > 1 else [SHAPES, SHAPES[1:]]:
        builder = GraphBuilder()
        names = "abc"[:count]
        node = builder.add(entry.name, tuple(builder.input(name) for name in names))
        graph = builder.finish(builder.add("multiply", (node, node)))
        point = dict(zip(names, operands(entry, count, order), strict=True))
        assert_entry_by_entry(graph, point, [name for k, name in enumerate(names) if k not in entry.constant])


X = np.array([[-1.0, 0.0, 3.0], [4.0, 0.5, -2.0]])
B = np.array([2.0, 0.0, -1.0])


@pytest.mark.parametrize(
    "formula",
    [
        "x*b + b", "x - x", "where(x > 0, log(x), 0)", "where(x > 0, log(x), x)", "where(x > 0, sqrt(b), b)",
        "s = sqrt(b); where(x > 0, s, 1) + where(x < b, s*x, 2)", "where(x > 0, where(b > 0, log(x*b), b), x)",
        "max(x, b)", "min(x, x)", "max(x, 0.5, b)", "relu(x) + abs(b)", "clip(x, b, 3)", "where(b > 5, log(b), x)",
        "log(where(x > 0, x, 1))*b", "max(x, 3)*where(x == 0, 1/x, x)",
    ],
)  # fmt: skip
def test_formulas_entry_by_entry(formula):
    """Broadcasts, ties and mixed conditions; nothing behind a branch that is closed at an entry harms that entry."""
    graph = parse(formula)
    point = {name: x for name, x in (("x", X), ("b", B)) if name in graph.inputs}
    with np.errstate(all="ignore"):
        assert_entry_by_entry(graph, point, list(graph.inputs))


def test_a_mixed_condition():
    """Numbers by hand."""
    x = np.array([[1.0, 2, 3], [4, 5, 6]])
    back = backward(forward(parse("where(x > 2, log(x), x)"), {"x": x}, ARRAYS), upstream=np.ones((2, 3)))
    same(back.gradient("x"), [[1, 1, 1 / 3], [1 / 4, 1 / 5, 1 / 6]])


def test_the_default_upstream_is_for_one_number():
    """1 arrives at an output that is one number; at an array it is an error."""
    run = forward(parse("x*b"), {"x": X, "b": B}, ARRAYS)
    with pytest.raises(UsageError, match="shape"):
        backward(run)
    assert backward(forward(parse("x*b"), {"x": 2.0, "b": 3.0}, ARRAYS)).gradient("x") == 3.0


@pytest.mark.parametrize("formula", ["x*b + b", "where(x > 0, log(x)*b, x)", "s = sqrt(b); where(x > 0, s*s*x, 1)"])
def test_through_the_second_graph(formula):
    """The written gradient, computed on arrays, is the gradient of the pass."""
    from gradcli.analysis.symbolic import symbolic_gradients

    graph = parse(formula)
    x, b = np.full((2, 3), -1.5) + 2 * np.arange(6).reshape(2, 3) / 3, np.full((2, 3), 0.75)
    back = backward(forward(graph, {"x": x, "b": b}, ARRAYS), upstream=np.ones((2, 3)))
    written, places = symbolic_gradients(graph, ["x", "b"])
    with np.errstate(all="ignore"):
        run = forward(written, {"x": x, "b": b}, ARRAYS)
    for name, place in zip(("x", "b"), places, strict=True):
        same(np.broadcast_to(run.values[place], (2, 3)), back.gradient(name))


def test_minus_zero_arrives_as_it_is():
    """Nothing is added to the gradient that arrives."""
    assert str(backward(forward(parse("x + 1"), {"x": 1.0}), upstream=-0.0).gradient("x")) == "-0.0"
