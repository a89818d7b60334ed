"""The passes as a whole: over random graphs, reverse mode against forward mode, many digits, SymPy and differences.

And what they promise besides: the compiled loops give the ordinary results bit for bit, closed branches do no harm,
nothing recurses, the edges are the gradient told in steps.
"""

import itertools
import math
import sys
from collections.abc import Callable, Iterable, Sequence

import pytest
from strategies import (
    ANALYTIC,
    EDGES,
    EVERY_OPERATION,
    NAMES,
    SLOW,
    Problem,
    any_problems,
    examples,
    given,
    renamed,
    smooth_problems,
    st,
)

from gradcli import Backward, Graph, backward, forward, parse, tangents
from gradcli.errors import UsageError
from gradcli.graph import GraphBuilder
from gradcli.passes import step
from gradcli.printers import ascii
from gradcli.printers.expression import in_full
from gradcli.programs.loops import OPERANDS
from gradcli.systems import FLOATS, System
from gradcli.systems.digits import Digits
from gradcli.systems.exact import Exact
from gradcli.systems.symbols import Symbol, Symbols

nan, inf = math.nan, math.inf

DIGITS = Digits(50)

FLOAT_TOLERANCE = 1e-12
"""Some dozens of roundings of 1.1e-16, a little magnified on the way."""

DIGITS_TOLERANCE = 1e-45
SYMPY_TOLERANCE = 1e-30

STEP_DIGITS = 25
"""Differences take steps of 10**-25: with 80 digits the quotient has 50 good ones."""


def run_at(
    problem: Problem, system: System = FLOATS, wrt: Iterable[str] | None = None, upstream: object = 1
) -> Backward:
    """Both passes over a problem."""
    return backward(forward(problem.graph, problem.point, system), wrt, upstream)


def size(back: Backward) -> object:
    """The largest number that meets another one in a backward pass: what errors are measured against."""
    return max([1, *(abs(number) for edge in back.edges() for number in (edge.upstream, edge.contribution))])


def near(found: Sequence, expected: Sequence, tolerance: float) -> bool:
    """Whether numbers differ by less than the tolerance, in 50 digits; None is near None only."""
    number = DIGITS.context.mpf
    return len(found) == len(expected) and all(
        (a is None and b is None) or (a is not None and b is not None and abs(number(a) - number(b)) <= tolerance)
        for a, b in zip(found, expected, strict=True)
    )


def bits(numbers: Iterable) -> list[str]:
    """Numbers told exactly: nan equals nan, -0.0 differs from 0.0, and an integer from a float."""
    return [repr(number) for number in numbers]


# -- the gradient is the derivative -----------------------------------------------------------------------------------


@examples(100)
@given(smooth_problems())
def test_reverse_mode_is_forward_mode(problem):
    """For every variable: the gradient is the tangent of the output when that variable alone moves with speed 1."""
    for system, tolerance in ((FLOATS, FLOAT_TOLERANCE), (DIGITS, DIGITS_TOLERANCE)):
        for name in problem.point:
            back = run_at(problem, system, [name])
            found = tangents(back.forward, {name: 1})[problem.graph.output]
            assert near([back.gradient(name)], [found], tolerance * size(back))


@examples(60)
@given(smooth_problems(), st.lists(st.integers(-8, 8), min_size=len(NAMES), max_size=len(NAMES)))
def test_a_tangent_is_the_gradient_along_a_direction(problem, speeds):
    """When all variables move at once the output moves with the sum of gradient times speed."""
    back = run_at(problem, DIGITS)
    direction = dict(zip(problem.point, speeds, strict=False))
    found = tangents(back.forward, direction)[problem.graph.output]
    expected = sum(back.gradient(name) * speed for name, speed in direction.items())
    assert near([found], [expected], DIGITS_TOLERANCE * 100 * size(back))


@examples(100)
@given(smooth_problems())
def test_floats_are_the_digits_rounded(problem):
    """Every value and every gradient in floats is the one in 50 digits, up to rounding."""
    found, expected = run_at(problem), run_at(problem, DIGITS)
    scale = max([size(expected), *(abs(value) for value in expected.forward.values)])
    assert near(found.forward.values, expected.forward.values, FLOAT_TOLERANCE * scale)
    assert near(found.gradients, expected.gradients, FLOAT_TOLERANCE * scale)


