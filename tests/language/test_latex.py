"""LaTeX in: fixtures, places of errors, SymPy's printer as an independent source, any text at all."""

import contextlib
import random
import time

import pytest
from strategies import OPERATIONS, examples, given, hypothesis, smooth_problems
from test_parser import fixtures

from gradcli import check, forward, parse
from gradcli.errors import ParseError
from gradcli.language import latex
from gradcli.language.latex import commands
from gradcli.language.limits import FILE
from gradcli.language.sympy import second_reading
from gradcli.ops import find
from gradcli.printers import ascii
from gradcli.printers.expression import program
from gradcli.systems.digits import Digits
from gradcli.systems.exact import Exact

SEED = 20261121


@pytest.mark.parametrize(("names", "typed", "expected"), fixtures("latex.txt", 3))
def test_normal_form(names, typed, expected):
    """LaTeX is read as its normal form says."""
    graph = parse(typed.replace("⏎", "\n"), names=names.replace("-", "").split())
    assert program(graph, ascii.DIALECT) == expected


@pytest.mark.parametrize(("typed", "marked", "message"), fixtures("latex_errors.txt", 3))
def test_errors_point_at_their_place(typed, marked, message):
    """What is not read: the marked piece of the LaTeX as typed (`@1` is its second place), and the message."""
    typed = typed.replace("⏎", "\n")
    with pytest.raises(ParseError) as caught:
        parse(typed)
    error = caught.value
    piece, _, place = marked.partition("@")
    assert message in f"{error.message} / {error.hint}"
    assert error.span is not None
    assert typed[slice(*error.span)] == ("" if marked == "END" else piece)
    assert not place or typed[: error.span[0]].count(piece) == int(place)


@pytest.mark.parametrize("text", ["2*x # 5$ a piece, \\frac", "x{y", "x # ^{2}", 'print(f"\\n{w} $")\nL = x*x'])
def test_plain_text_stays_plain(text):
    """A comment or a line that is left out does not make a formula LaTeX; nor does a stray brace."""
    with pytest.raises(ParseError, match=r"\{") if "{y" in text else pytest.MonkeyPatch.context():
        assert "x" in parse(text).inputs


def test_spans_are_those_of_the_latex_typed():
    """Every node knows its place in the LaTeX."""
    text = r"\frac{x+y}{2} \cdot \sigma\left(\sqrt{x}\right)"
    graph = parse(text)
    places = [text[slice(*graph.span(i))] for i in range(len(graph)) if not graph.is_leaf(i)]
    assert places == ["x+y", r"\frac{x+y}{2}", r"\sqrt{x}", r"\sigma\left(\sqrt{x}\right)", text]


def test_a_value_chooses_the_spelling():
    r"""`\theta_1` is the variable that has a value: theta_1, theta1, θ_1 or θ1."""
    for name in ("theta_1", "theta1", "θ_1", "θ1"):
        assert list(parse(r"\theta_1 \cdot 2", names=[name]).inputs) == [name]


def test_every_function_is_in_the_table():
    """A command that is a function calls an operation; no command has two meanings."""
    assert [name for name in commands.FUNCTIONS if find(name) is None] == []
    tables = [commands.SIGNS, commands.LETTERS, commands.FUNCTIONS, commands.FRACTIONS, commands.UPRIGHT]
    tables += [commands.STYLES, commands.ACCENTS, commands.SPACES, commands.SKIPPED, commands.SIZES, commands.REFUSED]
    every = [name for table in tables for name in table]
    assert sorted(every) == sorted(set(every))


def test_check_reads_latex_with_sympy_too():
    """The second reading reads the same signs and calls, and check agrees."""
    text = r"\frac{\sigma(x)}{y} + \left(x + y\right)^{2}"
    assert str(second_reading.read(text)) == str(second_reading.read("sigmoid(x)/y + (x + y)**2"))
    assert latex.plain(r"x \cdot \frac{1}{y}") == "x * divide ( 1 , y )"
    run = check(parse(text), {"x": 0.5, "y": 2})
    assert run.verdict == "agree"


# -- SymPy's printer as a source of LaTeX -----------------------------------------------------------------------------

PRINTED = [
    OPERATIONS[name]
    for name in """
    add subtract multiply divide negate power square exp log sqrt sin cos tan sinh cosh tanh asin acos atan asinh acosh
    atanh sigmoid softplus log1p expm1 log2 log10 exp2 reciprocal cube hypot maximum minimum max min abs relu erf erfc
    floor ceil sinc cot sec csc
    """.split()
    if name in OPERATIONS
]
"""Operations that SymPy prints in LaTeX that says what it means."""


