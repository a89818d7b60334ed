"""Faults found by random calls and by hands: each one, and others of its kind."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time

import mpmath
import pytest
import sympy

from gradcli import parse
from gradcli.formats import NAMES

PATIENCE = 60
"""Seconds that a busy machine may take for what is stopped after a few."""


@pytest.mark.parametrize(
    ("formula", "pin", "local"),
    [
        ("sin(x)", "f=0.8", "0.54"),
        ("tanh(x)", "f=0.75", "0.4375"),
        ("log(x + 1)", "v1=2.5", "0.4"),
        ("exp(sin(x))", "v1=0.8", "2.23"),
    ],
)
def test_a_pinned_node_is_rounded_like_the_others(gradcli, formula, pin, local):
    """Its rule is the textbook's, of the value that was set, and is rounded as all numbers are."""
    done = gradcli("backward", formula, "--x", "1", "--round", "2", "--pin", pin, "--json")
    assert done.status == 0, done.err
    locals_of = [
        node["locals_rounded"] if "locals_rounded" in node else node["locals"] for node in json.loads(done.out)["nodes"]
    ]
    assert any(float(each) == float(local) for several in locals_of for each in several if each is not None)


@pytest.mark.parametrize("formula", ["g(x)", "f(g(x))", "x*g(2*x)", "sin(h(x)) + x"])
def test_a_function_without_values_is_refused_in_the_same_words(gradcli, formula):
    """Python cannot call a function that is not specified, nor its derivative."""
    plain = gradcli("export", formula, "--to", "python")
    gradient = gradcli("export", formula, "--to", "python", "--gradient")
    assert (plain.status, gradient.status) == (2, 2)
    assert plain.err.startswith("gradcli: error: Python's math has no function for")
    assert gradient.err.startswith("gradcli: error: Python's math has no function for")


@pytest.mark.parametrize("arguments", [["exp(x)"], ["exp(x)", "--wrt", "x"], ["x*x"], ["sqrt(x)"]])
@pytest.mark.parametrize("numbers", [["--exact"], ["--round", "2"], ["--precision", "20"], []])
def test_nothing_arrives(gradcli, arguments, numbers):
    """An upstream gradient of 0 is an answer in every number system."""
    done = gradcli("explain", *arguments, "--x", "2", "--upstream", "0", *numbers)
    assert done.status == 0, done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["y**x", "--x", "1e-5", "--y", "1.292"],
        ["sqrt(2)*3**9999*y", "--y", "7"],
        ["y**x", "--x", "1/70000", "--y", "1.5"],
        ["pi*(x/7)**4000", "--x", "1.0001"],
    ],
)
def test_exact_numbers_of_thousands_of_digits(gradcli, arguments):
    """Python writes no integers of so many digits: an answer or a refusal, never a fault."""
    done = gradcli("backward", *arguments, "--exact")
    assert done.status in (0, 2, 3)
    assert done.status != 2 or "too much to compute" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["paths", "sqrt(x)/0.001", "--upstream", "1e308", "--sort", "size"],
        ["backward", "sqrt(x)/0.001", "--upstream=-1e308"],
        ["backward", "sqrt(x)/0.001 + cbrt(x)*1e300", "--upstream", "1e308"],
        ["explain", "1e200*(1e200*sqrt(x))"],
    ],
)
def test_numbers_beyond_doubles_beside_an_infinite_slope(gradcli, arguments):
    """Rounded numbers are fractions of any size; with what is infinite only their sign counts."""
    done = gradcli(*arguments, "--x", "0", "--round", "2")
    assert done.status in (0, 3), done.err
    if arguments[0] == "backward":
        assert f"{'-' if '-1e308' in arguments[-1] else ''}inf" in done.out


UNNEEDED = [
    ("a = besselj(y, z); b = softsign(2.5)", ["--y=-2.264", "--z", "1e-5"]),
    ("a = polygamma(y, z); b = x**2", ["--y", "1", "--z", "2", "--x", "3"]),
    ("a = besselk(y, z); c = a*z; b = x + z", ["--y", "1", "--z", "2", "--x", "3"]),
    ("where(x > 0, x, besselj(x, 2))", ["--x", "3"]),
]