@examples(100)
@given(smooth_problems())
def test_the_gradient_is_the_central_difference(problem):
    """In many digits every gradient is (f(x + h) - f(x - h))/2h; this witness evaluates values only."""
    system = Digits(80)
    step = system.context.mpf(10) ** -STEP_DIGITS
    back = run_at(problem, DIGITS)

    def shifted(name: str, offset: object) -> object:
        point = {**problem.point, name: system.number(problem.point[name]) + offset}
        return forward(problem.graph, point, system).value

    differences = [(shifted(name, step) - shifted(name, -step)) / (2 * step) for name in problem.point]
    assert near([back.gradient(name) for name in problem.point], differences, 1e-40 * size(back))


@examples(50)
@given(smooth_problems(operations=ANALYTIC, most=4))
def test_the_gradient_is_sympys_derivative(problem):
    """In 50 digits and in exact numbers every gradient is what SymPy's `diff` makes of the formula."""
    exact = Exact()
    symbols = {name: exact.sympy.Symbol(name, real=True) for name in problem.point}
    here = {symbol: exact.number(problem.point[name]) for name, symbol in symbols.items()}
    formula = exact.number(forward(problem.graph, symbols, exact).value)
    expected = [formula.diff(symbol).subs(here).evalf(50) for symbol in symbols.values()]
    for system in (DIGITS, exact):
        back = run_at(problem, system)
        found = [back.gradient(name) for name in problem.point]
        found = found if system is DIGITS else [gradient.evalf(50) for gradient in found]
        assert near(found, expected, SYMPY_TOLERANCE * size(run_at(problem, DIGITS)))


def symbolic(graph: Graph) -> Backward:
    """Both passes with variables that stand for themselves."""
    symbols = Symbols()
    return backward(forward(graph, {name: symbols.variable(name) for name in graph.inputs}, symbols))


def written(symbol: Symbol) -> str | None:
    """A symbolic number as a formula."""
    return in_full(symbol.symbols.builder.finish(symbol.index), symbol.index, ascii.DIALECT, most=10**6)


@examples(50)
@given(smooth_problems(most=6))
def test_the_symbolic_gradient_is_the_gradient(problem):
    """The passes in Symbols write value and gradient down; printed, read back and evaluated they are the numbers."""
    back = symbolic(problem.graph)
    floating, digits = run_at(problem), run_at(problem, DIGITS)

    def evaluated(symbol: Symbol, system: System) -> object:
        return forward(parse(written(symbol)), problem.point, system).value

    for expected, tolerance in ((floating, FLOAT_TOLERANCE), (digits, DIGITS_TOLERANCE)):
        system, scale = expected.forward.system, 1000 * size(digits)
        assert near([evaluated(back.forward.value, system)], [expected.forward.value], tolerance * scale)
        found = [evaluated(back.gradient(name), system) for name in problem.point]
        assert near(found, [expected.gradient(name) for name in problem.point], tolerance * scale)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("-x", {"x": "-1"}),
        ("x - y", {"x": "1", "y": "-1"}),
        ("x*0 + y", {"x": "0", "y": "1"}),
        ("x/1", {"x": "1"}),
        ("x/y", {"x": "1/y", "y": "-x/y**2"}),
        ("x**0*y", {"x": "0", "y": "x**0"}),
        ("x**1", {"x": "1"}),
        ("x**2", {"x": "2*x"}),
        ("x**3", {"x": "3*x**2"}),
        ("x**4", {"x": "4*x**3"}),
        ("x**2.5", {"x": "2.5*x**1.5"}),
        ("x**-1", {"x": "-x**(-2)"}),
        ("2**x", {"x": "2**x*log(2)"}),
        ("x**y", {"x": "where(x == 0 and y == 0, 0, y*x**(y - 1))", "y": "where(x == 0 and y > 0, 0, x**y*log(x))"}),
        ("(x + y)*y", {"x": "y", "y": "y + (x + y)"}),
        ("sigmoid(x)", {"x": "sigmoid(x)*(1 - sigmoid(x))"}),
        ("relu(x)", {"x": "where(x > 0, 1, 0)"}),
    ],
)
def test_symbolic_gradients_are_written_as_people_do(formula, expected):
    """Only 0 and 1 are absorbed and a rule's own number is put in: 3*x**2, and a product is not multiplied out."""
    back = symbolic(parse(formula))
    assert {name: written(back.gradient(name)) for name in expected} == expected


