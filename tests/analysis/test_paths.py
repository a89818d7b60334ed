"""Paths: their products add up to the gradient, their number is right without listing them, the largest come first."""

import itertools
import json
import math
import random
import sys
from fractions import Fraction

import pytest
from strategies import EVERY_OPERATION, any_problems, examples, given, smooth_problems

from gradcli import backward, forward, parse
from gradcli.analysis.paths import Paths
from gradcli.language.limits import FILE
from gradcli.ops import OPERATIONS
from gradcli.report.counts import all_digits, count_record, count_text
from gradcli.systems import FLOATS
from gradcli.systems.digits import Digits
from gradcli.systems.exact import Exact
from gradcli.systems.rounded import Rounded

RATIONAL = tuple(
    OPERATIONS[name]
    for name in ("add", "subtract", "multiply", "divide", "negate", "square", "max", "min", "abs", "relu", "where")
)
PLAIN = tuple(entry for entry in EVERY_OPERATION if not entry.branches)

FEW = 3_000
"""So many paths can be listed in a test."""


def paths_of(text, point, system=FLOATS, **more) -> Paths:
    """The paths of a formula."""
    return Paths(backward(forward(parse(text, names=point), point, system), **more))


def told(paths: Paths, each):
    """Paths as the names of their nodes, with their products."""
    graph = paths.back.graph
    return [(" ".join(graph.name(node) for node in path.nodes), paths.product(path)) for path in each]


# -- the lectures' numbers --------------------------------------------------------------------------------------------


def test_two_paths():
    """f = (x + y)·y at (2, 3): y has the paths 3·1 and 5, together 8."""
    paths = paths_of("a = x + y; f = a*y", {"x": 2, "y": 3})
    assert told(paths, paths.in_text()) == [("x a f", 3), ("y a f", 3), ("y f", 5)]
    assert paths.counts == {"x": 1, "y": 2}
    assert (paths.edges, paths.multiplications) == (4, 5)


def test_the_neuron_rounded_as_in_the_lecture():
    """∂L/∂w = (-0.5)(1)(0.1875)(1)(2) = -0.1875."""
    point = {"w": Fraction(1, 2), "x": 2, "b": Fraction(1, 10), "t": 1}
    paths = paths_of("z = w*x; s = z + b; a = sigmoid(s); e = a - t; L = e**2", point, Rounded(2), wrt=["w"])
    (path,) = paths.in_text()
    assert [paths.back.graph.name(node) for node in path.nodes] == ["w", "z", "s", "a", "e", "L"]
    assert [edge.local for edge in reversed(path.edges)] == [Fraction(-1, 2), 1, Fraction("0.1875"), 1, 2]
    assert paths.product(path) == Fraction("-0.1875")


def test_a_sum_of_powers():
    """y = x² + x³: dy/dx = 2x + 3x², one path each."""
    paths = paths_of("a = x**2; b = x**3; y = a + b", {"x": 5})
    assert told(paths, paths.in_text()) == [("x a y", 10), ("x b y", 75)]


def test_both_arguments_the_same():
    """x·x has two paths over the same nodes."""
    paths = paths_of("x*x", {"x": 5})
    assert [path.edges[0].argument for path in paths.in_text()] == [0, 1]
    assert [product for _, product in told(paths, paths.in_text())] == [5, 5]


# -- the sum of the products is the gradient ---------------------------------------------------------------------------


@examples(150)
@given(smooth_problems(RATIONAL, most=8))
def test_the_sum_is_the_gradient(problem):
    """In exact numbers, to the last digit, with an upstream gradient."""
    back = backward(forward(problem.graph, problem.point, Exact()), upstream=Fraction(-7, 3))
    paths = Paths(back)
    if paths.count > FEW:
        return
    found = {name: [] for name in problem.graph.inputs}
    names = {index: name for name, index in problem.graph.inputs.items()}
    for path in paths.in_text():
        found[names[path.start]].append(paths.product(path))
    for name, products in found.items():
        assert sum(products, Exact().number(0)) == paths.total(products) == back.gradient(name)
        assert len(products) == paths.counts[name]


