"""The command line: what is read, what is refused and how, what comes out on which stream, and the exit status."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from records import validated

from gradcli import cli, commands
from gradcli.asking.help_text import Line, screen

ROOT = Path(__file__).parents[2]
TWO = ("(x+y)*y", "--x", "2", "--y", "3")

# DESIGN §7, to the letter.
TWO_PATHS = {
    "schema": 1, "command": "backward", "formula": "(x+y)*y", "number_system": "float",
    "output": {"node": "f", "value": 15.0},
    "inputs": {"x": {"value": 2.0, "gradient": 3.0}, "y": {"value": 3.0, "gradient": 8.0}},
    "nodes": [
        {"node": "v1", "operation": "add", "arguments": ["x", "y"], "parameters": {}, "expression": "x + y",
         "span": [1, 4], "pattern": "distribute", "value": 5.0, "locals": [1.0, 1.0], "gradient": 3.0},
        {"node": "f", "operation": "multiply", "arguments": ["v1", "y"], "parameters": {}, "expression": "v1*y",
         "span": [0, 7], "pattern": "swap", "value": 15.0, "locals": [3.0, 5.0], "gradient": 1.0}],
    "edges": [
        {"from": "v1", "to": "f", "argument": 0, "upstream": 1.0, "local": 3.0, "local_expression": "y",
         "contribution": 3.0, "active": True},
        {"from": "y", "to": "f", "argument": 1, "upstream": 1.0, "local": 5.0, "local_expression": "v1",
         "contribution": 5.0, "active": True},
        {"from": "x", "to": "v1", "argument": 0, "upstream": 3.0, "local": 1.0, "local_expression": "1",
         "contribution": 3.0, "active": True},
        {"from": "y", "to": "v1", "argument": 1, "upstream": 3.0, "local": 1.0, "local_expression": "1",
         "contribution": 3.0, "active": True}],
    "notes": [],
}  # fmt: skip


def test_json_is_the_one_of_the_design(gradcli):
    """The record of the running example, key by key and in order."""
    result = gradcli("backward", *TWO, "--json")
    assert (result.status, result.err) == (0, "")
    assert json.dumps(validated(result.out)) == json.dumps(TWO_PATHS)


@pytest.mark.parametrize(
    "args",
    [
        ("forward", *TWO),
        ("check", *TWO),
        ("check", "relu(x)", "--x", "0"),
        ("backward", "log(x)", "--x", "-1"),
        ("backward", "(x+y)*y"),
        ("backward", "x*y", "--x", "2", "--symbolic"),
        ("backward", "x*t", "--x", "2", "--const", "t=3"),
        ("backward", "where(x > 0, log(x), x*x)", "--x", "-1"),
        ("backward", "a = x*x; a = a + 1; a*a", "--x", "3"),
        ("backward", "1/3"),
        ("backward", "x", "--x", "1"),
        ("backward", "max(x, y, 2)", "--x", "1", "--y", "5"),
        ("ops",),
        ("ops", "max"),
    ],
)
def test_every_record_is_valid(gradcli, args):
    """JSON of every command and of unusual formulas follows the schema."""
    validated(gradcli(*args, "--json").out)


def test_numbers_read_back_bit_for_bit(gradcli):
    """JSON, plain and --get carry the shortest digits that give the same double."""
    args = ("tanh(x*y)/3", "--x", "0.1", "--y", "0.7")
    record = json.loads(gradcli("backward", *args, "--json").out)
    rows = [line.split("\t") for line in gradcli("backward", *args, "--format", "plain").out.splitlines()]
    assert {name: float(value) for name, value, _ in rows} == {
        **{name: numbers["value"] for name, numbers in record["inputs"].items()},
        **{node["node"]: node["value"] for node in record["nodes"]},
    }
    assert float(gradcli("backward", *args, "--get", "x").out) == record["inputs"]["x"]["gradient"]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--x", "2", "x*y", "--y=3", "--get", "y"], "2\n"),
        (["x*y", "--get", "x,y,f", "--x", "-2", "--y", "-1e5"], "-100000\n-2\n200000\n"),
        (["x", "--x", "1/3", "--get", "x.value"], "0.3333333333333333\n"),
        (["x", "--x=-pi/4", "--get", "x.value"], "-0.7853981633974483\n"),
        (["-x**2", "--x", "3", "--get", "x"], "-6\n"),
        (["-f*x", "--at", "f=2", "--x", "5", "--get", "f"], "-5\n"),
        (["--x", "3", "--", "-x"], None),
        (["format*2", "--at", "format=3", "--get", "f,format"], "6\n2\n"),
        (["h", "--h", "3", "--get", "h"], "3\n"),
        (["x*y", "--at", "x=2,y=3", "--get", "y"], "2\n"),
        (["x*y", "--at", "x=2", "--at", "y=3", "--get", "x.gradient"], "3\n"),
        (["θ*2", "--θ", "0.5", "--get", "θ.value"], "0.5\n"),
        (["t = 5; (x-t)**2", "--x", "7", "--get", "x,t"], "4\n-4\n"),
        (["t = 5; x-t", "--x", "7", "--t", "1", "--get", "f"], "6\n"),
        (["x*y", "--x", "2", "--y", "3", "--upstream", "-4", "--get", "x"], "-12\n"),
        (["pi*x", "--x", "1", "--pi", "3", "--get", "f"], "3\n"),
    ],
)
def test_formula_and_values_in_any_order(gradcli, args, expected):
    """Values before or after the formula, negative, as fractions, in --at; names of options as variables."""
    result = gradcli("backward", *args)
    assert result.status == 0
    if expected is not None:
        assert result.out == expected


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["x+y", "--x", "2"], "no value for the variable y"),
        (["x+y", "--x", "2"], "--symbolic"),
        (["x", "--x", "1", "--x", "2"], "--x is given twice"),
        (["x", "--x", "1", "--at", "x=2"], "--x is given twice"),
        (["x*y", "--X", "1", "--y", "2"], "did you mean --x?"),
        (["x", "--x", "1", "--fromat", "json"], "did you mean --format?"),
        (["x", "--formt=json", "--x", "1"], "did you mean --format?"),
        (["format*2", "--format", "3"], "--at format=3"),
        (["json*2", "--json"], "--at json=3"),
        (["x + y", "--x"], "no value after --x"),
        (["x", "--x", "--json"], "no value after --x"),
        (["x", "+", "y", "--x", "1"], "write: gradcli backward 'x + y' --x 1"),
        (["x", "-x", "3"], "write: gradcli backward x --x 3"),
        (["x", "--x", "y"], "the value of x is no number"),
        (["x", "--x", "nan"], "the value of x is no number"),
        (["x", "--x", "1e999"], "too large"),
        (["x", "--x", "1/0"], "not a finite number"),
        (["x", "--x", "1 2"], "cannot be read"),
        (["x", "--x", ""], "no value for x"),
        (["x", "--at", "x"], "not NAME=VALUE"),
        (["x", "--at", "x=0,5"], "decimal numbers with a point"),
        (["x", "--x", "1", "--wrt", "y"], "no variable y"),
        (["x", "--x", "1", "--const", "y"], "no variable y"),
        (["x*y", "--x", "1", "--const", "y=2", "--wrt", "y"], "--wrt and in --const"),
        (["a = x; a*a", "--x", "1", "--a", "2"], "a is computed in the formula"),
        (["a = x*x; a*a", "--x", "1", "--a", "2"], "computed in the formula"),
        (["x", "--x", "1", "--get", "y"], "nothing has that name"),
        (["x*t", "--x", "1", "--const", "t=1", "--get", "t"], "no gradient was asked for"),
        (["x", "--x", "1", "--format", "yaml"], "'yaml' is not one of"),
        (["x", "--x", "1", "--json", "--format", "plain"], "exclude each other"),
        (["x", "--x", "1", "--json", "--get", "x"], "takes no format"),
        (["x", "--__class__", "1"], "neither an option nor"),
        (["x", "--x", "__import__('os')"], "cannot be read"),
        ([], "there is no formula"),
    ],
)
def test_refused_with_what_to_do(gradcli, args, message):
    """Exit status 2, nothing on standard output, one message and a hint; no traceback."""
    result = gradcli("backward", *args)
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert "Traceback" not in result.err
    assert result.err.startswith(("gradcli: error: ", '{"error"'))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["bakward", "x"], "did you mean gradcli backward?"),
        (["(x+y)*y", "--x", "2"], "write: gradcli backward '(x+y)*y' --x 2"),
        (["(x+y)*y", "--help"], "write: gradcli backward '(x+y)*y' --help"),
        (["backward", "x", "--json=3"], "--json takes no value"),
        (["derive", "x"], "write: gradcli backward x"),
        (["wobble", "x"], "gradcli --help lists the commands"),
        (["ops", "sigmod"], "did you mean sigmoid?"),
        (["check", "x*y"], "a check needs a point"),
    ],
)
def test_wrong_commands(gradcli, args, message):
    """A command misspelt or forgotten: the line to type instead."""
    result = gradcli(*args)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_errors_show_the_place(gradcli):
    """One line what, the source line with a caret, one line what to do."""
    assert gradcli("backward", "x*y + sigmiod(x)", "--x", "2").err.splitlines() == [
        "gradcli: error: unknown function sigmiod",
        "  x*y + sigmiod(x)",
        "        ^~~~~~~",
        "  did you mean sigmoid?",
    ]


def test_errors_as_json(gradcli):
    """With --json an error is a record on standard error, standard output stays empty."""
    result = gradcli("backward", "x*y +", "--json")
    assert (result.status, result.out) == (2, "")
    assert json.loads(result.err) == {
        "error": {
            "kind": "parse", "message": "nothing to the right of +", "span": [4, 5], "hint": "an operand is missing",
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "status", "kind"),
    [
        (["1/x", "--x", "0"], 3, "domain"),
        (["log(x)", "--x", "-1"], 3, "domain"),
        (["sqrt(x)", "--x", "0"], 3, "domain"),
        (["exp(x)", "--x", "1000"], 3, "overflow"),
        (["9**9**9"], 3, "overflow"),
        (["relu(x)", "--x", "0"], 0, "corner"),
        (["max(x, y)", "--x", "1", "--y", "1"], 0, "corner"),
        (["x", "--x", "0,5"], 0, "reading"),
        (["a = 1; 2*x", "--x", "1"], 0, "unused"),
        (["a = x*y; 2*x", "--x", "1", "--y", "2"], 0, "unused"),
        (["where(x > 0, log(x), x)", "--x", "-1"], 0, None),
    ],
)
def test_notes_and_status(gradcli, args, status, kind):
    """A result that is not finite is printed with its note, status 3; a convention is a note, status 0."""
    result = gradcli("backward", *args, "--json")
    assert result.status == status
    assert kind in [note["kind"] for note in validated(result.out)["notes"]] or kind is None
    assert bool(result.err) == (kind is not None)


def test_the_first_bad_node_is_named(gradcli):
    """The note of a bad point names the node that causes it, with its operands."""
    result = gradcli("backward", "a = x - 3; 2*log(a)", "--x", "1")
    assert result.err == "gradcli: note: v1 = log(-2) is not a real number\n"


def test_help_lists_the_variables(gradcli):
    """`FORMULA --help` also lists the variables of the formula; examples are shown."""
    result = gradcli("backward", "x*y", "--help")
    assert result.status == 0
    assert "--y VALUE" in result.out
    assert "gradcli backward '(x+y)*y' --x 2 --y 3" in result.out


@pytest.mark.parametrize("name", commands.NAMES)
def test_every_command_has_help_and_examples_that_run(gradcli, name):
    """Help names every option; the examples of a command do what they say."""
    import shlex

    assert gradcli(name, "--help").status == 0
    assert gradcli(name, "-h").out == gradcli(name, "--help").out
    for example in import_module(f"gradcli.commands.{name}").EXAMPLES:
        result = gradcli(*shlex.split(example)[1:])
        assert result.status in (0, 3), example
        assert result.out


def test_the_help_screen(gradcli):
    """Questions, not nouns; every command stands in it; no arguments show it as well."""
    result = gradcli("--help")
    assert result.out == gradcli().out
    *wanted, more, last = result.out.splitlines(keepends=True)
    assert "".join(wanted) == (
        "gradcli COMMAND 'FORMULA' --x 2 --y 3\n"
        "try: gradcli backward '(x+y)*y' --x 2 --y 3\n"
        " I want …\n"
        "   the gradients                backward     (values only: forward)\n"
        "   the worked solution          explain\n"
        "   to know whether it is right  check        (my own answer: --answer y=8)\n"
        "   every path                   paths\n"
        "   the rule of an operation     ops sigmoid\n"
    )
    assert more.startswith(" More   export · help words, notation")
    assert last == " gradcli COMMAND --help   examples and options of a command\n"
    assert all(name in result.out for name in commands.NAMES)


def test_one_more_command_runs_into_no_text():
    """Columns are as wide as their longest cell; what has no room stands on the next line, at most 60 columns wide."""
    lines = {
        "backward": Line("the gradients", place=1),
        "forward": Line("values only", beside="backward"),
        "explain": Line("the worked solution", place=2),
        "transmogrification": Line("a picture of it all", typed="transmogrification sigmoid", remark="x" * 20),
        **{f"command{i}": Line(place=i) for i in range(9)},
    }
    for width in (44, 60, 80, 120):
        text = screen(lines, width)
        assert max(map(len, text.splitlines())) <= max(width, 60)
        assert "" not in text.splitlines()
        assert "\n   a picture of it all  transmogrification sigmoid" in text
        assert "\n   the gradients        backward" in text
        assert "(values only: forward)" in " ".join(text.split())
        assert all(f"command{i}" in text for i in range(9))


@pytest.mark.parametrize("columns", [60, 80, 132])
@pytest.mark.parametrize("name", commands.NAMES)
def test_help_fits_the_terminal(gradcli, monkeypatch, name, columns):
    """Usage and examples come first, groups of options after them; no line is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = gradcli(name, "--help").out.splitlines()
    assert lines[0].startswith(f"Usage: gradcli {name}")
    assert lines[2] == "Examples:"
    assert max(map(len, lines)) <= columns
    text = " ".join("\n".join(lines).replace("\\\n", " ").split())
    for example in import_module(f"gradcli.commands.{name}").EXAMPLES:
        assert " ".join(example.split()) in text


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--precision", "0"], "--precision 0: not a whole number from 1 to 1000"),
        (["--precision", "1.5"], "--precision 1.5: not a whole number from 1 to 1000"),
        (["--round", "-1"], "--round -1: not a whole number from 0 to 100"),
        (["--rows", "x"], "--rows x: not a whole number, 1 or more"),
        (["--digits", "١"], "--digits ١: not a whole number from 1 to 17"),
        (["--color", "pink"], "--color: 'pink' is not one of auto, always, never"),
        (["--format", "jsno"], "did you mean json?"),
    ],
)
def test_a_wrong_word_is_answered_in_our_words(gradcli, args, message):
    """Numbers and words of options are read here: no library's sentence comes through."""
    result = gradcli("backward", *TWO, *args)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


