"""The worked solution: what it says is true, complete, readable in every format, and bounded."""

import json
import math
import re
import shutil
import subprocess
from html.parser import HTMLParser
from xml.dom import minidom

import golden
import pytest
from strategies import ANALYTIC, examples, given, smooth_problems

from gradcli import forward, parse
from gradcli.analysis.paths import Paths
from gradcli.passes import backward
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import Dialect
from gradcli.report import Style
from gradcli.report.blocks import Equations, Heading, Sentence
from gradcli.report.explain.material import Material, Wishes
from gradcli.report.explain.solution import Solution
from gradcli.report.formulas import Formula, told
from gradcli.report.passes.trace import Trace

NEURON = ("(sigmoid(w*x+b)-t)**2", "--at", "w=0.5,x=2,b=0.1", "--const", "t=1")
TITLES = ["1 Steps", "2 Forward", "3 Backward", "4 Add up", "5 Formulas", "6 What it means"]


ALL = Wishes(40, expand=True)


def solution(text: str, point, wishes=ALL, digits=17, **more) -> Solution:
    """The solution of a formula at a point."""
    graph = text if not isinstance(text, str) else parse(text)
    back = backward(forward(graph, point), more.get("wrt"), more.get("upstream", 1))
    return Solution(Trace(back.forward, back, style=Style(digits)), wishes, more.get("start", graph.output))


def formulas(found: Solution) -> list[Formula]:
    """Every formula of a solution, wherever it stands."""
    every = []
    for block in found.blocks(0):
        parts = block.rows if isinstance(block, Equations) else block.parts
        every += [part for part in parts if isinstance(part, Formula)]
    return every


NAMED = ascii.DIALECT._replace(derivative=lambda above, below: f"D_{above}_{below}")
"""A dialect in which a derivative is one name, so that a formula with derivatives can be read."""


def known(found: Solution) -> dict[str, float | None]:
    """What every name of a solution is worth; None for a derivative that means one thing here and another there."""
    back, graph, write = found.trace.back, found.trace.graph, Material(found.trace, found.wishes, found.start).write
    worth: dict[str, float | None] = {graph.name(i): value for i, value in enumerate(back.forward.values)}
    for edge in found.trace.edges:
        name = f"D_{graph.name(edge.target)}_{graph.name(edge.source)}"
        worth[name] = None if write.is_ambiguous(edge) else edge.local
    for i, gradient in enumerate(back.gradients):
        if gradient is not None:
            name = f"D_{write.letter}_{graph.name(i)}"
            worth[name] = gradient if worth.get(name, gradient) is not None else None
    return worth


ANY = 1.375
"""What a letter stands for that is no node's; a function that has no value there is left out."""


def worth_of(text: str, names: dict[str, float | None]) -> float | None:
    """The value of one side of an equation; a letter that is no node's stands for any number."""
    graph = parse(text, names=names)
    if any(names.get(name, 0) is None for name in graph.inputs):
        return None
    value = forward(graph, {name: names.get(name, ANY) for name in graph.inputs}).value
    return None if math.isnan(value) and not names.keys() >= graph.inputs.keys() else value


def untrue(found: Solution) -> list[str]:
    """The equations whose sides differ."""
    names, wrong = known(found), []
    for each in formulas(found):
        values = [worth_of(text, names) for text in each.texts(NAMED)]
        numbers = [value for value in values if value is not None]
        if not all(math.isclose(a, numbers[0], rel_tol=1e-7, abs_tol=1e-9) for a in numbers):
            wrong.append(f"{each.line(unicode.DIALECT)}: {values}")
    return wrong


@given(smooth_problems(ANALYTIC))
@examples(120)
def test_every_equation_is_true(problem):
    """Every side of every equation of a random solution has the value of the others."""
    assert untrue(solution(problem.graph, problem.point)) == []


