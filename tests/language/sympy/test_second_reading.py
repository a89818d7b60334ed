"""SymPy's own reading of a text: what it reads and refuses, that nothing typed is run, what `check` makes of it."""

import json
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sympy

from gradcli import check, forward, ops, parse
from gradcli.analysis.checking.witness import Witness
from gradcli.errors import ParseError
from gradcli.graph import Graph
from gradcli.language.sympy import vocabulary
from gradcli.language.sympy.second_reading import read
from gradcli.systems import FLOATS

HOSTILE = Path(__file__).parents[2] / "hostile_inputs.json"


@pytest.mark.parametrize(
    ("text", "evaluated", "typed"),
    [
        ("(x+y)*y", "y*(x + y)", "y*(x + y)"),
        ("a-b-c", "a - b - c", "a - b - c"),
        ("a/b/c", "a/(b*c)", "a/(b*c)"),
        ("2*(x+y)", "2*x + 2*y", "2*(x + y)"),
        ("x-x", "0", "-x + x"),
        ("x*x", "x**2", "x*x"),
        ("-x^2", "-x**2", "-x**2"),
        ("2^3^2", "512", "2**(3**2)"),
        ("2**-1", "1/2", "1/2"),
        ("--x", "x", "x"),
        ("x·y − z÷2", "x*y - z/2", "x*y - z/2"),
        ("sin(x)**2 + cos( x )", "sin(x)**2 + cos(x)", "sin(x)**2 + cos(x)"),
        ("exp(log(x))", "x", "exp(log(x))"),
        ("e**x", "exp(x)", "E**x"),
        ("pi*e", "E*pi", "E*pi"),
        ("0.1*x", "x/10", "x/10"),
        ("1e-3", "1/1000", "1/1000"),
        ("sqrt(4)", "2", "2"),
        ("max(x, 0)", "Max(0, x)", "Max(0, x)"),
        ("relu(x)", "Piecewise((x, x > 0), (0, True))", "Piecewise((x, x > 0), (0, True))"),
        ("where(x <= y, x, y)", "Piecewise((x, x <= y), (y, True))", "Piecewise((x, x <= y), (y, True))"),
        ("sigmoid(x)", "1/(1 + exp(-x))", "1/(1 + exp(-x))"),
        ("besselj(0, x)", "besselj(0, x)", "besselj(0, x)"),
        ("lambda*x + beta + gamma + S + N + I + E", None, None),
        ("((((x))))", "x", "x"),
    ],
)
def test_readings(text, evaluated, typed):
    """SymPy simplifies as it always does, or keeps the operations; every name is a plain variable."""
    if evaluated is None:
        assert {symbol.name for symbol in read(text).free_symbols} == {"lambda", "x", *"beta gamma S N I E".split()}
        return
    assert str(read(text)) == evaluated
    assert str(read(text, evaluate=False)) == typed


def test_names_are_real_variables_and_may_be_those_of_constants():
    """`e` and `pi` are variables when they are given as names."""
    assert read("x").is_real
    assert read("e*pi").free_symbols == set()
    assert {symbol.name for symbol in read("e*pi", ["e", "pi"]).free_symbols} == {"e", "pi"}


