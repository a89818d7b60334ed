"""SymPy's expressions as graphs, what SymPy prints read back, and SymPy's own reading of a text.

The witness of a value is SymPy's `evalf`, of a gradient `evalf` of `sympy.diff`. Points and numbers are multiples of
1/8, so that they are the same in every number system, and graphs are evaluated with 30 digits, so that nothing is left
to rounding.
"""

import random
import re
from collections.abc import Iterator

import mpmath
import pytest
import sympy
from sympy.codegen import cfunctions

from gradcli import backward, forward, from_sympy, ops, parse
from gradcli.errors import OutOfRange, ParseError
from gradcli.graph import CONSTANT, Graph
from gradcli.language.sympy.composed import COMPOSED
from gradcli.ops.unspecified import is_unspecified
from gradcli.passes import corners
from gradcli.printers import ascii
from gradcli.printers.expression import program
from gradcli.systems.digits import Digits

SEED = 20261120
DIGITS = Digits(30)
TOLERANCE = 1e-13
LARGEST = 1e12
"""Points where some part is larger are left out: the cosine of 1e87 takes more than 30 digits."""

X, Y, Z = sympy.symbols("x y z", real=True)
SYMBOLS = (X, Y, Z)

Expression = sympy.Expr

# -- random expressions -----------------------------------------------------------------------------------------------

ONE_ARGUMENT = (
    sympy.sin, sympy.cos, sympy.tan, sympy.exp, sympy.log, sympy.tanh, sympy.sqrt, sympy.Abs, sympy.sinh, sympy.cosh,
    sympy.atan, sympy.asinh, sympy.sign,
)  # fmt: skip
RELATIONS = (sympy.Lt, sympy.Le, sympy.Gt, sympy.Ge, sympy.Eq, sympy.Ne)


def random_number(draw: random.Random) -> Expression:
    """A whole number, a fraction, a float or a constant."""
    kind = draw.randrange(8)
    if kind < 3:
        return sympy.Integer(draw.choice((-4, -3, -2, -1, 1, 2, 3, 5)))
    if kind < 5:
        return sympy.Rational(draw.choice((-7, -3, -1, 1, 2, 5)), draw.randint(1, 6))
    if kind < 7:
        return sympy.Float(draw.choice((-24, -9, -4, 1, 3, 8, 20)) / 8, 40)
    return sympy.pi


def random_condition(draw: random.Random, depth: int, loose: float) -> sympy.Basic:
    """A comparison, or two or three joined."""
    kind = draw.randrange(6) if depth > 1 else 0
    if kind == 5:
        return sympy.Not(random_condition(draw, depth - 1, loose))
    if kind == 4:
        join = draw.choice((sympy.And, sympy.Or))
        return join(*(random_condition(draw, depth - 1, loose) for _ in range(draw.randint(2, 3))))
    return draw.choice(RELATIONS)(*(random_expression(draw, depth - 1, loose) for _ in range(2)))


def random_expression(draw: random.Random, depth: int, loose: float) -> Expression:
    """Sums, products, powers, functions, Max, Min, Piecewise; a share `loose` of them not evaluated."""
    if depth <= 0 or draw.random() < 0.12:
        return draw.choice(SYMBOLS) if draw.random() < 0.7 else random_number(draw)
    kind, evaluate = draw.randrange(14), draw.random() >= loose
    depth = min(depth, 2) if kind == 12 else depth  # SymPy takes long to compare the arguments of a Max
    parts = [random_expression(draw, depth - 1, loose) for _ in range(draw.choice((2, 2, 3)))]
    if kind < 3:
        return sympy.Add(*parts, evaluate=evaluate)
    if kind == 3:
        return sympy.Add(parts[0], sympy.Mul(-1, parts[1], evaluate=evaluate), evaluate=evaluate)
    if kind < 7:
        return sympy.Mul(*parts, evaluate=evaluate)
    if kind == 7:
        evaluate = evaluate or parts[1].is_Number  # SymPy prints 5/(1/4), unevaluated, as 5/1/4
        return sympy.Mul(parts[0], sympy.Pow(parts[1], -1, evaluate=evaluate), evaluate=evaluate)
    if kind == 8:
        return sympy.Pow(parts[0], draw.choice((2, 2, 3, -1, -2, sympy.Rational(1, 3), -sympy.S.Half, parts[1])))
    if kind < 12:
        return draw.choice(ONE_ARGUMENT)(parts[0])
    if kind == 12:
        return draw.choice((sympy.Max, sympy.Min))(*parts)
    branches = [(part, random_condition(draw, depth - 1, loose)) for part in parts[1:]]
    return sympy.Piecewise(*branches, (parts[0], True))


