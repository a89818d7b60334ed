"""The verdicts of `check` at 120 hard points: none on a right gradient is wrong, and none on a wrong one is "agree".

The cases hold the verdict, the reason, the exact gradient and one-sided slopes, computed with mpmath (`changed` says
what was corrected since, and why).
"""

import json
import math
from functools import cache
from pathlib import Path

import pytest

from gradcli import check, parse
from gradcli.analysis.checking import check as check_module
from gradcli.analysis.checking import evidence as evidence_module
from gradcli.analysis.checking import slopes as ladder
from gradcli.graph import GraphBuilder
from gradcli.passes import backward

RECORD = json.loads((Path(__file__).parents[2] / "numerics_cases.json").read_text(encoding="utf-8"))
CASES = RECORD["cases"]
LARGE = ("N161",)
"""Fifty sines in one another: half a second with every wrong gradient."""

every_case = pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])

CAUSES = {
    "N048": "v2", "N049": "v1", "N058": "v1", "N062": "v1", "N073": "v2", "N077": "v2", "N079": "f", "N086": "v2",
    "N088": "f", "N089": "f", "N096": "v1", "N097": "v1", "N098": "v1", "N113": "f", "N116": "v1", "N117": "f",
    "N123": "f", "N125": "f", "N128": "f", "N129": "v1", "N130": "f", "N131": "f", "N133": "f", "N136": "v1",
    "N137": "f", "N140": "f", "N146": "f", "N147": "f", "N151": "f", "N156": "f", "N157": "f", "N158": "f",
    "N170": "f", "N171": "f",
}  # fmt: skip
"""By case, the node that causes the verdict, found by hand."""


def found(case):
    """The check of a case."""
    return check(parse(case["formula"]), {name: float(text) for name, text in case["point"].items()})


@cache
def once(number):
    """The check of the case with this number in the list, made once."""
    return found(CASES[number])


def same(a, b, tolerance):
    """Whether two numbers are the same to a relative tolerance; infinities and nan are the same as themselves."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return a == b or (a != a and b != b)
    return abs(a - b) <= tolerance * max(abs(a), abs(b))


def number(text):
    """A number of the cases; nan where there is none."""
    return math.nan if text is None else float(text)


def significant(case):
    """The variables of a case whose gradient is known and can be told from 0."""
    return {
        name: float(expected["expected_gradient"])
        for name, expected in case["variables"].items()
        if expected["verdict"] == "agree" and abs(number(expected["expected_gradient"])) > 1e-300
    }


@every_case
def test_verdict_and_numbers(case):
    """Verdict, reason, the slopes of the values, the graph's gradient to the digits that are claimed."""
    for each in once(CASES.index(case)).variables:
        expected = case["variables"][each.name]
        assert (each.verdict, each.finding.reason) == (expected["verdict"], expected["reason"])
        assert each.finding.explanation or each.finding.reason == "ok"
        if expected["verdict"] in ("agree", "rounding", "disagree"):
            exact = number(expected["expected_gradient"])
            assert same(each.difference, exact, 1e-15)
        if expected["verdict"] == "agree":
            assert same(each.graph, exact, 10.0**-each.digits)
            assert same(each.graph, exact, max(1e-15, 10 * float(expected.get("rel_err_float64") or 0)))
            assert same(each.precise, exact, 1e-15)
        if expected["reason"] in ("corner", "edge_of_domain"):
            assert same(each.left, number(expected["left"]), 1e-15)
            assert same(each.right, number(expected["right"]), 1e-15)
        if expected["reason"] == "corner":
            assert each.graph == float(expected["graph_float64"])


@every_case
def test_value(case):
    """The value in many digits is the true one; that in floats is, too, unless the check says that it is lost."""
    result = once(CASES.index(case))
    run = result.evidence.precise.forward
    exact = number(case["value"])
    assert same(run.system.to_float(run.value), exact, 1e-15)
    if result.value.verdict == "agree":
        assert same(float(result.back.forward.value), exact, 1e-6)
    else:
        assert not same(float(result.back.forward.value), exact, 1e-6) or not math.isfinite(exact)
    assert result.reading.verdict == "agree"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if case["id"] in CAUSES])
def test_the_node_that_causes_it(case):
    """The first node at the corner, out of range, or where digits cancel is named, with the values of its operands."""
    result = once(CASES.index(case))
    causes = [each.finding.cause for each in result.variables if each.finding.cause]
    assert {cause.node for cause in causes} == {CAUSES[case["id"]]}
    values = {result.back.graph.name(i): value for i, value in enumerate(result.back.forward.values)}
    node = next(i for i in range(len(result.back.graph)) if result.back.graph.name(i) == causes[0].node)
    names = [result.back.graph.name(i) for i in result.back.graph.arguments[node]]
    assert all(same(a, float(values[name]), 0) for a, name in zip(causes[0].operands, names, strict=True))