# -- and behaves like one ---------------------------------------------------------------------------------------------


@examples(60)
@given(smooth_problems(), st.integers(-30, 30), st.sampled_from([1, -1]))
def test_gradients_are_proportional_to_the_upstream(problem, exponent, sign):
    """Times a power of two and a sign every gradient is multiplied by it, to the last bit, as is every edge."""
    factor = sign * 2.0**exponent
    plain, scaled = run_at(problem), run_at(problem, upstream=factor)
    assert [g and g * factor for g in plain.gradients] == list(scaled.gradients)
    assert [e.contribution * factor for e in plain.edges()] == [e.contribution for e in scaled.edges()]
    assert scaled.gradients[problem.graph.output] in (factor, None)


@examples(60)
@given(smooth_problems(), st.fractions(-9, 9, max_denominator=7), st.fractions(-9, 9, max_denominator=7))
def test_gradients_are_additive_in_the_upstream(problem, first, second):
    """The gradients of two upstreams add up to the gradient of their sum."""
    parts = [run_at(problem, DIGITS, upstream=upstream).gradients for upstream in (first, second, first + second)]
    sums = [None if a is None else a + b for a, b in zip(*parts[:2], strict=True)]
    assert near(sums, parts[2], 100 * DIGITS_TOLERANCE * size(run_at(problem, DIGITS)))


@examples(60)
@given(any_problems(), st.permutations(["z", "a", "v1", "f", "λ", "L"]))
def test_names_do_not_matter(problem, names):
    """Other names for the variables, also those that nodes would have got, change no bit; node names stay unique."""
    mapping = dict(zip(NAMES, names, strict=False))
    graph = renamed(problem.graph, mapping)
    other = run_at(Problem(graph, {mapping[name]: value for name, value in problem.point.items()}))
    back = run_at(problem)
    assert bits(other.forward.values) == bits(back.forward.values)
    assert bits(other.gradients) == bits(back.gradients)
    assert bits(other.gradient(mapping[name]) for name in problem.point) == bits(map(back.gradient, problem.point))
    named = [graph.name(i) for i in range(len(graph)) if not graph.is_constant(i)]
    assert len(set(named)) == len(named)


@examples(100)
@given(any_problems(), st.sets(st.sampled_from(NAMES)), st.sampled_from([1.0, -2.5, inf, nan]))
def test_edges_tell_how_each_gradient_came_about(problem, chosen, upstream):
    """Output first, arguments in order; contribution = upstream·local; the last use first they add up, bit for bit."""
    graph = problem.graph
    wrt = [name for name in problem.point if name in chosen]
    back = run_at(problem, wrt=wrt, upstream=upstream)
    gradients, edges = back.gradients, list(back.edges())
    for edge in edges:
        assert graph.arguments[edge.target][edge.argument] == edge.source
        assert bits([edge.upstream]) == bits([gradients[edge.target]])
        assert bits([edge.local]) == bits([back.locals(edge.target)[edge.argument]])
        assert bits([edge.contribution]) == bits([edge.upstream * edge.local if edge.active else 0.0])
    order = [(-edge.target, edge.argument) for edge in edges]
    assert order == sorted(set(order))
    sums: dict[int, float] = {graph.output: upstream} if back.depends[graph.output] else {}
    for edge in sorted(edges, key=lambda edge: (edge.target, edge.argument), reverse=True):
        if edge.active:
            sums[edge.source] = edge.contribution + sums[edge.source] if edge.source in sums else edge.contribution
    expected = [sums.get(i, 0.0) if back.depends[i] else None for i in range(len(graph))]
    assert bits(gradients) == bits(expected)


@examples(60)
@given(any_problems(), st.sets(st.sampled_from(NAMES)))
def test_none_where_no_gradient_was_asked_for(problem, chosen):
    """A node has a gradient exactly when a chosen variable reaches it, and a local for exactly those arguments."""
    graph = problem.graph
    wrt = [name for name in problem.point if name in chosen]
    back = run_at(problem, wrt=wrt)
    reached = {graph.inputs[name] for name in wrt}
    for index, arguments in enumerate(graph.arguments):
        if reached.intersection(arguments):
            reached.add(index)
        asked = [a in reached for a in arguments]
        assert [local is not None for local in back.locals(index)] == asked if arguments else True
    assert [gradient is not None for gradient in back.gradients] == [i in reached for i in range(len(graph))]