def random_expressions(seed: int, count: int, loose: float) -> Iterator[Expression]:
    """So many expressions over x, y and z without infinities and imaginary numbers."""
    draw = random.Random(seed)
    while count:
        try:
            found = random_expression(draw, draw.choice((1, 2, 2, 3, 3, 4)), loose)
        except (TypeError, ValueError, RecursionError):  # SymPy compares imaginary numbers
            continue
        if not found.has(sympy.I, sympy.oo, -sympy.oo, sympy.zoo, sympy.nan, sympy.AccumBounds):
            count -= 1
            yield found


def number(expression: sympy.Basic, point: dict) -> mpmath.mpf | None:
    """The value of an expression by SymPy's evalf; None where it is not a real, finite number."""
    try:
        value = expression.evalf(20, subs=point, maxn=200)
    except (TypeError, ValueError, ArithmeticError, NotImplementedError, AttributeError):
        return None
    return mpmath.mpf(value._mpf_) if value.is_Float else mpmath.mpf(value.p) / value.q if value.is_Rational else None


def is_real_throughout(expression: Expression, point: dict) -> bool:
    """Whether every part has a real value of ordinary size: Abs(sqrt(-1)) has none, 1/(x - x) neither.

    Of x**y the logarithm of x is a part, as the slope in y needs it; where evalf meets log(0) it finds some -300.
    """
    parts = [part for part in sympy.preorder_traversal(expression) if isinstance(part, Expression)]
    logs = [part for part in parts if isinstance(part, sympy.log)]
    logs += [sympy.log(part.base) for part in parts if part.is_Pow and not part.exp.is_Integer]
    for some, limit in ((parts, LARGEST), (logs, 60)):
        values = [number(part, point) for part in some]
        if None in values or any(abs(value) > limit for value in values):
            return False
    return True


def close(found: object, expected: mpmath.mpf) -> bool:
    """Equal but for the digits that evalf does not promise."""
    return abs(found - expected) <= TOLERANCE * abs(expected) + mpmath.mpf(10) ** -18


def real_points(draw: random.Random) -> Iterator[dict]:
    """Some points to try, multiples of 1/8, positive ones first as many expressions are real only there."""
    for low in (1, 1, -12, -12, -40, 0):
        yield {symbol: sympy.Rational(draw.randint(low, 24) * 8 + 1, 64) for symbol in SYMBOLS}


def disagreement(graph: Graph, expression: Expression, draw: random.Random) -> str | None:
    """What is wrong with value or gradient at the first point where SymPy has both: "" if nothing, None if no point."""
    derivatives = {name: expression.diff(sympy.Symbol(name, real=True)) for name in graph.inputs}
    for point in real_points(draw):
        value = number(expression, point)
        slopes = {name: number(derivative, point) for name, derivative in derivatives.items()}
        if value is None or None in slopes.values():
            continue
        numbers = {str(symbol): DIGITS.number(exact) for symbol, exact in point.items()}
        try:
            back = backward(forward(graph, numbers, DIGITS))
        except OutOfRange:
            continue
        large = any(abs(value) > LARGEST for value in back.forward.values if DIGITS.is_finite(value))
        if large or any(corners(back.forward)):
            continue
        found = {"value": back.forward.value, **{name: back.gradient(name) for name in slopes}}
        if not all(map(DIGITS.is_finite, found.values())) and not is_real_throughout(expression, point):
            continue
        wrong = [(what, found[what], right) for what, right in {"value": value, **slopes}.items()]
        return "".join(f"{a} is {b}, not {c}, at {point}" for a, b, c in wrong if not close(b, c))
    return None


def shape(graph: Graph) -> tuple:
    """The graph with the values of its numbers, so that 0.5 and 0.500000 are the same."""
    numbers = {i: t if t == "pi" or graph.operations[i] != CONSTANT else float(t) for i, t in graph.texts.items()}
    return graph.operations, graph.arguments, numbers, graph.output