@pytest.mark.parametrize("text", ["(x+y)*y", "x*x/x", "a = x*y; b = a*a + x; b*b - y", "max(x, y)*relu(x) + |y|*x"])
@pytest.mark.parametrize("more", [{}, {"upstream": -3.0}, {"wrt": ["y"]}])
def test_every_equation_is_true_in_every_part(text, more):
    """Also with an upstream gradient, for some inputs, and where names stand for two things."""
    more = {name: value for name, value in more.items() if name != "wrt" or "y" in text}
    found = solution(text, {"x": 2.0, "y": 3.0}, **more)
    assert untrue(found) == []
    assert len(formulas(found)) > 10


def test_the_oracle_sees_a_wrong_number():
    """An equation with another number in it is found."""
    found = solution("(x+y)*y", {"x": 2.0, "y": 3.0})
    found.trace.edges[0] = found.trace.edges[0]._replace(contribution=4.0)
    assert len(untrue(found)) > 0


def test_the_neuron_by_hand(gradcli):
    """Every number of the neuron: values, local derivatives and gradients, from the textbook's formulas."""
    w, x, b, t = 0.5, 2.0, 0.1, 1.0
    z = w * x
    s = z + b
    a = 1 / (1 + math.exp(-s))
    e = a - t
    slope = 2 * e * a * (1 - a)
    expected = {"v1": z, "v2": s, "v3": a, "v4": e, "f": e * e, "∂f/∂v4": 2 * e, "∂v3/∂v2": a * (1 - a)}
    expected |= {"∂f/∂v3": 2 * e, "∂f/∂v2": slope, "∂f/∂v1": slope, "∂f/∂b": slope, "∂f/∂w": slope * x}
    expected |= {"∂f/∂x": slope * w, "∂v1/∂w": x, "∂v1/∂x": w, "∂v2/∂v1": 1, "∂v2/∂b": 1, "∂v4/∂v3": 1, "∂f/∂f": 1}
    found: dict[str, list[float]] = {}
    for line in gradcli("explain", *NEURON).out.splitlines()[1:]:
        equation = re.match(r" +(?:(?:Receive|Multiply|Start) +)?(\S+) +[=≈] (.*)", line.partition(":")[0])
        if equation and equation[1] in expected:
            number = re.split(" [=≈] ", equation[2])[-1].strip(" .")
            if re.fullmatch("[-0-9.e]+", number):
                found.setdefault(equation[1], []).append(float(number))
    assert found.keys() == expected.keys()
    for name, numbers in found.items():
        assert numbers == pytest.approx([expected[name]] * len(numbers), rel=1e-5), name


def test_the_lecture_with_two_decimals(gradcli):
    """With --round 2 the lecture's own numbers stand in the text, the true ones beside."""
    out = gradcli("explain", *NEURON, "--round", "2").out
    for said in ("σ(1.1)   ≈ 0.75\n", "= 0.75·(1 - 0.75) = 0.1875", "= (-0.25)² = 0.0625", "∂f/∂w = -0.1875 (without"):
        assert said in out
    assert "without rounding -0.187175" in out


WAYS = [[], ["--exact"], ["--precision", "20"], ["--round", "2"], ["--upstream", "2"], ["--wrt", "w"], ["--expand"]]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_every_section_is_there(gradcli, way):
    """The sections in order, at a point and in formulas; the record has the same."""
    titles = TITLES if "--expand" not in way else [*TITLES[:5], "6 All paths", "7 What it means"]
    result = gradcli("explain", *NEURON, *way)
    assert (result.status, result.err) == (0, "")
    assert [line for line in result.out.splitlines() if re.match("[0-9] ", line)] == titles
    record = json.loads(gradcli("explain", *NEURON, *way, "--json").out)
    assert [section["title"] for section in record["sections"]] == titles


def test_nothing_has_a_value(gradcli):
    """Formulas instead of numbers; each gradient tidied where that is shorter; only --symbolic names keep a letter."""
    out = gradcli("explain", "(x+y)*y").out
    assert "∂f/∂y = y + (x + y) = x + 2·y" in out
    assert "∂f/∂y = x = 3\n" in gradcli("explain", "x*y", "--symbolic", "--x", "3").out


