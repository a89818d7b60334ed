"""Numbers of every kind on the command line: exact, with many digits, rounded by hand, pinned, symbolic."""

import csv
import decimal
import io
import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
import sympy
from records import validated

from gradcli import backward, forward, parse
from gradcli.analysis import tidy
from gradcli.asking.number_system import Numbers
from gradcli.errors import GradcliError, OutOfRange
from gradcli.ops import find
from gradcli.printers import ascii
from gradcli.systems import FLOATS
from gradcli.systems.bounded import Bounded
from gradcli.systems.digits import Digits
from gradcli.systems.rounded import Rounded, rounded, terminates, written
from gradcli.systems.rounded import decimal as as_typed

EXACT = Bounded()
FOLDER = Path(__file__).parents[1] / "formulas"
NAMES = ("x", "y", "z")


# -- exact -------------------------------------------------------------------------------------------------------


def drawn(chance: random.Random, depth: int):
    """A random rational formula as text, in brackets throughout, and as SymPy's expression, built side by side."""
    kind = chance.choice(("leaf", "+", "-", "*", "/", "**", "negate", "+", "*")) if depth else "leaf"
    if kind == "leaf":
        if chance.random() < 0.7:
            name = chance.choice(NAMES)
            return name, sympy.Symbol(name)
        text = chance.choice(("2", "3", "0.1", "1.25", "7e-2", "10"))
        return text, sympy.Rational(text)
    text, left = drawn(chance, depth - 1)
    if kind == "negate":
        return f"(-{text})", -left
    if kind == "**":
        power = chance.choice((2, 3, -1, -2))
        return f"({text})**({power})", left**power
    other, right = drawn(chance, depth - 1)
    value = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}.get(
        kind, lambda: left / right
    )
    return f"({text}{kind}{other})", value()


def questions(count: int):
    """So many random formulas with a value everywhere, each with its point and SymPy's value and gradient there."""
    chance = random.Random(7)
    found = []
    while len(found) < count:
        text, expression = drawn(chance, 4)
        point = {name: sympy.Rational(chance.randint(-30, 30), chance.randint(1, 12)) for name in NAMES}
        symbols = {sympy.Symbol(name): value for name, value in point.items()}
        expected = [expression.xreplace(symbols), *(expression.diff(name).xreplace(symbols) for name in NAMES)]
        graph = parse(text)
        used = {name: Fraction(int(value.p), int(value.q)) for name, value in point.items() if name in graph.inputs}
        back = backward(forward(graph, used, EXACT))
        if any(not EXACT.is_finite(value) for value in back.forward.values):
            continue
        found.append((text, used, back, dict(zip(("", *NAMES), expected, strict=True))))
    return found


def test_exact_results_are_those_of_sympy():
    """Value and every gradient of 500 random rational formulas, equal as fractions."""
    for text, used, back, expected in questions(500):
        assert back.forward.value == expected[""], text
        for name in used:
            assert back.gradient(name) == expected[name], (text, name)


def test_exact_on_the_command_line(gradcli):
    """Decimals are what was typed, fractions and roots stay, and every format has them in full."""
    args = ("backward", "(x+y)*y/3", "--x", "0.1", "--y", "1/7", "--exact")
    assert gradcli(*args, "--get", "f,x,y").out == "17/1470\n1/21\n9/70\n"
    record = validated(gradcli(*args, "--json").out)
    assert record["number_system"] == "exact"
    assert record["output"] == {"node": "f", "value": 17 / 1470, "value_exact": "17/1470"}
    assert record["inputs"]["y"] == {
        "value": 1 / 7, "value_exact": "1/7", "gradient": 9 / 70, "gradient_exact": "9/70",
    }  # fmt: skip
    assert record["nodes"][1]["locals_exact"] == ["1/7", "17/70"]
    edge = record["edges"][2]
    assert (edge["upstream_exact"], edge["local_exact"], edge["contribution_exact"]) == ("1/3", "17/70", "17/210")
    rows = {row["node"]: row for row in csv.DictReader(io.StringIO(gradcli(*args, "--csv").out))}
    assert (rows["y"]["value"], rows["y"]["gradient"]) == ("1/7", "9/70")
    assert r"\frac{9}{70}" in gradcli(*args, "--format", "latex").out
    assert "9/70 ≈ 0.128571" in gradcli(*args).out


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("0.1 + 0.2", (), "3/10"),
        ("sqrt(x)", ("--x", "8"), "2*sqrt(2)"),
        ("exp(x)", ("--x", "1"), "e"),
        ("sin(x)", ("--x", "pi/4"), "sqrt(2)/2"),
        ("(1 + sqrt(x))*(1 - sqrt(x))", ("--x", "2"), "-1"),
        ("relu(x - pi)", ("--x", "3.14159"), "0"),
        ("floor(exp(x))", ("--x", "10"), "22026"),
        ("max(sqrt(x), 1.41421356237)", ("--x", "2"), "sqrt(2)"),
        ("x*y", ("--x", "1e300", "--y", "1e300"), str(10**600)),
        ("cbrt(x)", ("--x", "-8"), "-2"),
        ("mod(x, 1/3)", ("--x", "1"), "0"),
        ("x**60*sqrt(y)", ("--x", "10", "--y", "1e300"), str(10**210)),
        ("relu(x*(1 + erf(-30)))", ("--x", "2"), "2 - 2*erf(30)"),
    ],
)
def test_exact_values(gradcli, formula, values, expected):
    """Numbers as a person would write them; comparisons of irrational numbers are decided."""
    assert gradcli("forward", formula, *values, "--exact", "--get", "f").out == f"{expected}\n"


