"""What a text says besides its formula, on the command line: claims, constants, choices, names in other spellings."""

import json

import pytest


def test_a_claim_is_a_note_and_in_check_an_exit_status(gradcli):
    """A claim that holds is told with the number; one that does not is a note of kind claim, and 1 in check."""
    right, wrong = "q = x·y = 1·2 = 2", "q = x·y = 1·2 = 3"
    point = ("--x", "1", "--y", "2")
    told = gradcli("backward", "a = σ(1.1) ≈ 0.75")
    assert (told.status, "the page says 0.75; exact 0.75026" in told.err) == (0, True)
    found = gradcli("backward", wrong, *point)
    assert (found.status, "the page says 3; exact 2, which is not the same" in found.err) == (0, True)
    record = json.loads(gradcli("backward", wrong, *point, "--json").out)
    assert [note["kind"] for note in record["notes"]].count("claim") == 1
    assert gradcli("check", right, *point).status == 0
    assert gradcli("check", wrong, *point).status == 1


def test_strict_on_the_command_line(gradcli):
    """Every note of reading is an error, with a caret."""
    assert gradcli("backward", "1/2 (x + 1)", "--x", "2").status == 0
    found = gradcli("backward", "1/2 (x + 1)", "--x", "2", "--strict")
    assert (found.status, found.out) == (2, "")
    assert "^" in found.err
    assert gradcli("backward", "(x+y)*y", "--x", "2", "--y", "3", "--strict").status == 0


def test_constants_of_a_listing_take_no_gradient(gradcli):
    """The tensor without requires_grad beside one that has it, except where --wrt names it."""
    text = "x = torch.tensor(2.0)\nw = torch.tensor(3.0, requires_grad=True)\nL = (w*x - 5)**2"
    record = json.loads(gradcli("backward", text, "--json").out)
    assert {name: each["gradient"] for name, each in record["inputs"].items()} == {"w": 4.0, "x": None}
    record = json.loads(gradcli("backward", text, "--wrt", "x", "--json").out)
    assert record["inputs"]["x"]["gradient"] == 6.0


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("θ x", ("--theta", "2", "--x", "3")),
        ("theta*x", ("--θ", "2", "--x", "3")),
        ("θ₁ + v₀·t", ("--theta_1", "2", "--v_0", "1", "--t", "1")),
        ("θ_1*x", ("--theta1", "2", "--x", "3")),
        ("ŷ - y", ("--y_hat", "2", "--y", "3")),
        ("y_hat - y", ("--ŷ", "2", "--y", "3")),
    ],
)
def test_a_name_in_another_spelling_names_it(gradcli, text, args):
    """A Greek letter by its word or the word by its letter, with an index or without."""
    assert gradcli("backward", text, *args).status == 0


def test_hints_about_names(gradcli):
    """A letter of one name of the formula; E."""
    assert "PV is one name" in gradcli("backward", "PV = nRT", "--P", "2").err
    assert "add --E e" in gradcli("backward", "E^2 + x", "--x", "2").err