def test_at_every_node(gradcli):
    """Receive, the rule by its name, multiply, pass on: once a node, the rule's sentence in full once."""
    out = gradcli("explain", "x*y*x", "--x", "2", "--y", "3").out
    for label in ("Receive", "Rule", "Multiply", "Pass on"):
        assert len(re.findall(rf"^    {label} ", out, re.MULTILINE)) == 2
    assert len(re.findall(r"Multiply swaps: each factor receives", out)) == 1
    assert "    Pass on   2 to v1, 6 to x (a contribution).\n" in out
    assert "    Pass on   6 to x (a contribution), 4 to y.\n" in out
    assert "∂f/∂x = ∂f/∂v1·∂v1/∂x + ∂f/∂f·v1 = 6 + 6 = 12   (2 uses)" in out


RULES = [
    ("x+y", "Add distributes: each term receives the upstream gradient as it is."),
    ("x-y", "Subtract distributes: the first term receives the upstream gradient as it is, the second one with the"),
    ("x*y", "Multiply swaps: each factor receives the upstream gradient times the other factor."),
    ("max(x, y)", "Max routes: the upstream gradient goes to the argument that was chosen, nothing to the others."),
    ("relu(x)", "Relu gates: an open gate passes the upstream gradient, a closed one stops it. Here it is open."),
    ("relu(-x)", "Here it is closed."),
    (
        "x if x > y else y",
        "Where routes: the whole upstream gradient goes to the branch that was taken, nothing to the",
    ),
    ("x if x > y else y", "nothing to v1 (only the condition), nothing to x (not taken), 1 to y."),
    ("relu(x - 2)", "At a corner there is no derivative; used: relu'(0) = 0."),
    (
        "relu(x - 2)",
        "there is a corner on the way, so f may change otherwise; by the convention gradient descent does not",
    ),
    ("relu(x - 2) + y", "∂f/∂y = 1: raise y by 0.01 and f rises"),
    ("x*0 + y", "∂f/∂x = 0: raise x a little and f hardly changes; gradient descent does not change x."),
    ("y = x; z*2", "No path leads from x to f: ∂f/∂x = 0."),
    ("sqrt(x)", "Sqrt scales the upstream gradient by its local derivative."),
    ("sigmoid(x)", "σ(a) = 1/(1 + exp(-a)) is the sigmoid function."),
    ("3 - x", "∂f/∂x = -1: raise x by 0.01 and f falls by about 0.01; gradient descent raises x."),
    ("x*y", "raise y by 0.01 and f rises by about 0.02; gradient descent lowers y."),
]


@pytest.mark.parametrize(("text", "said"), RULES, ids=[f"{text}: {said[:20]}" for text, said in RULES])
def test_what_is_said(gradcli, text, said):
    """The rules in words, the corners, what is closed, what a gradient means."""
    values = [f"--{name}={value}" for name, value in (("x", 2), ("y", 3), ("z", 4)) if name in parse(text).inputs]
    out = " ".join(gradcli("explain", text, *values, "--descend").out.split())
    assert said in out
    assert "descent" not in gradcli("explain", text, *values).out


def test_from_a_node(gradcli):
    """--from tells the backward pass from that node on; a gradient with a part from elsewhere keeps its whole sum."""
    args = ("a = x*y; b = a*a + x; f = b*b", "--x", "2", "--y", "3")
    out = gradcli("explain", *args, "--from", "a").out
    assert "The gradient that arrives at a is known: ∂f/∂a = 912." in out
    assert "  a = x·y\n    Receive   ∂f/∂a = 912." in out
    assert "b = v1 + x\n    Receive" not in out
    assert "∂f/∂x = ∂f/∂a·∂a/∂x + ∂f/∂b·∂b/∂x = 2736 + 76 = 2812" in out
    for wrong, hint in (("q", "its nodes: a, v1, b, f"), ("x", "--wrt x")):
        result = gradcli("explain", *args, "--from", wrong)
        assert (result.status, result.out) == (2, "")
        assert hint in result.err


