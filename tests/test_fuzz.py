"""Any text at all, for the parser and for the command line: an answer or an error of ours, never anything else.

What is printed of a graph reads back to it. 5,000 texts in every run, 200,000 with `python -m pytest -m slow`, always
the same ones.
"""

import io
import json
import random
import re
import sys

import pytest
from against_sympy import FORMULAS

from gradcli import GradcliError, Graph, parse
from gradcli.cli import run
from gradcli.errors import visible
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import program

DIALECTS = {"ascii": ascii.DIALECT, "unicode": unicode.DIALECT}
SEED = 20261121

PIECES = """x y z w b t a 2 0.5 1e3 3 0 .5 + - * / ** ^ ( ) ( ) , ; = == < <= != and or not if else sin cos exp log max
min where relu sigmoid abs sqrt e pi π σ θ # . _ ² ³ ⁻¹ ⁿ · × ÷ − √ | |x| x1 x₁ [ ] wx xy += -= *= **= f(x)= g(u)=
f(x,y)= g( u u*u Piecewise( Rational( And( True np. torch. torch.tensor( .backward() import 1 ½ ! & ~ ? : \\ $ ' " @ ∂ ≈
Σ → 𝑥 print( --x -x""".split()
PIECES += ["\n", " ", "\t", "\u200b", "\u202e", "\x1b[31m", "\0", "\ud800"]

OPTIONS = [
    ["--x", "2"], ["--y=-0.5"], ["--w", "0"], ["--x=1/3"], ["--json"], ["--format", "plain"], ["--get", "x"],
    ["--get", "f,x.value"], ["--symbolic"], ["--wrt", "x"], ["--const", "y"], ["--const", "t=1"], ["--upstream", "2"],
    ["--at", "x=2,y=3"], ["--name", "wx"], ["--digits", "3"], ["--rows", "2"], ["-q"], ["--"], ["--σ", "1"], ["--help"],
    ["--exact"], ["--precision", "30"], ["--round", "2"], ["--round-all", "1"], ["--pin", "f=1"],
]  # fmt: skip
FREE = ["--x", "--at=", "--get", "--wrt", "--const", "--upstream", "--format", "--name", "--"]
"""Options that are given any text."""
VALUES = ["2", "-1", "0", "0.5", "1e308", "-1e-5", "1/3", "pi", "0,5"]


def examples() -> list[str]:
    """The texts to change: every field of the fixtures, the listings, the hostile inputs cut to 400 characters."""
    found = []
    for path in sorted(FORMULAS.glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("##")]
        found += [field.replace("⏎", "\n") for line in lines for field in line.split(" | ")]
    found += [path.read_text(encoding="utf-8") for path in sorted((FORMULAS / "listings").glob("*.txt"))]
    for case in json.loads((FORMULAS.parent / "hostile_inputs.json").read_text(encoding="utf-8")):
        text = "".join(piece * min(count, 400) for piece, count in case.get("parts", [[case.get("input", ""), 1]]))
        found.append(text[:400])
    return found


def character(draw: random.Random) -> str:
    """A code point: often ASCII, Latin, Greek or a sign, sometimes any."""
    ranges = [(32, 127), (32, 127), (0, 0x250), (0x370, 0x400), (0x2000, 0x2300), (0x1D400, 0x1D7FF), (0, 0x110000)]
    return chr(draw.randrange(*draw.choice(ranges)))


def soup(draw: random.Random) -> str:
    """Pieces of formulas in any order."""
    blank = draw.choice(["", " "])
    return blank.join(draw.choice(PIECES) for _ in range(draw.randrange(1, 16)))


def changed(draw: random.Random) -> str:
    """An example with a piece taken out, doubled, put in, exchanged or joined to another."""
    text = draw.choice(EXAMPLES)
    for _ in range(draw.randrange(1, 4)):
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.randrange(1, 6))
        other = draw.choice(EXAMPLES)
        cut = draw.randrange(len(other) + 1)
        before, piece, after = text[:start], text[start:end], text[end:]
        text = draw.choice(
            [
                before + after,
                before + piece * 3 + after,
                before + draw.choice(PIECES) + piece + after,
                before + character(draw) + after,
                before + other[cut : cut + 20] + after,
                text + draw.choice([";", "\n", " ", "+", "*"]) + other,
            ]
        )[:1_500]
    return text