# -- compiled loops ---------------------------------------------------------------------------------------------------

ALWAYS, NEVER = 0, sys.maxsize


def is_compiled(graph: Graph, compiled_from: int = ALWAYS) -> bool:
    """Whether the passes over a graph are compiled when those of so many nodes are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, "COMPILED_FROM", compiled_from)
        return step.compiled(graph, FLOATS) is not None


def results(problem: Problem, compiled_from: int, wrt: Iterable[str] | None = None, upstream: float = 1.0) -> list[str]:
    """All values and gradients in floats, compiled from so many nodes on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, "COMPILED_FROM", compiled_from)
        back = run_at(problem, wrt=wrt, upstream=upstream)
    return bits([*back.forward.values, *back.gradients])


@examples(100)
@given(any_problems(), st.sampled_from(EDGES), st.sets(st.sampled_from(NAMES)))
def test_compiled_loops_give_the_same_bits(problem, upstream, chosen):
    """Random graphs of any operations at any numbers: compiled or not, every value and gradient is the same."""
    assert [is_compiled(problem.graph, limit) for limit in (ALWAYS, NEVER)] == [True, False]
    assert results(problem, ALWAYS) == results(problem, NEVER)
    wrt = [name for name in problem.point if name in chosen]
    assert results(problem, ALWAYS, wrt, upstream) == results(problem, NEVER, wrt, upstream)


def single(operation: str, count: int) -> Graph:
    """The graph of one operation on variables a, b, …"""
    builder = GraphBuilder()
    return builder.finish(builder.add(operation, tuple(builder.input(f"x{i}") for i in range(count))))


@pytest.mark.parametrize(
    ("operation", "count"),
    [(entry.name, n) for entry in EVERY_OPERATION for n in ((2, 3) if entry.variadic else (entry.arity,))],
)
def test_compiled_operations_give_the_same_bits(operation, count):
    """Every operation of the table at every combination of the edges of IEEE 754 and some ordinary numbers."""
    graph = single(operation, count)
    assert is_compiled(graph)
    for operands in itertools.product((*EDGES, 0.75, -2.5, 3.0), repeat=count):
        problem = Problem(graph, dict(zip(graph.inputs, operands, strict=True)))
        assert results(problem, ALWAYS) == results(problem, NEVER), operands


def test_compiled_loops_are_used_for_large_graphs_only():
    """From COMPILED_FROM nodes on, and not where an operation has more operands than the loops have names for."""
    assert step.compiled(chain(step.COMPILED_FROM - 3), FLOATS) is None
    assert step.compiled(chain(step.COMPILED_FROM), FLOATS) is not None
    assert is_compiled(single("max", len(OPERANDS)))
    graph = single("max", len(OPERANDS) + 1)
    assert not is_compiled(graph)
    problem = Problem(graph, {name: float(index) for index, name in enumerate(graph.inputs)})
    assert results(problem, ALWAYS) == results(problem, NEVER)


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in SLOW])
def test_functions_of_the_library_give_the_same_bits(entry):
    """Whether such a function can be compiled or not, a large graph has the values and gradients of a small one."""
    graph = single(entry.name, entry.arity)
    varying = [name for name, index in graph.inputs.items() if index not in entry.constant]
    for operands in itertools.product((0.0, 1.0, 0.75, -2.5, inf, nan), repeat=entry.arity):
        problem = Problem(graph, dict(zip(graph.inputs, operands, strict=True)))
        assert results(problem, ALWAYS, varying) == results(problem, NEVER, varying), operands


def test_functions_of_the_library_take_the_ordinary_way(monkeypatch):
    """A graph with a function that cannot be compiled is computed all the same, however large."""
    monkeypatch.setattr(step, "COMPILED_FROM", ALWAYS)
    graph = parse("Si(x)*y")
    assert not is_compiled(graph)
    back = backward(forward(graph, {"x": 0.5, "y": 2.0}))
    sine_integral = 0.4931074180430667  # mpmath.si(0.5)
    assert (back.forward.value, back.gradient("y")) == (2 * sine_integral, sine_integral)