def test_brief_is_one_line_a_node(gradcli):
    """--brief: as many lines for the backward pass as there are operations."""
    out = gradcli("explain", *NEURON, "--brief").out
    section = out.partition("2 Backward\n")[2].partition("\n\n")[0]
    assert len(re.findall(r"\((?:square|subtract|sigmoid|add|multiply)\): ", section)) == 5
    assert len(out) < len(gradcli("explain", *NEURON).out) / 2


# -- all paths --------------------------------------------------------------------------------------------------------


def listed(edges, start, inputs):
    """Every path down from `start`, one by one: the number of its edges."""
    lengths, stack = [], [(start, 0)]
    while stack:
        node, length = stack.pop()
        if node in inputs:
            lengths.append(length)
        stack += [(edge.source, length + 1) for edge in edges if edge.target == node and edge.active]
    return lengths


@given(smooth_problems(ANALYTIC, most=8))
@examples(60)
def test_paths_are_counted(problem):
    """The number of paths and what they cost, against a walk along every one of them."""
    found = solution(problem.graph, problem.point)
    lengths = listed(found.trace.edges, found.start, set(problem.graph.inputs.values()))
    paths = Paths(found.trace.back, found.trace.edges, found.start)
    assert (paths.count, paths.multiplications) == (len(lengths), sum(lengths))


def test_the_nested_sum(gradcli):
    """The sum over paths as the lecture writes it, with its numbers, and its cost against the graph."""
    out = gradcli("explain", "a = x²; b = x³; c = a*b; f = c*c", "--x", "2", "--expand").out
    assert "·(∂c/∂a·∂a/∂x + ∂c/∂b·∂b/∂x)" in out
    diamonds = "; ".join(["a0 = x", *(f"a{i} = sin(a{i - 1}) + cos(a{i - 1})" for i in range(1, 41)), "a40*1"])
    out = " ".join(
        gradcli("explain", diamonds.replace("a0 = x; ", "").replace("a0", "x"), "--x", "1", "--expand").out.split()
    )
    assert "The nested sum for x would be too long to write out." in out
    assert f"There are {2**40:,} paths" in out
    assert f"the graph costs {40 * 4 + 1} multiplications" in out  # a sum, its two functions twice, the last product


@pytest.mark.parametrize("text", ["(x + y)*y", "a = x²; b = x³; a*b", "sin(x)", "x if x > 0 else y"])
def test_the_cost_of_paths_is_told_alike(gradcli, text):
    """`explain --expand` and `paths` count the same multiplications, and one path is not many."""
    values = ("--at", "x=2,y=3") if "y" in text else ("--x", "2")
    record = json.loads(gradcli("paths", text, *values, "--json").out)["multiplications"]
    told = " ".join(gradcli("explain", text, *values, "--expand").out.split())
    alone = "It costs" if "1 path from" in told else "One by one they cost"
    counts = [f"{count} multiplication{'s' * (count != 1)}" for count in (record["paths"], record["edges"])]
    assert f"{alone} {counts[0]}; the graph costs {counts[1]}: " in told


# -- large graphs -----------------------------------------------------------------------------------------------------


def test_a_large_graph_is_abbreviated(gradcli, tmp_path):
    """10,000 operations: the first and the last ones, with a line that says what is left out."""
    path = tmp_path / "long.txt"
    path.write_text("\n".join(["a = x", *["a = sin(a)"] * 10_000]), encoding="utf-8")
    out = gradcli("explain", "--file", str(path), "--x", "0.5", "--expand").out
    assert "… 9,961 more of them are left out: --rows 10001 shows all …" in out
    assert "… 9,961 more nodes are left out: --rows 10001 shows all …" in out
    assert out.count("\n") < 500
    assert len(gradcli("explain", "--file", str(path), "--x", "0.5", "--rows", "4").out) < len(out) / 4


