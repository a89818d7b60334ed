"""The lecture pages: what stands there is read as the page means it, or refused with the way out.

`formulas/lectures.txt` and `formulas/lectures_refused.txt` hold every formula of the pages, `formulas/listings` their
program listings; `against_sympy.py` compares the readings with those of SymPy's parser.
"""

import math
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from against_sympy import FORMULAS, fixtures
from test_parser import random_formula

from gradcli import backward, forward, parse
from gradcli.errors import ParseError, visible
from gradcli.language.lexer import BREAK, NAME, tokens
from gradcli.language.limits import ARGUMENT
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import program

HERE = Path(__file__).parents[1]
LISTINGS = sorted((FORMULAS / "listings").glob("*.txt"))


def cases(name):
    """The lines of a fixture file as parameters."""
    found = []
    for fixture in fixtures(name):
        title = fixture.typed if len(fixture.typed) < 70 else fixture.typed[:70] + "…"
        found.append(pytest.param(fixture, id=visible(f"{' '.join(fixture.names)} {title}".strip())))
    return found


@pytest.mark.parametrize("fixture", cases("lectures.txt"))
def test_read_as_the_page_means_it(fixture):
    """A formula of the pages has its normal form, and both ways to print its graph read back to it."""
    graph = parse(fixture.typed, names=fixture.names)
    assert program(graph, ascii.DIALECT) == fixture.expected
    for dialect in (ascii.DIALECT, unicode.DIALECT):
        assert parse(program(graph, dialect), names=list(graph.inputs)) == graph


@pytest.mark.parametrize("fixture", cases("lectures_refused.txt"))
def test_refused_with_the_way_out(fixture):
    """What is no formula is refused; the message or the hint says what to write instead."""
    with pytest.raises(ParseError) as caught:
        parse(fixture.typed, names=fixture.names)
    assert fixture.expected in f"{caught.value.message} / {caught.value.hint}"


@pytest.mark.parametrize("name", ["lectures.txt", "lectures_refused.txt"])
def test_a_fixture_stands_once(name):
    """No formula is counted twice."""
    seen = [(fixture.names, fixture.typed) for fixture in fixtures(name) if not fixture.file]
    assert len(seen) == len(set(seen))


def test_every_listing_is_a_fixture():
    """Each file of `listings` is named by a fixture, so that none is forgotten."""
    text = "".join((FORMULAS / name).read_text(encoding="utf-8") for name in ("lectures.txt", "lectures_refused.txt"))
    assert [path.name for path in LISTINGS if f"@{path.name} " not in text] == []


