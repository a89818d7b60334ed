"""Whole commands by chance: every option with every kind of value, all commands, number systems and formats.

Each call gives an answer or an error of ours, whatever is asked, and the answers of all formats to one question agree:
one status, and the same numbers in JSON, CSV and as bare numbers. 200 questions in every run; 20,000 calls in one
process with `python -m pytest -m slow`; always the same ones.
"""

import csv
import io
import json
import math
import random
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer

from gradcli import commands
from gradcli.cli import app, run
from gradcli.formats import NAMES
from gradcli.ops import OPERATIONS

SEED = 20261125
STATUSES = {0, 1, 2, 3, 74}
SECONDS = "0.5"
"""The time limit of every check here."""

NUMBERS = """
    0 1 -1 2 3 0.5 -0.25 1e-5 1e5 1/3 -2/7 pi e -pi/4 1e308 -1e308 1e-308 5e-324 1e400 nan inf 0,5 1,500 x "" two 1/0
    --2 0x10 1_000 ½ 10**3 -0 007
""".split()
WORDS = """
    x y f v1 a x.value f.gradient x,y z zz x=2 y=1/3 x=2,y=3 x=-1:1 -1:1 x=1:-1 = , x= =2 x=2=3 σ \u202e ' ; ..
""".split()
FORMULAS = """x*y|sin(x)*exp(y)|
x/(y - 1)|x**y|relu(x) + abs(y)|where(x > y, x**2, log(y))|max(x, y, 0.5)|sqrt(x*x + y*y)
a = x + y; b = a*a; f = sigmoid(b)|f(x, y) = x^2 y|g(x)|x|2|pi|x - x|(x+y)*y|1/(1+exp(-x))|e^x|x y|wx+b|log(x, 2)
x@y|2 +|sin|)(|x y z|\\frac{x}{y}|x_1 + y|tanh(x)**3|floor(x) + x mod 2|atan2(y, x)|hypot(x, y)|softplus(40*x)
besselj(1, x)|gamma(x)|loggamma(x)|digamma(x)*y|erf(x)|cbrt(x)|x**0.5|y**x|a=besselj(y, x); b=softsign(2.5)|min(x, y)
exp(exp(x))|10**x|x**100|(1 + x)**(1/3)|sin(1e10*x)|0.1 + 0.2*x|x if x > 0 else y|-x**2|x == y|not x|x < y""".replace(
    "\n", "|"
).split("|")


@cache
def options(command: str) -> list[tuple[str, tuple[type, ...]]]:
    """The options of a command as Typer knows them, each with the types that its value may have."""
    own = typer.main.get_command(app).get_command(None, command)
    hints = get_type_hints(getattr(import_module(f"gradcli.commands.{command}"), command))
    found = []
    for each in own.params:
        hint = hints.get(each.name or "", bool)
        types = get_args(hint) or (hint,)
        if each.param_type_name == "option":
            found += [(name, types) for name in (*each.opts, *each.secondary_opts)]
    return found


def value_for(draw: random.Random, name: str, types: tuple[type, ...], folder: Path) -> list[str]:
    """The words of an option: its name and, unless it is a flag, a value of any kind, most often a fitting one."""
    if bool in types:
        return [name]
    if name in ("-o", "--output"):
        return [name, str(folder / draw.choice(["a.json", "b.csv", "c.tex", "d.md", "e.html", "f", "", "no/g.json"]))]
    if name in ("--file", "--each", "--at") and draw.random() < 0.7:
        return [name, str(folder / draw.choice(["formula.txt", "rows.csv", "point.json", "missing", "bytes", "."]))]
    choices = [each.value for kind in types if isinstance(kind, type) and issubclass(kind, Enum) for each in kind]
    if choices and draw.random() < 0.8:
        return [name, draw.choice(choices)]
    if int in types and draw.random() < 0.8:
        most = 12 if name in ("--random", "--round", "--round-all", "--precision") else 60
        return [name, str(draw.choice([0, 1, 2, 3, draw.randrange(most), -1]))]
    if name == "--time-limit":
        return [name, SECONDS]
    if name == "--same-as":
        return [name, draw.choice(FORMULAS)]
    return [name, draw.choice(draw.choice([NUMBERS, WORDS, WORDS, list(OPERATIONS)]))]


