"""The lecture pages: what stands there is read as the page means it, or refused with the way out.

`formulas/lectures.txt` and `formulas/lectures_refused.txt` hold every formula of the pages, `formulas/listings` their
program listings; `against_sympy.py` compares the readings with those of SymPy's parser.
"""

import math
import random
import subprocess
import sys
from pathlib import Path

import against_sympy
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


def test_against_sympy():
    """The script prints its table; the one in README is that table, under the versions that it names.

    Under other versions of SymPy or Python the row of gradcli is the same.
    """
    done = subprocess.run(
        [sys.executable, HERE / "against_sympy.py"], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""
    printed, quoted = done.stdout.splitlines(), quoted_table().splitlines()
    assert quoted[0] == printed[0], "python tests/regenerate.py rewrites README.md"
    assert quoted[4] == printed[4]
    if quoted[-1] == printed[-1]:
        assert quoted == printed


def quoted_table():
    """What README shows between its two marks."""
    readme = (HERE.parent / "README.md").read_text(encoding="utf-8")
    return readme.partition("<!-- against sympy -->\n")[2].partition("<!-- end of against sympy -->")[0]


def test_gradcli_keeps_what_it_reads_and_sympy_does_not():
    """Every formula is in one column; gradcli reads as typed or refuses; code in a text is run by SymPy's parser."""
    rows = against_sympy.compare()
    assert {verdict for _, verdicts in rows for verdict in verdicts} == set(against_sympy.VERDICTS)
    assert {verdicts[2] for _, verdicts in rows} == {against_sympy.KEPT, against_sympy.REFUSED}
    assert len(rows) == len(fixtures("lectures.txt")) + len(fixtures("lectures_refused.txt"))
    found = dict(rows)
    kept, reordered, changed, misread, refused = against_sympy.VERDICTS
    assert found["a = x + y"][:2] == [kept, kept]
    assert found["s = z + b"][:2] == [reordered, reordered]
    assert found["2(y-t)"][:2] == [changed, changed]
    assert found["σ(a)"][:2] == [misread, misread]
    assert found["1 if x>0 else 0"][:2] == [refused, refused]
    assert against_sympy.runs_code() == ["run", "run", "refused"]


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