def faults(seed: int, count: int, loose: float) -> tuple[list[str], int]:
    """What is wrong with so many random expressions, and how many of them had a point."""
    draw = random.Random(seed + 1)
    found, compared = [], 0
    for expression in random_expressions(seed, count, loose):
        graph = from_sympy(expression)
        answer = disagreement(graph, expression, draw)
        compared += answer is not None
        found += [f"{expression}: {answer}"] if answer else []
        if expression.atoms(sympy.E.func):  # SymPy prints E, which is a variable in our texts
            continue
        read = parse(str(expression))
        if shape(read) != shape(graph) and (not loose or disagreement(read, expression, draw)):
            found.append(f"{expression} is read as {program(read, ascii.DIALECT)}")
    return found, compared


@pytest.mark.parametrize("block", range(10))
def test_random_expressions(block):
    """400 expressions a block: value and gradient are SymPy's, and the text SymPy prints is read as the same graph."""
    found, compared = faults(SEED + block, 400, 0)
    assert found == []
    assert compared > 350


@pytest.mark.parametrize("block", range(10))
def test_random_expressions_that_are_not_evaluated(block):
    """100 a block, a third of the operations not evaluated: the same, but the graph of the text may group otherwise."""
    found, compared = faults(SEED + 100 + block, 100, 0.3)
    assert found == []
    assert compared > 80


@pytest.mark.slow
@pytest.mark.parametrize("block", range(100))
def test_many_more_random_expressions(block):
    """100,000 more."""
    assert faults(SEED + 1000 + block, 700, 0)[0] + faults(SEED + 2000 + block, 300, 0.3)[0] == []


POINTS = {
    "acot": ("5/4",), "asec": ("9/4",), "acsc": ("9/4",), "sech": ("3/4",), "csch": ("3/4",), "coth": ("3/4",),
    "asech": ("1/4",), "acsch": ("3/4",), "acoth": ("9/4",), "erf2": ("1/4", "7/8"), "frac": ("9/4",),
    "harmonic": ("9/4",), "Heaviside": ("9/4", 1), "Cbrt": ("9/4",), "Sqrt": ("9/4",), "fma": ("9/4", "5/4", "1/8"),
    "factorial": ("9/4",), "binomial": ("9/4", "5/4"), "RisingFactorial": ("9/4", "5/4"),
    "FallingFactorial": ("9/4", "5/4"),
}  # fmt: skip
"""A point for every function that is written over others; a whole number is no variable."""

# -- what becomes of single forms -------------------------------------------------------------------------------------

F = sympy.Function("f")