OPTIONS = [
    ("backward", *TWO, "--digits", "3", "--rows", "2", "--color", "never", "--ascii"),
    ("backward", *TWO, "--round", "2", "--at", "z=1", "--const", "y", "--format", "json"),
    ("check", *TWO, "--random", "3", "--seed", "7", "--range", "-1:1", "--time-limit", "5", "--get", "x"),
    ("check", *TWO, "--step-size", "1e-4", "--scheme", "central", "--order-of-derivative", "1"),
    ("paths", *TWO, "--limit", "1", "--sort", "size"),
    ("export", "x*y", "--to", "latex", "--gradient"),
    ("export", "x*y"),
    ("backward", *TWO, "--precision", "0"),
    ("backward", *TWO, "--format", "yaml"),
]
"""Options of every kind, some of them wrong."""


def test_another_typer_that_converts_by_itself(gradcli, monkeypatch):
    """Where Typer does not ask our reading of an option, its own conversion gives the same answers."""
    answers = [gradcli(*args) for args in OPTIONS]
    monkeypatch.setattr(cli, "read_as_typed", lambda parameter, reader: None)
    for args, ours in zip(OPTIONS, answers, strict=True):
        theirs = gradcli(*args)
        assert (theirs.status, theirs.out) == (ours.status, ours.out), args
        assert theirs.err == ours.err or args == ("export", "x*y")