@pytest.mark.parametrize("command", ["forward", "backward", "explain", "check", "paths"])
@pytest.mark.parametrize(("formula", "values"), UNNEEDED)
def test_one_status_in_all_formats(gradcli, command, formula, values):
    """A node that the output does not need asks for no derivative, in whatever form the answer is written."""
    patient = ["--time-limit", "100"] if command == "check" else []
    drawn = [
        gradcli(command, formula, *values, *patient, "--format", name).status
        for name in NAMES
        if not (command == "explain" and name in ("csv", "tsv", "plain"))
    ]
    assert len(set(drawn)) == 1
    assert drawn[0] in (0, 3)


@pytest.mark.parametrize("name", ["x", "theta", "E"])
def test_a_formula_that_is_one_name_has_one_row(gradcli, name):
    """No node is made for it, in no format."""
    done = gradcli("backward", name, "--at", f"{name}=2", "--csv")
    assert done.out.splitlines()[1:] == [f"{name},input,,{name},2,1"]
    assert json.loads(gradcli("backward", name, "--at", f"{name}=2", "--json").out)["nodes"] == []


@pytest.mark.parametrize("formula", ["x + e", "e**x", "e*x*e", "2**e - e/x", "sin(e)"])
def test_eulers_number_is_read_back_from_sympys_code(gradcli, formula):
    """E alone would be a name."""
    written = gradcli("export", formula, "--to", "sympy").out.strip()
    assert "E" not in written
    again = parse(written)
    assert list(again.inputs) == list(parse(formula).inputs)
    x = sympy.Symbol("x")
    plain = {"x": x, "exp": sympy.exp, "sin": sympy.sin, "Integer": sympy.Integer}
    assert sympy.sympify(written, locals=plain).subs(x, 2) == sympy.sympify(formula, locals={"e": sympy.E}).subs(x, 2)


@pytest.mark.parametrize(
    "place", ["gradcli.asking.question.parse", "gradcli.asking.each.read", "gradcli.output.text_of"]
)
def test_out_of_memory_says_what_it_is(gradcli, monkeypatch, place):
    """It is no fault of the program, and no report is asked for."""

    def full(*_, **__):
        raise MemoryError

    monkeypatch.setattr(place, full)
    done = gradcli("backward", "x*y", "--x", "2", "--y", "3")
    assert done.status == 74
    assert "memory" in done.err
    assert "own" not in done.err


def test_a_link_that_leads_to_itself_is_refused(gradcli, tmp_path):
    """Directly, over another link, and as a folder of the path; a link to a file is followed."""
    ring, first, second, good = (tmp_path / name for name in ("ring.json", "a.json", "b.json", "good.json"))
    ring.symlink_to(ring)
    first.symlink_to(second)
    second.symlink_to(first)
    for path in (ring, first, second, ring / "x.json"):
        for force in ([], ["--force"]):
            done = gradcli("backward", "x", "--x", "2", "-o", str(path), *force)
            assert done.status == 74, path
    assert all(path.is_symlink() for path in (ring, first, second))
    good.symlink_to(tmp_path / "target.json")
    (tmp_path / "target.json").write_text("old")
    assert gradcli("backward", "x", "--x", "2", "-o", str(good), "--force").status == 0
    assert good.is_symlink()
    assert json.loads((tmp_path / "target.json").read_text())["command"] == "backward"


@pytest.mark.parametrize("instruction", ["zzz", "complete_zzz", "source_", "complete"])
def test_a_completion_that_there_is_not(gradcli, monkeypatch, instruction):
    """Status 1 is a wrong gradient, and this is none."""
    monkeypatch.setenv("_GRADCLI_COMPLETE", instruction)
    assert gradcli("backward", "x", "--x", "1").status == 2