def by_matrix(graph, wrt) -> dict[str, int]:
    """The number of paths per input: the entries of 1 + A + A² + … for the matrix A of uses."""
    size = len(graph)
    uses = [[0] * size for _ in range(size)]
    for target, arguments in enumerate(graph.arguments):
        for source in arguments:
            uses[source][target] += 1
    total = row = [int(i == graph.output) for i in range(size)]
    while any(row):
        row = [sum(uses[i][j] * row[j] for j in range(size)) for i in range(size)]
        total = [a + b for a, b in zip(total, row, strict=True)]
    return {name: total[index] for name, index in graph.inputs.items() if name in wrt}


@examples(150)
@given(smooth_problems(PLAIN, most=14))
def test_counted_without_being_listed(problem):
    """As many as powers of the adjacency matrix say, for some of the inputs too."""
    names = list(problem.graph.inputs)
    for wrt in (names, names[:1]):
        paths = Paths(backward(forward(problem.graph, problem.point), wrt))
        assert paths.counts == by_matrix(problem.graph, wrt)


def every_route(back):
    """The (target, argument) steps of every path, by recursion over the active edges."""
    uses = {}
    for edge in back.edges():
        if edge.active:
            uses.setdefault(edge.source, []).append((edge.target, edge.argument))

    def routes(node):
        if node == back.graph.output:
            return [()]
        return [((t, k), *rest) for t, k in sorted(uses.get(node, [])) for rest in routes(t)]

    inputs = [index for index in back.graph.inputs.values() if back.depends[index]]
    return [(start, *route) for start in inputs for route in routes(start)]


def route_of(path):
    """A path in the same form."""
    return (path.start, *((edge.target, edge.argument) for edge in path.edges))


@examples(250)
@given(any_problems(most=14))
def test_listed_in_the_order_of_the_text(problem):
    """Every path once, none over a closed branch; the multiplications are the sum of their lengths."""
    back = backward(forward(problem.graph, problem.point))
    paths = Paths(back)
    if paths.count > FEW:
        return
    expected = every_route(back)
    assert [route_of(path) for path in paths.in_text()] == expected
    assert paths.count == len(expected)
    assert paths.multiplications == sum(len(route) - 1 for route in expected)


# -- the largest first -------------------------------------------------------------------------------------------------


def size_of(path):
    """The size of a product: not finite before all, then by an exact product."""
    locals_ = [edge.local for edge in path.edges]
    if not all(map(math.isfinite, locals_)):
        return (1, 0)
    return (0, math.prod((abs(Fraction(local)) for local in locals_), start=Fraction(1)))


@examples(250)
@given(any_problems(most=14))
def test_sizes_fall(problem):
    """All paths, each once, none larger than the one before by more than rounding; ends of IEEE 754 included."""
    paths = Paths(backward(forward(problem.graph, problem.point)))
    if paths.count > FEW:
        return
    ranked = list(paths.by_size())
    assert sorted(map(route_of, ranked)) == sorted(map(route_of, paths.in_text()))
    sizes = [size_of(path) for path in ranked]
    for (kind, size), (next_kind, next_size) in itertools.pairwise(sizes):
        assert kind >= next_kind
        assert kind != next_kind or next_size <= size * (1 + Fraction(1, 10**12))


@examples(100)
@given(smooth_problems(RATIONAL, most=9))
def test_exact_sizes_are_sorted_exactly(problem):
    """In fractions the order is that of a stable sort of the whole list, ties in the order of the text."""
    paths = Paths(backward(forward(problem.graph, problem.point, Exact())))
    if paths.count <= FEW:
        expected = sorted(paths.in_text(), key=lambda path: -abs(paths.product(path)))
        assert list(map(route_of, paths.by_size())) == list(map(route_of, expected))


@pytest.mark.parametrize("system", [FLOATS, Digits(30), Exact()], ids=lambda system: system.name)
def test_the_largest_of_many(system):
    """2**60 paths with factors 2 to 61 or 1: the first takes all, the next leave out the smallest ones."""
    ladder = "; ".join(["a = x", *(f"a = {factor}*a + a" for factor in range(2, 62))])
    paths = paths_of(ladder, {"x": 1}, system)
    assert paths.count == 2**60
    found = [paths.product(path) for path in itertools.islice(paths.by_size(), 6)]
    whole = math.factorial(61)
    ratios = [float(system.number(whole) * (1 / system.to_float(product))) for product in found]
    assert ratios == pytest.approx([1, 2, 3, 4, 5, 6], rel=1e-12)