def test_what_is_said_in_floats_is_said_of_exact_numbers(gradcli):
    """Corners, closed branches, no real value: the same notes and statuses."""
    for args in (("relu(x)", "--x", "0"), ("log(x)", "--x", "-1"), ("log(x) if x > 0 else x*x", "--x", "-1/3")):
        floating, exact = gradcli("backward", *args), gradcli("backward", *args, "--exact")
        assert (exact.status, exact.err) == (floating.status, floating.err.replace("-0.333333", "-1/3"))
    assert gradcli("backward", "1/x", "--x", "0", "--exact", "--get", "f").status == 3


@pytest.mark.parametrize(
    "args",
    [
        ("2**(2**40)", "--exact"), ("x**1e9", "--x", "3", "--exact"), ("sqrt(x)**1e9", "--x", "2", "--exact"),
        ("exp(exp(exp(x)))", "--x", "10", "--exact"), ("exp(log(x)*1e9)", "--x", "2", "--exact"),
        ("floor(exp(x))", "--x", "1000", "--exact"), ("gamma(x)", "--x", "1e6", "--exact"),
        ("sin(exp(exp(exp(x))))", "--x", "3", "--exact"),
        (";".join(["a=x", *["a=a*a+a"] * 40]), "--x", "1/2", "--exact"),
        (";".join(["a=sqrt(x)", *["a=sqrt(a+1)"] * 40]), "--x", "2", "--exact"),
        ("relu(sqrt(x) + sqrt(3) - sqrt(5 + 2*sqrt(6)))", "--x", "2", "--exact"),
        (";".join(["a=x", *["a=a*a"] * 40]), "--x", "1.1", "--round", "2"), ("exp(x)", "--x", "1e6", "--round", "2"),
        ("exp(exp(exp(x)))", "--x", "10", "--precision", "30"),
        ("x", "--x", "1", "--precision", "1000000"), ("x", "--x", "1", "--precision", "0"),
        ("x", "--x", "1", "--round", "1000"), ("x", "--x", "1", "--round", "-1"), ("x", "--x", "1", "--round", "two"),
        ("x", "--x", "1", "--exact", "--round", "2"), ("x", "--x", "1", "--precision", "9", "--symbolic"),
        ("x", "--x", "1", "--round", "2", "--round-all", "2"), ("x*y", "--round", "2"), ("x*y", "--precision", "20"),
    ],
    ids=str,
)  # fmt: skip
def test_what_would_take_forever_is_refused(gradcli, args):
    """One sentence and status 2: nothing hangs, nothing is cut short, and nothing goes to standard output."""
    result = gradcli("backward", *args)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("gradcli: error: ")
    assert "fault" not in result.err


# -- many digits ---------------------------------------------------------------------------------------------------

WIDE = mpmath.mp.clone()
WIDE.dps = 200