def any_text(draw: random.Random) -> str:
    """Soup, a changed example (twice as often), or random characters."""
    kind = draw.randrange(4)
    if kind == 0:
        return soup(draw)
    return changed(draw) if kind < 3 else "".join(character(draw) for _ in range(draw.randrange(1, 20)))


# -- what is printed reads back -----------------------------------------------------------------------------------


def structure(graph: Graph) -> tuple[list, list[str], dict[str, str]]:
    """What the output is made of, whatever the order of evaluation; the names given in the text; the defaults."""
    places: dict[int, int] = {}
    found, names = [], []
    stack = [(graph.output, False)]
    while stack:
        index, ready = stack.pop()
        if ready and index not in places:
            places[index] = len(found)
            arguments = tuple(places[a] for a in graph.arguments[index])
            found.append((graph.operations[index], arguments, graph.texts.get(index)))
            names.append(graph.bindings.get(index, ""))
        elif index not in places:
            stack += [(index, True), *((a, False) for a in reversed(graph.arguments[index]))]
    return found, names, {name: text for name, text in graph.defaults.items() if graph.inputs[name] in places}


def equal(graph: Graph, again: Graph) -> bool:
    """Whether a graph was read back: exactly, if it comes from one plain formula; else in structure.

    A program that is printed leaves out what it does not use, so that `a@2` may become `a`; it gives names to what it
    uses twice. `f(x, y) = …` is printed without its parameters, and And(a, b, c) as `a and b and c`: another order.
    """
    (one, names, defaults), (other, names_again, defaults_again) = structure(graph), structure(again)
    if (one, defaults) != (other, defaults_again):
        return False
    if len(one) == len(graph) and not re.search(r"[;\n=]|And|Or", graph.source):
        return graph == again
    pairs = zip(names, names_again, strict=True)
    return all(old.split("@")[0] == new.split("@")[0] for old, new in pairs if old)


MENDED = [
    ("a = x*y; b = a; a = a + 1; b*a", ()),
    ("a = x*y; b = a; a = b*a; a_1 = a; a = b + a; b*a*a_1", ()),
    ("y = x; x = x + 1; x*y", ("x",)),
    ("x = 2; y = x; x = x + 1; x*y", ()),
    ("g(u) = u*u; g(g(x))", ()),
    ("v1 = x; g(u) = u*u; g(g(v1)) + v2", ()),
    ("s = x*y; s = s*s; s*s; s*s; s = s**2", ()),
    ("(import) and 1", ()),
    ("sigmoid(x)*σ", ()),
    ("2*(2)**x - -2**-x", ()),
]
"""Programs whose graph was once printed as another, with the names known there."""

EXAMPLES = [*examples(), *(text for text, _ in MENDED)]


def check_read_back(graph: Graph) -> None:
    """Both dialects print a text that reads back to the graph."""
    for dialect in (ascii.DIALECT, unicode.DIALECT):
        assert equal(graph, parse(program(graph, dialect), names=list(graph.inputs)))


@pytest.mark.parametrize(("text", "names"), MENDED)
def test_bugs_of_reading_back_stay_mended(text, names):
    check_read_back(parse(text, names=names))


@pytest.mark.parametrize("letter", "ϖ𝛑𝜋𝝅𝝿𝞹")
def test_other_letters_for_pi_are_no_variables(letter):
    """They were variables called π once, printed as the constant."""
    try:
        graph = parse(f"2*{letter}")
    except GradcliError:
        return
    assert list(graph.inputs) == []