def test_a_number_is_exact_or_the_double_nearest_to_it():
    """0.1 is a tenth; with `binary` the double."""
    assert read("0.1") == sympy.Rational(1, 10)
    assert read("0.1", binary=True) == sympy.Rational(*(0.1).as_integer_ratio())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2x", "'2'"),
        ("x y", "product without a sign"),
        ("(x)(y)", "product without a sign"),
        ("x(y)", "x(…)"),
        ("f(x)", "f(…)"),
        ("mish(x)", "gradcli has no second reading of mish"),
        ("log(x, 2)", "log of 2 arguments"),
        ("sin x", "product without a sign"),
        ("sin(x) cos(x)", "cos(…)"),
        ("x²", "'²'"),
        ("|x|", "'|'"),
        ("x = 2", "'='"),
        ("x; y", "';'"),
        ("x\ny", "'\\n'"),
        ("x if x > 0 else y", "product without a sign"),
        ("not x", "the word not"),
        ("or", "the word or"),
        ("x > 0", "a condition"),
        ("x < y < z", "chain of comparisons"),
        ("x + (x > 0)", "TypeError"),
        ("sin()", "bracket out of place"),
        ("sin(x, y)", "sin of 2 arguments"),
        ("sin(*x)", "* without an operand"),
        ("sin(**x)", "** without an operand"),
        ("max(x)", "Max of 1 arguments"),
        ("(x, y)", "comma out of place"),
        ("x +", "ends too early"),
        ("(x", "ends too early"),
        ("x)", "bracket out of place"),
        ("", "ends too early"),
        ("x.y", "'.'"),
        ("x[0]", "'['"),
        ("1_000", "'1'"),
        ("0x10", "'0'"),
        ("1e999", "beyond every double"),
        ("1e-999", "beyond every double"),
        ("relu(relu(x) - 1)", "a condition inside a condition"),
    ],
)
def test_what_sympy_cannot_read_is_refused_with_the_reason(text, reason):
    """A ParseError; nothing else comes out."""
    with pytest.raises(ParseError, match=f"SymPy cannot read this: .*{re.escape(reason)}"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9",
        "(9**9)**9**9",
        "(2*x)**(10**9)",
        "((2*x)**1000)**1000",
        "exp(10**9*log(2))",
        "2**(10**9*log(3)/log(2))",
        "power(9, 9**9)",
        "sigmoid(10**9*log(2))",
        "gamma(10**9)",
        "polygamma(10**6, 2)",
        "besselj(1000, x)",
        "sin(cos(exp(exp(exp(exp(1))))))",
        "x" + "+x" * 301,
        "x" * 2_001,
        "(" * 60 + "x" + ")" * 60,
        "1" * 401,
        "max(" + ",".join(f"x{i}" for i in range(11)) + ")",
    ],
    ids=lambda text: text[:20],
)
def test_what_would_take_forever_is_refused_at_once(text):
    """Absurd powers, factorials and lengths."""
    start = time.process_time()
    with pytest.raises(ParseError, match="SymPy cannot read this"):
        read(text)
    assert time.process_time() - start < 2, "it takes milliseconds on a quiet machine"