@pytest.mark.parametrize(
    ("formula", "function", "x"),
    [
        ("exp(x)*sin(x)", lambda m, x: m.exp(x) * m.sin(x), "1.1"),
        ("log(x)/sqrt(x)", lambda m, x: m.log(x) / m.sqrt(x), "1/3"),
        ("sigmoid(x)", lambda m, x: 1 / (1 + m.exp(-x)), "-0.7"),
        ("sqrt(x+1) - sqrt(x)", lambda m, x: m.sqrt(x + 1) - m.sqrt(x), "1e24"),
        ("(1 - cos(x))/x^2", lambda m, x: (1 - m.cos(x)) / x**2, "1e-9"),
        ("x**x", lambda m, x: x**x, "2.5"),
        ("besselj(0, x)", lambda m, x: m.besselj(0, x), "3"),
    ],
)
@pytest.mark.parametrize("digits", [17, 50])
def test_every_digit_that_is_shown_is_right(gradcli, formula, function, x, digits):
    """Value and gradient against mpmath in 200 digits, also where half of the digits cancel."""
    point = WIDE.mpf(1) / 3 if x == "1/3" else WIDE.mpf(x)
    expected = [function(WIDE, point), WIDE.diff(lambda a: function(WIDE, a), point, h=WIDE.mpf(10) ** -70 * point)]
    out = gradcli("backward", formula, f"--x={x}", "--precision", str(digits), "--get", "f,x").out.split()
    for text, true in zip(out, expected, strict=True):
        assert abs(WIDE.mpf(text) - true) <= abs(true) * WIDE.mpf(10) ** (1 - digits) * 0.51
        assert sum(c.isdigit() for c in text.split("e")[0].lstrip("-0.")) <= digits


def test_no_digit_is_lost_in_any_format(gradcli):
    """JSON keeps the double and adds the text; csv, plain, markdown and --get print the text."""
    root = "1.4142135623730950488016887242096980785696718753769"
    args = ("backward", "sqrt(x)", "--x", "2", "--precision", "50")
    record = validated(gradcli(*args, "--json").out)
    assert (record["number_system"], record["output"]["value"]) == ("digits", 2**0.5)
    assert record["output"]["value_digits"] == root
    for more in (["--csv"], ["--format", "plain"], ["--format", "tsv"], ["--format", "markdown"], ["--get", "f"], []):
        assert root in gradcli(*args, *more).out


# -- a calculator --------------------------------------------------------------------------------------------------

NEURON = ("z = w x; s = z + b; a = σ(s); e = a - t; L = e²", "--at", "w=0.5,x=2,b=0.1,t=1")


@pytest.mark.parametrize("how", [("--round", "2"), ("--pin", "a=0.75")], ids=" ".join)
def test_the_lecture_is_reproduced(gradcli, how):
    """1.1, 0.75, -0.25, 0.0625 and 0.1875, -0.1875 as the lecture has them, the true result beside."""
    record = validated(gradcli("backward", *NEURON, *how, "--json").out)
    nodes = {node["node"]: node for node in record["nodes"]}
    assert {name: node["value"] for name, node in nodes.items()} == {
        "z": 1.0, "s": 1.1, "a": 0.75, "e": -0.25, "L": 0.0625,
    }  # fmt: skip
    assert nodes["a"]["locals"] == [0.1875]
    assert (nodes["e"]["gradient"], record["inputs"]["w"]["gradient"]) == (-0.5, -0.1875)
    assert record["output"]["value_true"] == pytest.approx(0.062370014857361809)
    assert record["inputs"]["w"]["gradient_true"] == pytest.approx(-0.18717493573141330)
    assert nodes["a"].get("pinned", False) == (how[0] == "--pin")
    screen = gradcli("backward", *NEURON, *how).out
    assert "∂L/∂w = -0.1875" in screen
    assert "true: -0.187175" in screen
    assert gradcli("backward", *NEURON, *how, "--get", "w,a.value").out == "-0.1875\n0.75\n"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("x + 0.125", "0.375"), ("x*x", "0.0625"), ("x/3", "0.08"), ("1/8", "0.125"), ("2/3", "0.67"),
        ("-2/3", "-0.67"),
        ("sqrt(x)", "0.5"), ("sqrt(0.04)", "0.2"), ("sqrt(2)", "1.41"), ("exp(0)", "1"), ("sigmoid(0)", "0.5"),
        ("log10(1000)", "3"), ("cos(0)", "1"), ("pi*x", "0.785"), ("0.5^7", "0.0078125"), ("2**-2", "0.25"),
        ("max(x, 1/3)", "0.33"), ("relu(-x)", "0"), ("gelu(1)", "0.84"), ("sin(pi)", "0"), ("2**0.5", "1.41"),
    ],
)  # fmt: skip
def test_what_a_calculator_rounds(gradcli, formula, expected):
    """What is no terminating decimal is rounded, π as well; sums, products and squares are exact."""
    values = ("--x", "0.25") if "x" in formula.replace("exp", "").replace("max", "") else ()
    assert gradcli("forward", formula, *values, "--round", "2", "--get", "f").out == f"{expected}\n"