@pytest.mark.parametrize("path", [path for path in LISTINGS if "memory" not in path.name], ids=lambda path: path.stem)
def test_a_listing_is_read_from_a_file_too(path):
    """A listing with its last new line, as a file has it, and with Windows line ends: the same graph."""
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    expected = parse(text.rstrip("\n"))
    assert parse(text) == expected
    assert parse(text.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize("stem", ["004_graph", "004_accumulation", "004_memory"])
def test_numbers_are_all_that_a_numbered_listing_adds(stem):
    """The two copies of a listing are the same text but for the line numbers."""
    plain, numbered = ((FORMULAS / "listings" / f"{stem}{end}.txt").read_text("utf-8") for end in ("", "_numbered"))
    lines = plain.splitlines()
    assert numbered.splitlines() == [f"{number}{line}" for number, line in enumerate(lines, start=1)]


@pytest.mark.parametrize("text", ["1 + x\n2 + x\n3 + x", "1x\n2x\n3x"])
def test_numbers_of_the_formulas_are_not_line_numbers(text):
    """Formulas that begin with their own 1, 2 and 3: the last is the output as it stands, or a remark says no."""
    graph = parse(text)
    assert graph.remarks or program(graph, ascii.DIALECT) == program(parse(text.splitlines()[-1]), ascii.DIALECT)


@pytest.mark.parametrize(
    ("name", "point", "value", "gradients"),
    [
        ("004_graph_numbered", {}, 49, {"w": 28, "b": 14, "x": 42}),
        ("004_graph", {}, 49, {"w": 28, "b": 14, "x": 42}),
        ("004_accumulation_numbered", {}, 9, {"x": 6}),
        ("004_accumulation", {}, 9, {"x": 6}),
        ("003_pytorch", {"x": 2, "w": 0.5, "b": 0.1, "t": 1}, 0.0625, {"w": -0.1875}),
    ],
)
def test_a_listing_gives_the_numbers_of_its_page(name, point, value, gradients):
    """Value and gradients are those in the comments of the listing; 003 has rounded its own at 0.75."""
    graph = parse((FORMULAS / "listings" / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n"))
    run = backward(forward(graph, point))
    tolerance = 0.005 if point else 0
    assert math.isclose(run.forward.value, value, rel_tol=tolerance)
    for variable, gradient in gradients.items():
        assert math.isclose(run.gradient(variable), gradient, rel_tol=tolerance)


NUMBERS = re.compile(
    r"(\d+) formulas of the lecture pages: gradcli reads (\d+), SymPy's parse_expr refuses (\d+) and misreads (\d+) "
    r"\(SymPy ([\d.]+), Python ([\d.]+)\)"
)


def test_against_sympy():
    """gradcli reads every formula of the pages; the line about it in README, if there is one, holds the same numbers.

    Under another Python only the sum of the last two is the same, under another SymPy neither.
    """
    done = subprocess.run(
        [sys.executable, HERE / "against_sympy.py"], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""
    printed = NUMBERS.fullmatch(done.stdout.rstrip("\n"))
    assert printed is not None, done.stdout
    count, read, refused, misread = map(int, printed.groups()[:4])
    assert count == read
    readme = " ".join((HERE.parent / "README.md").read_text(encoding="utf-8").replace("`", "").split())
    if "parse_expr" not in readme:
        return
    quoted = NUMBERS.search(readme)
    assert quoted is not None, f"README.md mentions parse_expr without the line: {done.stdout}"
    assert quoted.groups()[:2] == printed.groups()[:2]
    if quoted[5] == printed[5]:
        assert int(quoted[3]) + int(quoted[4]) == refused + misread
    if (quoted[5], quoted[6]) == (printed[5], printed[6]):
        assert quoted.groups() == printed.groups()


# -- blanks and names do not matter -------------------------------------------------------------------------------


def texts():
    """The formulas of the pages as typed, and random explicit ones, with the names known."""
    draw = random.Random(11)
    found = [(fixture.typed, fixture.names) for fixture in fixtures("lectures.txt") if not fixture.file]
    return found + [(random_formula(draw, 4), ()) for _ in range(300)]


def test_blanks_between_the_signs_do_not_change_a_reading():
    """Blanks, tabs and no-break spaces before any token, where none stood: the same graph."""
    draw = random.Random(12)
    for text, names in texts():
        pieces, end = [], 0
        for token in tokens(text, ARGUMENT)[:-1]:
            touches = token.start == end and token.kind != BREAK
            pieces += [text[end : token.start], draw.choice(["", " ", "\t", "\u00a0 "]) * touches]
            pieces.append(text[token.start : token.end])
            end = token.end
        spaced = "".join(pieces) + text[end:]
        assert parse(spaced, names=names) == parse(text, names=names), spaced


def test_other_names_do_not_change_a_reading():
    """Every variable called something else, also like a constant, a function or a word of Python: the same graph."""
    draw = random.Random(13)
    pool = ["q", "Z", "e", "pi", "N", "θ", "x_12", "x12", "lambda", "weights", "sinx", "ab", "import_1", "beta", "Δt"]
    for text, names in texts():
        graph = parse(text, names=names)
        old = dict.fromkeys(name for name in graph.names() if name in graph.inputs or name in graph.bindings.values())
        new = dict(zip(old, draw.sample([name for name in pool if name not in old], len(old)), strict=True))
        plain = program(graph, ascii.DIALECT)
        pieces = [
            new.get(token.text, token.text) if token.kind == NAME else token.text for token in tokens(plain, ARGUMENT)
        ]
        again = parse(" ".join(pieces), names=[new[name] for name in graph.inputs])
        assert again.operations == graph.operations, plain
        assert again.arguments == graph.arguments, plain
        assert list(again.inputs) == [new[name] for name in graph.inputs], plain
        assert again.bindings == {index: new[name] for index, name in graph.bindings.items()}, plain