@pytest.mark.parametrize(
    "text",
    [
        "+".join(f"{i}*x**{i}" for i in range(1, 76)),
        "*".join(f"(x+{i})" for i in range(140)),
        "abs(" * 40 + "x" + "-1)" * 40,
        "max(" * 30 + "x" + ",y*x)" * 30,
        "relu(2*" * 40 + "x" + "-1)" * 40,
        "where(x>1," * 30 + "x" + ",y)" * 30,
        "sigmoid(" * 40 + "x" + ")" * 40,
        "x**" * 40 + "x",
        "0e999999999",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_allowed_takes_no_time(text):
    """The longest and deepest formulas within the limits, at a point."""
    start = time.process_time()
    read(text, at={"x": 0.5, "y": 2})
    assert time.process_time() - start < 10, "it takes a second at most on a quiet machine"


def test_a_conditional_is_the_branch_taken_at_the_point():
    """With a point conditions are decided, also those inside others; without values for them they cannot be."""
    text = "where(relu(x) > 1, x**2, relu(y))"
    assert str(read(text, at={"x": 2, "y": -1})) == "x**2"
    assert str(read(text, at={"x": 1, "y": 3})) == "y"
    assert str(read(text, at={"x": -1, "y": -3})) == "0"
    with pytest.raises(ParseError, match="no value for x"):
        read(text, at={"y": 1})


# -- nothing is run ---------------------------------------------------------------------------------------------------

RECORDER = r"""
import difflib, json, os, re, sys
from gradcli.errors import GradcliError
from gradcli.language.sympy import second_reading
import gradcli.language.latex.environments
import sympy.parsing.sympy_parser as parser

second_reading.read("max(sin(x), 2)/besselj(0, y) + where(x > 0, x, y)")  # everything is loaded from here on
second_reading.read("x - 2**-y", evaluate=False)
harmless = re.compile(r"(_[vnf][0-9]+|[-+*/(),<>= ])*")
texts, events, others, read = [], [], [], 0
original = parser.parse_expr
def spy(source, *arguments, **options):
    texts.append(source)
    return original(source, *arguments, **options)
parser.parse_expr = spy
def hook(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event.startswith(("os.", "subprocess.", "socket.", "ctypes.", "shutil.", "import")):
        events.append(f"{event} {arguments}"[:200])
    if event == "compile" and isinstance(arguments[0], (str, bytes)):
        source = arguments[0] if isinstance(arguments[0], str) else arguments[0].decode()
        if not harmless.fullmatch(source.strip()):
            events.append(f"compile {source[:200]}")
sys.addaudithook(hook)
for case in json.load(sys.stdin):
    for options in ({"evaluate": True}, {"evaluate": False}, {"meanings": {}}):
        try:
            second_reading.read(case, **options)
            read += 1
        except GradcliError:
            pass
        except BaseException as error:
            others.append(f"{case[:100]!r}: {error!r}"[:300])
foreign = [text for text in texts if not harmless.fullmatch(text)]
print(json.dumps({"foreign": foreign, "events": events, "others": others, "read": read, "given": len(texts)}))
"""


def hostile_texts() -> list[str]:
    """Every hostile input, long ones cut to what is over every limit."""
    cases = json.loads(HOSTILE.read_text(encoding="utf-8"))
    pieces = [case.get("parts", [[case.get("input", ""), 1]]) for case in cases]
    return ["".join(piece * min(count, 3_000) for piece, count in parts)[:5_000] for parts in pieces]


ATTACKS = (
    r"""
__import__('os').system('id')   sin.__class__   ().__class__.__bases__[0]   x.__globals__   lambda: 1   (lambda: 1)()
exec('1')   eval(x)   open(x)   print(x)   sin.eval.__func__.__globals__   f'{x}'   [x for x in (1,)]   x := 1   _v0
_f0(_v1)   __builtins__   sin(x)(y)   x if x else y   x and y   *x   (yield)   await x   Symbol('x')   Integer(1)   x@y
Function('f')(x)   sin(evaluate=x)   sin(x, evaluate=0)   x//y   x%y   x|y   x~y   x==y   𝐬𝐢𝐧(x)   ﬁ   __𝐜𝐥𝐚𝐬𝐬__   x#y
1if x else y   0or x   9.real   1j   True   None   NotImplemented   Ellipsis   ...   sin(x   sin)x(   dir(x)   'x'
""".strip()
    .replace("\n", "   ")
    .split("   ")
)
ATTACKS += ["x\0y", "x\\\ny", "x\nimport os", '"""x', "\ud800", "x\u202ey", "x;y"]


def test_nothing_typed_is_run():
    """The hostile inputs: SymPy's parser is given placeholders only, no process, file or socket is touched.

    Only our own exceptions come out.
    """
    texts = [text.encode("utf-8", "backslashreplace").decode() for text in [*hostile_texts(), *ATTACKS]]
    code = [sys.executable, "-c", RECORDER]
    done = subprocess.run(code, input=json.dumps(texts), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["foreign"] == found["events"] == found["others"] == []
    assert found["given"] >= found["read"] > 20


def test_random_tokens_bring_no_other_exception():
    """3,000 random sequences of pieces of formulas: an expression or a ParseError."""
    draw = random.Random(20261122)
    pieces = "x y 2 0.5 0 + - * / ** ^ ( ( ) ) , < > sin( max( relu( where( log( gamma( 1/0 e pi E I oo nan -1".split()
    for _ in range(3_000):
        text = "".join(draw.choice(pieces) + draw.choice(["", " "]) for _ in range(draw.randrange(1, 10)))
        try:
            assert isinstance(read(text, evaluate=draw.random() < 0.5), sympy.Expr)
        except ParseError as error:
            assert error.message.startswith("SymPy cannot read this: ")


# -- a witness of the parser ------------------------------------------------------------------------------------------


def random_formula(draw: random.Random, depth: int) -> str:
    """A random formula that is real and tame at any point from 1 to 2."""
    if depth == 0 or draw.random() < 0.1:
        return draw.choice(["x", "y", "z_1", "θ", "3", "0.5", "2", "7.", "e", "pi"])
    part, other = random_formula(draw, depth - 1), random_formula(draw, depth - 1)
    forms = [
        f"{part} + {other}", f"{part}-{other}", f"{part}*{other}", f"({part})/(1 + ({other})**2)", f"({part})",
        f"-{part}", f"-({part})^2", f"sin({part})*{other}", f"tanh({part})", f"exp(-abs({part}))",
        f"max({part}, {other})", f"where({part} < {other}, {part}, {other})", f"relu({part})",
        f"sigmoid({part} - {other})", f"2**-tanh({part})",
    ]  # fmt: skip
    return draw.choice(forms)


def test_both_readings_agree():
    """500 random formulas have the same value in our reading and in SymPy's, which share no code."""
    draw = random.Random(20261123)
    point = {"x": 1.25, "y": 1.5, "z_1": 1.125, "θ": 1.875}
    for _ in range(500):
        text = random_formula(draw, draw.randrange(1, 5))
        expression = read(text, at=point, binary=True)
        exact = {symbol: sympy.Rational(point[symbol.name]) for symbol in expression.free_symbols}
        expected = pytest.approx(float(expression.subs(exact)), rel=1e-10, abs=1e-10)
        assert forward(parse(text), point).value == expected, text


def test_every_function_it_knows_is_the_one_of_the_table():
    """A name that both know means the same, at the middle of the table's sample."""
    composed = [entry.name for entry in ops.OPERATIONS.values() if entry.sympy]
    own = (vocabulary.OWN, composed, vocabulary.SPECIAL, vocabulary.SPELLED)
    known = [name for names in (*own, ("Max", "Min")) for name in names]
    compared = 0
    for name in known:
        entry = ops.find(name)
        if entry is None:
            continue
        arguments = [round(32 * low + 32 * high) / 64 for low, high in entry.sample]
        text = f"{name}({', '.join(map(repr, arguments))})"
        text = text.replace(f"({arguments[0]!r},", f"({arguments[0]!r} > 0,") if name == "where" else text
        expected = FLOATS.rule(entry)(FLOATS, *arguments)
        assert float(read(text, at={})) == pytest.approx(expected, rel=1e-13), text
        compared += 1
    assert compared > 60


def with_source(text: str, source: str) -> Graph:
    """The graph of one text that claims to come from another: a parser that has misread it."""
    graph = parse(text)
    graph.source = source
    return graph


def test_check_asks_sympy_about_the_text():
    """Were the parser wrong, SymPy's derivative would be that of the text, not that of the graph."""
    values = {"x": 2.0, "y": 3.0}
    assert float(Witness(with_source("x*y", "x + y"), values).derivative("x").value) == 1.0
    found = check(with_source("x*y", "x**2 + y"), values)
    first = found.variables[0]
    assert (first.graph, float(first.symbolic.value), first.difference) == (3.0, 4.0, 3.0)
    assert (found.verdict, found.reading.reason) == ("disagree", "value")


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("a = x*y; a**2", 2, 36),
        ("2x y", 2, 6),
        ("x² + y", 2, 4),
        ("relu(2*relu(x) - y)", 2, 2),
        ("relu(2*relu(x) - y)", 1, 0),
        ("x*abs(x)", 0, 0),
        ("gamma(x)", 3, 3 - 2 * 0.5772156649015329),
        ("x if x > 0 else y", 2, 1),
        ("f(x, y) = x*y", 2, 3),
    ],
)
def test_check_falls_back_to_the_graph(text, x, expected):
    """Where SymPy cannot read the text, what it says is the derivative of the graph."""
    graph = parse(text)
    values = {name: float({"x": x, "y": 3}[name]) for name in graph.inputs}
    assert float(Witness(graph, values).derivative("x").value) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("(x + 1)**(10**9)", {"x": 1e-9}),
        ("x**y", {"x": 1.0000001, "y": 1e9}),
        ("(1 + x)**(1/y)", {"x": 1e-9, "y": 1e-9}),
    ],
)
def test_huge_exponents_are_not_given_to_sympy(text, point):
    """A large exponent that is computed, or given as a value: its exact power would take gigabytes and hours."""
    assert Witness(parse(text), point).derivative("x").value is None


def test_check_does_not_mix_up_names():
    """`wx` is w·x for us and one name for SymPy: the graph is asked instead."""
    graph = parse("wx + w + x", names=["w", "x"])
    assert float(Witness(graph, {"w": 3.0, "x": 2.0}).derivative("x").value) == 4.0
