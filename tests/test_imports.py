"""Start-up time is a feature: what a command or an import may load, and which way dependencies point."""

import ast
import inspect
import shlex
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path

import pytest

import gradcli
from gradcli import commands, formats

HEAVY = {"sympy", "mpmath", "numpy", "rich", "typer", "pydantic", "hypothesis", "json", "difflib"}
PACKAGE = Path(gradcli.__file__).parent
FORMULA = ["(x+y)*y", "--x", "2", "--y", "3"]


def loaded(code: str) -> set[str]:
    """The heavy modules that `code` loads in a fresh process."""
    report = f"{code}\nimport sys; print(*sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "code",
    [
        "import gradcli",
        "from gradcli import parse, forward, backward, check",
        "from gradcli import *\nbackward(forward(parse('(x+y)*y'), {'x': 2, 'y': 3})).gradient('y')",
        "import gradcli.passes, gradcli.language, gradcli.ops, gradcli.printers.ascii, gradcli.report.passes.report",
    ],
)
def test_the_core_is_light(code):
    """The library, and a pass over floats, load none of the heavy modules."""
    assert loaded(code) == set()


@pytest.mark.parametrize(
    ("args", "allowed"),
    [
        (["--help"], {"typer", "json", "difflib"}),
        (["--version"], {"typer", "json", "difflib"}),
        (["backward", "--help"], {"typer", "json", "difflib"}),
        (["backward", *FORMULA, "--get", "y"], {"typer", "json", "difflib"}),
        (["backward", *FORMULA, "--json"], {"typer", "json", "difflib"}),
        (["forward", *FORMULA, "--format", "plain"], {"typer", "json", "difflib"}),
        (["backward", "(x+y)*y", "--get", "y"], {"typer", "json", "difflib"}),
        (["backward", "(x+y)*y", "--csv"], {"typer", "json", "difflib"}),
        (["backward", *FORMULA], {"typer", "json", "difflib"}),
        (["ops"], {"typer", "json", "difflib"}),
        (["check", *FORMULA, "--json"], {"typer", "json", "difflib", "sympy", "mpmath"}),
    ],
)
def test_a_command_loads_what_it_needs(args, allowed):
    """No command loads SymPy, NumPy, mpmath or Rich unless its answer needs them."""
    assert loaded(f"from gradcli.cli import run; run({args!r})") <= allowed


TYPER = {"typer", "json", "difflib"}


def question(command: str) -> list[str]:
    """The first example of a command, as arguments."""
    return shlex.split(import_module(f"gradcli.commands.{command}").EXAMPLES[0])[1:]


def options_of(command: str) -> dict[str, inspect.Parameter]:
    """The parameters of a command, those of its groups among them."""
    function = getattr(import_module(f"gradcli.commands.{command}"), command)
    return dict(inspect.signature(function, eval_str=True).parameters)


EVERY_WAY = """
import contextlib, io, sys
from gradcli.cli import run
for way in {ways!r}:
    with contextlib.redirect_stdout(io.StringIO()):
        status = run([*{args!r}, *way])
    print(status, *way, *sorted({heavy!r} & set(sys.modules)), sep=",", file=sys.stderr)
"""
"""One process asks in every format, the one that needs most last, and tells after each what is loaded."""


@pytest.mark.parametrize("command", commands.NAMES)
def test_a_format_loads_what_it_needs(gradcli, command):
    """Only a terminal loads Rich; a command loads nothing heavy but what its `LOADS` names."""
    module, options = import_module(f"gradcli.commands.{command}"), options_of(command)
    allowed = TYPER | {*getattr(module, "LOADS", ())}
    tables = [name for name in formats.NAMES if formats.named(name).draws == ("table",)]
    refused = {"table", *(tables if "table" not in options else ())}
    ways = [["--format", name] for name in formats.NAMES if name not in refused] if "format" in options else [[]]
    ways += [["--json"]] if "json" in options else []
    has_x = "get" in options and gradcli(command, *question(command)[1:], "--get", "x").status == 0
    ways += [["--get", "x"]] if has_x else []
    ways += [["--format", "table"]] if "format" in options else []
    code = EVERY_WAY.format(ways=ways, args=question(command), heavy=HEAVY)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.splitlines()
    assert len(told) == len(ways)
    for way, line in zip(ways, told, strict=True):
        status, *rest = line.split(",")
        assert status == "0", line
        assert set(rest[len(way) :]) <= allowed, line


