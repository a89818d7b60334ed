"""`--format sentences`: a sentence a node and a step; nothing in it that a voice skips."""

import re
import shlex
from importlib import import_module

import pytest

from gradcli import commands
from gradcli.report.spoken import spoken

SILENT = re.compile(r"[^A-Za-z0-9 .,:;?!\n\"]")
"""What voices skip."""


def test_a_pass_in_sentences(gradcli):
    """The forward pass from the inputs, the backward pass from the output, the sum of two ways back."""
    result = gradcli("backward", "(x+y)*y", "--x", "2", "--y", "3", "--format", "sentences")
    assert (result.status, result.err) == (0, "")
    assert result.out.splitlines()[1:] == [
        "x is 2.",
        "y is 3.",
        "v1 is x plus y, which is 5.",
        "f is v1 times y, which is 15.",
        "The gradient of f is 1.",
        "The gradient of v1 is 3: 3.",
        "The gradient of y is 8: 3 times 1, plus 5.",
        "The gradient of x is 3: 3 times 1.",
    ]


@pytest.mark.parametrize("name", [name for name in commands.NAMES if name not in ("help", "export")])
def test_every_answer_can_be_read_aloud(gradcli, name):
    """All examples of every command, in words, numbers and punctuation."""
    for example in import_module(f"gradcli.commands.{name}").EXAMPLES:
        words = [word for word in shlex.split(example)[1:] if word not in ("--json", "--csv", "--plot")]
        if "--get" in words or "--output" in words or "-o" in words or len(words) < 2:
            continue
        result = gradcli(*words, "--format", "sentences")
        assert result.out, example
        assert not SILENT.findall(result.out), example


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("∂f/∂y = 3·1 + 5", "the derivative of f by y equals 3 times 1 plus 5"),
        ("θ₁·x² ≈ -0.75", "theta 1 times x squared is about minus 0.75"),
        ("exp(x)/(1 + |y|)", "exp of x over open bracket 1 plus the absolute value of y close bracket"),
        ("1e-07", "1 times 10 to the power minus 7"),
        ("x⁻¹ ≤ v_0", "x to the power minus 1 is at most v 0"),
    ],
)
def test_signs_are_words(text, said):
    """Each sign has its word, and numbers stay whole."""
    assert spoken(text) == said


def test_digits_and_rows_act(gradcli):
    """--digits rounds what is said, --rows says how much is left out."""
    ask = ("forward", "x/3 + 1", "--x", "1", "--format", "sentences")
    assert "0.333," not in gradcli(*ask).out
    assert "which is 0.333." in gradcli(*ask, "--digits", "3").out
    assert "2 more nodes are not read." in gradcli(*ask, "--rows", "1").out
