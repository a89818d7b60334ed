"""Start-up time is a feature: what a command or an import may load, and which way dependencies point."""

import ast
import subprocess
import sys
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
        (["--version"], {"typer", "pydantic", "json", "difflib"}),
        (["backward", "--help"], {"typer", "pydantic", "json", "difflib"}),
        (["backward", *FORMULA, "--get", "y"], {"typer", "pydantic", "json", "difflib"}),
        (["backward", *FORMULA, "--json"], {"typer", "pydantic", "json", "difflib"}),
        (["forward", *FORMULA, "--format", "plain"], {"typer", "pydantic", "json", "difflib"}),
        (["backward", "(x+y)*y", "--get", "y"], {"typer", "pydantic", "json", "difflib"}),
        (["backward", "(x+y)*y", "--csv"], {"typer", "pydantic", "json", "difflib"}),
        (["backward", *FORMULA], {"typer", "pydantic", "json", "difflib", "rich"}),
        (["ops"], {"typer", "pydantic", "json", "difflib", "rich"}),
        (["check", *FORMULA, "--json"], {"typer", "pydantic", "json", "difflib", "sympy", "mpmath"}),
    ],
)
def test_a_command_loads_what_it_needs(args, allowed):
    """No command loads SymPy, NumPy, mpmath or Rich unless its answer needs them."""
    assert loaded(f"from gradcli.cli import run; run({args!r})") <= allowed


TYPER = {"typer", "pydantic", "json", "difflib"}
SYMPY = {"sympy", "mpmath"}
COMMANDS = {
    "forward": (FORMULA, TYPER),
    "backward": (FORMULA, TYPER),
    "check": (FORMULA, TYPER | SYMPY),
    "explain": (FORMULA, TYPER | SYMPY),
    "export": (["(x+y)*y", "--to", "latex"], TYPER),
    "paths": (FORMULA, TYPER),
    "ops": (["sigmoid"], TYPER),
    "help": (["notation"], TYPER),
}
"""A question for every command, and the heavy modules that its answer needs in any format; the table needs Rich too."""

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
def test_a_format_loads_what_it_needs(command):
    """Only tables for people load Rich; forward, backward and ops load no SymPy, no mpmath, and nothing loads NumPy."""
    args, allowed = COMMANDS[command]
    ways = [["--format", name] for name in formats.NAMES if name != "table"]
    ways += [["--get", "x"]] if command not in ("ops", "help") else []
    if command == "explain":
        tables = [name for name in formats.NAMES if formats.named(name).draws == ("table",)]
        ways = [["--format", name] for name in formats.NAMES if name not in ("table", *tables)]
    if command in ("help", "export"):
        ways = [[]] if command == "help" else [[], ["--json"]]
    else:
        ways.append(["--format", "table"])
    code = EVERY_WAY.format(ways=ways, args=[command, *args], heavy=HEAVY)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.splitlines()
    assert len(told) == len(ways)
    for way, line in zip(ways, told, strict=True):
        status, *rest = line.split(",")
        assert status == "0", line
        assert set(rest[len(way) :]) <= allowed | ({"rich"} if way == ["--format", "table"] else set()), line


ORDER = [
    {"errors", "graph", "grammar"},
    {"ops"},
    {"systems"},
    {"printers"},
    {"programs"},
    {"passes"},
    {"language", "export"},
    {"analysis"},
    {"report"},
    {"topics"},
    {"formats", "progress"},
    {"reading", "notebook"},
    {"numbers"},
    {"command_line", "output", "problem", "options", "batch", "checks"},
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
                    assert own in {"commands", "options", "problem", "batch", "cli"}, path
                if parts[0] == "rich":
                    assert own in {"formats", "progress"}, path


DANGEROUS = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "nsimplify", "S", "__import__"}


ALLOWED = {("programs/loops.py", "_compiled", "exec"), ("language/second_reading.py", "_structure", "parse_expr")}
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
