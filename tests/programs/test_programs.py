"""Programs: what a language has, what it lacks, and that runtime texts compute what floats compute."""

import itertools
import math
import struct

import pytest

from gradcli import backward, export, forward, parse
from gradcli.errors import UsageError
from gradcli.graph import GraphBuilder
from gradcli.ops import OPERATIONS
from gradcli.printers import dialects
from gradcli.printers.expression import Dialect
from gradcli.programs.functions import LETTERS, module
from gradcli.programs.language import Language
from gradcli.programs.languages import languages, python
from gradcli.programs.runtime import python as texts
from gradcli.programs.runtime import read
from gradcli.systems import floats
from gradcli.systems.floats import Floats

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 1e-300, -1e300, 1e16, 710.0, -746.0, 2.5, 1.5, -3.0,
           5e-324, 2.0**52, math.inf, -math.inf, math.nan]  # fmt: skip


def bits(value):
    """A double, bit for bit; every nan is the same."""
    return "nan" if value != value else struct.pack("<d", value)


def executed(text):
    """The names that a text binds."""
    names = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), names)  # noqa: S102  (it is what is being tested)
    return names


# -- runtime texts ----------------------------------------------------------------------------------------------------

RUNTIME = read(python.RUNTIME)
OURS = {"rint": Floats.round, "sinc_slope": floats.sinc_slope}


@pytest.mark.parametrize("function", RUNTIME.functions)
def test_the_runtime_computes_what_floats_compute(function):
    """Bit for bit, at every special point and on a grid; the text alone, with the constants that it names."""
    ours = OURS.get(function) or getattr(Floats, function)
    head = "\n".join(["import math", *RUNTIME.constants.values()])
    alone = executed(f"{head}\n\n\n{RUNTIME.functions[function]}")[function]
    assert RUNTIME.functions[function].startswith(f"def {function}(")
    points = [*SPECIAL, *(k / 16 for k in range(-64, 65))]
    count = alone.__code__.co_argcount
    tried = itertools.product(points if count < 3 else SPECIAL, repeat=count)
    for operands in tried:
        assert bits(alone(*operands)) == bits(ours(*operands)), operands
        assert bits(getattr(texts, function)(*operands)) == bits(ours(*operands)), operands


def test_the_runtime_is_all_that_math_lacks():
    """Each primitive of floats is Python's own or a text, and no text is there for nothing."""
    own = {name for name, each in vars(Floats).items() if isinstance(each, staticmethod)}
    spelled = {python.LANGUAGE.spelled(name) for name in own - python.MATH.keys()}
    assert RUNTIME.functions.keys() == spelled | {each.__name__ for each in floats.LIBRARY.values()}
    assert RUNTIME.constants.keys() == {"inf", "nan", "WHOLE", "SINC_SERIES"}


# -- any number of arguments ------------------------------------------------------------------------------------------

VARIADIC = [entry.name for entry in OPERATIONS.values() if entry.variadic]


@pytest.mark.parametrize("name", VARIADIC)
def test_functions_of_any_number_of_arguments_are_their_rule(name):
    """Two, three and many arguments in one program, at special points and ties, bit for bit."""
    builder = GraphBuilder()
    inputs = [builder.input(letter) for letter in "xyz"]
    node = builder.add(name, tuple(inputs[:2]))
    node = builder.add(name, (*inputs, node))
    node = builder.add(name, (node, *inputs * 3))
    graph = builder.finish(node)
    own = executed(module(graph, python.LANGUAGE, list(graph.inputs)))
    for point in itertools.product(SPECIAL[::2], repeat=3):
        run = forward(graph, dict(zip(graph.inputs, point, strict=True)))
        assert bits(own["f"](*point)) == bits(run.value), point
        expected = [backward(run).gradient(each) for each in graph.inputs]
        assert list(map(bits, own["gradient"](*point))) == list(map(bits, expected)), point


def test_a_function_is_written_for_the_numbers_of_arguments_that_are_used():
    """With one of them it has plain parameters."""
    assert "def max(a, b, c):" in module(parse("max(x, y, 1)"), python.LANGUAGE)
    assert "def max(*arguments):" in module(parse("max(x, y, 1)*max(x, y)"), python.LANGUAGE)
    many = ", ".join(f"x{k}" for k in range(len(LETTERS) + 1))
    assert "def max(a1, a2," in module(parse(f"max({many})"), python.LANGUAGE)


def test_whole_numbers_in_a_gradient_are_floats():
    """A rule that calls a function of typed numbers only is computed in floats as well."""
    assert "log(2.0)" in module(parse("2**x"), python.LANGUAGE, ["x"])