@pytest.mark.slow
def test_the_oldest_typer(gradcli, process, tmp_path):
    """The oldest Typer that pyproject.toml allows gives the same answers as the one that is installed."""
    oldest = re.search(r'"typer>=([0-9.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]
    install = [sys.executable, "-m", "pip", "install", "-q", "--target", str(tmp_path), f"typer=={oldest}.*"]
    if subprocess.run(install, capture_output=True, check=False).returncode:
        pytest.skip("needs a package index")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for args in OPTIONS:
        ours, done = gradcli(*args), process(*args, env=environment)
        assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == ours, args
    version = "import typer; print(typer.__version__)"
    told = subprocess.run([sys.executable, "-c", version], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.startswith(f"{oldest}.")


def test_formula_from_a_file_and_from_standard_input(gradcli, tmp_path, monkeypatch):
    """--file and - read UTF-8, with or without a byte-order mark; a wrong byte is named, a missing file is 74."""
    import io

    path = tmp_path / "formula.txt"
    path.write_bytes(b"\xef\xbb\xbfa = x*y\r\na + x  # comment\n")
    assert gradcli("backward", "--file", str(path), "--x", "2", "--y", "3", "--get", "x").out == "4\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("σ(x)".encode())))
    assert gradcli("forward", "-", "--x", "0", "--get", "f").out == "0.5\n"
    path.write_bytes(b"x + \xff")
    assert gradcli("forward", "--file", str(path)).status == 2
    missing = gradcli("forward", "--file", str(tmp_path / "none.txt"))
    assert (missing.status, missing.out) == (74, "")


def test_the_same_bytes_every_time(gradcli):
    """Same input, same output."""
    args = ("backward", "(sigmoid(w*x+b)-t)**2", "--at", "w=0.5,x=2,b=0.1,t=1")
    assert gradcli(*args).out == gradcli(*args).out


def test_a_reader_that_leaves():
    """A closed pipe ends silently with status 141."""
    line = f"{sys.executable} -m gradcli ops --json"
    script = f"{line} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "141"
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full is a device of Linux")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_and_a_closed_stream(process, unbuffered):
    """A result that cannot be written is an error, status 74, never a silent success."""
    variables = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "wb") as full:
        done = process("backward", *TWO, stdout=full, stderr=subprocess.PIPE, env=variables)
    assert (done.returncode, b"cannot write" in done.stderr, b"Traceback" in done.stderr) == (74, True, False)
    script = f"{sys.executable} -m gradcli backward '(x+y)*y' --x 2 --y 3 >&-"
    closed = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    assert (closed.returncode, b"Traceback" in closed.stderr) == (74, False)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_stream_that_cannot_encode(encoding, process):
    """Where a stream cannot carry ∂ and ·, ASCII spellings are used."""
    done = process("backward", *TWO, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert done.returncode == 0
    assert b"(x + y)*y" in done.stdout
    assert b"df/dx = 3" in done.stdout


def test_colour_only_where_it_is_wanted(process):
    """No escape sequence in a pipe."""
    assert b"\x1b" not in process("backward", *TWO).stdout


def test_greek_names_in_a_c_locale(process):
    """Arguments in UTF-8 are read although the locale is C."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = process("backward", "θ*2", "--θ", "3", "--get", "θ", env=environment)
    assert (done.returncode, done.stdout) == (0, b"2\n")


def test_an_interrupt_is_heard_at_once():
    """Ctrl-C while the program is still being loaded: status 130, silently."""
    loading = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from gradcli.__main__ import main\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer': signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", loading], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize(
    ("words", "place", "expected"),
    [
        ("gradcli back", 1, {"backward"}),
        ("gradcli backward --format j", 3, {"json", "jsonl"}),
        ("gradcli ops sigm", 2, {"sigmoid"}),
        ("gradcli backward (x+y)*z --x 2 --", 5, {"--y", "--z", "--format", "--get"}),
    ],
)
def test_completion(words, place, expected):
    """The shell completes commands, choices, operations, and the variables of the formula typed."""
    environment = {
        **os.environ, "_GRADCLI_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(place)
    }  # fmt: skip
    script = "import sys; sys.argv[0] = 'gradcli'; from gradcli.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    found = set(done.stdout.split())
    assert expected <= found
    assert "--x" not in found


@pytest.mark.parametrize("more", [[], ["--a", "2", "--b", "3"], ["--a", "2", "--b", "3", "--exact"]])
@pytest.mark.parametrize("form", ["table", "latex", "html"])
def test_with_another_upstream_gradient_nothing_is_called_the_output_s_derivative(gradcli, more, form):
    """5·b is no ∂f/∂a, and what arrives is no ∂f/∂f."""
    out = gradcli("backward", "(a+b)*b", "--upstream", "5", "--format", form, *more).out
    assert re.search(r"gradient of (?:a\b|\$a\b|<math><mi>a</mi>)", out)
    assert not re.search(r"∂f/∂f|partial f/.?partial f\b|∂f/∂a = |∂f/∂v1 = 15", out)
    assert "∂f/∂a = " in gradcli("backward", "(a+b)*b", "--upstream", "1", *more).out