def test_equal_graphs_have_equal_values():
    """The order in which a graph's leaves were told does not matter, compiled or not."""
    parts = {"operations": ("input", "input", "subtract"), "arguments": ((), (), (0, 1)), "output": 2,
             "bindings": {}, "defaults": {}, "inputs": {"x": 0, "y": 1}}  # fmt: skip
    first, second = Graph(**parts, texts={0: "x", 1: "y"}), Graph(**parts, texts={1: "y", 0: "x"})
    assert first == second
    for compiled_from in (ALWAYS, NEVER):
        found = [results(Problem(graph, {"x": 5.0, "y": 3.0}), compiled_from) for graph in (first, second)]
        assert found == [bits([5.0, 3.0, 2.0, 1.0, -1.0, 1.0])] * 2


# -- long graphs ------------------------------------------------------------------------------------------------------

LONG = 100_000


def chain(length: int) -> Graph:
    """x + w + w + …"""
    builder = GraphBuilder()
    node, weight = builder.input("x"), builder.input("w")
    for _ in range(length):
        node = builder.add("add", (node, weight))
    return builder.finish(node)


@pytest.mark.parametrize("compiled_from", [ALWAYS, NEVER], ids=["compiled", "plain"])
def test_a_long_chain_needs_no_recursion(compiled_from, monkeypatch):
    """100,000 nodes in a row: every pass over them is one loop, in floats with exact results."""
    monkeypatch.setattr(step, "COMPILED_FROM", compiled_from)
    graph = chain(LONG)
    assert len(graph) > 10 * sys.getrecursionlimit()
    back = backward(forward(graph, {"x": 0.5, "w": 0.25}))
    assert back.forward.value == 0.5 + LONG * 0.25
    assert (back.gradient("x"), back.gradient("w")) == (1.0, float(LONG))
    assert tangents(back.forward, {"w": 1})[-1] == float(LONG)
    assert sum(edge.contribution for edge in back.edges() if edge.source == graph.inputs["w"]) == float(LONG)
    assert graph.name(LONG) == f"v{LONG - 1}"


# -- closed branches (DESIGN §2.5) ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["plain", "compiled", "digits", "tangents"])
@pytest.mark.parametrize(
    ("formula", "point", "value", "gradients"),
    [
        ("log(x) if x > 0 else 3*x", {"x": -1}, -3, {"x": 3}),
        ("3*x if x <= 0 else log(x)", {"x": -1}, -3, {"x": 3}),
        ("log(x) if x > 0 else 3*x", {"x": 2}, math.log(2), {"x": 0.5}),
        ("1/x if x != 0 else x", {"x": 0}, 0, {"x": 1}),
        ("exp(x*x) if x < 9 else y", {"x": 100, "y": 2}, 2, {"x": 0, "y": 1}),
        ("y*x if c else y*log(x)", {"x": -1, "y": 2, "c": 1}, -2, {"x": 2, "y": -1, "c": 0}),
        ("(sqrt(x) if x > 0 else 0)*y + x", {"x": -4, "y": 3}, -4, {"x": 1, "y": 0}),
        ("log(x) if x > 0 else (1/y if y != 0 else x*y)", {"x": -2, "y": 0}, 0, {"x": 0, "y": -2}),
        ("log(log(x)) if 0 else x + y", {"x": -2, "y": 1}, -1, {"x": 1, "y": 1}),
    ],
)
def test_what_is_behind_a_closed_branch_harms_nothing(formula, point, value, gradients, mode, monkeypatch):
    """A value or a slope there may be nan or infinite: value and gradients are those of the open branch."""
    monkeypatch.setattr(step, "COMPILED_FROM", ALWAYS if mode == "compiled" else NEVER)
    graph = parse(formula)
    back = backward(forward(graph, point, DIGITS if mode == "digits" else FLOATS))
    assert float(back.forward.value) == value
    if mode == "tangents":
        found = {name: tangents(back.forward, {name: 1})[graph.output] for name in point}
    else:
        found = {name: float(back.gradient(name)) for name in point}
    assert found == gradients


def told(back: Backward) -> list[tuple[str, str, float, bool]]:
    """The edges as (from, to, contribution, active)."""
    name = back.graph.name
    return [(name(edge.source), name(edge.target), edge.contribution, edge.active) for edge in back.edges()]


