"""Functions of SymPy's library: values against SymPy, gradients against mpmath's numerical derivative, and the edges.

`test_ops.py` holds them to what holds for every entry; here is what only they have.
"""

import subprocess
import sys
from fractions import Fraction

import mpmath
import pytest
import sympy

from gradcli import backward, forward, from_sympy, parse
from gradcli.errors import OutOfRange, UsageError
from gradcli.ops import library
from gradcli.passes import tangents
from gradcli.passes.step import COMPILED_FROM, compiled
from gradcli.printers import ascii
from gradcli.printers.expression import in_full
from gradcli.systems import FLOATS
from gradcli.systems.digits import Digits
from gradcli.systems.exact import Exact
from gradcli.systems.symbols import Symbols

SPELLED = {
    "airyaiprime": lambda a: mpmath.airyai(a, derivative=1),
    "airybiprime": lambda a: mpmath.airybi(a, derivative=1),
    "polygamma": lambda n, a: mpmath.psi(int(n), a),
    "elliptic_k": mpmath.ellipk,
    "elliptic_e": mpmath.ellipe,
}
"""mpmath's functions where they do not go by SymPy's name in small letters."""

every_function = pytest.mark.parametrize("entry", library.TABLE, ids=lambda entry: entry.name)


def points(entry):
    """Three points of the sample, in multiples of 1/64; an order stays the same."""
    for place in (Fraction(1, 5), Fraction(2, 5), Fraction(4, 5)):
        yield [
            Fraction(round(64 * (Fraction(low) + place * (Fraction(high) - Fraction(low)))), 64)
            for low, high in entry.sample
        ]


def call(entry):
    """The entry on its orders, as numbers in the text, and x: the text with a place for the orders."""
    return f"{entry.name}({'{}, ' * len(entry.constant)}x)"


@every_function
@pytest.mark.parametrize(("system", "tolerance"), [(FLOATS, 1e-14), (Digits(40), 1e-38)], ids=["floats", "digits"])
def test_value_and_gradient_are_mpmaths(entry, system, tolerance):
    """In floats and in 40 digits the value is SymPy's and the gradient mpmath's numerical derivative."""
    function = SPELLED.get(entry.name) or getattr(mpmath, entry.name.lower())
    for *orders, x in points(entry):
        back = backward(forward(parse(call(entry).format(*map(float, orders))), {"x": x}, system))
        with mpmath.workdps(60):
            fixed = [mpmath.mpf(order.numerator) / order.denominator for order in orders]
            at = mpmath.mpf(x.numerator) / x.denominator
            value = getattr(sympy, entry.name)(*map(sympy.Rational, (*orders, x))).evalf(50)
            assert abs(mpmath.mpf(back.forward.value) - mpmath.mpf(value._mpf_)) <= tolerance * abs(value)
            slope = mpmath.diff(lambda a: function(*fixed, a), at)  # noqa: B023
            assert abs(mpmath.mpf(back.gradient("x")) - slope) <= tolerance * abs(slope)


@every_function
def test_the_written_rules_are_those_of_sympys_fdiff(entry):
    """The local derivative in the table, in exact numbers, is what `fdiff` says."""
    exact = Exact()
    for point in points(entry):
        numbers = [sympy.Rational(x.numerator, x.denominator) for x in point]
        symbols = sympy.symbols(f"a:{len(point)}")
        k = len(point) - 1
        expected = getattr(sympy, entry.name)(*symbols).fdiff(k + 1).subs(dict(zip(symbols, numbers, strict=True)))
        found = entry.local(k)(exact, entry.value(exact, *numbers), *numbers)
        assert abs((found - expected).evalf(40)) < 1e-35


@every_function
def test_an_order_must_be_constant(entry):
    """A UsageError in every system and in forward mode; with the order kept fixed there is a gradient."""
    if not entry.constant:
        return
    graph = parse(f"{entry.name}(n, x)")
    symbols = Symbols()
    systems = [(system, {"n": 1, "x": 2}) for system in (FLOATS, Digits(20), Exact())]
    systems.append((symbols, {"n": symbols.variable("n"), "x": symbols.variable("x")}))
    for system, point in systems:
        run = forward(graph, point, system)
        with pytest.raises(UsageError, match="no derivative with respect to its first argument"):
            backward(run)
        with pytest.raises(UsageError, match="no derivative"):
            tangents(run, {"n": 1})
        backward(run, ["x"])


