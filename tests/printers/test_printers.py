"""What a printer writes reads back to the same graph, holds no bracket too many, and is good text of its notation."""

import json
import math
import random
import re
import shutil
import struct
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import strategies
from against_sympy import FORMULAS, fixtures
from test_fuzz import EXAMPLES, any_text, structure

from gradcli import GradcliError, backward, export, forward, parse
from gradcli.errors import UsageError, visible
from gradcli.language.latex.commands import ELSE_WORDS
from gradcli.ops import OPERATIONS
from gradcli.printers import ascii, dialects, latex, mathml, typst, unicode
from gradcli.printers.expression import program, statements, suited
from gradcli.programs.functions import module
from gradcli.programs.languages import languages, python, sympy
from gradcli.programs.lowering import lowered
from gradcli.report import schema

READ = {
    "ascii": ascii.DIALECT,
    "unicode": unicode.DIALECT,
    "python": python.LANGUAGE.dialect,
    "sympy": sympy.LANGUAGE.dialect,
}
"""Dialects that the parser of formulas reads."""

TYPED = [line.split(" | ")[0] for line in (FORMULAS / "normal.txt").read_text(encoding="utf-8").splitlines()
         if not line.startswith("##") and line.strip()]  # fmt: skip
TYPED += [fixture.typed for fixture in fixtures("lectures.txt") if not fixture.names]


def graphs(texts):
    """The graphs of those texts that are formulas."""
    found = []
    for text in texts:
        try:
            found.append(parse(text.replace("⏎", "\n")))
        except GradcliError:
            continue
    return found


GRAPHS = graphs(TYPED)


def normal(graph):
    """What the output is made of; numbers by their value, names without what a notation had to add to them."""
    nodes, _, defaults = structure(graph)

    def name(text):
        return re.sub(r"_0$|_(?=[0-9])", "", text or "")

    def leaf(operation, text):
        constant = operation == "constant" and text not in ("pi", "e")
        return float(text) if constant else name(text)

    return (
        [(operation, arguments, leaf(operation, text)) for operation, arguments, text in nodes],
        {name(each): float(text) for each, text in defaults.items() if text not in ("pi", "e")},
    )


def tree(graph):
    """What the output is made of, whether parts are shared or not."""
    nodes, _ = normal(graph)
    found = []
    for operation, arguments, text in nodes:
        found.append(hash((operation, text, *(found[a] for a in arguments))))
    return found[-1]


def read_back(graph, dialect):
    """What is printed, read again."""
    names = [dialect.name(name) for name in graph.inputs]
    text = "\n".join(f"{name} = {text}" if name else text for name, text in statements(graph, dialect))
    return text, parse(text, names=names)


def check_read_back(graph, name):
    """The graph, or for SymPy the graph in the operations it has, is read back."""
    dialect = READ[name]
    if name == "sympy":
        try:
            graph, _ = lowered(graph, [graph.output], sympy.LANGUAGE)
        except UsageError:
            return
    if name == "sympy" and "e" in graph.texts.values():
        return  # SymPy's E is a plain name here
    text, again = read_back(graph, dialect)
    same = tree if name == "sympy" else normal
    assert same(again) == same(graph), text


@pytest.mark.parametrize("name", READ)
def test_formulas_are_read_back(name):
    """Every formula of the fixtures."""
    for graph in GRAPHS:
        check_read_back(graph, name)


@pytest.mark.parametrize("name", ["python", "sympy"])
def test_any_text_that_is_a_formula_is_read_back(name):
    """Pieces of formulas put together at random; ascii and unicode are tried in test_fuzz."""
    draw = random.Random(7)
    texts = [any_text(draw) for _ in range(1_500)] + EXAMPLES
    for graph in graphs(texts):
        check_read_back(graph, name)


@pytest.mark.parametrize("name", READ)
@strategies.examples(60)
@strategies.given(strategies.smooth_problems())
def test_graphs_of_every_operation_are_read_back(name, problem):
    """Random graphs, typed as ASCII first so that they hold what can be typed.

    SymPy has no copy of a number: one without a name is the number itself in its code.
    """
    graph = parse(program(problem.graph, ascii.DIALECT), names=list(problem.graph.inputs))
    if name != "sympy" or "copy" not in graph.operations:
        check_read_back(graph, name)