@pytest.mark.parametrize("upstream", [1.0, -2.0, inf])
def test_edges_of_a_closed_branch_are_listed_as_inactive(upstream):
    """The condition and the branch not taken are told with contribution 0; behind them there are no edges."""
    back = backward(forward(parse("(log(x)*y if x > 0 else y)"), {"x": -1, "y": 2}), upstream=upstream)
    condition, logarithm, product = "v1", "v2", "v3"
    assert told(back) == [(condition, "f", 0.0, False), (product, "f", 0.0, False), ("y", "f", upstream, True)]
    assert [back.gradient(name) for name in (condition, logarithm, product, "x", "y")] == [0, 0, 0, 0, upstream]


def test_edges_of_an_open_branch_are_active():
    """The same at a point where the other branch is open."""
    back = backward(forward(parse("(log(x)*y if x > 0 else y)"), {"x": 1, "y": 2}))
    assert told(back) == [
        ("v1", "f", 0.0, False), ("v3", "f", 1.0, True), ("y", "f", 0.0, False),
        ("v2", "v3", 2.0, True), ("y", "v3", 0.0, True), ("x", "v2", 2.0, True),
    ]  # fmt: skip


def test_an_unknown_condition_closes_no_branch():
    """With a condition that is nan both branches could be it: value and gradients are nan."""
    back = backward(forward(parse("where(c, x, y)"), {"c": nan, "x": 1, "y": 2}))
    assert bits([back.forward.value, back.gradient("x"), back.gradient("y")]) == ["nan"] * 3
    assert [edge.active for edge in back.edges()] == [False, True, True]


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("sqrt(relu(x))", {"x": -1.0}, {"x": "nan"}),
        ("sqrt(x)*0", {"x": 0.0}, {"x": "nan"}),
        ("sqrt(x*x)", {"x": 0.0}, {"x": "nan"}),
        ("sqrt(max(x, y))", {"x": 0.0, "y": -1.0}, {"x": "inf", "y": "nan"}),
        ("log(1/(1 + exp(-x)))", {"x": -800.0}, {"x": "nan"}),
    ],
)
def test_zero_times_infinity_of_the_chain_rule_stays_nan(formula, point, expected):
    """Only `where` closes a branch: nowhere else is a zero more than a number (reference numerics §4.7, §5.1)."""
    back = backward(forward(parse(formula), point))
    assert {name: repr(back.gradient(name)) for name in point} == expected


# -- constants, wrt, defaults, errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrt", "expected"),
    [
        (None, {"x": 3.0, "y": 8.0, "z": 0.0, "v1": 3.0, "v2": 0.0, "f": 1.0}),
        (["x"], {"x": 3.0, "y": None, "z": None, "v1": 3.0, "v2": None, "f": 1.0}),
        (["y"], {"x": None, "y": 8.0, "z": None, "v1": 3.0, "v2": None, "f": 1.0}),
        (["z"], {"x": None, "y": None, "z": 0.0, "v1": None, "v2": 0.0, "f": None}),
        ([], {"x": None, "y": None, "z": None, "v1": None, "v2": None, "f": None}),
    ],
)
def test_gradients_with_respect_to_some(wrt, expected):
    """None where no gradient was asked for; 0 where one was asked for and the output does not depend on it."""
    builder = GraphBuilder()
    x, y, z = map(builder.input, "xyz")
    total = builder.add("add", (x, y))
    builder.add("square", (z,))
    graph = builder.finish(builder.add("multiply", (total, y)))
    back = backward(forward(graph, {"x": 2, "y": 3, "z": 4}), wrt)
    assert {name: back.gradient(name) for name in expected} == expected


def test_constants_have_no_gradient():
    """A number written in the formula, and what is made of such numbers alone, has gradient and local None."""
    graph = parse("(2 + 3)*x")
    back = backward(forward(graph, {"x": 7}))
    assert list(zip(graph.operations, back.gradients, strict=True)) == [
        ("constant", None), ("constant", None), ("add", None), ("input", 5.0), ("multiply", 1.0),
    ]  # fmt: skip
    assert back.locals(2) == (None, None)
    assert back.locals(4) == (None, 5.0)


def test_an_output_without_variables_has_no_edges():
    """A formula of numbers has a value and nothing to differentiate."""
    back = backward(forward(parse("2*3"), {}))
    assert (back.forward.value, back.gradients, list(back.edges())) == (6.0, (None, None, None), [])


def test_a_variable_alone_has_gradient_one():
    """The identity: the output is an input and receives the upstream itself."""
    back = backward(forward(parse("x"), {"x": 2}), upstream=3)
    assert (back.forward.value, back.gradient("x"), list(back.edges())) == (2.0, 3.0, [])


