"""`check` on random expressions: no "disagree" that is not real, whatever is typed and wherever it stands."""

import math
import random

import pytest

from gradcli import check
from gradcli.analysis.checking import check as check_module
from gradcli.graph import GraphBuilder
from gradcli.ops import OPERATIONS
from gradcli.printers import ascii
from gradcli.printers.expression import in_full

FAST, ALL = 150, 3_000

ONE = (
    "sin cos tan exp log sqrt square negate tanh sigmoid softplus relu abs cbrt atan sinh cosh asinh erf gelu silu "
    "log1p expm1 reciprocal asin acos atanh acosh logsigmoid sinc elu softsign sign floor"
).split()
TWO = "add subtract multiply divide power max min atan2 hypot logaddexp add multiply subtract multiply".split()
EXPECTED = {"zero_times_infinity", "convention"}
"""The only reasons for which a table without mistakes disagrees: the rules of calculus, at a point of no measure."""


def expression(draw, size):
    """A random graph over x and y and its point: every operation on any operands, constants and large numbers too."""
    builder = GraphBuilder()
    nodes = [builder.input("x"), builder.input("y")]
    nodes.append(builder.constant(draw.choice(("2", "0.5", "3", "1", "10", "0.1"))))
    for _ in range(size):
        if draw.random() < 0.5:
            arguments = (draw.choice(nodes[-4:]),)
            operation = draw.choice(ONE)
        else:
            arguments = (draw.choice(nodes), draw.choice(nodes[-4:]))
            operation = draw.choice(TWO)
        nodes.append(builder.add(operation, arguments))
    numbers = (draw.uniform(-3, 3), draw.choice((0.0, 1.0, -1.0, 2.0)), 10 ** draw.uniform(-12, 4))
    return builder.finish(nodes[-1]), {name: draw.choice(numbers) for name in "xy"}


def disagreements(numbers, *, sympy):
    """Every finding of "disagree" on the expressions with these numbers, and how many gradients agree."""
    found, agreeing = [], 0
    for number in numbers:
        draw = random.Random(number)
        graph, point = expression(draw, draw.randint(1, 9))
        point = {name: point[name] for name in graph.inputs}
        with pytest.MonkeyPatch.context() as patch:
            if not sympy:
                patch.setattr(check_module, "_reading", lambda *_: check_module.AGREE)
                patch.setattr(check_module.Witness, "derivative", lambda *_: check_module.SILENT)
            result = check(graph, point, time_limit=5.0)
        agreeing += sum(each.verdict == "agree" for each in result.variables)
        wrong = [finding for finding in result.findings if finding.verdict == "disagree"]
        if any(finding.reason not in EXPECTED for finding in wrong):
            found.append((number, in_full(graph, graph.output, ascii.DIALECT), point, wrong))
        for each in result.variables:
            if each.finding.reason in EXPECTED:
                assert math.isfinite(each.difference)
                assert not math.isclose(each.graph, each.difference, rel_tol=1e-6, abs_tol=0.0)
            if each.verdict == "agree" and each.difference:
                assert math.isclose(each.graph, each.difference, rel_tol=1e-6, abs_tol=2e-323)
    return found, agreeing


def test_no_false_alarm():
    """Random expressions, with SymPy's reading of every third."""
    found, agreeing = disagreements(range(FAST), sympy=False)
    assert not found
    assert agreeing > FAST // 2
    found, _ = disagreements(range(0, FAST, 3), sympy=True)
    assert not found


@pytest.mark.slow
def test_no_false_alarm_in_three_thousand():
    """The same for many more."""
    found, agreeing = disagreements(range(ALL), sympy=True)
    assert not found
    assert agreeing > ALL


def test_random_operations_are_in_the_table():
    """The words above are entries."""
    assert {*ONE, *TWO} <= set(OPERATIONS)