def pairs(text):
    """The places of brackets that no function stands before, and that do not keep two signs apart."""
    stack, found = [], []
    for place, character in enumerate(text):
        if character == "(":
            stack.append(place)
        elif character == ")":
            start = stack.pop()
            called = re.search(r"[\w√']$", text[:start])
            if not called and not re.match(r"\((?:-|−)", text[start:]):
                found.append((start, place))
    return found


@pytest.mark.parametrize("name", ["ascii", "unicode"])
def test_no_bracket_can_be_left_out(name):
    """Without any one pair the text means something else, or nothing."""
    count = 0
    for graph in [*GRAPHS, *graphs(EXAMPLES)]:
        text = program(graph, READ[name])
        for start, end in pairs(text):
            without = text[:start] + text[start + 1 : end] + text[end + 1 :]
            count += 1
            try:
                again = parse(without, names=list(graph.inputs))
            except GradcliError:
                continue
            assert normal(again) != normal(graph), text
    assert count > 50


def test_the_dialects():
    """The files that spell operations, and no others."""
    assert list(dialects()) == ["ascii", "latex", "mathml", "typst", "unicode"]
    assert list(languages()) == ["python", "sympy"]
    assert list(export.targets()) == ["ascii", "latex", "mathml", "python", "sympy", "typst", "unicode"]


@pytest.mark.parametrize("name", export.targets())
def test_the_order_is_the_typed_one(name):
    """Nothing is sorted, gathered or simplified."""
    text = export.formula(parse("z - z + b*a + (y + x)*w"), export.targets()[name])
    letters = re.sub(r"<[^>]*>|&#?\w+;|def .*\n|return|text|left|right", "", text)
    assert re.sub("[^a-z]", "", letters) == "zzbayxw"


# -- LaTeX ------------------------------------------------------------------------------------------------------------

SPELLED = [
    ("(x+y)/y", r"\frac{x + y}{y}"),
    ("(x+y)*y", r"\left(x + y\right) y"),
    ("2*3*x", r"2 \cdot 3 x"),
    ("x*2", r"x \cdot 2"),
    ("x*(1-x)", r"x \cdot \left(1 - x\right)"),
    ("2*(1/3)", r"2 \cdot \frac{1}{3}"),
    ("σ(w*x+b)", r"\sigma\left(w x + b\right)"),
    ("relu(loss)", r"\operatorname{relu}\left(\mathrm{loss}\right)"),
    ("leaky_relu(x1)", r"\operatorname{leaky\_relu}\left(x_{1}\right)"),
    ("theta + θ₁ + w_in", r"\theta + \theta_{1} + w_{\mathrm{in}}"),
    ("e^(x+1)", "e^{x + 1}"),
    ("sqrt(x)*cbrt(y)", r"\sqrt{x} \sqrt[3]{y}"),
    ("|x|*max(a, b)", r"\left|x\right| \max\left(a, b\right)"),
    ("(x/y)**2", r"\left(\frac{x}{y}\right)^{2}"),
    ("sin(x)**2", r"\sin^{2}\left(x\right)"),
    ("3*-2", r"3 \cdot \left(-2\right)"),
    (
        "x if x > 1 else y if x > 0 else 2",
        r"\begin{cases} x & \text{if } x > 1 \\ y & \text{if } x > 0 \\ 2 & \text{otherwise} \end{cases}",
    ),
    ("-2 - -(2)", r"-2 - \left(-\left(2\right)\right)"),
    ("1e-5*x", r"1{\cdot}10^{-5} x"),
    ("x if x > 0 else 0.1", r"\begin{cases} x & \text{if } x > 0 \\ 0.1 & \text{otherwise} \end{cases}"),
    ("σ*sigmoid(x)", r"\sigma \operatorname{sigmoid}\left(x\right)"),
    ("theta*θ", r"\mathrm{theta} \theta"),
    ("x1*x_1", r"x_{1} \mathrm{x\_1}"),
    ("a = x + y; a*a", "\\begin{aligned}\n  a &= x + y \\\\\n  & a a\n\\end{aligned}"),
]


@pytest.mark.parametrize(("typed", "written"), SPELLED)
def test_latex(typed, written):
    """As it is set in books."""
    assert export.formula(parse(typed), latex.DIALECT) == written


def test_e_beside_a_variable_e():
    """The power of a variable e is not written like the exponential function."""
    graph = parse("exp(x) + e^x + e", names=["e"])
    assert export.formula(graph, latex.DIALECT) == r"\exp\left(x\right) + e^{x} + e"
    assert "exp" in export.formula(graph, mathml.DIALECT)
    assert export.formula(graph, typst.DIALECT) == "exp(x) + e^x + e"