@given(smooth_problems(PRINTED, most=6))
@examples(150)
def test_what_sympy_prints_is_read(problem):
    """The LaTeX that SymPy prints of a random graph is a formula of the same value."""
    import sympy

    exact, system = Exact(), Digits(30)
    variables = {name: sympy.Symbol(name, real=True) for name in problem.point}
    expression = exact.number(forward(problem.graph, variables, exact).value)
    text = sympy.latex(expression)
    numbers = {name: sympy.Rational(value) for name, value in problem.point.items()}
    expected = expression.subs({variables[name]: value for name, value in numbers.items()}).evalf(30)
    hypothesis.assume(expected.is_real and not expression.has(sympy.zoo, sympy.nan, sympy.oo))
    graph = parse(rf"\displaystyle {text}", names=[*problem.point])
    point = {name: system.number(value) for name, value in problem.point.items()}
    value = forward(graph, {name: point[name] for name in graph.inputs}, system).value
    assert abs(float(value) - float(expected)) <= 1e-12 * max(1.0, abs(float(expected))), text


# -- any text at all --------------------------------------------------------------------------------------------------

PIECES = r"""
\frac \dfrac \sqrt \sqrt[3] \left( \right) \left| \right| \left\{ \right. \left \right \cdot \times \div \sin \log \max
\sigma \theta \pi \mathrm{ \text{ \operatorname{relu} \mathbf \hat \bar \begin{aligned} \end{aligned} \begin{cases}
\end{cases} \begin{array}{ll} \end{array} \\ \\[2pt] \, \; \! \quad \{ \} \| \lvert \rvert \lfloor \rfloor \big \bigl
\le \ge \land \label{ \tag{1} \log_ \log_2 \top ^\top \partial \sum \foo \\x \( \) \[ \] $ $$ & && { } { } ^ _ ^{ _{
( ) [ ] | x y z w xy x_1 12 0.5 1e3 , . ; = := + - * / ! ' % # ~ \% \& \_
² ₁ θ π √ \text{otherwise} \text{if} if else f(x)= d dx \input
""".split()
PIECES += [" ", "\n", "\t", "\0", "\x1b[31m", "\u202e", "\ud800", "\\", "{,}"]


def test_any_text_brings_an_answer_or_our_error():
    """20,000 sequences of pieces of LaTeX, all read in linear time: a graph or a ParseError at a place of the text."""
    draw = random.Random(SEED)
    read = 0
    for _ in range(20_000):
        text = draw.choice(["", " "]).join(draw.choice(PIECES) for _ in range(draw.randrange(1, 14)))
        try:
            parse(text)
            read += 1
        except ParseError as error:
            assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(text), text
            assert error.lines()
    assert read > 200


@pytest.mark.parametrize(
    "piece", ["{", "}", "^{", "\\frac{", "\\frac1", "\\sqrt", "\\left(", "\\hat", "\\text{", "x^{", "\\{"]
)
def test_a_hundred_thousand_of_one_piece(piece):
    """A wall of braces or commands is refused at once, and nothing recurses without a count."""
    start = time.process_time()
    with pytest.raises(ParseError):
        parse("\\pi " + piece * 100_000, limits=FILE)
    assert time.process_time() - start < 5, "it takes milliseconds on a quiet machine"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("\\frac{x}{", "}"), ("\\sqrt{", "}"), ("\\left(", "\\right)"), ("\\left|", "\\right|"), ("(", ")")],
)
def test_depth(opening, closing):
    """A hundred levels are read, more are refused, as in plain text."""
    parse("\\pi+" + opening * 99 + "x" + closing * 99)
    with pytest.raises(ParseError, match="more than 100 levels"):
        parse("\\pi+" + opening * 101 + "x" + closing * 101)


@pytest.mark.parametrize(
    "line", [" a &= a \\cdot x \\\\", " b &= \\frac{x}{y} & \\text{(divide)} \\\\", " {x} + \\frac12 \\\\"]
)
def test_long_texts_take_linear_time(line):
    """Four times the lines take about four times as long."""
    seconds = []
    for count in (1_000, 4_000):
        start = time.process_time()
        parse("\\begin{aligned} a &= x \\\\" + line * count + "\\end{aligned}", limits=FILE)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 12 * seconds[0] + 0.5


def test_the_command_line_shows_the_place_in_the_latex(gradcli):
    """An error is shown below the LaTeX as typed; a value may be LaTeX as well."""
    result = gradcli("backward", r"\frac{x}{\simga(y)}", "--x", "1", "--y", "2")
    assert result.status == 2
    assert result.err.splitlines()[1:3] == [
        r"  \frac{x}{\simga(y)}",
        "           ^~~~~~".replace("           ", " " * 11),
    ]
    assert gradcli("forward", r"\frac{x}{y}", "--x", r"\frac{1}{2}", "--y", "2", "--get", "f").out == "0.25\n"


def test_fixtures_cut_anywhere():
    """What is left of a fixture that is cut is read or refused."""
    texts = [fixture.values[0] for fixture in fixtures("latex_errors.txt", 3)]
    texts += [fixture.values[1] for fixture in fixtures("latex.txt", 3)]
    for text in texts:
        for end in range(len(text)):
            with contextlib.suppress(ParseError):
                parse(text[:end])


def test_a_transposed_vector_is_no_silent_power():
    """A note tells that x^T is a power, unless T has a value."""
    typed = r"\mathrm{w}^{T} x"
    assert [remark.message for remark in parse(typed).remarks] == ["w^T is read as a power, not as transposed"]
    assert not parse(typed, names=["w", "x", "T"]).remarks