@pytest.mark.parametrize(
    ("formula", "x", "value", "gradient"),
    [
        ("Si(x)", 0, 0, 1),
        ("Shi(x)", 0, 0, 1),
        ("LambertW(x)", 0, 0, 1),
        ("elliptic_k(x)", 0, mpmath.pi / 2, mpmath.pi / 8),
        ("elliptic_e(x)", 0, mpmath.pi / 2, -mpmath.pi / 8),
        ("fresnelc(x)", 0, 0, 1),
        ("besselj(1, x)", 0, 0, 0.5),
        ("besseli(1, x)", 0, 0, 0.5),
        ("besselj(-1, x)", 0, 0, -0.5),
        ("airyai(x)", 0, mpmath.mpf("0.35502805388781724"), mpmath.mpf("-0.25881940379280680")),  # DLMF 9.2.3, 9.2.4
        ("elliptic_k(x)", 1e-12, mpmath.pi / 2, mpmath.pi / 8),
        ("Shi(x)", 1e-300, 1e-300, 1),
        ("Ei(x)", 0, -mpmath.inf, mpmath.inf),
        ("polygamma(0, x)", 1, -mpmath.euler, mpmath.pi**2 / 6),
    ],
)
def test_edges(formula, x, value, gradient):
    """Where the textbook form is 0/0 or cancels, the floats have the limit."""
    back = backward(forward(parse(formula), {"x": x}))
    assert back.forward.value == pytest.approx(float(value), rel=1e-12)
    assert back.gradient("x") == pytest.approx(float(gradient), rel=1e-11)


@pytest.mark.parametrize("formula", ["besselk(0, -1)", "li(-1)", "Ci(-1)", "LambertW(-1)", "polygamma(0.5, 1)"])
def test_what_is_not_real_is_nan(formula):
    """Complex values, poles and orders that do not exist."""
    for system in (FLOATS, Digits(20)):
        assert not system.is_finite(forward(parse(formula), {}, system).value)


def test_what_would_take_forever_is_refused():
    """Bessel functions of huge order, factorials of huge numbers: nan in floats, OutOfRange with more digits."""
    graph = parse("besselj(1000, x)")
    assert not FLOATS.is_finite(forward(graph, {"x": 2}).value)
    with pytest.raises(OutOfRange):
        forward(graph, {"x": 2}, Digits(20))
    with pytest.raises(OutOfRange):
        forward(parse("polygamma(0, x)"), {"x": 10**6}, Exact())


def test_a_large_graph_takes_the_ordinary_way():
    """A function of SymPy's library is not compiled; the gradient is that of the derivative's formula."""
    count = COMPILED_FROM
    graph = parse("+".join(["Ei(x)"] * count))
    assert compiled(graph, FLOATS) is None
    assert compiled(graph, FLOATS) is None
    assert backward(forward(graph, {"x": 1})).gradient("x") == pytest.approx(count * float(mpmath.e), rel=1e-13)


def test_a_symbolic_gradient_is_written_out():
    """In Symbols the function is a node and its derivative the formula of the table."""
    for formula, expected in [
        ("Ei(x)", "exp(x)/x"),
        ("besselj(0, x)", "(besselj(-1, x) - besselj(1, x))/2"),
        ("airyai(x)", "airyaiprime(x)"),
    ]:
        symbols = Symbols()
        back = backward(forward(parse(formula), {"x": symbols.variable("x")}, symbols))
        result = back.gradient("x").index
        assert in_full(symbols.builder.finish(result), result, ascii.DIALECT) == expected


def test_every_function_comes_from_sympy_and_is_printed_for_it():
    """SymPy's object becomes the node, and its text is read as the same graph."""
    x = sympy.Symbol("x")
    for entry in library.TABLE:
        expression = getattr(sympy, entry.name)(*[2] * len(entry.constant), x)
        assert from_sympy(expression) == parse(str(expression)) == parse(call(entry).format(2))


def test_the_table_is_light():
    """The list loads neither SymPy nor mpmath, a value in floats only mpmath."""
    code = """if True:
        import sys
        from gradcli import parse, forward
        graph = parse("Ei(x)")
        print("sympy" in sys.modules, "mpmath" in sys.modules)
        forward(graph, {"x": 2})
        print("sympy" in sys.modules, "mpmath" in sys.modules)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "False", "True"]