def tampered(factor, *, floats_only):
    """The backward pass with the gradients of all variables multiplied by a factor."""

    def wrong(run, wrt=None, upstream=1):
        back = backward(run, wrt, upstream)
        if floats_only and run.system.name != "float":
            return back
        reached = list(back.reached)
        for index in run.graph.inputs.values():
            if reached[index] is not None:
                reached[index] = reached[index] * run.system.number(factor)
        return back._replace(reached=reached)

    return wrong


@pytest.mark.parametrize("floats_only", [False, True], ids=["rules", "floats"])
@pytest.mark.parametrize("factor", [1.0001, 1.01, 2, 0, -1])
def test_no_wrong_gradient_passes(factor, floats_only, monkeypatch):
    """The exact gradient times 1.0001, 1.01, 2, 0 or -1 is never "agree"; by the rules' fault it is "disagree"."""
    monkeypatch.setattr(check_module, "Witness", NoWitness)
    monkeypatch.setattr(check_module, "backward", tampered(factor, floats_only=floats_only))
    monkeypatch.setattr(evidence_module, "backward", tampered(factor, floats_only=floats_only))
    for case in CASES:
        exact = significant(case)
        if exact and case["id"] not in LARGE:
            verdicts = {each.name: each.verdict for each in found(case).variables}
            assert {verdicts[name] for name in exact} == {"disagree"}, case["id"]


class NoWitness:
    """A witness that says nothing, where SymPy's answer has no part in the verdict."""

    value = None
    own = False

    def __init__(self, graph, point):
        self.asked = graph, point

    def load(self):
        """Nothing."""

    def testimonies(self, names, clock):
        """Nothing."""
        return [check_module.SILENT for _ in names] if clock else []


def test_the_ladder_is_stable(monkeypatch):
    """The same verdicts when the ladder starts at 10**-30 in place of 10**-20: no constant was chosen to fit."""
    monkeypatch.setattr(ladder, "RUNGS", (30, 60, 120, 240, 330))
    monkeypatch.setattr(check_module, "Witness", NoWitness)
    for case in CASES:
        for each in found(case).variables:
            expected = case["variables"][each.name]
            assert (each.verdict, each.finding.reason) == (expected["verdict"], expected["reason"]), case["id"]


def reordered(graph):
    """The same graph with its leaves created in the opposite order."""
    builder = GraphBuilder()
    places = {}
    for index in [i for i in reversed(range(len(graph))) if graph.is_leaf(i)]:
        text = graph.texts[index]
        places[index] = builder.constant(text) if graph.is_constant(index) else builder.input(text)
    for index, arguments in enumerate(graph.arguments):
        if arguments:
            places[index] = builder.add(graph.operations[index], tuple(places[a] for a in arguments))
    return builder.finish(places[graph.output])


def test_the_order_of_variables_does_not_matter(monkeypatch):
    """The same verdicts and reasons when the variables come in the opposite order."""
    monkeypatch.setattr(check_module, "Witness", NoWitness)
    for case in [case for case in CASES if len(case["point"]) > 1]:
        point = {name: float(text) for name, text in case["point"].items()}
        result = check(reordered(parse(case["formula"])), point)
        assert [each.name for each in result.variables] != [each.name for each in found(case).variables]
        for each in result.variables:
            expected = case["variables"][each.name]
            assert (each.verdict, each.finding.reason) == (expected["verdict"], expected["reason"]), case["id"]


def test_the_spelling_of_a_number_does_not_matter(gradcli):
    """`--x 2`, `--x 2.0`, `--x 2e0` and `--x 02.` are one point; so are the numbers in the formula."""
    for formula in ("x**2 + 1/x", "relu(x - 2)"):
        spellings = ("2", "2.0", "2e0", "+2.")
        outputs = {gradcli("check", formula, "--x", text, "--get", "x.verdict,x.reason").out for text in spellings}
        assert len(outputs) == 1
    for spelled in ("x**2", "x**2.0", "x**2e0", "x^2"):
        (each,) = check(parse(spelled), {"x": 0.0}).variables
        assert (each.verdict, each.difference) == ("agree", 0.0)


@pytest.mark.parametrize(
    ("formula", "values", "line"),
    [
        ("1 - cos(x)", ["--x", "1e-9"], "The gradient agrees; the value: floats lose it."),
        ("x*y", ["--x", "1e300", "--y", "1e300"], "Both gradients agree; the value: floats lose it."),
        (
            "min(abs(x), abs(y))",
            ["--x", "0", "--y", "0"],
            "Both gradients agree; the variables together: no derivative here.",
        ),
    ],
)
def test_the_summary_says_what_is_not_verified(gradcli, formula, values, line):
    """All gradients agree, and still the check is not passed: the last line says why."""
    result = gradcli("check", formula, *values)
    assert (result.out.splitlines()[-1], result.status) == (line, 3)


def test_another_upstream_gradient_is_no_derivative_of_the_output(gradcli):
    """With --upstream 2 the numbers are not ∂f/∂x: they are named as in `backward`."""
    out = gradcli("check", "x*y", "--x", "2", "--y", "3", "--upstream", "2", "--nodes", "--curve").out
    assert "gradient of x" in out
    assert "∂f/∂x" not in out