def every_formula():
    """Formulas with every operation, every kind of name, and the gradients of some."""
    texts = [f"{entry.name}({', '.join('xyzw'[: entry.arity])})" for entry in OPERATIONS.values()]
    texts += ["α*ς*Ω*Π*ά*ϵ*long_name*w_in*x12*a_b_c", "1e300*x - 1e-300 + pi*e"]
    found = [(graph, None) for graph in [*GRAPHS, *graphs(texts)]]
    return found + [(graph, list(graph.inputs)) for graph in graphs(TYPED)[::3]]


def all_texts(dialect):
    """Every formula in a dialect, as far as it can say it."""
    found = []
    for graph, names in every_formula():
        try:
            wanted = export.formula(graph, dialect) if names is None else export.gradient(graph, names, dialect)
        except UsageError:
            continue
        found.append(wanted)
    assert len(found) > 200
    return found


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here: LaTeX is not compiled")
def test_latex_compiles(tmp_path):
    """Every formula in one document, without an error or a missing character."""
    body = "\n".join(f"\\[ {text} \\]" for text in all_texts(latex.DIALECT))
    head = "\\documentclass{article}\\usepackage{amsmath}\\usepackage[paperwidth=500cm,paperheight=200cm]{geometry}"
    (tmp_path / "a.tex").write_text(f"{head}\\begin{{document}}\n{body}\n\\end{{document}}\n", encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=tmp_path, capture_output=True
    )
    log = done.stdout.decode("latin-1")
    assert done.returncode == 0, log[-1500:]
    assert "Missing character" not in log


@pytest.mark.parametrize("source", ["fixtures", "texts"])
def test_latex_is_read_back(source):
    """Formulas of the fixtures, and pieces of formulas put together at random.

    Left out are words with Greek letters, names that LaTeX writes alike (x₁ and x_1), and those that are words in
    cases.
    """
    draw = random.Random(5)
    found = GRAPHS if source == "fixtures" else graphs([*EXAMPLES, *(any_text(draw) for _ in range(1_500))])
    count = 0
    for graph in found:
        text = export.formula(graph, latex.DIALECT)
        alike = len({name.replace("_", "") for name in graph.inputs}) < len(graph.inputs)
        if alike or ELSE_WORDS & graph.inputs.keys() or not "".join(graph.inputs).isascii():
            continue
        count += 1
        assert normal(parse(text, names=list(graph.inputs))) == normal(graph), text
    assert count > 150


@strategies.examples(60)
@strategies.given(strategies.smooth_problems())
def test_graphs_of_every_operation_are_read_back_from_latex(problem):
    """Random graphs, typed as ASCII first so that they hold what can be typed."""
    graph = parse(program(problem.graph, ascii.DIALECT), names=list(problem.graph.inputs))
    text = export.formula(graph, latex.DIALECT)
    assert normal(parse(text, names=list(graph.inputs))) == normal(graph), text


@pytest.mark.parametrize("typed", ["1e-5*x", "2.5e+300 - x**1e-7", "1e-5**x", "-1e-9", "x/3e7"])
def test_numbers_with_a_power_of_ten_are_numbers(typed):
    """One node, as typed; a product that is typed stays one."""
    graph = parse(typed)
    assert normal(parse(export.formula(graph, latex.DIALECT))) == normal(graph)
    assert normal(parse(r"1 \cdot 10^{-5}")) == normal(parse("1*10**(-5)"))


# -- MathML, Typst ----------------------------------------------------------------------------------------------------

MATH = "{http://www.w3.org/1998/Math/MathML}"
CHILDREN = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2}
ELEMENTS = {"math", "mrow", "mi", "mn", "mo", "mtext", "msqrt", "mtable", "mtr", "mtd", *CHILDREN}


def test_mathml_is_well_formed():
    """XML with known elements only, as many children as they take, tokens with text and no children."""
    for text in all_texts(mathml.DIALECT):
        assert text.isascii()
        for element in ElementTree.fromstring(text).iter():  # noqa: S314  (our own text)
            tag = element.tag.removeprefix(MATH)
            assert tag in ELEMENTS
            assert len(element) == CHILDREN.get(tag, len(element))
            if tag in ("mi", "mn", "mo", "mtext"):
                assert len(element) == 0
                assert element.text
            else:
                assert not (element.text or "").strip()