def test_the_same_argument_twice_is_two_edges():
    """x*x: both uses contribute and are told one by one."""
    back = backward(forward(parse("x*x"), {"x": 3}))
    assert told(back) == [("x", "f", 3.0, True)] * 2
    assert back.gradient("x") == 6.0


@pytest.mark.parametrize("compiled_from", [ALWAYS, NEVER], ids=["compiled", "plain"])
def test_contributions_are_added_from_the_last_use_to_the_first(compiled_from, monkeypatch):
    """(1 - 2**53) + 2**53 is 1 in floats, (1 + 2**53) - 2**53 would be 0: the second argument comes first."""
    monkeypatch.setattr(step, "COMPILED_FROM", compiled_from)
    back = backward(forward(parse("(x - x)*9007199254740992 + x"), {"x": 0.5}))
    assert told(back) == [
        ("v2", "f", 1.0, True), ("x", "f", 1.0, True), ("v1", "v2", 2.0**53, True),
        ("x", "v1", 2.0**53, True), ("x", "v1", -(2.0**53), True),
    ]  # fmt: skip
    assert back.gradient("x") == 1.0


def test_results_stand_beside_the_graph():
    """Two runs over one graph share nothing; the older one is as it was."""
    graph = parse("x**2")
    first = backward(forward(graph, {"x": 3}))
    second = backward(forward(graph, {"x": 5}), upstream=10)
    assert [(back.forward.value, back.gradient("x")) for back in (first, second)] == [(9.0, 6.0), (25.0, 100.0)]


def test_defaults_stand_in_for_values_not_given():
    """`t = 5; x - t`: the number in the text is used where the point has none."""
    graph = parse("t = 5; x - t")
    assert [forward(graph, point).value for point in ({"x": 7}, {"x": 7, "t": 1})] == [2.0, 6.0]


@pytest.mark.parametrize("compiled_from", [ALWAYS, NEVER], ids=["compiled", "plain"])
def test_a_missing_value_is_an_error_with_its_place(compiled_from, monkeypatch):
    """The variable is named, its first place in the text marked."""
    monkeypatch.setattr(step, "COMPILED_FROM", compiled_from)
    with pytest.raises(UsageError, match="no value for the variable y") as caught:
        forward(parse("x + y*y"), {"x": 1})
    assert caught.value.span == (4, 5)


@pytest.mark.parametrize(
    "question",
    [lambda run: backward(run, ["y"]), lambda run: tangents(run, {"y": 1}), lambda run: backward(run).gradient("1")],
    ids=["wrt", "direction", "gradient of a constant"],
)
def test_unknown_names_are_errors(question: Callable):
    """A wrt, a direction or a gradient of a variable that is not there."""
    with pytest.raises(UsageError, match="there is no"):
        question(forward(parse("x + 1"), {"x": 1}))


# -- names (DESIGN §4) ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("(x+y)*y", ["v1", "f"]),
        ("sin(x*2) + cos(x*2)", ["v1", "v2", "v3", "v4", "f"]),
        ("v1*v1 + v2", ["v3", "f"]),
        ("f*x + 1", ["v1", "L"]),
        ("f*L", ["out"]),
        ("f*L*out", ["v1", "out1"]),
        ("f*L*out*out1", ["v1", "v2", "out2"]),
        ("z = x*y; z + 1", ["z", "f"]),
        ("v1 = x*y; x + v1*y", ["v1", "v2", "f"]),
        ("a = x*y; b = a; b*b", ["a", "b", "f"]),
        ("a = x*y; a = a + 1", ["a@1", "a"]),
        ("a = x*y; a = a + 1; a = a*a; a - x", ["a@1", "a@2", "a", "f"]),
        ("L = (x - t)**2", ["v1", "L"]),
    ],
)
def test_names_of_nodes(formula, expected):
    """v1, v2, … in evaluation order, f (L, out) for the output, names in use skipped, a@1 for what was named again."""
    assert [node.name for node in parse(formula).nodes()] == expected


def test_names_find_gradients():
    """A gradient is asked for by the name of any node, also of one that was named again."""
    back = backward(forward(parse("a = x*y; a = a + 1; a*a"), {"x": 2, "y": 3}))
    assert {name: back.gradient(name) for name in ("f", "a", "a@1", "x")} == {"f": 1, "a": 14, "a@1": 14, "x": 42}
