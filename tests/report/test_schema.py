"""The schema of the records: it takes what gradcli writes, refuses everything near it, and sees every test."""

import copy
import json
import subprocess
import sys

import pytest
import records

from gradcli import formats
from gradcli.report.passes.report import report_of
from gradcli.report.passes.trace import Trace

pytest.importorskip("jsonschema", reason="records are held against the schema with jsonschema: pip install jsonschema")

QUESTIONS = [
    ("forward", "(x+y)*y", "--x", "2", "--y", "3"),
    ("forward", "(x+y)*y"),
    ("backward", "log(x)*t + max(y, 2)", "--x", "-2", "--y", "3", "--const", "t=2"),
    ("backward", "x*y + 1"),
    ("check", "abs(x)*y", "--x", "0", "--y", "2"),
    ("check", "abs(x)*y", "--random", "2", "--x", "0"),
    ("check", "x*y", "--same-as", "y*x + 1e-9*z", "--at", "x=1,y=2,z=3", "--random", "2"),
    ("check", "x**2*y", "--at", "x=2,y=3", "--order-of-derivative", "2"),
    ("check", "x*y + 0.1", "--at", "x=2,y=3", "--answer", "y=2.0,x=x*y", "--show"),
    ("explain", "x*y", "--x", "2", "--y", "3", "--brief"),
    ("ops", "sigmoid", "--plot"),
    ("paths", "(x+y)*y + log(z)", "--x", "2", "--y", "3", "--const", "z=-1"),
    ("paths", "(x+y)*y", "--limit", "2"),
]


def places(value, path=()):
    """Every object in a record, with its place."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for key, item in enumerate(value):
            yield from places(item, (*path, key))


def at(record, path):
    """The object at a place."""
    for key in path:
        record = record[key]
    return record


OPEN = {"inputs", "parameters", "counts", "routes", "gradients", "point"}
"""Objects whose keys are not fixed: names of variables or verdicts, and the parameters of an operation."""

NUMBERS = {"gradient", "symbolic", "difference", "left", "right", "rounding"}
"""Numbers that may be missing."""

OPTIONAL = {"gradient_expression", "plot", "sum"}
"""Left out where no gradient was asked for, no plot, or where not all paths are listed."""


def mutants(record):
    """Records that are wrong: a key missing, a key too many, a value of a wrong type."""
    for path, value in places(record):
        name = path[-1] if path else ""
        if name not in OPEN:
            changed = copy.deepcopy(record)
            at(changed, path)["surplus"] = 1
            yield f"{path} with another key", changed
        for key in value:
            if name not in OPEN and key not in OPTIONAL and not (key == "verdict" and path[:1] == ("inputs",)):
                changed = copy.deepcopy(record)
                del at(changed, path)[key]
                yield f"{path} without {key}", changed
            wrong = (True, [{}], {"a": 1}, 2.5) if key not in ("active", "variadic", "symmetric") else (0, "yes", None)
            for other in wrong:
                numeric = isinstance(other, float) and (isinstance(value[key], float) or value[key] in ("nan", "inf"))
                nothing = other == {"a": 1} and key in ("parameters", "point")
                gradient = key in NUMBERS and isinstance(other, float)
                local = key == "digits" and value[key] is None and other is None
                if not (numeric or nothing or gradient or local):
                    changed = copy.deepcopy(record)
                    at(changed, path)[key] = other
                    yield f"{path} {key} = {other}", changed


@pytest.mark.parametrize("args", QUESTIONS, ids=[" ".join(q[:2]) for q in QUESTIONS])
def test_a_record_that_is_a_little_wrong_is_refused(gradcli, args):
    """The record is valid, and no change of its form is."""
    record = json.loads(gradcli(*args, "--json").out)
    assert records.is_valid(record)
    wrong = list(mutants(record))
    assert len(wrong) > 50
    assert [what for what, mutant in wrong if records.is_valid(mutant)] == []


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("command", ["forwards", "forward", "check", "ops"]),
        ("schema", [2, "1"]),
        ("number_system", ["floats", "symbolic", None]),
        ("verdict", ["agree"]),
    ],
)
def test_words_are_closed(gradcli, key, values):
    """A record under another command, number system or version is not a valid one."""
    record = json.loads(gradcli(*QUESTIONS[2], "--json").out)
    assert [value for value in values if records.is_valid({**record, key: value})] == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "fault"}, {"message": ""}, {"message": None}, {"span": [1]}, {"span": [1, -2]}, {"hint": 3}, {"x": 1},
    ],
)  # fmt: skip
def test_errors_are_strict_too(gradcli, change):
    """An error record, and changes of it."""
    record = json.loads(gradcli("backward", "x*(", "--json").err)
    assert records.is_valid(record)
    assert not records.is_valid({"error": {**record["error"], **change}})
    assert not records.is_valid({})


def test_no_test_can_forget_it():
    """A wrong record fails the test that makes it: rendered here, or heard from another process."""
    right = report_of("forward", Trace(*computed()))
    wrong = right._replace(facts=lambda: {**right.facts(), "surplus": 1})
    for name in ("json", "jsonl"):
        formats.render(name, right, formats.Drawing())
        with pytest.raises(AssertionError, match="surplus"):
            formats.render(name, wrong, formats.Drawing())
    for text in ('{"schema": 1, "command": "forwards"}', 'a note\\n{"error": {"kind":\\n "fault"}}'):
        with pytest.raises(AssertionError, match="not valid"):
            subprocess.run([sys.executable, "-c", f"print('{text}')"], capture_output=True, check=True)


def computed():
    """A forward pass."""
    from gradcli import forward, parse

    return (forward(parse("x*2"), {"x": 1}),)
