"""`check --answer`: a number to the digits typed, a formula as a function; a class; right, wrong, or not known."""

import json
from math import cos, exp, sin

import pytest

QUESTION = ("check", "(x+y)*y", "--x", "2", "--y", "3")
NEURON = ("check", "a = w*x; f = sigmoid(a)", "--w", "1.1", "--x", "1")
VALUE = 1 / (1 + exp(-1.1))
SLOPE = VALUE * (1 - VALUE)


@pytest.mark.parametrize(
    ("question", "answer", "status"),
    [
        (QUESTION, "y=8", 0),
        (QUESTION, "y=8.0", 0),
        (QUESTION, "y=16/2", 0),
        (QUESTION, "y=x+2y", 0),
        (QUESTION, "y=9", 1),
        (QUESTION, "y=-8", 1),
        (QUESTION, "f=15", 0),
        (QUESTION, "v1=3", 0),
        (QUESTION, "v1.value=5", 0),
        (QUESTION, "v1.value=3", 1),
        (QUESTION, "df/dy=8", 0),
        (QUESTION, "∂f/∂x = 3", 0),
        (QUESTION, "y=8,x=3", 0),
        (QUESTION, "y=8; x=4", 1),
        (QUESTION, "y=2*v1 - x", 0),
        (QUESTION, "y=v1 + y", 0),
        (QUESTION, "y=v1 + x", 1),
        (NEURON, f"f={VALUE:.2f}", 0),
        (NEURON, f"f={VALUE:.3f}".replace(".", ","), 0),
        (NEURON, "f=0.74", 1),
        (NEURON, "f=0.8", 0),
        (NEURON, "f=1", 1),
        (NEURON, f"w={SLOPE:.4e}", 0),
        (NEURON, f"w={SLOPE!r}", 0),
        (NEURON, "w=f*(1-f)*x", 0),
        (NEURON, "w=f*(1-a)*x", 1),
        (("check", "exp(x)", "--x", "10"), "x=22026", 0),
        (("check", "exp(x)", "--x", "10"), "x=22027", 1),
        (("check", "x*1.04", "--x", "8"), "f=8", 1),
        (("check", "x²y"), "x=2xy", 0),
        (("check", "x²y"), "x=2x y", 0),
        (("check", "x²y"), "x=x*y", 1),
        (("check", "x²y"), "x=8", 1),
        (("check", "sin(x)²"), "x=sin(2x)", 0),
        (("check", "sin(x)²"), "x=2sin(x)", 1),
        (("check", "log(x)"), "x=1/x", 0),
        (("check", "3x"), "x=3", 0),
        (("check", "pi*x"), "x=3.14", 0),
        (("check", "pi*x"), "x=3.15", 1),
        (("check", "max(x,y)", "--x", "2", "--y", "1"), "x=1", 0),
        (("check", "(w*x-t)²", "--const", "t=5"), "w=2(w x - 5)x", 0),
        (("check", "x*y", "--x", "2", "--y", "3", "--upstream", "5"), "x=15", 0),
        (("check", "relu(x)", "--x", "0"), "x=0", 0),
        (("check", "relu(x)", "--x", "0"), "x=0.5", 3),
        (("check", "sqrt(x)", "--x", "0"), "x=1", 3),
        (("check", "sin(x)*exp(x)", "--x", "1"), f"x={(sin(1) + cos(1)) * exp(1):.6f}", 0),
    ],
)
def test_right_and_wrong(gradcli, question, answer, status):
    """The exit status says it; the true answer is not told."""
    result = gradcli(*question, "--answer", answer, "--get", "verdict")
    assert (result.status, result.out) == (status, {0: "right\n", 1: "wrong\n", 3: "unverified\n"}[status])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("8", "is not NAME=ANSWER"), ("y=", "is not NAME=ANSWER"), ("z=8", "the formula has no z"),
        ("y=8(", "the answer for y cannot be read"), ("y=2q", "has q, and the formula has none"),
        ("y=8,y=9", "given twice"), ("y=__import__('os')", "cannot be read"), ("y=x.__class__", "cannot be read"),
        ("y=a=2;a", "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(gradcli, answer, message):
    """An error with what to write, and no verdict; nothing typed is run."""
    result = gradcli(*QUESTION, "--answer", answer)
    assert (result.status, result.out) == (2, "")
    assert message in result.err or answer == "y=a=2;a"


def test_the_truth_is_told_where_it_is_asked_for(gradcli):
    """Under --show only: on the screen, in the record, as a table."""
    for way in ([], ["--json"], ["--csv"], ["--format", "sentences"], ["--format", "html"]):
        hidden = gradcli(*QUESTION, "--answer", "y=47", *way)
        shown = gradcli(*QUESTION, "--answer", "y=47", "--show", *way)
        assert hidden.status == shown.status == 1
        assert hidden.out != shown.out
    record = json.loads(gradcli(*QUESTION, "--answer", "y=7", "--json").out)
    assert (record["verdict"], record["answers"][0]["true_value"]) == ("wrong", None)
    assert json.loads(gradcli(*QUESTION, "--answer", "y=7", "--show", "--json").out)["answers"][0]["true_value"] == 8
    assert gradcli(*QUESTION, "--show").status == 2
    assert gradcli(*QUESTION, "--answer", "y=8", "--same-as", "x").status == 2


CLASS = """student;Formel;X;Y;answer:y;answer:x;Remark
anna;(x+y)*y;2;3;8;3;good
bob;(x+y)*y;2;3;8;4;
cem;(x+y)*y;0,5;1,5;3,5;1,5;x=
dora;(x+y)*y;2;3;8;;
emil;(x+y)*y;2;3;8(;3;
"""


CHANGES = (
    str,
    lambda text: text.replace(";", "\t"),
    lambda text: "sep=;\n" + text,
    lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    lambda text: text.replace("answer:", "Answer_"),
    lambda text: text.replace("Formel", "FORMULA").replace("student", "ID"),
    lambda text: text.replace("\n", ";;\n") + ";;;;\n",
)
"""Ways in which a table may be written."""


@pytest.mark.parametrize("change", CHANGES)
def test_a_class(gradcli, tmp_path, change):
    """One line a student, also where an answer cannot be read; semicolons, tabs, decimal commas, any heading."""
    path = tmp_path / "answers.csv"
    path.write_bytes(change(CLASS).encode())
    result = gradcli("check", "--each", str(path), "--get", "verdict")
    assert result.out == "anna\tright\nbob\twrong\ncem\tright\ndora\twrong\nemil\terror\n"
    assert result.status == 2
    single = gradcli("check", "--each", str(path), "--get", "x,y")
    assert single.out.splitlines()[3:] == ["dora\tmissing\tright", "emil\terror\terror"]


def test_a_column_of_whole_answers(gradcli, tmp_path):
    """In the column `answer` stands what --answer takes; one formula for all rows."""
    path = tmp_path / "answers.csv"
    path.write_text('id,x,y,answer\na,2,3,"y=8, x=3"\nb,1,1,y=3\nc,1,1,y=4\n')
    result = gradcli("check", "(x+y)*y", "--each", str(path), "--get", "verdict,right")
    assert (result.status, result.out) == (1, "a\tright\t2\nb\tright\t1\nc\twrong\t0\n")
