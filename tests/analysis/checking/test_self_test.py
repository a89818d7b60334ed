"""`gradcli check` without a formula: it proves the installation, and a broken rule makes it fail with its name."""

import itertools
import json

import pytest

from gradcli import ops
from gradcli.analysis.checking import self_test as module
from gradcli.analysis.checking.examples import EXAMPLES
from gradcli.analysis.checking.random_graphs import random_graphs
from gradcli.analysis.checking.self_test import self_test

FEW = ("multiply", "sigmoid", "max", "besselj", "floor")


def broken(name, factor=1.0000001):
    """An entry whose first local derivative is multiplied by a factor."""
    entry = ops.OPERATIONS[name]

    def local(m, *arguments):
        return m.number(entry.stable_local(0)(m, *arguments)) * m.number(factor)

    locals_ = (local, *entry.locals[1:])
    stable = (entry.stable_value(), local, *(entry.stable_local(k) for k in range(1, len(entry.locals))))
    return entry._replace(locals=locals_, stable=stable)


def test_the_whole_self_test(gradcli):
    """Every operation, every example, a hundred graphs: all agree; the same bytes, without the time, in a pipe."""
    found = gradcli("check", "--json")
    record = json.loads(found.out)
    assert (found.status, found.err, record["verdict"]) == (0, "", "agree")
    assert record["self_test"] == {"operations": len(ops.OPERATIONS), "examples": len(EXAMPLES), "graphs": 100}
    named = [each["name"] for each in record["items"] if each["kind"] == "operation"]
    assert named == list(ops.OPERATIONS)


@pytest.fixture
def small(monkeypatch):
    """The self test with a few operations and two graphs."""
    table = {name: ops.OPERATIONS[name] for name in FEW}
    monkeypatch.setattr(module, "OPERATIONS", table)
    monkeypatch.setattr(module, "GRAPHS", 2)
    return table


def test_on_the_screen(gradcli, small):
    """One line and what to do next; every item with --verbose; no time in a pipe."""
    plain = gradcli("check")
    assert plain.status == 0
    assert plain.out.splitlines()[1:] == [
        f"5 operations, {len(EXAMPLES)} lecture examples, 2 random graphs: all agree",
        "to check a formula: gradcli check FORMULA --x 2",
    ]
    verbose = gradcli("check", "--verbose").out
    assert [name for name in FEW if f" {name} " not in verbose] == []
    assert "(x + y)*y" in verbose
    assert gradcli("check", "--get", "operations,wrong").out == "5\n0\n"
    assert len(gradcli("check", "--csv").out.splitlines()) == 1 + 5 + len(EXAMPLES) + 2


@pytest.mark.parametrize("name", FEW[:3])
@pytest.mark.parametrize("factor", [1.0000001, -1])
def test_a_broken_rule_is_named(name, factor, gradcli, small, monkeypatch):
    """A rule that is off by 1e-7 makes the self test fail, with the operation and both numbers."""
    wrong = broken(name, factor)
    monkeypatch.setitem(ops._operations, name, wrong)
    small[name] = wrong
    found = gradcli("check")
    assert found.status == 1
    assert " WRONG: " in found.out
    assert f" {name} " in found.out
    record = json.loads(gradcli("check", "--json").out)
    fault = next(each for each in record["items"] if each["name"] == name)
    assert fault["verdict"] == "disagree"
    assert " at " in f" {fault['detail']}"


def test_a_wrong_value_is_found_by_the_examples(small, monkeypatch):
    """An operation whose value and derivative are wrong together agrees with itself, but not with the lectures."""
    entry = ops.OPERATIONS["square"]
    wrong = entry._replace(value=lambda m, a: a * a * 2, locals=(lambda m, y, a: a * 4,), stable=())
    monkeypatch.setitem(ops._operations, "square", wrong)
    wrong_ones = [each for each in self_test({"square": wrong}, graphs=0).items if each.verdict != "agree"]
    assert {each.kind for each in wrong_ones} == {"example"}
    assert "x**2" in {each.name for each in wrong_ones}


def test_an_operation_that_raises_is_one_line(small, monkeypatch):
    """A fault of arithmetic in a rule is a finding, not a traceback."""
    wrong = ops.OPERATIONS["square"]._replace(value=lambda m, a: a / "2", stable=())
    monkeypatch.setitem(ops._operations, "square", wrong)
    found = self_test({"square": wrong}, graphs=0).items[0]
    assert (found.kind, found.verdict) == ("operation", "disagree")
    assert found.detail.startswith("TypeError: ")


def test_random_graphs():
    """The same seed gives the same graphs; they differ, and hold operations of many kinds."""
    first, again = (list(itertools.islice(random_graphs(seed), 100)) for seed in (0, 0))
    assert first == again
    assert first != list(itertools.islice(random_graphs(1), 100))
    used = {name for each in first for name in each.graph.operations}
    assert len(used) > 60
    assert max(len(each.graph) for each in first) > 15
    assert all(set(each.point) == set(each.graph.inputs) for each in first)


@pytest.mark.parametrize("args", [["--x", "2"], ["--nodes"], ["--random", "3"], ["--wrt", "x"], ["--time-limit", "3"]])
def test_options_of_a_formula_need_one(gradcli, args):
    """What is about a formula is not taken for the self test."""
    found = gradcli("check", *args)
    assert (found.status, found.out) == (2, "")
    assert "there is no formula" in found.err