def question(draw: random.Random, folder: Path) -> list[str]:
    """A command with a formula, values and options; whole, or with a part that is missing, doubled or wrong."""
    command = draw.choice([*commands.NAMES, "backward", "backward", "check", "explain", "forward"])
    words: list[str] = []
    if command == "ops":
        words += draw.choice([[], [draw.choice(list(OPERATIONS))], [draw.choice(WORDS)]])
    elif command == "help":
        words += draw.choice([[], ["notation"], ["exit"], [draw.choice(WORDS)]])
    else:
        words += [draw.choice(FORMULAS)]
        fitting = draw.random() < 0.75
        for name in ("x", "y"):
            if fitting or draw.random() < 0.5:
                words += [f"--{name}={draw.choice(NUMBERS[:12] if fitting else NUMBERS)}"]
    if command == "check":
        words += ["--time-limit", SECONDS]
    known = options(command)
    for _ in range(draw.choice([0, 0, 1, 1, 2, 3]) if known else 0):
        name, types = draw.choice(known)
        if name not in ("--install-completion", "--show-completion"):
            words += value_for(draw, name, types, folder)
    if draw.random() < 0.05:
        draw.shuffle(words)
    return [command, *words]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files that options may name: a formula, rows, a point, bytes that are no text."""
    (tmp_path / "formula.txt").write_text("a = x*y\nf = a + x\n")
    (tmp_path / "rows.csv").write_text("id,formula,x,y\n1,x*y,2,3\n=2,x/y,1,0\n3,x+,1,1\n4,,1,1\n5,exp(x)*z,1,1\n")
    (tmp_path / "point.json").write_text('{"x": 2, "y": "3"}')
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00x")
    return tmp_path


def answered(words: list[str], capsys: pytest.CaptureFixture) -> tuple[int, str, str]:
    """Status, answer and errors of one call; a fault of ours fails the test with the call."""
    status = run(words)
    out, err = capsys.readouterr()
    assert status in STATUSES, (words, err)
    assert "Traceback" not in err, words
    assert status != 2 or "--each" in words or not out, words
    return status, out, err


def agree(words: list[str], capsys: pytest.CaptureFixture) -> int:
    """Ask the same in every format: one status, and the same numbers. How many calls that were."""
    chosen = {
        "--format",
        "--json",
        "--csv",
        "--get",
        "--table",
        "--output",
        "-o",
        "--each",
        "--fragment",
        "--digits",
        "--rows",
    }
    if words[0] not in ("forward", "backward") or any(word.partition("=")[0] in chosen for word in words):
        answered(words, capsys)
        return 1
    if "--precision" in words or "--help" in words or "-h" in words:
        answered(words, capsys)
        return 1
    found = {name: answered([*words, "--format", name], capsys) for name in NAMES}
    if len({status for status, _, _ in found.values()}) > 1:
        raise AssertionError((words, {name: (status, err) for name, (status, _, err) in found.items()}))
    if found["json"][0] in (0, 3):
        same_numbers(words, json.loads(found["json"][1]), found["csv"][1])
    return len(NAMES)


def same_numbers(words: list[str], record: dict, text: str) -> None:
    """The numbers of JSON and of CSV, node by node."""
    rows = {row["node"]: row for row in csv.DictReader(io.StringIO(text))}
    nodes = {**record["inputs"], **{node["node"]: node for node in record["nodes"]}}
    if record["number_system"] not in ("float", "rounded"):
        assert set(nodes) <= set(rows), words
        return
    for name, node in nodes.items():
        for key in ("value", "gradient"):
            if key in node:
                said = rows[name][key]
                number = math.nan if said == "" else float(said)
                meant = math.nan if node[key] is None else float(node[key])
                near = math.isclose(number, meant, rel_tol=1e-12) or (number != number and meant != meant)
                assert near, (words, name, key, said, node[key])


def asked(count: int, seed: int, folder: Path, capsys: pytest.CaptureFixture) -> None:
    """Ask until so many calls were made."""
    draw, calls = random.Random(seed), 0
    while calls < count:
        calls += agree(question(draw, folder), capsys)
        for path in folder.iterdir():
            if path.suffix in (".tex", ".md", ".html") or path.name in ("a.json", "b.csv", "f"):
                path.unlink()


def test_questions_by_chance(folder, capsys):
    """A small part of the questions, in every run."""
    asked(200, SEED, folder, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_twenty_thousand_calls(part, folder, capsys):
    """All of them, in ten parts."""
    asked(2_000, SEED + 1 + part, folder, capsys)