EVERYDAY = [
    "--get x", "--json", "--csv", "--format markdown", "--csv --table edges", "--color never", "--ascii", "--digits 3",
    "--rows 5", "--round 2", "--round-all 2", "--pin f=2", "--const y", "--wrt x", "--upstream 2", "--name x",
    "--at x=2", "--symbolic", "--read-as gradcli", "--digits x", "--color pink", "--format yaml", "--nonsense",
]  # fmt: skip
"""Options of backward, some of them mistyped."""


def test_no_option_loads_pydantic():
    """Text, words, numbers, lists and flags are read here: half of the time of a question would go into pydantic."""
    ways = [way.split() for way in EVERYDAY]
    code = EVERY_WAY.format(ways=ways, args=["backward", *FORMULA], heavy=HEAVY)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    answered = [line.split(",") for line in told.splitlines() if line[0].isdigit()]
    assert len(answered) == len(ways)
    assert {"typer" in loaded for loaded in answered} == {True}
    assert {"pydantic" in loaded for loaded in answered} == {False}


@pytest.mark.parametrize("command", commands.NAMES)
def test_what_is_more_than_text_has_a_reader(command):
    """An option of a command is a flag, text, a list of texts, or has a reader of ours."""
    for name, each in options_of(command).items():
        kind, *information = typing.get_args(each.annotation) or (each.annotation,)
        if information:
            plain = kind in (bool, str, str | None, list[str] | None)
            assert plain or information[0].parser is not None, name


ORDER = [
    {"errors", "graph", "grammar"},
    {"ops"},
    {"systems"},
    {"printers"},
    {"programs"},
    {"passes"},
    {"language"},
    {"analysis", "export"},
    {"report"},
    {"topics"},
    {"formats", "progress"},
    {"notebook"},
    {"output"},
    {"asking"},
    {"commands"},
    {"cli"},
    {"__main__", "__init__"},
]


def test_dependencies_point_one_way():
    """A module imports only from its own layer or those below; only the edge knows Typer, formats and the bar Rich."""
    level = {name: height for height, names in enumerate(ORDER) for name in names}
    for path in PACKAGE.rglob("*.py"):
        own = path.relative_to(PACKAGE).with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
                if node.module == "gradcli":
                    names = [f"gradcli.{alias.name}" for alias in node.names if alias.name in level]
            for name in names:
                parts = name.split(".")
                if parts[0] == "gradcli" and len(parts) > 1 and own != "__init__":
                    assert level[parts[1]] <= level[own], f"{path}: {name}"
                assert parts[0] != "click", path
                assert not name.startswith("typer._"), path
                if parts[0] == "typer":
                    place = path.relative_to(PACKAGE).with_suffix("").as_posix()
                    assert own in {"commands", "cli"} or place in {"asking/options", "asking/groups"}, path
                if parts[0] == "rich":
                    assert own in {"formats", "progress"}, path


DANGEROUS = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "nsimplify", "S", "__import__"}


ALLOWED = {("programs/loops.py", "_compiled", "exec"), ("language/sympy/second_reading.py", "_structure", "parse_expr")}
"""The two places that may: the passes generated from our own source, and SymPy's reading of our own placeholders."""


def test_typed_text_reaches_nothing_that_runs_it():
    """Nothing in the package calls what runs text, but one function each in two modules, once."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        around = {call: "" for call in ast.walk(tree) if isinstance(call, ast.Call)}
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                around |= {call: function.name for call in ast.walk(function) if isinstance(call, ast.Call)}
        for call, function in around.items():
            name = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
            owner = getattr(getattr(call.func, "value", None), "id", None)
            if name in DANGEROUS and not (name == "compile" and owner == "re"):
                found.append((path.relative_to(PACKAGE).as_posix(), function, name))
    assert sorted(found) == sorted(ALLOWED)
