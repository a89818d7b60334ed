"""One place for the chain rule's product: who reads it, that nobody else multiplies, and what a mask is for."""

import ast
import math
from pathlib import Path

import pytest

import gradcli
from gradcli import check, export, formats, ops, parse
from gradcli.analysis.checking.second_order import gradient_graphs
from gradcli.analysis.paths import Paths
from gradcli.errors import UsageError
from gradcli.graph import GraphBuilder, Parameters
from gradcli.ops import OPERATIONS, op, register, unregister
from gradcli.passes import backward, corners, forward, step, tangents
from gradcli.passes.steps import steps
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import in_full, one_level
from gradcli.programs.languages import python
from gradcli.report.explain.material import Wishes
from gradcli.report.explain.solution import Solution
from gradcli.report.passes.record import node_record
from gradcli.report.passes.report import report_of
from gradcli.report.passes.trace import Trace
from gradcli.systems import FLOATS
from gradcli.systems.duals import Duals
from gradcli.systems.rounded import Rounded

PACKAGE = Path(gradcli.__file__).parent

# -- every reader reads the entry -------------------------------------------------------------------------------------


def exported(graph, point):
    """The gradient by the exported Python program."""
    names = {}
    exec(export.gradient(graph, list(graph.inputs), python.LANGUAGE), names)  # noqa: S102  (our own text)
    return dict(zip(graph.inputs, names["gradient"](**point), strict=True))