@pytest.mark.parametrize("function", ["sin", "atan", "sqrt", "log"])
def test_functions_inside_each_other_are_refused_in_time(function):
    """SymPy needs minutes for twenty; ten are computed."""
    system = Bounded()
    value = system.literal("3")
    rule = system.rule(find(function))
    for _ in range(10):
        value = system.settle("add", rule(system, value) * 2 + 3)
    with pytest.raises(OutOfRange, match="inside each other"):
        system.settle("add", rule(system, value) * 2 + 3)


def test_decimals_that_end_have_twos_and_fives_below_only():
    """Powers of 2 and 5 end, whatever their length; one other factor and they do not."""
    ends = [Fraction(7, 2**twos * 5**fives) for twos in (0, 1, 9) for fives in (*range(40), 999, 9_999)]
    assert all(map(terminates, ends))
    assert not any(terminates(each / other) for each in ends for other in (3, 9, 11, 13, 31))


def test_a_power_of_ten_has_no_point_of_its_own(gradcli):
    """1e-60, as floats are written, not 1.0e-60."""
    assert gradcli("backward", "(x+1)-1", "--x", "1e-60", "--precision", "50", "--get", "f,x").out == "1e-60\n1\n"


def test_halves_go_away_from_zero(gradcli):
    """0.125 is 0.13 and -0.125 is -0.13; so are the contributions when everything is rounded."""
    for x, expected in (("0.125", "0.13"), ("-0.125", "-0.13"), ("0.135", "0.14"), ("0.1349", "0.13")):
        assert gradcli("forward", "1*x", "--x", x, "--round-all", "2", "--get", "f").out == f"{expected}\n"
    args = ("backward", "x*y", "--x", "0.126", "--y", "3", "--upstream", "0.15", "--round-all", "1", "--get", "x,y")
    assert gradcli(*args).out == "0.5\n0\n"


def test_rounding_is_that_of_decimal():
    """Against Python's decimal module, whose ROUND_HALF_UP is away from zero."""
    chance = random.Random(3)
    for _ in range(500):
        text = f"{chance.randint(-(10**6), 10**6)}e-{chance.randint(0, 5)}"
        places = chance.randint(0, 4)
        expected = decimal.Decimal(text).quantize(decimal.Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP)
        found = rounded(as_typed(text), places)
        assert found == Fraction(expected)
        assert decimal.Decimal(written(found)) == expected


def test_a_calculation_by_hand_is_that_of_decimal():
    """Random sums, products and quotients at two decimals: exact where decimal is exact, else rounded half up."""
    chance = random.Random(5)
    context = decimal.Context(prec=60)
    system = Rounded(2)
    for _ in range(300):
        texts = [f"{chance.randint(1, 400)}e-{chance.randint(0, 2)}" for _ in range(3)]
        a, b, c = map(decimal.Decimal, texts)
        signs = [chance.choice("+-*/") for _ in range(2)]
        apply = {"+": context.add, "-": context.subtract, "*": context.multiply, "/": context.divide}
        total = a
        for sign, operand in zip(signs, (b, c), strict=True):
            context.clear_flags()
            total = apply[sign](total, operand)
            if context.flags[decimal.Inexact]:
                total = total.quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP)
        graph = parse(f"(x {signs[0]} y) {signs[1]} z")
        point = dict(zip(NAMES, map(as_typed, texts), strict=True))
        assert forward(graph, point, system).value == Fraction(total), (texts, signs)


@pytest.mark.parametrize(
    ("pin", "message"),
    [
        ("w=3", "use --w 3"), ("q=1", "its nodes: z, s, a, e, L"), ("a", "NAME=VALUE"), ("a=q", "--pin a=2"),
        ("a=1,a=2", "twice"), ("t=1", "use --t 1"),
    ],
)  # fmt: skip
def test_pins_are_checked(gradcli, pin, message):
    """Only operations can be pinned, once, to a number."""
    result = gradcli("backward", *NEURON, "--pin", pin)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_a_misspelt_pin(gradcli):
    """The nearest name is offered."""
    result = gradcli("forward", "alpha = x*x; alpha + 1", "--x", "2", "--pin", "alhpa=1")
    assert (result.status, "did you mean alpha?" in result.err) == (2, True)