def test_mathml_is_spelled_out():
    """A fraction, and signs that only a screen reader says."""
    text = export.formula(parse("(x < 2)*sin(x)/y"), mathml.DIALECT)
    assert "<mo>&lt;</mo>" in text
    assert "<mo>&#x2061;</mo>" in text
    assert text.count("<mfrac>") == 1


def test_typst_compiles(tmp_path):
    """Every formula in one document."""
    compiler = pytest.importorskip("typst", reason="Typst's compiler is not installed")
    path = tmp_path / "a.typ"
    path.write_text("\n\n".join(f"$ {text} $" for text in all_texts(typst.DIALECT)), encoding="utf-8")
    assert compiler.compile(str(path)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("(x+y)/y*x1", "frac(x + y, y) x_1"),
        ("(sigmoid(w*x+b)-t)**2", "(sigma(w x + b) - t)^2"),
        ("x**(y+1)*loss", 'x^(y + 1) "loss"'),
        ("x*(1+x)*3 + relu(x)", 'x dot (1 + x) dot 3 + op("relu")(x)'),
    ],
)
def test_typst(typed, written):
    """As Typst's documentation writes it."""
    assert export.formula(parse(typed), typst.DIALECT) == written


# -- Python -----------------------------------------------------------------------------------------------------------


def bits(value):
    """A double, bit for bit; every nan is the same."""
    return "nan" if value != value else struct.pack("<d", value)


def executed(text):
    """The functions of a module that stands alone."""
    names = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), names)  # noqa: S102  (it is what is being tested)
    return names


def check_python(graph, point):
    """Value and gradient of the module are those of the passes, bit for bit."""
    try:
        text = module(graph, python.LANGUAGE, list(graph.inputs))
    except UsageError as error:
        assert "Python's math has no function" in str(error)
        return False
    own = executed(text)
    run = forward(graph, point)
    named = suited(graph, python.LANGUAGE.dialect).name
    keywords = {named(name): float(value) for name, value in point.items()}
    function = own["f" if graph.is_leaf(graph.output) else named(graph.name(graph.output).split("@")[0])]
    assert bits(function(**keywords)) == bits(run.value), text
    expected = [backward(run).gradient(name) for name in graph.inputs]
    assert list(map(bits, own["gradient"](**keywords))) == list(map(bits, expected)), text
    return True


@strategies.examples(150)
@strategies.given(strategies.any_problems(15))
def test_python_computes_the_same(problem):
    """At zeros, infinities, nan, ties and closed branches as well."""
    check_python(problem.graph, problem.point)


@pytest.mark.parametrize("entry", OPERATIONS.values(), ids=lambda entry: entry.name)
def test_python_has_every_operation_of_floats(entry):
    """What stands in the table is written as Python, but for functions of SymPy's library."""
    graph = parse(f"{entry.name}({', '.join('xyzw'[: entry.arity])})")
    point = {name: 0.4 * low + 0.6 * high for name, (low, high) in zip("xyzw", entry.sample, strict=False)}
    written = check_python(graph, point) if not entry.constant else False
    assert written or entry.name in {each.name for each in strategies.SLOW}


def test_names_that_python_would_take_for_something_else():
    """Keywords and functions of the module get an index."""
    graph = parse("lambda*gamma*math*f@".rstrip("@") + " + t1*d_x + exp(math)")
    assert check_python(graph, dict.fromkeys(graph.inputs, 1.5))


@pytest.mark.parametrize("x", [-1.5, 0.0, 0.5, 3.0, math.nan, math.inf])
@pytest.mark.parametrize(
    "typed",
    [
        "log(x) if x > 0 else x**2",
        "where(x > 0, sqrt(x)*y, exp(y)/x)",
        "a = x*y; b = log(a); where(x > 0, where(x > 1, b, a*b), sin(b) + a) + a",
        "a = sqrt(x); where(x < 1, 1/a, y)*where(x > 1, a, 2)",
    ],
)
def test_python_of_closed_branches(typed, x):
    """Nothing behind a branch that is not taken is computed backwards."""
    graph = parse(typed)
    assert check_python(graph, {name: x if name == "x" else 0.75 for name in graph.inputs})


def test_python_of_large_whole_numbers():
    """Floats are computed where Python would compute with whole numbers."""
    for typed in ("94906267**2 + x", "94906267*94906269 + x", "007*x + 2*3", "123456789012345678901*x"):
        assert check_python(parse(typed), {"x": 1.0})