def by_loops(graph, point):
    """The gradient by the compiled loops."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, "COMPILED_FROM", 0)
        assert step.compiled(graph, FLOATS)
        back = backward(forward(graph, point))
    return {name: back.gradient(name) for name in graph.inputs}


def by_duals(graph, point):
    """The gradient by dual numbers."""
    duals = Duals(FLOATS)
    moving = {one: {name: duals.dual(x, int(name == one)) for name, x in point.items()} for one in point}
    return {one: duals.tangent(forward(graph, moving[one], duals).value) for one in point}


def by_check(graph, point):
    """The gradient that the check judges; nan where it says disagree."""
    gradients = READERS["backward"](graph, point)
    wrong = {graph.name(each.at): math.nan for each in check(graph, point).variables if each.verdict == "disagree"}
    return {**gradients, **wrong}


READERS = {
    "backward": lambda graph, point: {n: backward(forward(graph, point)).gradient(n) for n in point},
    "edges": lambda graph, point: {
        name: sum(e.contribution for e in backward(forward(graph, point)).edges() if e.source == graph.inputs[name])
        for name in point
    },
    "tangents": lambda graph, point: {n: tangents(forward(graph, point), {n: 1.0})[graph.output] for n in point},
    "duals": by_duals,
    "loops": by_loops,
    "exported": exported,
    "written": lambda graph, point: {
        name: forward(written, point).value for name, written in gradient_graphs(graph, list(point)).items()
    },
    "check": by_check,
}
"""Ways to the gradient."""


def paths_sum(graph, point):
    """The gradient as the sum over all paths."""
    paths = Paths(backward(forward(graph, point)))
    found = dict.fromkeys(point, 0.0)
    names = {index: name for name, index in graph.inputs.items()}
    for path in paths.in_text():
        found[names[path.start]] += paths.product(path)
    return found


READERS["paths"] = paths_sum


def broken(entry):
    """The entry with its last local derivative 1.5 times as large, in every form."""

    def more(rule):
        return lambda m, *a: 1.5 * (rule(m, *a) if callable(rule) else rule)

    stable = entry.stable and (*entry.stable[:-1], entry.stable[-1] and more(entry.stable[-1]))
    return entry._replace(locals=(*entry.locals[:-1], more(entry.locals[-1])), stable=stable)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("name", "formula"), [("multiply", "x*y"), ("sin", "sin(x) + y"), ("divide", "x/y")])
def test_a_broken_rule_turns_every_reader_red(reader, name, formula, monkeypatch):
    """Whoever computes a gradient reads the rule: with a broken one the gradient is another."""
    graph, point = parse(formula), {"x": 0.75, "y": 1.25}
    right = READERS[reader](graph, point)
    for each, known in READERS["backward"](graph, point).items():
        assert right[each] == pytest.approx(known, rel=1e-12)
    entry = OPERATIONS[name]
    monkeypatch.setitem(ops._operations, name, broken(entry))
    wrong = READERS[reader](graph, point)
    spoilt = "x" if name == "sin" else "y"
    if reader == "check":
        assert math.isnan(wrong[spoilt])
    else:
        assert wrong[spoilt] == pytest.approx(1.5 * right[spoilt], rel=1e-12)


@pytest.mark.parametrize("reader", ["forward", "loops", "exported"])
def test_a_broken_value_is_seen(reader, monkeypatch):
    """The same for values."""
    graph = parse("sigmoid(x)")

    def value():
        if reader == "exported":
            names = {}
            exec(export.formula(graph, python.LANGUAGE), names)  # noqa: S102  (our own text)
            return names["f"](0.75)
        monkeypatch.setattr(step, "COMPILED_FROM", 0 if reader == "loops" else 500)
        return forward(graph, {"x": 0.75}).value

    right = value()
    entry = OPERATIONS["sigmoid"]
    monkeypatch.setitem(
        ops._operations, "sigmoid", entry._replace(stable=(lambda m, a: 2 * entry.stable_value()(m, a), None))
    )
    assert value() == pytest.approx(2 * right)


READ = ["passes/backward.py", "passes/forward.py", "passes/step.py", "passes/steps.py", "passes/tangents.py",
        "systems/duals.py", "analysis/paths.py"]  # fmt: skip
"""The readers of rules; in them no product of numbers is written, but sizes of paths."""

SIZES = {("analysis/paths.py", "_candidate")}


def test_nobody_else_multiplies():
    """No reader has a multiplication of its own; where programs are written, none of a local derivative."""
    found = set()
    for name in READ:
        tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                inside = [each for each in ast.walk(function) if isinstance(each, ast.BinOp)]
                inside = [each for each in inside if isinstance(each.op, ast.Mult)]
                found |= {(name, function.name) for each in inside if not isinstance(each.left, ast.List)}
    assert found == SIZES
    writers = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {each.func.attr for each in ast.walk(tree)
                 if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)}  # fmt: skip
        name = path.relative_to(PACKAGE).as_posix()
        if calls & {"local", "stable_local"} and not name.startswith(("ops/", "report/", "analysis/", "systems/")):
            writers.add(name)
    assert writers <= {"passes/step.py", "printers/expression/rule_formulas.py"}


# -- masks ------------------------------------------------------------------------------------------------------------

CLOSED = [
    ("where(x>0, sqrt(x), 0)", {"x": -3.0}),
    ("where(x>0, sqrt(x), x**2)", {"x": -3.0}),
    ("where(x>0, where(x>1, log(x-1), 2*x), sqrt(-x))", {"x": 0.5}),
    ("s = sqrt(x); where(x>0, s, 0) + where(x>1, s*s, 1)", {"x": -2.0}),
    ("s = log(x)*y; where(x>0, s, y) + where(y>0, 1/s, x)", {"x": -2.0, "y": -1.0}),
    ("where(x>0, exp(log(x)), 2)*y", {"x": -2.0, "y": 3.0}),
]


@pytest.mark.parametrize(("formula", "point"), CLOSED)
def test_a_written_gradient_has_a_value_behind_closed_branches(formula, point):
    """The formula of the gradient gives what the pass gives, and so does the formula of the second derivatives."""
    graph = parse(formula)
    first = gradient_graphs(graph, list(point))
    for name, written in first.items():
        gradient = backward(forward(graph, point)).gradient(name)
        assert math.isfinite(gradient)
        assert forward(written, point).value == pytest.approx(gradient, rel=1e-12)
        for other, twice in gradient_graphs(written, list(point)).items():
            second = backward(forward(written, point)).gradient(other)
            assert math.isfinite(second)
            assert forward(twice, point).value == pytest.approx(second, rel=1e-12)


def test_how_a_masked_gradient_is_written(gradcli):
    """Under its condition, not times 1 or 0."""
    done = gradcli("backward", "where(x>0, sqrt(x), 0)", "--symbolic", "--get", "x")
    assert "where" in done.out
    assert forward(parse(done.out.strip()), {"x": -3.0}).value == 0


# -- the stream of steps ----------------------------------------------------------------------------------------------


def test_steps_tell_the_sum_so_far():
    """(x+y)*y: what arrives, what is passed on, and the sum at y: 5, then 3 + 5."""
    graph = parse("(x+y)*y")
    back = backward(forward(graph, {"x": 2.0, "y": 3.0}))
    told = [(graph.name(s.target), graph.name(s.source), s.upstream, s.contribution, s.before, s.gradient)
            for s in back.steps()]  # fmt: skip
    assert told == [
        ("f", "y", 1.0, 5.0, None, 5.0), ("f", "v1", 1.0, 3.0, None, 3.0), ("v1", "y", 3.0, 3.0, 5.0, 8.0),
        ("v1", "x", 3.0, 3.0, None, 3.0),
    ]  # fmt: skip


def test_how_contributions_join_can_be_replaced():
    """A pass that forgets what was there before: wrong on purpose, with edges and steps that belong to it."""
    graph = parse("(x+y)*y")
    back = backward(forward(graph, {"x": 2.0, "y": 3.0}), combine=lambda contribution, so_far: contribution)
    assert back.gradient("y") == 3.0
    assert [each.gradient for each in back.steps()] == [5.0, 3.0, 3.0, 3.0]
    assert [each.gradient for each in steps(back.forward, back.depends, 1.0)] == [5.0, 3.0, 8.0, 3.0]


# -- parameters -------------------------------------------------------------------------------------------------------


@pytest.fixture
def stretched():
    """A test-only entry with a parameter: `by`·a²."""
    register(op("stretched", "by times the square.", lambda m, a, *, by: by * (a * a),
                lambda m, y, a, *, by: 2 * by * a, parameters=("by",)))  # fmt: skip
    yield
    unregister("stretched")


def two_of_them(first, second):
    """stretched(x, by=first) + stretched(x, by=second)."""
    builder = GraphBuilder()
    x = builder.input("x")
    nodes = [builder.add("stretched", (x,), parameters={"by": by}) for by in (first, second)]
    return builder.finish(builder.add("add", tuple(nodes)))


@pytest.mark.usefixtures("stretched")
def test_parameters_are_part_of_a_node():
    """Equality, hash, the view of a node, and text."""
    graph = two_of_them(3, 5)
    assert graph == two_of_them(3, 5) != two_of_them(5, 3)
    assert hash(graph) == hash(two_of_them(3, 5))
    assert hash(Parameters({"a": 1, "b": (2, 3)})) == hash(Parameters({"b": (2, 3), "a": 1}))
    assert graph.node(1).parameters == {"by": 3}
    assert graph.node(3).parameters == {}
    assert in_full(graph, graph.output, ascii.DIALECT) == "stretched(x, by=3) + stretched(x, by=5)"
    assert one_level(graph, 1, unicode.DIALECT) == "stretched(x, by=3)"


@pytest.mark.usefixtures("stretched")
@pytest.mark.parametrize("reader", ["backward", "edges", "tangents", "duals", "loops", "written", "paths"])
def test_parameters_reach_every_reader(reader):
    """3x² + 5x² at 2 has the slope 32."""
    assert READERS[reader](two_of_them(3, 5), {"x": 2.0})["x"] == 32.0


@pytest.mark.usefixtures("stretched")
def test_parameters_in_records():
    """JSON has them at their node."""
    trace = Trace(forward(two_of_them(3, 5), {"x": 2.0}))
    assert node_record(trace, 1, {}, {})["parameters"] == {"by": 3}
    assert node_record(trace, 3, {}, {})["parameters"] == {}


@pytest.mark.usefixtures("stretched")
def test_parameters_in_reports():
    """Every formula for people and for machines has them: local derivatives, arithmetic, what a function is."""
    back = backward(forward(two_of_them(3, 5), {"x": 2.0}))
    trace = Trace(back.forward, back)
    edges = report_of("backward", trace).record()["edges"]
    assert [edge["local_expression"] for edge in edges] == ["1", "1", "10*x", "6*x"]
    told = formats.render("table", Solution(trace, Wishes(40), back.graph.output).report(), formats.Drawing())
    assert "v2 = stretched(x, by=5) = stretched(2, by=5) = 20" in told
    assert "stretched(a, by=3) = 3·(a·a) is" in told
    assert "∂v1/∂x = 6·x = 6·2 = 12" in told


@pytest.mark.usefixtures("stretched")
def test_parameters_in_programs():
    """A notation spells them, a language tells them in what it has, one that cannot refuses the operation by name."""
    graph = two_of_them(3, 5)
    assert export.written(graph, "ascii") == "stretched(x, by=3) + stretched(x, by=5)"
    assert export.written(graph, "sympy", ["x"]) == "df_dx = 6*x + 10*x"
    for names in (None, ["x"]):
        with pytest.raises(UsageError, match="no function for stretched"):
            export.written(graph, "python", names)


def test_a_corner_with_parameters():
    """Where a corner is may depend on a parameter."""
    register(op("bent", "|a - by|.", lambda m, a, *, by: m.abs(a - by), lambda m, y, a, *, by: m.sign(a - by),
                corner=lambda m, a, *, by: m.equal(a, by), convention="slope 0", elsewhere="Others say 1",
                parameters=("by",)))  # fmt: skip
    try:
        builder = GraphBuilder()
        graph = builder.finish(builder.add("bent", (builder.input("x"),), parameters={"by": 2}))
        for system in (FLOATS, Rounded(3)):
            assert list(corners(forward(graph, {"x": system.number(2)}, system))) == [1]
            assert list(corners(forward(graph, {"x": system.number(3)}, system))) == []
    finally:
        unregister("bent")


WHOLE = op(
    "twofold", "2·a, as a rule for whole arrays.", lambda m, a: 2 * a,
    vjps=(lambda m, y, upstream, a: 2 * upstream,), jvps=(lambda m, y, tangent, a: 2 * tangent,),
    sympy=lambda sympy, a: 2 * a,
)  # fmt: skip
"""An entry without local derivatives."""


@pytest.fixture
def whole():
    """The entry in the table."""
    register(WHOLE)
    yield
    unregister(WHOLE.name)


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    "args",
    [
        ["backward", "--json"], ["backward", "--format", "latex"], ["backward", "--csv", "--table", "edges"],
        ["backward", "--exact"], ["backward", "--round", "2"], ["explain"], ["explain", "--format", "html"], ["paths"],
        ["check"], ["check", "--order-of-derivative", "2"], ["forward"],
    ],
)  # fmt: skip
def test_an_entry_for_whole_arrays_has_a_local_derivative_on_numbers(gradcli, args):
    """It is what the rule passes back of 1: every command tells it as that of any other operation."""
    command, *options = args
    result = gradcli(command, "twofold(x*y)", "--x", "2", "--y", "3", *options)
    assert result.status == 0, result.err
    assert gradcli("backward", "twofold(x*y)", "--x", "2", "--y", "3", "--get", "x,y").out == "6\n4\n"
    assert gradcli("backward", "twofold(x*y)", "--get", "x").out == "2*y\n"