def loosely(operation: type, *arguments: object) -> Expression:
    """An expression that SymPy does not touch."""
    return operation(*arguments, evaluate=False)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (X - Y, "x - y"),
        (-X - Y, "-x - y"),
        (-X * Y, "-x*y"),
        (X - 2 * Y / 3, "x - 2*y/3"),
        (-X / 2, "-x/2"),
        (-1 / X, "-1/x"),
        (1 / X, "1/x"),
        (Y / X**2, "y/x**2"),
        (2 / (X * Y), "2/(x*y)"),
        (X**-2, "x**(-2)"),
        (X**2, "x**2"),
        (sympy.sqrt(X), "sqrt(x)"),
        (1 / sympy.sqrt(X), "1/sqrt(x)"),
        (Y / sympy.sqrt(X), "y/sqrt(x)"),
        (X ** sympy.Rational(1, 3), "x**(1/3)"),
        (Z * X**-Y, "z/x**y"),
        (X ** (Y**Z), "x**y**z"),
        ((X**Y) ** Z, "(x**y)**z"),
        ((-2) ** X, "(-2)**x"),
        (-(2**X), "-2**x"),
        (sympy.exp(-X) * Y, "y*exp(-x)"),
        (sympy.E * X, "e*x"),
        (sympy.pi * X, "pi*x"),
        (loosely(sympy.Pow, sympy.E, X), "exp(x)"),
        (sympy.Rational(-1, 2), "-1/2"),
        (sympy.Integer(-3), "-3"),
        (sympy.Max(0, X), "relu(x)"),
        (sympy.Max(X, Y, 1), "max(1, x, y)"),
        (sympy.Abs(X), "abs(x)"),
        (sympy.log(X, 2), "log(x)/log(2)"),
        (sympy.gamma(X).diff(X), "gamma(x)*polygamma(0, x)"),
        (sympy.besselj(0, X), "besselj(0, x)"),
        (sympy.Heaviside(X), "step(x)"),
        (sympy.Function("sigmoid")(X), "sigmoid(x)"),
        (F(X), "f(x)"),
        (F(F(X)) * Y, "y*f(f(x))"),
        (sympy.acot(X), "atan(1/x)"),
        (sympy.coth(X), "1/tanh(x)"),
        (sympy.factorial(X), "gamma(x + 1)"),
        (sympy.binomial(X, Y), "gamma(x + 1)/(gamma(y + 1)*gamma(x - y + 1))"),
        (sympy.Heaviside(X, 0), "where(x < 0, 0, where(x > 0, 1, 0))"),
        (sympy.Xor(X > 0, Y > 0), "(x <= 0 or y <= 0) and (x > 0 or y > 0)"),
        (sympy.Min(X, Y, Z, 2), "min(2, x, y, z)"),
        (sympy.Function("leaky_relu")(X, 2), "leaky_relu(x, 2)"),
        (sympy.Piecewise((X, X > 0), (Y, True)), "where(x > 0, x, y)"),
        (sympy.Piecewise((1, X < 0), (2, X < 1), (3, True)), "where(x < 0, 1, where(x < 1, 2, 3))"),
        (sympy.Piecewise((X, (X > 0) & (Y > 0)), (Y, True)), "where(x > 0 and y > 0, x, y)"),
        (sympy.Piecewise((X, (X > 1) | (X < 0)), (Y, True)), "where(x > 1 or x < 0, x, y)"),
        (sympy.Eq(X, Y), "x == y"),
        (sympy.Ne(X, 1), "x != 1"),
        (loosely(sympy.Mul, X, 2), "x*2"),
        (loosely(sympy.Mul, 1, X), "1*x"),
        (loosely(sympy.Mul, -2, X, 3), "-2*x*3"),
        (loosely(sympy.Add, X, loosely(sympy.Mul, -2, 3)), "x - 2*3"),
        (loosely(sympy.Add, X, loosely(sympy.Add, -Y, Z)), "x + (-y + z)"),
        (loosely(sympy.Add, X, X), "x + x"),
        (sympy.UnevaluatedExpr(X + 1) * 2, "2*(x + 1)"),
    ],
    ids=str,
)
def test_forms(expression, expected):
    """Every form becomes the operations that SymPy prints."""
    assert program(from_sympy(expression), ascii.DIALECT) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (sympy.Float(0.1), "0.1"),
        (sympy.Float(1e-20), "1e-20"),
        (sympy.Float(-2.5), "-2.5"),
        (sympy.Float(0.0), "0.0"),
        (sympy.Float("0.1", 40), "0.1"),
        (sympy.Float("0.1234567890123456789", 30), "0.1234567890123456789"),
        (sympy.Float(1) / 3, "0.3333333333333333"),
        (sympy.Integer(2) ** 200, str(2**200)),
        (sympy.EulerGamma, "0.57721566490153286060651209008240243104215933593992"),
    ],
    ids=str,
)
def test_the_text_of_a_number_is_the_shortest_that_is_the_same_number(value, expected):
    """Floats keep their value, whatever their precision; constants without a name have 50 digits."""
    assert list(from_sympy(value).texts.values()) == [expected]


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        (sympy.I * X, "imaginary unit"),
        (sympy.oo, "oo"),
        (loosely(sympy.Mul, sympy.nan, X), "nan"),
        (sympy.zoo, "zoo"),
        (sympy.Integral(F(X), X), "an Integral that is not evaluated"),
        (sympy.Derivative(F(X), X), "a Derivative"),
        (sympy.Sum(X, (X, 1, Y)), "a Sum"),
        (sympy.zeta(X), "the function zeta"),
        (sympy.Function("not a name")(X), "'not a name'"),
        (sympy.re(sympy.Symbol("c")), "the function re"),
        (sympy.Matrix([[X]]), "a matrix"),
        (sympy.ImmutableMatrix([[X]]), "a matrix"),
        (sympy.MatrixSymbol("A", 2, 2) * 2, "a matrix"),
        (sympy.LambertW(X, -1), "LambertW with 2 arguments"),
        (sympy.Piecewise((X, X > 0)), "Piecewise that has no value elsewhere"),
        (sympy.Symbol("x y"), "'x y'"),
        (sympy.Symbol("__import__('os')"), "__import__"),
        (sympy.Symbol("if"), "'if'"),
        (sympy.Symbol(""), "''"),
        (sympy.Symbol("x") + sympy.Symbol("x", real=True), "two variables called x"),
        (sympy.Symbol("A", commutative=False), "does not commute"),
        (sympy.Integer(10) ** 400, "no 64-bit float"),
        (sympy.Float("1e-400"), "no 64-bit float"),
        (sympy.Rational(10**400, 10**400 + 1), "no 64-bit float"),
        (sympy.Interval(0, 1), "an Interval"),
        (sympy.Tuple(X, Y), "a Tuple"),
        ("x + 1", "not a str"),
        (3, "not a int"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_no_graph_can_hold_is_named(expression, named):
    """Everything else is a ParseError that says what it is."""
    with pytest.raises(ParseError, match=re.escape(named)):
        from_sympy(expression)


@pytest.mark.parametrize(
    "step",
    [
        lambda e: loosely(sympy.sin, e),
        lambda e: loosely(sympy.Add, loosely(sympy.Mul, e, Y), 1),
        lambda e: loosely(sympy.Add, Y, loosely(sympy.Mul, -1, e)),
        lambda e: loosely(sympy.Mul, 2, loosely(sympy.Pow, e, -1)),
        lambda e: loosely(sympy.Pow, e, Z),
    ],
    ids=["functions", "sums", "differences", "quotients", "powers"],
)
def test_depth_does_not_matter(step):
    """3,000 levels: SymPy's own printer would fail at some hundred."""
    expression = X
    for _ in range(3_000):
        expression = step(expression)
    assert len(from_sympy(expression)) > 3_000


def test_an_expression_that_is_too_large_when_written_out_is_refused_at_once():
    """40 sums and squares of the one before are 10**19 nodes."""
    expression = X
    for _ in range(40):
        expression = loosely(sympy.Add, loosely(sympy.Mul, expression, expression), expression)
    with pytest.raises(ParseError, match="written out"):
        from_sympy(expression)


def test_what_is_printed_twice_is_two_nodes():
    """As if it were typed twice; a variable is one node."""
    graph = from_sympy(sympy.sin(X) * sympy.exp(sympy.sin(X)))
    assert sorted(graph.operations) == ["exp", "input", "multiply", "sin", "sin"]


@pytest.mark.parametrize(("name", "point"), POINTS.items())
def test_functions_that_are_composed_have_sympys_value_and_slopes(name, point):
    """Every entry of COMPOSED: value and derivatives as SymPy evaluates its own function."""
    function = getattr(sympy, name, None) or getattr(cfunctions, name)
    symbols = SYMBOLS[: len(point)]
    fixed = [each if isinstance(each, int) else symbol for each, symbol in zip(point, symbols, strict=True)]
    there = {symbol: sympy.Rational(each) for symbol, each in zip(symbols, point, strict=True)}
    expression = function(*fixed)
    evaluated = (
        sympy.expand_func(expression.rewrite(sympy.erf)) if name in ("erf2", "Cbrt", "Sqrt", "fma") else expression
    )
    numbers = {str(symbol): DIGITS.number(sympy.Rational(each)) for symbol, each in there.items() if symbol in fixed}
    back = backward(forward(from_sympy(expression), numbers, DIGITS))
    assert close(back.forward.value, number(evaluated, there))
    step = sympy.Rational(1, 10**8)
    for symbol in symbols[: len(numbers)]:
        below, above = (number(evaluated, there | {symbol: there[symbol] + k * step}) for k in (-1, 1))
        assert abs(back.gradient(str(symbol)) - (above - below) / 2 * 10**8) < 1e-6, symbol


def test_every_composed_function_has_a_point():
    """None is forgotten."""
    assert POINTS.keys() == COMPOSED.keys()


def test_functions_of_several_arguments_without_a_definition():
    """f(x, y) is a function that is not specified where graphs can hold such a one, and else refused by its name."""
    if is_unspecified("f(,)"):
        assert program(from_sympy(F(X, Y)), ascii.DIALECT) == "f(x, y)"
    else:
        with pytest.raises(ParseError, match="a function 'f' of 2 arguments"):
            from_sympy(F(X, Y))


def test_every_function_of_sympy_that_the_table_knows_has_sympys_value():
    """What is found by SymPy's name is the same function: a table's sinc, say, is SymPy's."""
    compared = []
    for name in ops.names():
        function, entry = getattr(sympy, name, None), ops.find(name)
        if not (isinstance(function, type) and issubclass(function, Expression)):
            continue
        point = [sympy.Rational(round(32 * low + 32 * high), 64) for low, high in entry.sample]
        graph = from_sympy(loosely(function, *SYMBOLS[: len(point)]))
        numbers = dict(zip("xyz", map(DIGITS.number, point), strict=False))
        assert close(forward(graph, numbers, DIGITS).value, number(function(*point), {})), name
        compared.append(name)
    assert len(compared) > 40