def test_python_of_re_used_names_and_defaults():
    """A name that is bound again, an input with a value of its own."""
    graph = parse("a = x*y; b = a; a = a + 1; f = b*a")
    assert check_python(graph, {"x": 2.0, "y": 3.0})
    text = module(parse("x = 2; x*y"), python.LANGUAGE, ["x", "y"])
    assert executed(text)["f"](y=4.0) == 8.0
    assert executed(text)["gradient"](4.0) == (4.0, 2.0)


def test_python_runs_in_a_fresh_process(tmp_path):
    """Nothing but the standard library."""
    path = tmp_path / "neuron.py"
    path.write_text(module(parse("(sigmoid(w*x+b)-t)**2"), python.LANGUAGE, ["w"]), encoding="utf-8")
    code = "import neuron; print(neuron.f(0.5, 2, 0.1, 1), neuron.gradient(0.5, 2, 0.1, 1))"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "0.0623700148573618"[: len(done.stdout.split()[0])] or done.stdout.startswith(
        "0.06237"
    )
    assert "-0.18717" in done.stdout


# -- SymPy ------------------------------------------------------------------------------------------------------------


@strategies.examples(60)
@strategies.given(strategies.smooth_problems(strategies.ANALYTIC, 5))
def test_sympy_means_the_same(problem):
    """The text, evaluated by SymPy in many digits, is our value."""
    library = pytest.importorskip("sympy")
    graph, point = problem
    try:
        written, _ = lowered(graph, [graph.output], sympy.LANGUAGE)
    except UsageError:
        return
    found = statements(written, sympy.LANGUAGE.dialect)
    values = {library.Symbol(name): library.Rational(*value.as_integer_ratio()) for name, value in point.items()}
    names = {name: library.Symbol(name) for name in graph.inputs}
    for name, text in found:
        names[name] = library.sympify(text, locals=names)
    value = library.N(names[""].subs(values), 30)
    expected = forward(graph, point).value
    assert abs(complex(value) - expected) <= 1e-6 * max(1.0, abs(expected))


SYMPY = [
    ("x*y + 1/3", "x*y + Rational(1, 3)"),
    ("max(0, x)*0.5", "Max(0, x)*0.5"),
    ("sigmoid(x)", "1/(1 + exp(-x))"),
    ("(1+2)/4", "(Integer(1) + 2)/4"),
    ("2**-1", "Integer(2)**(-1)"),
    ("x if x > 0 and y == 1 else 0", "Piecewise((x, And(x > 0, Eq(y, 1))), (0, True))"),
    ("(x > 0)*y", "Piecewise((1, x > 0), (0, True))*y"),
    ("E + lambda", "E_0 + lambda_0"),
    ("e + pi", "exp(1) + pi"),
]


@pytest.mark.parametrize(("typed", "written"), SYMPY)
def test_sympy(typed, written):
    """Numbers stay exact; what SymPy lacks is written out."""
    assert export.formula(parse(typed), sympy.LANGUAGE) == written


def test_gradients_for_sympy_are_sympys():
    """The derivative that is exported is the one that SymPy finds."""
    library = pytest.importorskip("sympy")
    for typed in ("(sigmoid(w*x+b)-t)**2", "x**2 + x**3 - 1/x", "sin(x*y)/exp(y)", "tanh(x)*log(y)"):
        graph = parse(typed)
        names = list(graph.inputs)
        function = library.sympify(export.formula(graph, sympy.LANGUAGE))
        for line, name in zip(export.gradient(graph, names, sympy.LANGUAGE).splitlines(), names, strict=True):
            left, _, text = line.partition(" = ")
            assert left == f"df_d{name}"
            difference = library.sympify(text) - library.diff(function, library.Symbol(name))
            points = {symbol: library.Rational(3, 7) + k for k, symbol in enumerate(difference.free_symbols)}
            assert abs(library.N(difference.subs(points), 30)) < 1e-20


# -- large graphs -----------------------------------------------------------------------------------------------------

TEN = "x = 0.5\n" + "a = x*x + x\n" + "a = a*a + a\n" * 9


@pytest.mark.parametrize("name", export.targets())
def test_what_would_explode_is_told_node_by_node(name):
    """Ten lines a = a*a + a: a thousand terms if written out, a few lines as a program."""
    dialect = export.targets()[name]
    graph = parse(TEN)
    assert len(export.formula(graph, dialect)) < 2_000
    assert len(export.gradient(graph, ["x"], dialect)) < 12_000


