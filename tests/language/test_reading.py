"""Texts as they stand on pages: course pages as a whole, and the kinds that the rules of reading name, one by one.

`course.json` holds pages with their values and gradients, computed elsewhere; `formulas/reading.txt` is `rule | known
names | typed | normal form | words of a note`.
"""

import json
import re
import time
from pathlib import Path

import pytest
from test_parser import fixtures

from gradcli import backward, forward, parse
from gradcli.analysis.claims import judged
from gradcli.errors import ParseError, UsageError
from gradcli.language.limits import ARGUMENT, FILE
from gradcli.language.spelling import plain_name
from gradcli.language.values import read_value
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import program
from gradcli.systems import FLOATS

HERE = Path(__file__).parents[1]
COURSE = json.loads((HERE / "course.json").read_text(encoding="utf-8"))
READ = [page for page in COURSE if page["value"] is not None]
CLAIMED = {"net222-plain-numeric": 0.3775}
"""Pages without variables: the value that they claim themselves."""

REFUSED = {
    "net222-Esum": "sum",
    "survey-indices": "number or a name",
    "mathgpt-raw": "comma",
    "grade9-ans": "gradcli computes that",
    "mit1-pdf": "unknown function ze",
    "testfn2-tex": "never closed",
    "yolo12": "comma",
}
"""Pages that are damaged, ask for what a scalar formula is not, or hold a derivative: words of the refusal."""

ASKED = {"active-pdf": "x2", "mit3-pdf": "x3"}
"""Pages whose exponents are lost: a name stays without a value."""


def point_of(page, graph):
    """The values of a page, for the inputs of its graph."""
    values = {plain_name(name): str(text) for name, text in page["variables"].items()}
    return {name: read_value(name, text).number(FLOATS) for name, text in values.items() if name in graph.inputs}


def read(page):
    """The graph of a page."""
    return parse(page["formula"], names=[plain_name(name) for name in page["variables"]])


@pytest.mark.parametrize("page", [pytest.param(page, id=page["id"]) for page in READ])
def test_a_course_page_has_the_right_value_and_gradient(page):
    """The text as it stands, with the page's values: value and gradients computed elsewhere."""
    graph = read(page)
    run = backward(forward(graph, point_of(page, graph)))
    near = float(page.get("tolerance", 1e-12))
    assert run.forward.value == pytest.approx(float(page["value"]), rel=near, abs=near)
    for name, expected in page["gradient"].items():
        assert run.gradient(plain_name(name)) == pytest.approx(float(expected), rel=near, abs=near), name


@pytest.mark.parametrize("page", [pytest.param(page, id=page["id"]) for page in COURSE if page["id"] in CLAIMED])
def test_a_course_page_of_numbers_only(page):
    """The value that the page claims, which holds."""
    graph = read(page)
    assert forward(graph, {}).value == pytest.approx(CLAIMED[page["id"]])
    assert [claim.holds for claim in judged(graph, {})] == [True]


@pytest.mark.parametrize("page", [pytest.param(page, id=page["id"]) for page in COURSE if page["id"] in REFUSED])
def test_a_course_page_that_is_refused(page):
    """The refusal names what is wrong, and where."""
    with pytest.raises(ParseError) as caught:
        read(page)
    assert REFUSED[page["id"]] in f"{caught.value.message} / {caught.value.hint}"
    assert caught.value.span is not None


@pytest.mark.parametrize("page", [pytest.param(page, id=page["id"]) for page in COURSE if page["id"] in ASKED])
def test_a_course_page_whose_exponents_are_lost(page):
    """The name that should have been a power has no value."""
    graph = read(page)
    assert ASKED[page["id"]] in graph.inputs.keys() - point_of(page, graph).keys()


def test_every_course_page_is_looked_at():
    """No page is forgotten."""
    assert {page["id"] for page in COURSE} == {page["id"] for page in READ} | {*CLAIMED, *REFUSED, *ASKED}


def typed(text):
    """The text of a fixture."""
    return text.replace("⏎", "\n")