@pytest.mark.parametrize("way", ["csv", "tsv"])
def test_ids_are_inert_in_a_spreadsheet(gradcli, tmp_path, way):
    """What a spreadsheet would compute or run has an apostrophe in front; numbers and words are as they were."""
    ids = ["=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =1+1", "-5", "+3.5", "q1", "a=b"]
    path = tmp_path / "q.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([["id", "x", "y"], *([each, "2", "3"] for each in ids)])
    done = gradcli("backward", "x*y", "--each", str(path), "--format", way, "--table", "inputs")
    assert done.status == 0, done.err
    rows = list(csv.reader(io.StringIO(done.out), delimiter="," if way == "csv" else "\t"))[1::2]
    assert [row[0] for row in rows] == [
        *(f"'{each}" for each in ids[:4]), "'=1+1", "-5", "+3.5", "q1", "a=b",
    ]  # fmt: skip
    asked = gradcli("backward", "x*y", "--each", str(path), "--json")
    assert [json.loads(line)["id"] for line in asked.out.splitlines()] == [each.strip() for each in ids]


CLOSED = [
    ("where(x < 15, x, 10**exp(x))", ["--x", "10"], "10", "1", ["v3"]),
    ("where(x > 0, x**2, gamma(100000*x))", ["--x", "3"], "9", "6", ["v4"]),
    ("where(x < 0, sin(10**(10**x)), 5*x) + x", ["--x", "10"], "60", "6", ["v3", "v4"]),
    ("where(x > 1, where(x > 2, x/3, 2**(9**x)), 7)", ["--x", "8"], "8/3", "1/3", ["v5"]),
]


@pytest.mark.parametrize(("formula", "values", "value", "slope", "missing"), CLOSED)
def test_what_only_a_closed_branch_needs_is_not_computed(gradcli, formula, values, value, slope, missing):
    """With exact numbers it has no value, and says so; the output and its gradient are right."""
    done = gradcli("backward", formula, *values, "--exact", "--json")
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert (found["output"]["value_exact"], found["inputs"]["x"]["gradient_exact"]) == (value, slope)
    assert [node["node"] for node in found["nodes"] if node["value"] is None] == missing
    assert {node["value_exact"] for node in found["nodes"] if node["value"] is None} == {"not computed"}
    for name in NAMES:
        assert gradcli("backward", formula, *values, "--exact", "--format", name).status == 0
    assert gradcli("explain", formula, *values, "--exact", "--format", "latex").status == 0


@pytest.mark.parametrize("formula", ["where(10**exp(x) > 1, x, 1)", "10**exp(x) + where(x < 15, x, 2)"])
def test_what_the_output_needs_is_still_refused(gradcli, formula):
    """A condition is needed, and so is the branch taken."""
    done = gradcli("backward", formula, "--x", "10", "--exact")
    assert done.status == 2
    assert "too much to compute" in done.err


@pytest.mark.parametrize("work", ["gamma(x)", "besselj(3, x)", "sin(x)", "loggamma(x)*x"])
@pytest.mark.parametrize("numbers", [["--precision", "1000"], ["--exact"], ["--round", "9"]])
def test_a_limit_holds_for_every_number_system(gradcli, monkeypatch, work, numbers):
    """An answer in time, or a refusal that says so and what to try."""
    monkeypatch.setattr("gradcli.asking.each.TIME_LIMIT", 2.0)
    began = time.monotonic()
    done = gradcli("forward", work, "--x", "0.3", *numbers)
    assert time.monotonic() - began < PATIENCE
    assert done.status in (0, 2)
    assert done.status == 0 or "too much to compute" in done.err