def test_ten_lines_print_as_ten_lines():
    """As they were typed."""
    assert export.formula(parse(TEN), ascii.DIALECT).split("\n") == TEN.strip().split("\n")


def test_a_long_gradient_has_the_names_of_the_text():
    """Named nodes keep their names, the others are numbered."""
    lines = export.gradient(
        parse("s = sin(x)\n" + "\n".join(["t = s*s + s"] + ["t = t*t + t"] * 9)), ["x"], ascii.DIALECT
    )
    assert lines.startswith("s = sin(x)\n")
    assert lines.splitlines()[-1].startswith("dt/dx = ")


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", export.targets())
def test_export_prints_the_text_alone(gradcli, name, tmp_path):
    """On standard output, into a file, and in JSON that follows the schema."""
    expected = export.gradient(parse("(x+y)*y"), ["y"], export.targets()[name]) + "\n"
    args = ("export", "(x+y)*y", "--to", name, "--gradient", "--wrt", "y")
    assert gradcli(*args) == (0, expected, "")
    path = tmp_path / "formula.txt"
    assert gradcli(*args, "--output", str(path)) == (0, "", "")
    assert path.read_text(encoding="utf-8") == expected
    assert gradcli(*args, "--output", str(path)).status == 74
    assert gradcli(*args, "--output", str(path), "--force").status == 0
    record = json.loads(gradcli(*args, "--json").out)
    assert (record["to"], record["gradient"], record["text"] + "\n") == (name, ["y"], expected)
    jsonschema = pytest.importorskip("jsonschema", reason="the JSON schema is checked with jsonschema")
    jsonschema.validate(record, json.loads(schema.text()))


def test_export_takes_no_values(gradcli):
    """They are left out, and that is said; names are read as everywhere."""
    result = gradcli("export", "wx + w", "--to", "ascii", "--x", "2")
    assert (result.status, result.out) == (0, "w*x + w\n")
    assert "w·x" in result.err
    assert "without values" in result.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("export", "x*y"), "--to"),
        (("export", "x*y", "--to", "word"), "word"),
        (("export", "x*", "--to", "latex"), "nothing to the right"),
        (("export", "x*y", "--to", "latex", "--wrt", "x"), "--wrt goes with --gradient"),
        (("export", "x*y", "--to", "latex", "--gradient", "--wrt", "z"), "no variable z"),
        (("export", "besselj(0, x)", "--to", "python"), "Python's math has no function for besselj"),
        (("export", "gamma(x)", "--to", "python", "--gradient"), "no function for"),
        (("export", "g(x)*x", "--to", "sympy"), "no word for"),
        (("export", "1/3", "--to", "latex", "--gradient"), "there is no variable"),
        (("export", "x", "--to", "latex", "--force"), "--force goes with --output"),
    ],
)
def test_what_export_refuses(gradcli, args, message):
    """One line what, one line what to do."""
    result = gradcli(*args)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_hostile_names_stay_names(gradcli):
    """Words of a notation in a name break nothing."""
    text = gradcli("export", "alpha_beta_gamma + script + cases + over", "--to", "latex").out
    assert text == r"\mathrm{alpha\_beta\_gamma} + \mathrm{script} + \mathrm{cases} + \mathrm{over}" + "\n"
    assert math.isclose(executed(gradcli("export", "f + import", "--to", "python").out)["L"](1, 2), 3)


def test_export_takes_any_text(gradcli):
    """A text or an error of ours, whatever is typed; nothing odd is printed."""
    draw = random.Random(11)
    names = list(export.targets())
    for _ in range(400):
        args = ["export", any_text(draw), "--to", draw.choice(names), *draw.choice([[], ["--gradient"]])]
        result = gradcli(*args)
        assert result.status in (0, 2, 74), (args, result.err)
        assert (result.out == "") == (result.status != 0), args
        assert all(visible(line) == line for line in (result.out + result.err).split("\n")), args


@pytest.mark.parametrize(
    "formula", ["2*where(x > 0, x, 1)", "where(x > 0, x, 1)**2", "-where(x > 0, x, 1)", "where(x > 0, x, 1) + y"]
)
def test_cases_beside_a_sign_stand_in_brackets(formula):
    """A brace without an end would take what follows for a part of its last line."""
    text = export.formula(parse(formula), latex.DIALECT)
    assert r"\left(\begin{cases}" in text
    assert r"\end{cases}\right)" in text
    assert parse(text).operations == parse(formula).operations