def test_ten_lines_are_never_expanded(gradcli):
    """`a = a*a + a` ten times: a line a node, no formula of a thousand terms."""
    text = "; ".join(["a = x*x + x", *["a = a*a + a"] * 9])
    for values in ([], ["--x", "0.5"]):
        out = gradcli("explain", text, "--expand", *values).out
        assert len(re.findall(r"^  (?:a|v)\S* += ", out, re.MULTILINE)) == 20
        assert max(map(len, out.splitlines())) <= 120
        assert "The formula of x is too long to write out" in out


# -- formats ----------------------------------------------------------------------------------------------------------

ASKED = {
    **{name: (*args, "--expand") for name, args in golden.FORMULAS.items()},
    "open": ("(x+y)/y if x > 0 else relu(w_in)*θ", "--expand"),
    "again": ("a = x*x; a = a*a + x; a", "--x", "2", "--expand"),
    "exact": ("(x+y)/3*sqrt(y)", "--x", "0.1", "--y", "2", "--exact", "--expand"),
    "upstream": ("a_1 = x*loss; exp(a_1)/x", "--x", "2", "--loss", "1e-5", "--upstream", "3", "--expand"),
}


class Reader(HTMLParser):
    """Reads a page: every tag that is opened is closed, in order."""

    VOID = ("meta", "!doctype")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs):
        """A tag begins."""
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """A tag ends: the one that was opened last."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", ASKED)
def test_the_page(gradcli, name):
    """Well-formed, without scripts or links, headings in order; its formulas are well-formed MathML."""
    text = gradcli("explain", *ASKED[name], "--format", "html").out
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    assert "script" not in reader.tags
    assert reader.tags.count("h2") == (2 if name == "domain" else 7)
    for formula in re.findall("<math.*?</math>", text, re.DOTALL):
        minidom.parseString(re.sub(r"&#x?[0-9a-f]+;", " ", formula))  # noqa: S318  (our own text)


def test_markdown(gradcli):
    """Headings, formulas between dollar signs; every sign of Markdown outside of them is escaped."""
    text = gradcli("explain", *NEURON, "--format", "markdown").out
    assert [line for line in text.splitlines() if line.startswith("## ")] == [f"## {title}" for title in TITLES]
    assert r"**Receive** $\frac{\partial f}{\partial f} = 1$." in text
    assert text.count("$$") % 2 == 0
    outside = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", text, flags=re.DOTALL)
    assert "\\frac" not in outside
    assert "$" not in outside


def test_fragment(gradcli):
    """--fragment leaves out the document around the text, and nothing of the text."""
    whole = gradcli("explain", *NEURON, "--format", "latex").out
    fragment = gradcli("explain", *NEURON, "--format", "latex", "--fragment").out
    assert whole.replace("\\end{document}\n", "").endswith(fragment)
    assert "documentclass" not in fragment
    assert r"\begin{align*}" in fragment
    assert gradcli("explain", *NEURON, "--fragment").status == 2


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here: LaTeX is not compiled")
def test_latex_compiles(gradcli, tmp_path):
    """Every solution, as fragments of one document, with plain TeX Live; no line runs far into the margin."""
    head = gradcli("explain", *NEURON, "--format", "latex").out.partition("\\[")[0]
    parts = [gradcli("explain", *args, "--format", "latex", "--fragment").out for args in ASKED.values()]
    parts.append(gradcli("explain", *NEURON, "--brief", "--format", "latex", "--fragment").out)
    (tmp_path / "a.tex").write_text(head + "\n\\clearpage\n".join(parts) + "\\end{document}\n", encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=tmp_path, capture_output=True
    )
    log = done.stdout.decode("latin-1")
    assert done.returncode == 0, log[-2000:]
    assert [float(width) for width in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", log) if float(width) > 20] == []


def test_formats_without_a_text_are_refused(gradcli):
    """csv, tsv and plain hold tables; --get and --table belong to them."""
    for way in ("csv", "tsv", "plain"):
        result = gradcli("explain", *NEURON, "--format", way)
        assert (result.status, result.out) == (2, "")
        assert f"gradcli backward --format {way}" in result.err
    for option in (["--get", "x"], ["--csv"], ["--table", "nodes"], ["--rows", "1"]):
        assert gradcli("explain", *NEURON, *option).status == 2


def test_a_row_a_formula(gradcli, tmp_path):
    """--each writes one solution a row."""
    path = tmp_path / "q.csv"
    path.write_text("id,formula,x,y\nfirst,x*y,2,3\nsecond,x+y,1,1\n", encoding="utf-8")
    for way, count in ((["--format", "table"], 12), (["--format", "markdown"], 12)):
        out = gradcli("explain", "--each", str(path), *way).out
        assert len(re.findall(r"^(?:## )?[1-6] [A-Z]", out, re.MULTILINE)) == count
    assert [json.loads(line)["id"] for line in gradcli("explain", "--each", str(path), "--json").out.splitlines()] == [
        "first", "second"
    ]  # fmt: skip


def test_a_dialect_never_gets_the_text_of_another():
    """Headings and sentences hold words and formulas; words hold no derivative, root, sign or number of a node."""
    for text in ("(x+y)*y", "sqrt(x)*σ(y)", "relu(x) + |y|"):
        for block in solution(text, {"x": 2.0, "y": 3.0}).blocks(0):
            if isinstance(block, Sentence | Heading):
                words = "".join(part for part in block.parts if isinstance(part, str))
                assert not re.search(r"[∂·√σ²=≈\\$]", words), words


def test_the_dialect_is_asked_for_every_name():
    """A sentence in a dialect of one's own: names, numbers and derivatives go through it."""
    mine = Dialect(name=lambda name: f"<{name}>", derivative=lambda above, below: f"{above}:{below}")
    (row,) = next(b for b in solution("x*y", {"x": 2.0, "y": 3.0}).blocks(0) if isinstance(b, Equations)).rows
    assert told([row], mine) == "<f> = <x>*<y>"