ROWS = "id,formula,x\na,x*x,2\nb,gamma(x)*x**x,0.3\nc,2*x,4\n"
SLOW = """
import sys, time, gradcli.asking.each, gradcli.asking.question as question
from gradcli.cli import run
old = question.Problem.backward
def slow(self):
    while "gamma" in self.graph.source:
        time.sleep(0.01)
    return old(self)
question.Problem.backward = slow
gradcli.asking.each.TIME_LIMIT = float(sys.argv[1])
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize("way", ["table", "csv", "jsonl", "plain", "markdown"])
def test_rows_are_written_as_they_are_answered(tmp_path, way):
    """A row that takes long holds back none before it; the rows after it come as well, and the slow one says so."""
    path = tmp_path / "q.csv"
    path.write_text(ROWS)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    words = ["backward", "--each", str(path), "--exact", "--format", way]
    process = subprocess.Popen([sys.executable, "-c", SLOW, "1000", *words], **pipes)
    assert process.stdout.readline(), "the first row comes while the second one goes on"
    process.kill()
    process.communicate()
    done = subprocess.run([sys.executable, "-c", SLOW, "2", *words], check=False, **pipes)
    assert done.returncode == 2
    assert f"{path}:3" in done.stderr
    assert "too much to compute: more than 2" in done.stderr
    assert "8" in done.stdout


def test_a_file_is_still_written_whole(gradcli, tmp_path):
    """With --output all rows are there, or there is no file."""
    path, out = tmp_path / "q.csv", tmp_path / "out.csv"
    path.write_text("id,x\na,2\nb,oops\nc,4\n")
    done = gradcli("backward", "x*x", "--each", str(path), "-o", str(out))
    assert done.status == 2
    assert [line.split(",")[0] for line in out.read_text().splitlines()] == ["id", "a", "a", "c", "c"]


def test_what_depends_on_the_formula_only_is_done_once(gradcli, tmp_path, monkeypatch):
    """SymPy reads the formula once, and differentiates it once for each variable, for many points and many rows."""
    from gradcli.analysis.checking import numerically
    from gradcli.language.sympy import second_reading

    calls = {"read": 0, "steps": 0}
    for module, name in ((second_reading, "read"), (numerically, "steps")):
        old = getattr(module, name)

        def counted(*arguments, old=old, name=name, **options):
            calls[name] += 1
            return old(*arguments, **options)

        monkeypatch.setattr(module, name, counted)
    assert gradcli("check", "sin(x)*exp(y)/(1 + x**2)", "--random", "12").status == 0
    assert calls == {"read": 1, "steps": 3}
    path = tmp_path / "q.csv"
    path.write_text("x,y\n" + "".join(f"{number}.25,{number}\n" for number in range(1, 9)))
    assert gradcli("check", "cos(x)*log(y + 1)", "--each", str(path), "--get", "verdict").status == 0
    assert calls == {"read": 2, "steps": 6}


def test_witnesses_of_many_points_are_those_of_one(gradcli):
    """The numbers of SymPy's derivative, computed step by step, are those of mpmath's own differentiation."""
    done = gradcli("check", "sin(x)*exp(y)/(1 + x**2)", "--random", "5", "--json")
    for point in json.loads(done.out)["points"]:
        at = point["point"]
        for k, name in enumerate(("x", "y")):
            slope = mpmath.diff(lambda x, y: mpmath.sin(x) * mpmath.exp(y) / (1 + x**2), (at["x"], at["y"]), (1 - k, k))
            assert point["inputs"][name]["symbolic"] == pytest.approx(float(slope), rel=1e-9)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_in_the_first_third_of_a_second():
    """No traceback, whatever is being loaded: a hundred starts, each broken off at another moment."""
    code = (
        "import os, sys\nfrom gradcli import __main__ as program\nold = program.gc.set_threshold\n"
        "def told(*numbers):\n    old(*numbers)\n    os.write(1, b'x')\n"
        "program.gc.set_threshold = told\nprogram.main()\n"
    )
    for number in range(100):
        process = subprocess.Popen(
            [sys.executable, "-c", code, "check", "x*y", "--x", "2", "--y", "3"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout.read(1) == b"x"
        time.sleep(number / 300)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode in (0, 130)
        assert b"Traceback" not in errors