@pytest.mark.parametrize(("rule", "names", "text", "expected", "note"), fixtures("reading.txt", 5))
def test_a_rule_of_reading(rule, names, text, expected, note):
    """The normal form, which reads back; the note; every place lies in the text as typed."""
    known = names.replace("-", "").split()
    graph = parse(typed(text), names=known)
    assert program(graph, ascii.DIALECT) == expected, rule
    said = "\n".join(remark.message for remark in graph.remarks)
    assert note == "-" or note in said
    for dialect in (ascii.DIALECT, unicode.DIALECT):
        assert program(parse(program(graph, dialect), names=list(graph.inputs)), ascii.DIALECT) == expected
    for index in range(len(graph)):
        start, end = graph.span(index)
        assert 0 <= start <= end <= len(typed(text))


@pytest.mark.parametrize(("text", "marked", "message"), fixtures("reading_errors.txt", 3))
def test_what_stays_an_error(text, marked, message):
    """The marked piece and the words."""
    with pytest.raises(ParseError) as caught:
        parse(typed(text))
    assert message in f"{caught.value.message} / {caught.value.hint}"
    assert caught.value.span is not None
    assert typed(text)[slice(*caught.value.span)] == ("" if marked == "END" else marked)


@pytest.mark.parametrize(
    "text", ["1/2 (x + 1)", "z = wx", "x % y", "E**x", "* f = x*y", "y = u^2; u = x", "sin x/2", "e^{xy}", "'x*y'"]
)
def test_strict_refuses_a_choice(text):
    """What is a note otherwise is an error with a place, and a text without a choice is read."""
    assert any(remark.kind == "reading" for remark in parse(text).remarks)
    with pytest.raises(ParseError, match=re.escape(parse(text).remarks[0].message)) as caught:
        parse(text, strict=True)
    assert caught.value.span is not None


@pytest.mark.parametrize("text", ["(x+y)*y", "f(x) = x²", "a = x + y; f = a*y", "2 sin(x)", "x = 2; x*y"])
def test_strict_reads_what_needs_no_choice(text):
    """The same graph, strict or not."""
    assert parse(text, strict=True) == parse(text)


# -- claims -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "point", "holds"),
    [
        ("a = σ(1.1) ≈ 0.75", {}, [True]),
        ("a = σ(1.1) ≈ 0.7503", {}, [True]),
        ("a = σ(1.1) = 0.76", {}, [False]),
        ("q = x·y = 1·2 = 2", {"x": 1, "y": 2}, [True, True]),
        ("q = x·y = 1·2 = 3", {"x": 1, "y": 2}, [True, False]),
        ("z = wx = 0.5 × 2 = 1.0", {"w": 0.5, "x": 2}, [True, True]),
        ("z = wx = 0.5 × 2 = 1.0", {"w": 0.5, "x": 3}, [False, False]),
        ("f(x, y) = (x + y)·y = xy + y²", {"x": 2, "y": 3}, [True]),
        ("f(x, y) = (x + y)·y = xy + y²", {}, [True]),
        ("f(x, y) = (x + y)·y = xy + x²", {}, [False]),
        ("a = sigmoid(h) = 1/(1 + exp(-h))", {}, [True]),
        ("a = sigmoid(h) = 1/(1 + exp(h))", {"h": 1}, [False]),
        ("e_1 = a - t = 0.75 - 1 = -0.25", {"a": 0.75026, "t": 1}, [True, True]),
        ("a = x + y = 5; f = a*y = 15", {"x": 2, "y": 3}, [True, True]),
        ("x = 2; x = x + 1 = 3; f = x*x = 9", {}, [True, True]),
        ("f = x*y = 3", {}, [None]),
        ("f = 4.2482543e-18*x = 4.248e-18", {"x": 1}, [True]),
    ],
)
def test_claims_are_compared(text, point, holds):
    """Numbers after rounding to the digits printed, formulas at the point or at random points."""
    graph = parse(text, names=point)
    found = judged(graph, point)
    assert [claim.holds for claim in found] == holds
    assert all(claim.text in claim.sentence() for claim in found)


def test_claims_make_no_nodes():
    """A graph with claims is the graph without them."""
    assert parse("q = x*y = 1*2 = 2") == parse("q = x*y")


