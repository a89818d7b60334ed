"""Every hint `write: …` is a line that can be typed and does what was meant; words of others are answered."""

import os
import shlex

import pytest

WRITE = "write: gradcli "


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("backward '(x+y)*y' --x 2 --y 3 --get x y", "backward '(x+y)*y' --x 2 --y 3 --get x,y"),
        ("backward '(x+y)*y' --x 2 --y 3 --get x, y", "backward '(x+y)*y' --x 2 --y 3 --get x,y"),
        ("backward --get x y '(x+y)*y' --x 2 --y 3", "backward '(x+y)*y' --x 2 --y 3 --get x,y"),
        ("backward 'x*y*z' --at x=1,y=2,z=3 --wrt x y z --csv", "backward 'x*y*z' --at x=1,y=2,z=3 --wrt x,y,z --csv"),
        ("backward '(x+y)*y' x=2 y=3", "backward '(x+y)*y' --x 2 --y 3"),
        ("forward 'w*x' w=-0.5 x=1e3", "forward 'w*x' --w -0.5 --x 1e3"),
        ("backward 'x*y' -x 2 -y 3", "backward 'x*y' --x 2 --y 3"),
        ("backward 'x*y' -x=2 -y=3", "backward 'x*y' --x 2 --y 3"),
        ("backward 'x*y' –x 2 —y 3", "backward 'x*y' --x 2 --y 3"),
        ("backward 'x*y' --at x=2 y=3", "backward 'x*y' --at x=2,y=3"),
        ("check 'x*y' --x 2 --y 3 --answer x=3 y=2", "check 'x*y' --x 2 --y 3 --answer x=3,y=2"),
        ("backward -- 'x^2' --x 3", "backward 'x^2' --x 3"),
        ("backward --csv -- '-x^2' --x 3", "backward '-x^2' --x 3 --csv"),
        ("backward x + y --x 2 --y 3", "backward 'x + y' --x 2 --y 3"),
        ("backward 'x y' ) --x 2 --y 3", None),
        ("backward 'x*y' 'x+y' --x 2 --y 3", None),
        ("backward 'x*y' -q --x 2 --y 3", None),
        ("gradient 'x*y' --x 2 --y 3", "backward 'x*y' --x 2 --y 3"),
        ("eval 'x*y' --x 2 --y 3 --get f", "forward 'x*y' --x 2 --y 3 --get f"),
        ("solve 'x*y' --x 2 --y 3", "explain 'x*y' --x 2 --y 3"),
        ("plot sigmoid", "ops sigmoid"),
        ("plot 'x^2' --x 3", None),
        ("train", None),
        ("--json backward 'x*y'", "backward 'x*y' --json"),
    ],
)
def test_a_hint_is_what_was_meant(gradcli, typed, meant):
    """The line in the hint answers as the line that was meant; where nobody knows what was meant there is none."""
    result = gradcli(*shlex.split(typed))
    assert (result.status, result.out) == (2, "")
    if meant is None:
        assert WRITE not in result.err
        return
    line = result.err.split(WRITE)[1].strip()
    again = gradcli(*shlex.split(line))
    assert again == gradcli(*shlex.split(meant))
    assert again.status == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("backward 'x*y' --x = 2 --y =3", "backward 'x*y' --x 2 --y 3"),
        ("backward 'x*y' --x= 2 --y 3", "backward 'x*y' --x 2 --y 3"),
        ("backward ‘x*y’ --x 2 --y 3", "backward 'x*y' --x 2 --y 3"),
        ("backward “x * y” --x 2 --y 3", "backward 'x * y' --x 2 --y 3"),
        ("backward \"'x*y'\" --x 2 --y 3", "backward 'x*y' --x 2 --y 3"),
        ("backward \\'x + y\\' --x \\'2\\' --y 3", "backward 'x + y' --x 2 --y 3"),
        ("check 'x*y' --same-as=\\'y*x\\'", "check 'x*y' --same-as 'y*x'"),
        ("backward 'x*y' --x 2 --y 3 --get x --get y", "backward 'x*y' --x 2 --y 3 --get x,y"),
        ("backward 'x*y*z' --at x=1,y=2,z=3 --wrt x --wrt y", "backward 'x*y*z' --at x=1,y=2,z=3 --wrt x,y"),
        ("backward 'θ x' --theta 2 --x 3 --get theta", "backward 'θ x' --θ 2 --x 3 --get θ"),
        ("forward 'θ₁·x' --theta1 2 --x 3 --get f", "forward 'θ₁·x' --θ1 2 --x 3 --get f"),
        ("forward 'θ₁·x' --at theta_1=2,x=3 --get f", "forward 'θ₁·x' --θ1 2 --x 3 --get f"),
        ("backward 'v₀·t' --v_0 2 --t 3 --wrt v_0 --get v_0", "backward 'v₀·t' --v0 2 --t 3 --wrt v0 --get v0"),
        ("help sigmoid", "ops sigmoid"),
        ("ops +", "ops add"),
        ("ops '**'", "ops power"),
        ("ops ^", "ops power"),
        ("ops /", "ops divide"),
    ],
)
def test_what_is_clear_is_taken(gradcli, typed, meant):
    """Quotation marks that a shell hands on, `=` between blanks, lists in pieces, names of letters, signs."""
    result = gradcli(*shlex.split(typed))
    assert result == gradcli(*shlex.split(meant))
    assert result.status == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("backward 'x*y' --jsno --x 2 --y 3", "no such option --jsno\n  did you mean --json?"),
        ("backward 'x*y' --x --y 3", "no value after --x\n  write --x 2"),
        ("backward 'x*y' --x 2 --y 3 --limit 2", "--limit is an option of gradcli paths"),
        ("backward 'x*y' --x 2 --y 3 --same-as x", "--same-as is an option of gradcli check"),
        ("check 'x*y' --exact --x 2", "--exact is an option of gradcli backward"),
        ("backward 'x*y' --get --json", "--get needs a value"),
        ("backward 'x*y' --json=5", "--json takes no value"),
        ("backward 'x*y' --upstream 2 --upstream 3", "--upstream is given twice"),
        ("backward 'x*y' --digits x", "--digits x: not a whole number from 1 to 17"),
        ("ops a b", "gradcli ops takes one word"),
        ("export 'x*y' --to tex", "did you mean latex?"),
        ("--nonsense", "gradcli --help lists the commands"),
    ],
)
def test_options_are_told_in_our_words(gradcli, typed, message):
    """Misspelt, forgotten, of another command, given twice."""
    result = gradcli(*shlex.split(typed))
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_a_star_that_the_shell_expanded(gradcli, tmp_path, monkeypatch):
    """`x * y` without quotes is a list of files: the error says so, and no line with their names is proposed."""
    monkeypatch.chdir(tmp_path)
    for name in ("notes.txt", "b"):
        (tmp_path / name).touch()
    result = gradcli("backward", "x", *sorted(os.listdir()), "y", "--x", "2", "--y", "3")
    assert (result.status, result.out) == (2, "")
    assert "names of files" in result.err
    assert "notes" not in result.err