@pytest.mark.parametrize("text", ["x", "2", "pi"])
def test_a_leaf_has_a_solution(gradcli, text):
    """A formula without an operation says so, in every section."""
    out = gradcli("explain", text, *(["--x", "2"] if "x" in text else [])).out
    assert "There is no operation here" in out
    assert len(re.findall(r"^[1-6] ", out, re.MULTILINE)) == 6


@pytest.mark.parametrize(
    ("args", "last"),
    [
        (["log(x)", "--x", "-1"], "f = log(-1) is not a real number: log takes numbers larger than 0."),
        (
            ["y*sqrt(x) + exp(x)", "--x", "-4", "--y", "2"],
            "v1 = √(-4) is not a real number: sqrt takes numbers from 0 on.",
        ),
        (["asin(2*x)", "--x", "1"], "f = asin(2) is not a real number: asin takes numbers from -1 to 1."),
        (["1/x", "--x", "0"], "f = 1/0 is infinite: a division takes no second number 0."),
        (["log(x)", "--x", "-1", "--exact"], "f = log(-1) is not a real number: log takes numbers larger than 0."),
    ],
)
def test_a_value_that_is_no_number_ends_the_solution(gradcli, args, last):
    """There is nothing to go back from: no local derivative is made of it, and it is said why."""
    result = gradcli("explain", *args)
    text = re.sub(r"\s+", " ", result.out)
    assert last in text
    assert text.rstrip().endswith("There is nothing to go back from: the gradients have no value here.")
    assert "Backward" not in text
    assert result.status == 3


def test_a_closed_branch_without_a_value_does_not_end_it(gradcli):
    """log(-1) stands in the branch that is not taken."""
    assert "∂f/∂x = 1" in gradcli("explain", "where(x > 0, log(x), x)", "--x", "-1").out


def test_an_overflow_does_not_end_it(gradcli):
    """exp(1000) is a real number; only a float cannot hold it."""
    assert "Backward" in gradcli("explain", "exp(x)", "--x", "1000").out