# -- programs ---------------------------------------------------------------------------------------------------------


def test_tensors_beside_others_that_are_differentiated_are_constants():
    """Where one tensor has requires_grad, the others are constants; where none has, all are inputs."""
    some = parse("x = torch.tensor(2.0)\nw = torch.tensor(3.0, requires_grad=True)\nL = (w*x - 5)**2")
    assert some.constants == {"x"}
    none = parse("x = torch.tensor(2.0)\nw = torch.tensor(3.0)\nL = (w*x - 5)**2")
    assert none.constants == frozenset()
    later = parse("x = torch.tensor(2.0)\nx.requires_grad = True\nt = torch.tensor(1.0)\nL = (x - t)**2")
    assert later.constants == {"t"}


def test_functions_that_are_not_specified():
    """Several arguments, names with an index; a near miss of a known function stays the error."""
    graph = parse("L(f_2(f_1(θ)), f_3(f_1(θ)))", unspecified=True)
    assert list(graph.operations) == ["input", "f_1()", "f_2()", "f_1()", "f_3()", "L(,)"]
    assert [node.name for node in graph.nodes()] == ["f_1", "f_2", "v1", "f_3", "f"]
    assert [node.name for node in parse("f1 = g1(θ); L = g2(f1)", unspecified=True).nodes()] == ["f1", "L"]
    parse("phi(x) + φ(y)", unspecified=True)
    with pytest.raises(ParseError, match="unknown function sigmod"):
        parse("sigmod(x)", unspecified=True)


def test_locals_of_a_function_of_several_arguments(gradcli):
    """They are printed as partial derivatives."""
    out = gradcli("backward", "L(f_2(θ), f_3(θ))").out
    assert "∂L/∂f_2·f_2'(θ)" in out or "∂L/∂f_2(θ)·f_2'(θ)" in out
    assert "∂f/∂f_2 = ∂L/∂f_2" in out


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1,500", "12,345", "-1,000", "999,999"])
def test_a_comma_before_three_digits_has_two_readings(text):
    """Thousands or decimals: an error, except where the numbers around it settle it."""
    with pytest.raises(UsageError, match="two ways"):
        read_value("x", text)
    expected = float(text.replace(",", "."))
    assert read_value("x", text, decimal_comma=True).number(FLOATS) == expected


@pytest.mark.parametrize(("text", "expected"), [("0,5", 0.5), ("2,75", 2.75), ("0,125", 0.125), ("1,5000", 1.5)])
def test_a_decimal_comma(text, expected):
    """Other commas are decimal, with a note."""
    value = read_value("x", text)
    assert value.number(FLOATS) == expected
    assert value.note


# -- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x" * 2_000_000, "(" * 1_000_000, "\\alpha" + "{" * 100_000, "[" * 500_000])
def test_limits_are_looked_at_while_reading(text):
    """A name, or brackets, far over the limit are refused before the rest is read."""
    start = time.process_time()
    with pytest.raises(ParseError, match=r"at most 64|levels"):
        parse(text, limits=FILE)
    assert time.process_time() - start < 20


def test_too_many_operations_are_refused_before_they_are_kept():
    """Every operator makes a node: the tokens behind the last one that fits are not looked at."""
    few = FILE._replace(nodes=1_000)
    with pytest.raises(ParseError, match="more than 1,000 nodes") as caught:
        parse("x+" * 500_000 + "x", limits=few)
    assert caught.value.span == (2_001, 2_002)
    with pytest.raises(ParseError, match="nothing to the right"):
        parse("x+" * 100_000, limits=FILE)


def test_functions_that_call_each_other_are_counted_before_they_are_read():
    """40 functions that each call the one before twice: a million million calls are refused at once."""
    lines = ["f0(x) = x + 1", *(f"f{i}(x) = f{i - 1}(x)*f{i - 1}(x)" for i in range(1, 41))]
    for limits in (ARGUMENT, FILE):
        with pytest.raises(ParseError, match="calls of functions defined here"):
            parse("\n".join(lines), limits=limits)
    assert len(parse("\n".join(lines[:6]))) == 2**5 * 2 - 1 + 33