def test_a_formula_over_a_pipe(process, tmp_path):
    """--each -, --file -, --at - read standard input; a formula piped in without a word is told how."""
    ask = {"text": True, "capture_output": True}
    assert process("backward", "--each", "-", "--get", "x", input="id,formula,x\na,x*x,3\n", **ask).stdout == "a\t6\n"
    assert process("backward", "--file", "-", "--x", "3", "--get", "x", input="x*x", **ask).stdout == "6\n"
    assert process("backward", "x*x", "--at", "-", "--get", "x", input='{"x": 3}', **ask).stdout == "6\n"
    told = process("backward", "--x", "3", input="x*x", **ask)
    assert (told.returncode, told.stdout) == (2, "")
    assert "gradcli backward - --x" in told.stderr


@pytest.mark.parametrize("rows", ["id,x,y\na,1,2\n", "Nr;Wert\n1;2\n", "x\n1\n"])
def test_a_missing_column_is_named(gradcli, tmp_path, rows):
    """The error names the columns there are."""
    path = tmp_path / "q.csv"
    path.write_text(rows)
    result = gradcli("backward", "--each", str(path))
    assert (result.status, result.out) == (2, "")
    assert "has no column formula" in result.err
    assert rows.split()[0].replace(";", ",").split(",")[-1] in result.err


def test_edges_of_the_forward_pass(gradcli):
    """`--table edges` needs no gradients."""
    result = gradcli("forward", "(x+y)*y + 1", "--x", "2", "--y", "3", "--csv", "--table", "edges")
    assert result.out.splitlines() == ["from,to,argument", "x,v1,0", "y,v1,1", "v1,v2,0", "y,v2,1", "v2,f,0"]


@pytest.mark.parametrize(
    ("typed", "gradients"),
    [
        ("backward 'y = w*x' --w 3 --x 2 --upstream '2*(y-t)' --t 5 --get w,x", "4\n6\n"),
        ("backward 'y = w*x' --at w=3,x=2,t=5 --upstream 2(y-t) --get w,x", "4\n6\n"),
        ("backward 'a = w*x; y = a + w' --w 3 --x 2 --upstream 'a*x' --get w,x", "36\n36\n"),
        ("backward 'y = w*x' --w 3 --x 2 --upstream 1/2 --get w", "1\n"),
        ("backward 'y = w*x' --upstream '2*(y-t)' --get x", "2*(w*x - t)*w\n"),
        ("backward 'y = w*x' --w 1/3 --x 2 --upstream '2*(y-t)' --t 1 --exact --get w", "-4/3\n"),
    ],
)
def test_the_upstream_gradient_is_a_formula(gradcli, typed, gradients):
    """--upstream over names of variables, nodes and others, as a number and in symbols."""
    result = gradcli(*shlex.split(typed))
    assert (result.status, result.out) == (0, gradients)


def test_an_upstream_gradient_without_a_value(gradcli):
    """A name in it that has no value is named."""
    result = gradcli("backward", "y = w*x", "--w", "3", "--x", "2", "--upstream", "2*(y-t)")
    assert (result.status, result.out) == (2, "")
    assert "add --t VALUE" in result.err