def test_products_beyond_the_range_of_floats():
    """Their sizes are still told apart."""
    text = "x + 1e-200*(1e-200*x) + 1e200*(1e200*x) + 1e200*(1e250*x) + 1e-200*(1e-250*x)"
    paths = paths_of(text, {"x": 1})
    products = [product for _, product in told(paths, paths.by_size())]
    assert products == [math.inf, math.inf, 1, 0, 0]
    exponents = [round(sum(math.log10(edge.local) for edge in path.edges)) for path in paths.by_size()]
    assert exponents == [450, 400, 0, -400, -450]


def test_signs_do_not_count():
    """The largest magnitude comes first, on whichever side of 0 it is."""
    paths = paths_of("3*x + (-3.9)*x + 3.5*x + (-3.7)*x", {"x": 1})
    assert [product for _, product in told(paths, paths.by_size())] == [-3.9, -3.7, 3.5, 3]


def test_infinite_factors_first_zeros_last():
    """inf, and 0·inf, before all numbers; a factor 0 after all others."""
    paths = paths_of("sqrt(x)*x + 5*y - relu(y - 3)", {"x": 0, "y": 1})
    first_steps = [name.split()[:2] for name, _ in told(paths, paths.by_size())]
    assert first_steps == [["x", "v1"], ["y", "v3"], ["x", "v2"], ["y", "v5"]]


# -- numbers of paths --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 7, 53, 10_000])
def test_diamonds(count):
    """n diamonds behind a copy: 2**n paths of n + 1 edges, over 2n + 1 edges."""
    text = "\n".join(["a = x", *["a = a*a"] * count])
    paths = Paths(backward(forward(parse(text, limits=FILE), {"x": 1})))
    assert paths.counts == {"x": 2**count}
    assert paths.edges == 2 * count + 1
    assert paths.multiplications == (count + 1) * 2**count
    assert len(next(paths.in_text()).edges) == count + 1
    assert len(next(paths.by_size()).edges) == count + 1


def test_closed_branches_are_on_no_path():
    """Neither the condition nor the branch not taken; a node that only they lead to is no way."""
    paths = paths_of("u = x*y; v = u if z > 0 else 3*z; v*x", {"x": 2, "y": 3, "z": -1})
    assert told(paths, paths.in_text()) == [("x f", -3), ("z v2 v f", 6)]
    assert paths.counts == {"x": 1, "y": 0, "z": 1}
    assert len(paths.closed) == 2


def test_counts_in_words_and_digits():
    """Short for people, all digits for machines, a text where a reader of JSON might round."""
    draw = random.Random(7)
    assert [count_text(n) for n in (0, 2**20, 2**1000, 3**1000)] == [
        "0",
        "1,048,576",
        "2^1000 ≈ 1.07e301",
        "≈ 1.32e477",
    ]
    assert count_text(9_999 * 10**12) == count_text(10**16 - 1) == "≈ 1.00e16"
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        for bits in (1, 400, 512, 513, 5_000, 40_001):
            number = draw.getrandbits(bits) | 1 << (bits - 1)
            assert all_digits(number) == str(number)
    finally:
        sys.set_int_max_str_digits(before)
    assert count_record(2**53) == 2**53
    assert count_record(2**53 + 1) == "9007199254740993"


# -- the command ------------------------------------------------------------------------------------------------------

DIAMONDS = "; ".join(["a = x", *["a = a*a"] * 70])


def test_the_record(gradcli):
    """Every path that is listed, what is left out, what both ways cost."""
    record = json.loads(gradcli("paths", "(x+y)*y", "--x", "2", "--y", "3", "--limit", "2", "--json").out)
    assert record["inputs"]["x"] == {"value": 2, "gradient": 3, "paths": 1, "listed": 1, "sum": 3}
    assert record["inputs"]["y"] == {"value": 3, "gradient": 8, "paths": 2, "listed": 1}
    assert record["paths"][1] == {
        "input": "y", "nodes": ["y", "v1", "f"], "arguments": [1, 0], "locals": [1, 3], "local_expressions": ["1", "y"],
        "product": 3,
    }  # fmt: skip
    assert (record["count"], record["left_out"], record["edges"]) == (3, 1, 4)
    assert record["multiplications"] == {"paths": 5, "edges": 4}
    large = json.loads(gradcli("paths", DIAMONDS, "--x", "1", "--limit", "0", "--json").out)
    assert (large["count"], large["left_out"], large["paths"]) == (str(2**70), str(2**70), [])
    assert large["inputs"]["x"]["paths"] == str(2**70)
    assert large["multiplications"] == {"paths": str(71 * 2**70), "edges": 141}