def check_parse(text: str, names: tuple[str, ...]) -> None:
    """A graph or a GradcliError with its place inside the text, and lines that a terminal can show."""
    try:
        graph = parse(text, names=names)
    except GradcliError as error:
        lines = error.lines()
        assert len(lines) <= 4
        assert all(visible(line) == line for line in lines)
        if error.span is not None:
            assert 0 <= error.span[0] <= error.span[1] <= len(text)
            assert re.fullmatch(r" *\^~*", lines[2])
        return
    for index in range(len(graph)):
        start, end = graph.span(index)
        assert 0 <= start <= end <= len(text)
    check_read_back(graph)


@pytest.mark.parametrize("count", [4_500, pytest.param(180_000, marks=pytest.mark.slow)])
def test_the_parser_takes_any_text(count):
    """Nothing but a GradcliError comes out of parse; what is read can be printed and read again."""
    draw = random.Random(SEED)
    for _ in range(count):
        text, names = any_text(draw), draw.choice([(), (), ("x", "y"), ("w", "x", "e")])
        try:
            check_parse(text, names)
        except Exception as error:
            raise AssertionError(f"parse({text!r}, names={names})") from error


# -- the command line ---------------------------------------------------------------------------------------------


def command_line(draw: random.Random) -> tuple[list[str], bytes]:
    """A command with a text, values for its variables, options in and out of place; what stands on standard input."""
    text = draw.choice(EXAMPLES) if draw.random() < 0.3 else any_text(draw)
    args = [draw.choice(["forward", "backward", "backward", "backward", "check", "ops"]), text]
    stdin = b""
    if args[0] != "ops" and draw.random() < 0.1:
        args[1], stdin = "-", text.encode("utf-8", "surrogatepass")
    try:
        inputs = list(parse(text).inputs)
    except GradcliError:
        inputs = []
    for name in inputs:
        if draw.random() < 0.9:
            args += [f"--{name}", draw.choice(VALUES)]
    for _ in range(draw.choice([0, 0, 0, 1, 1, 2])):
        args += draw.choice(OPTIONS) if draw.random() < 0.8 else [draw.choice(FREE), soup(draw)]
    if draw.random() < 0.05:
        draw.shuffle(args)
    return args, stdin


def called(args: list[str], stdin: bytes, encoding: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command, with streams of an encoding."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding=encoding))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        status = run(args)
    return status, *(stream.buffer.getvalue().decode(encoding) for stream in (out, err) if not stream.flush())


def check_command(args: list[str], stdin: bytes, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exit status of the table, an empty standard output when nothing was computed, and nothing odd on either."""
    status, out, err = called(args, stdin, encoding, monkeypatch)
    assert status in (0, 1, 2, 3, 74), err
    assert status != 2 or (out == "" and err != "")
    assert "Traceback" not in out + err
    for line in (out + err).replace("\t", " ").split("\n"):
        assert visible(line) == line


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["forward", "0*y"], 0),
        (["forward", "x**0"], 0),
        (["forward", "0/y"], 0),
        (["forward", "0*2; y"], 0),
        (["forward", "\u038d + \U0001d455"], 2),
        (["forward", "\u03a2"], 2),
        (["--help"], 0),
        (["backward", "x·y", "--help"], 0),
    ],
)
def test_faults_of_the_command_line_stay_mended(args, status, monkeypatch):
    """Once a fault of ours (a product with 0 among symbols), names of unassigned letters, and UTF-8 for ASCII."""
    check_command(args, b"", "ascii", monkeypatch)
    assert called(args, b"", "utf-8", monkeypatch)[0] == status


@pytest.mark.parametrize("count", [500, pytest.param(20_000, marks=pytest.mark.slow)])
def test_the_command_line_takes_any_text(count, monkeypatch, tmp_path):
    """No fault of ours, no traceback, no control character, no file; in UTF-8 and where only ASCII can be written."""
    monkeypatch.chdir(tmp_path)
    draw = random.Random(SEED)
    for _ in range(count):
        args, stdin = command_line(draw)
        encoding = draw.choice(["utf-8", "ascii"])
        try:
            check_command(args, stdin, encoding, monkeypatch)
        except Exception as error:
            raise AssertionError(f"gradcli {args!r}, standard input {stdin!r}, {encoding}") from error
    assert list(tmp_path.iterdir()) == []
