"""SymPy's expressions as graphs, what SymPy prints read back, and SymPy's own reading of a text.

The witness of a value is SymPy's `evalf`, of a gradient `evalf` of `sympy.diff`. Points and numbers are multiples of
1/8, so that they are the same in every number system, and graphs are evaluated with 30 digits, so that nothing is left
to rounding.
"""

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
import sympy

from gradcli import backward, check, forward, from_sympy, ops, parse
from gradcli.analysis.check import sympy_derivative
from gradcli.errors import GradcliError, OutOfRange, ParseError, UsageError
from gradcli.graph import CONSTANT, Graph, GraphBuilder
from gradcli.language import second_reading
from gradcli.ops import library
from gradcli.passes import tangents
from gradcli.printers import ascii
from gradcli.printers.expression import program
from gradcli.printers.rules import local_formula
from gradcli.systems import FLOATS
from gradcli.systems.digits import Digits
from gradcli.systems.exact import Exact
from gradcli.systems.symbols import Symbols

SEED = 20261120
DIGITS = Digits(30)
TOLERANCE = 1e-13

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


def random_condition(draw: random.Random, depth: int) -> sympy.Basic:
    """A comparison, or two or three joined."""
    kind = draw.randrange(6) if depth > 1 else 0
    if kind == 5:
        return sympy.Not(random_condition(draw, depth - 1))
    if kind == 4:
        join = draw.choice((sympy.And, sympy.Or))
        return join(*(random_condition(draw, depth - 1) for _ in range(draw.randint(2, 3))))
    return draw.choice(RELATIONS)(random_expression(draw, depth - 1), random_expression(draw, depth - 1))


def random_expression(draw: random.Random, depth: int) -> Expression:
    """Sums, products, powers, functions, Max, Min, Piecewise; now and then not evaluated."""
    if depth <= 0 or draw.random() < 0.12:
        return draw.choice(SYMBOLS) if draw.random() < 0.7 else random_number(draw)
    kind, evaluate = draw.randrange(14), draw.random() < 0.85
    depth = min(depth, 2) if kind == 12 else depth  # SymPy takes long to compare the arguments of a Max
    parts = [random_expression(draw, depth - 1) for _ in range(draw.choice((2, 2, 3)))]
    if kind < 3:
        return sympy.Add(*parts, evaluate=evaluate)
    if kind == 3:
        return sympy.Add(parts[0], sympy.Mul(-1, parts[1], evaluate=evaluate), evaluate=evaluate)
    if kind < 7:
        return sympy.Mul(*parts, evaluate=evaluate)
    if kind == 7:
        return sympy.Mul(parts[0], sympy.Pow(parts[1], -1, evaluate=evaluate), evaluate=evaluate)
    if kind == 8:
        return sympy.Pow(parts[0], draw.choice((2, 2, 3, -1, -2, sympy.Rational(1, 3), sympy.Rational(-1, 2), parts[1])))
    if kind < 12:
        return draw.choice(ONE_ARGUMENT)(parts[0])
    if kind == 12:
        return draw.choice((sympy.Max, sympy.Min))(*parts)
    branches = [(part, random_condition(draw, depth - 1)) for part in parts[1:]]
    return sympy.Piecewise(*branches, (parts[0], True))


def random_expressions(seed: int, count: int) -> Iterator[Expression]:
    """So many expressions over x, y and z that are real numbers somewhere and not too large."""
    draw = random.Random(seed)
    while count:
        try:
            found = random_expression(draw, draw.choice((1, 2, 2, 3, 3, 4)))
        except (TypeError, ValueError, RecursionError):  # SymPy compares imaginary numbers
            continue
        if not found.has(sympy.I, sympy.oo, -sympy.oo, sympy.zoo, sympy.nan, sympy.AccumBounds):
            count -= 1
            yield found


def number(expression: Expression, point: dict) -> mpmath.mpf | None:
    """The value of an expression by SymPy's evalf; None where it is not a real, finite number."""
    try:
        value = expression.evalf(20, subs=point, maxn=200)
    except (TypeError, ValueError, ArithmeticError, NotImplementedError, AttributeError):
        return None
    return mpmath.mpf(value._mpf_) if value.is_Float else mpmath.mpf(value.p) / value.q if value.is_Rational else None


def close(found: object, expected: mpmath.mpf) -> bool:
    """Equal but for the digits that evalf does not promise."""
    return abs(found - expected) <= TOLERANCE * abs(expected) + mpmath.mpf(10) ** -18


def real_points(draw: random.Random) -> Iterator[dict]:
    """Some points to try, multiples of 1/8, positive ones first as many expressions are real only there."""
    for low in (1, 1, -12, -12, -40, 0):
        yield {symbol: sympy.Rational(draw.randint(low, 24) * 8 + 1, 64) for symbol in SYMBOLS}


def disagreement(graph: Graph, expression: Expression, draw: random.Random) -> str | None:
    """What is wrong with value or gradient at the first point where SymPy has both; "" for nothing, None for no point."""
    names = list(graph.inputs)
    derivatives = {name: expression.diff(sympy.Symbol(name, real=True)) for name in names}
    for point in real_points(draw):
        value = number(expression, point)
        slopes = {name: number(derivative, point) for name, derivative in derivatives.items()}
        if value is None or None in slopes.values():
            continue
        numbers = {str(symbol): DIGITS.number(exact) for symbol, exact in point.items()}
        back = backward(forward(graph, numbers, DIGITS))
        if not close(back.forward.value, value):
            return f"value {back.forward.value}, not {value}, at {point}"
        for name, slope in slopes.items():
            if not close(back.gradient(name), slope):
                return f"gradient of {name}: {back.gradient(name)}, not {slope}, at {point}"
        return ""
    return None


def shape(graph: Graph) -> tuple:
    """The graph with the values of its numbers, so that 0.5 and 0.500000 are the same."""
    numbers = {i: t if t == "pi" or graph.operations[i] != CONSTANT else float(t) for i, t in graph.texts.items()}
    return graph.operations, graph.arguments, numbers, graph.output


def wrong(seed: int, count: int) -> tuple[list[str], int]:
    """What is wrong with so many random expressions, and how many of them had a point."""
    draw = random.Random(seed + 1)
    faults, compared = [], 0
    for expression in random_expressions(seed, count):
        graph = from_sympy(expression)
        if not expression.atoms(sympy.E.func) and shape(parse(str(expression))) != shape(graph):
            faults.append(f"{expression} is read as {program(parse(str(expression)), ascii.DIALECT)}")
        found = disagreement(graph, expression, draw)
        compared += found is not None
        if found:
            faults.append(f"{expression}: {found}")
    return faults, compared


@pytest.mark.parametrize("block", range(10))
def test_random_expressions(block):
    """500 expressions a block: value and gradient are SymPy's, and the text SymPy prints is read as the same graph."""
    faults, compared = wrong(SEED + 1000 * block, 500)
    assert faults == []
    assert compared > 400


@pytest.mark.slow
@pytest.mark.parametrize("block", range(100))
def test_many_more_random_expressions(block):
    """100,000 more."""
    faults, _ = wrong(SEED * 3 + 1000 * block, 1000)
    assert faults == []