def test_data_tables_and_bare_numbers(gradcli):
    """The factors of a row read back as its product."""
    args = ("paths", "(x - y)*y*sin(x)", "--x", "2", "--y", "-3")
    rows = [line.split("\t") for line in gradcli(*args, "--format", "plain").out.splitlines()]
    assert [row[0] for row in rows] == ["x", "x", "y", "y"]
    for _, _, _, factors, product in rows:
        assert gradcli("forward", factors, "--get", "f").out == f"{product}\n"
    assert gradcli(*args, "--csv", "--table", "inputs").out.splitlines()[1].endswith(",2")
    assert gradcli("paths", DIAMONDS, "--x", "1", "--get", "x.paths,a.edges,x").out == f"{2**70}\n141\n{2.0**70}\n"


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (["(x+y)*y", "--x", "2", "--y", "3"], ["∂f/∂y = 3 + 5 = 8", "3 paths over 4 edges.",
          "Backpropagation multiplies once per edge, not once per path."]),
        (["(x+y)*y", "--at", "x=2,y=3", "--limit", "2"], ["the sum over 2 paths", "; the first 2 listed."]),
        ([DIAMONDS, "--x", "1", "--sort", "size"], ["2^70 ≈ 1.18e21 paths over 141 edges; the 20 with the largest"]),
        (["(x+y)*y", "--x", "2", "--y=-3", "--upstream", "2"],
         ["2·(-3)·1", "gradient of y = -6 + (-2) = -8", "upstream gradient 2."]),
        (["x*y", "--x", "2", "--y", "3", "--wrt", "y"], ["∂f/∂y = 2\n1 path over 1 edge.\n"]),
        (["z = y; 2*x", "--x", "2", "--y", "3"], ["∂f/∂y = 0   no path leads from y to f"]),
        (["2*3"], ["There is no path from an input to f."]),
        (["x", "--x", "2"], ["1 path over 0 edges."]),
        (["x**2*y + sin(x*y)"], ["1·y·(2·x)", "∂f/∂x = y·(2·x) + cos(x·y)·y = 2·x·y + y·cos(x·y)"]),
        (["x*(y + y)"], ["∂f/∂y = x + x\n", "v1[2]: into v1 as its argument 2"]),
        (["(x+y)*y", "--x", "1/10", "--y", "1/7", "--exact"], ["∂f/∂y = 1/7 + 17/70 = 27/70 ≈ 0.385714"]),
        (["u = 0.3*x; 1.5*u + 1.5*u", "--x", "1", "--round-all", "1"],
          ["∂f/∂x = 0.5 + 0.5 = 1", "rounded otherwise in the backward pass: 0.9"]),
        (["log(x) if x > 0 else x**2", "--x", "-1"], ["so on no path: v1 → f, v2 → f."]),
    ],
)  # fmt: skip
def test_what_people_read(gradcli, args, lines):
    """The sums, the counts, and what has to be said besides."""
    out = gradcli("paths", *args).out
    assert [line for line in lines if line not in out] == []


def test_refused(gradcli):
    """Sizes without numbers, more edges than anybody reads, a number below 0."""
    assert "needs numbers" in gradcli("paths", "x*y", "--sort", "size").err
    many = gradcli("paths", "; ".join(["a = x", *["a = a*a"] * 1000]), "--x", "1", "--limit", "3000")
    assert (many.status, many.out) == (2, "")
    assert "--limit 1998 lists fewer" in many.err
    assert gradcli("paths", "x", "--x", "1", "--limit", "-1").status == 2


def test_a_row_a_formula(gradcli, tmp_path):
    """--each answers a file."""
    file = tmp_path / "q.csv"
    file.write_text("id,formula,x\na,x*x,2\nb,x*,3\n", encoding="utf-8")
    result = gradcli("paths", "--each", str(file), "--json")
    assert result.status == 2
    assert [(record["id"], record["count"]) for record in map(json.loads, result.out.splitlines())] == [("a", 2)]