# -- what a language lacks --------------------------------------------------------------------------------------------

SIGNS = frozenset({"add", "subtract", "multiply", "negate", "divide"})
JULIA = Language(Dialect(), SIGNS | {"exp"}, lacks="Julia has no word for", instead="latex")
"""A language of expressions, thrown away after the test: nothing but arithmetic and exp."""

CHOOSES = JULIA._replace(
    has=JULIA.has | {"less", "where"},
    dialect=Dialect(special={"where": lambda c, a, b: (f"ifelse({c[0]}, {a[0]}, {b[0]})", 9)}),
)
BARE = python.LANGUAGE._replace(runtime="", has=python.SIGNS, lacks="Bare has no word for", instead="sympy")
"""A language of statements without a single function."""


def test_what_a_language_lacks_is_written_in_what_it_has():
    """The textbook form takes its place."""
    assert export.formula(parse("sigmoid(x)"), JULIA) == "1/(1 + exp(-x))"
    assert export.formula(parse("relu(x)"), CHOOSES) == "ifelse(0 < x, x, 0)"


@pytest.mark.parametrize(
    ("typed", "language", "named"),
    [
        ("relu(x)", JULIA, "relu"),
        ("x*g(x)", JULIA, "g()"),
        ("besselj(0, x)", JULIA, "besselj"),
        ("x*(x > 1)", JULIA, "greater"),
        ("sin(x)", CHOOSES, "sin"),
        ("sinh(x)", BARE, "exp"),
        ("log1p(x)", BARE, "log"),
        ("x/y", BARE, "divide"),
        ("besselj(0, x)", BARE, "besselj"),
    ],
)
def test_a_language_refuses_what_it_cannot_say_by_name(typed, language, named):
    """In a formula and in a gradient; nothing is printed as if the language had it."""
    for write in (export.formula, lambda graph, to: export.gradient(graph, ["x"], to)):
        with pytest.raises(UsageError) as refused:
            write(parse(typed, unspecified=True), language)
        assert refused.value.message.startswith(language.lacks)
        assert refused.value.hint == f"choose another dialect: --to {language.instead}"
    with pytest.raises(UsageError, match=f"no word for .*{named.strip('()')}"):
        export.formula(parse(typed, unspecified=True), language)


@pytest.mark.parametrize("name", languages())
def test_a_language_says_an_operation_or_refuses_it(name):
    """Every entry of the table: a text that calls nothing unknown, or a refusal that names it."""
    for entry in OPERATIONS.values():
        graph = parse(f"{entry.name}({', '.join('xyzw'[: entry.arity])})")
        try:
            text = export.formula(graph, languages()[name])
        except UsageError as refused:
            assert refused.message.startswith(languages()[name].lacks)
            assert entry.name in refused.message
        else:
            assert text


@pytest.mark.parametrize("name", dialects())
def test_a_notation_refuses_nothing(name):
    """Every entry of the table, functions that are not specified, and the gradients of what has one."""
    texts = [f"{entry.name}({', '.join('xyzw'[: entry.arity])})" for entry in OPERATIONS.values()]
    for typed in [*texts, "g(x)*h(x*y)"]:
        assert export.formula(parse(typed, unspecified=True), dialects()[name])


# -- other languages of statements ------------------------------------------------------------------------------------

NESTED = (
    "where(x > 0, where(x > 1, log(x), x*y), sin(y) + x) + x*y",
    "a = sqrt(x); where(x < 1, 1/a, y)*where(x > 1, a, 2)",
)


@pytest.mark.parametrize("x", [-1.5, 0.0, 0.5, 1.0, 3.0, math.nan])
@pytest.mark.parametrize("typed", NESTED)
def test_every_word_of_a_program_is_the_languages_own(typed, x):
    """A language that has another word for nothing, and writes choices and lines its own way, computes the same."""
    other = python.LANGUAGE._replace(
        statements=python.LANGUAGE.statements._replace(
            assign=lambda name, text: f"{name}: float = ({text})",
            nothing="...",
            is_nothing=lambda name: f"({name} == ...)",
            is_something=lambda name: f"({name} != ...)",
            either=lambda test, first, second: f"[lambda: {second}, lambda: {first}][{test}]()",
            longest=1,
        )
    )
    graph = parse(typed)
    text = module(graph, other, list(graph.inputs))
    assert "None" not in text
    run = forward(graph, {"x": x, "y": 0.75})
    expected = [backward(run).gradient(name) for name in graph.inputs]
    assert list(map(bits, executed(text)["gradient"](x=x, y=0.75))) == list(map(bits, expected)), text
