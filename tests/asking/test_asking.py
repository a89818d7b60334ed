"""Asking: a question needs no command line; the argument list is taken apart; options stand in groups, once."""

import inspect
from collections import Counter
from importlib import import_module

import pytest

from gradcli import commands
from gradcli.asking.command_line import split
from gradcli.asking.names import node_named, pinned
from gradcli.asking.number_system import Numbers
from gradcli.asking.options import Group, takes, whole
from gradcli.asking.question import Asked, read
from gradcli.errors import UsageError
from gradcli.language import parse
from gradcli.systems import FLOATS


@pytest.mark.parametrize(
    "asked",
    [
        Asked("(x+y)*y", values=[("x", "2"), ("y", "3")]),
        Asked("(x+y)*y", at=["x=2,y=3"]),
        Asked("(x+y)*y", values=[("y", "3")], at=["x=2"]),
        Asked("x = 2; (x+y)*y", at=["y=3"]),
    ],
)
def test_a_question_without_a_command_line(asked):
    """An engine, a marker or a notebook asks the same way."""
    back = read(asked).backward()
    assert (back.forward.value, back.gradient("x"), back.gradient("y")) == (15.0, 3.0, 8.0)


def test_a_row_gives_more_values():
    """The cells of a row are values; what was typed wins."""
    task = read(Asked("x*y", values=[("x", "2")]), {"x": "7", "y": "5"})
    assert task.point == {"x": 2.0, "y": 5.0}


def test_numbers_and_truth():
    """A rounded question carries the same question in floats."""
    task = read(Asked("x/3", at=["x=1"], numbers=Numbers(round=2)))
    assert float(task.forward().value) == 0.33
    assert task.truth is not None
    assert task.truth.forward().value == 1 / 3


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        (Asked(), "there is no formula", "for example: gradcli backward"),
        (Asked("x*y", at=["x=2"]), "no value for the variable y", "--symbolic"),
        (Asked("x*y", at=["z=2"]), "the formula has no variable z", "its variables: x, y"),
        (Asked("x*y", wrt="z"), "--wrt z: the formula has no variable z", "its variables"),
        (Asked("x*y", const=["z"]), "--const z: the formula has no variable z", "its variables"),
        (Asked("x*y", name=["z"]), "--name z: the formula has no z", "its variables"),
    ],
)
def test_every_name_is_accounted_for(asked, message, hint):
    """A name too many or too few is an error with what to write."""
    with pytest.raises(UsageError, match=message) as error:
        read(asked)
    assert hint in error.value.hint


def test_nodes_by_name():
    """--pin and --from look a node up in one way, with the same hints."""
    graph = parse("left = x*y; b = y + 1; f = left*left")
    place = node_named(graph, "--from", "left")
    assert graph.name(place) == "left"
    assert pinned(graph, ["left=2"], FLOATS) == {place: 2.0}
    for refuse in (lambda: pinned(graph, ["lefd=2"], FLOATS), lambda: node_named(graph, "--from", "lefd")):
        with pytest.raises(UsageError) as error:
            refuse()
        assert error.value.hint == "did you mean left?"
    with pytest.raises(UsageError, match="computed from no node b"):
        node_named(graph, "--from", "b")


class Declared:
    """A parameter as Typer declares it."""

    def __init__(self, *, is_flag=False):
        self.is_flag = is_flag
        self.metavar = "FILE"


DECLARED = {"--format": Declared(), "--output": Declared(), "--json": Declared(is_flag=True)}


@pytest.mark.parametrize(
    ("args", "json"),
    [
        (["x*y", "--json"], True),
        (["--format", "json", "x*y"], True),
        (["--format=json"], True),
        (["--x", "--json"], True),
        (["--nonsense=1", "--json"], True),
        (["x*y", "--format", "jsonl"], False),
        (["x*y", "--output", "--json"], True),  # the value of --output is forgotten
        (["--", "--json"], False),
        (["x*y", "--x", "2"], False),
    ],
)
def test_whether_json_is_asked_for(args, json):
    """The word counts where it is an option, not where it is a value or part of the formula."""
    assert split(args, DECLARED).json is json


def test_an_argument_list_taken_apart():
    """Options with their values, the formula, values of variables; what follows a fault is taken apart as well."""
    parts = split(["--x", "-2", "-x**2", "--format", "csv", "--y=3"], DECLARED)
    assert (parts.own, parts.formulas, parts.values) == (["--format", "csv"], ["-x**2"], [("x", "-2"), ("y", "3")])
    assert (parts.used, parts.fault) == (["--format"], None)
    broken = split(["--x", "--y", "3", "z"], DECLARED)
    assert (broken.values, broken.formulas) == ([("y", "3")], ["z"])
    assert broken.fault.message == "no value after --x"
    assert split(["x*y", "--json=3"], DECLARED).fault.message == "--json takes no value"


def test_a_command_takes_groups():
    """The function that Typer sees has the options of the groups; the command gets records and its own options."""
    some = Group("Some", {"digits": (whole("--digits", least=1, help="How many."), 6)})
    assert some.without("digits").options == {}
    assert some.only("digits") == some

    @takes(Group("Some", {}))
    def command(request, own: int = 3) -> int:
        return own if request.format == "table" else 0

    assert list(inspect.signature(command).parameters) == ["context", "own"]


def test_no_shared_option_is_declared_by_a_command():
    """What two commands have in common stands in a group."""
    own = Counter()
    for name in commands.NAMES:
        function = inspect.unwrap(getattr(import_module(f"gradcli.commands.{name}"), name))
        for parameter in inspect.signature(function, eval_str=True).parameters.values():
            for information in getattr(parameter.annotation, "__metadata__", ()):
                words = (information.default, *(information.param_decls or ()))  # Typer takes the first for the default
                own.update(word for word in words if str(word).startswith("--"))
    assert own
    assert [option for option, count in own.items() if count > 1] == []