def test_a_pinned_node_hides_nothing_behind_it():
    """Pinned: its value is the one given, its local derivatives are taken from that, the arguments keep their own."""
    graph = parse("a = exp(x); a*x")
    pins = {1: 5.0}
    back = backward(forward(graph, {"x": 2.0}, FLOATS, pins))
    assert (list(back.forward.values), back.gradient("x")) == ([2.0, 5.0, 10.0], 5.0 + 5.0 * 2.0)


# -- formulas ------------------------------------------------------------------------------------------------------


def fixtures(count: int) -> list[str]:
    """The first formulas of tests/formulas that have variables, as they are typed."""
    lines = (FOLDER / "normal.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if line.startswith("#") or " | " not in line:
            continue
        typed = line.rpartition(" | ")[2].replace("⏎", "\n")
        try:
            if parse(typed).inputs:
                found.append(typed)
        except GradcliError:
            continue
    return found[:count]


@pytest.mark.parametrize("formula", fixtures(100))
def test_symbolic_results_are_the_numbers(gradcli, formula):
    """Every expression of a symbolic answer, as typed and tidy, evaluated at a point, is what the float pass says."""
    result = gradcli("backward", "--json", "--", formula)
    assert result.status == 0, result.err
    record = validated(result.out)
    graph = parse(formula)
    open_inputs = [name for name in graph.inputs if name not in graph.defaults]
    point = {name: 0.7 + 0.31 * k for k, name in enumerate(open_inputs)}
    if record["number_system"] != "symbolic":
        return
    back = backward(forward(graph, point))
    numbers = {graph.name(i): (back.forward.values[i], back.gradients[i]) for i in range(len(graph))}
    answers = {**record["inputs"], **{node["node"]: node for node in record["nodes"]}}
    for name, answer in answers.items():
        for key, number in zip(("value", "gradient"), numbers[name], strict=True):
            for form in (f"{key}_expression", f"{key}_tidy"):
                if number is None or form not in answer or number != number:
                    continue
                read = parse(answer[form], names=open_inputs)
                found = forward(read, {each: point.get(each, 0.0) for each in read.inputs}).value
                assert found == pytest.approx(number, rel=1e-9, abs=1e-12), (name, form, answer[form])


@pytest.mark.parametrize(
    ("formula", "name", "tidy_form"),
    [
        ("(x+y)*y", "y", "x + 2*y"),
        ("log(sigmoid(w*x+b))", "w", "x*(1 - sigmoid(w*x + b))"),
        ("(sigmoid(w*x+b)-t)**2", "w", None),
        ("0.5*(y-t)**2", "y", "y - t"),
        ("1/2*(y-t)**2", "t", "t - y"),
        ("log(x)*x", "x", "1 + log(x)"),
        ("x*y/x", "y", "1"),
        ("sin(x**2)", "x", "2*x*cos(x**2)"),
        ("x*x*y + sin(x*y)", "y", None),
        ("exp(-x**2/2)", "x", "-x*exp(-x**2/2)"),
        ("0.1*x**2 + 0.2*x**2", "x", "0.6*x"),
        ("x/x*y", "x", "0"),
        ("(x**2-1)/(x-1)", "x", "1"),
        ("cos(x**2)", "x", "-2*x*sin(x**2)"),
        ("log(sigmoid(w*x+b))", "b", "1 - sigmoid(w*x + b)"),
        ("a = x+1; b = x-1; a*b", "x", "2*x"),
        ("(w*x+b-t)**2", "w", None),
        ("(x+y)**40", "x", None),
    ],
)
def test_tidy_forms(gradcli, formula, name, tidy_form):
    """Multiplied out or cancelled where that is shorter; σ(w·x + b) stays as typed."""
    inputs = json.loads(gradcli("backward", formula, "--json").out)["inputs"]
    assert inputs[name].get("gradient_tidy") == tidy_form
    if tidy_form is not None:
        assert f"{inputs[name]['gradient_expression']} = {tidy_form}" in gradcli(
            "backward", formula, "--ascii"
        ).out.replace("^2", "**2")


def test_a_tidy_form_is_the_same_formula():
    """SymPy's difference of both forms, multiplied out, is 0."""
    letters = sympy.symbols("x y z")
    for text in (
        "y + (x + y)",
        "x*(y - z) + x*z",
        "(x + y)**2 - (x - y)**2",
        "-(2*(x - y))",
        "x*y*x/y",
        "0.1*x + 0.2*x",
    ):
        graph = parse(text)
        form = tidy.tidied(graph, graph.output, ascii.DIALECT)
        assert form is not None
        values = dict(zip(NAMES, letters, strict=True))
        both = [forward(g, {n: values[n] for n in g.inputs}, EXACT).value for g in (graph, parse(form))]
        assert sympy.expand(sympy.cancel(both[0] - both[1])) == 0


@pytest.mark.parametrize("seed", range(100))
def test_a_short_form_is_equal_to_50_digits(seed):
    """Sums, products, quotients and powers at random: the short form has their value, at random points."""
    chance = random.Random(seed)
    text = at_random(chance, 4)
    graph = parse(text, names=NAMES)
    form = tidy.tidied(graph, graph.output, ascii.DIALECT)
    if form is None:
        return
    system = Digits(80)
    for _ in range(3):
        point = {name: Fraction(chance.randint(1, 999), 251) for name in NAMES}
        true, found = (forward(parse(each, names=NAMES), point, system).value for each in (text, form))
        if system.is_finite(true):
            assert abs(true - found) <= 1e-50 * (1 + abs(true)), (text, form)


def at_random(chance, depth):
    """A formula at random."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice([*NAMES, "2", "3", "0.5", "sin(x)", "sigmoid(x*y)"])
    a, b = at_random(chance, depth - 1), at_random(chance, depth - 1)
    return chance.choice([f"({a} + {b})", f"({a} - {b})", f"({a})*({b})", f"({a})/({b})", f"-({a})", f"({a})**2"])


def test_a_short_form_needs_no_sympy():
    """Only where a sum stands below a fraction line."""
    code = (
        "import sys; from gradcli import parse; from gradcli.analysis.tidy import tidied;"
        "from gradcli.printers import ascii; g = parse('1/s*(s*(1 - s))*x');"
        "print(tidied(g, g.output, ascii.DIALECT), 'sympy' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "x*(1 - s) False\n"


def test_long_formulas_are_in_terms_of_nodes(gradcli):
    """Ten lines `a = a*a + a` print per node: nothing is expanded, nothing is left out, and a line says so."""
    formula = "; ".join(["a = x", *["a = a*a + a"] * 10])
    result = gradcli("backward", formula)
    assert max(map(len, result.out.splitlines())) < 250
    assert "formulas have more than 24 operations: written in terms of nodes" in result.out
    assert "…" not in result.out
    record = validated(gradcli("backward", formula, "--json").out)
    assert record["output"]["value_expression"] == "v10 + a@10"
    assert "…" not in json.dumps(record, ensure_ascii=False)
    inputs = record["inputs"]["x"]["gradient_expression"]
    assert inputs == "da/dv1*a@1 + (da/dv1*a@1 + da/dv1)"


def test_ten_thousand_nodes_are_abbreviated(gradcli, tmp_path):
    """The first 200 rows, and a line that says how many more there are."""
    path = tmp_path / "long.txt"
    path.write_text("a = x;" + "a = a*y + x;" * 5_000, encoding="utf-8")
    out = gradcli("backward", "--file", str(path)).out
    assert "… 9,803 more rows: --rows 10003" in out
    assert len(out.splitlines()) < 420


def test_each_row_in_its_numbers(gradcli, tmp_path):
    """--each takes the options as well; a row that is refused is told with its line, the others are answered."""
    path = tmp_path / "q.csv"
    path.write_text("id,formula,x,y\na,(x+y)*y,1/3,0.1\nb,2**(2**40)*x,1,\nc,x^2 y,0.5,4\n", encoding="utf-8")
    result = gradcli("backward", "--each", str(path), "--exact", "--get", "f,x")
    assert (result.status, result.out) == (2, "a\t13/300\t1/10\nb\terror\terror\nc\t1\t4\n")
    assert "q.csv:3: error: too much to compute" in result.err


def test_systems_are_chosen_once():
    """Without options floats; with one its system; the decimal as typed in all but floats."""
    assert Numbers().system() is FLOATS
    for numbers, name in (
        (Numbers(exact=True), "exact"), (Numbers(precision=20), "digits"), (Numbers(round=0), "rounded"),
        (Numbers(round_all=2), "rounded"),
    ):  # fmt: skip
        system = numbers.system()
        assert system.name == name
        assert system.to_float(system.literal("0.1") * 10 - 1) == pytest.approx(0, abs=1e-30)
    with pytest.raises(OutOfRange):
        EXACT.literal("1e99999")
