"""What is forked from a loaded gradcli answers as one that is started: bytes, streams and exit status."""

import subprocess

import pytest
from processes import environment, shell

LINES = """
gradcli backward '(x+y)*y' --x 2 --y 3; echo $?
gradcli check 'relu(θ)' --θ 0 --json; echo $?
echo 'x = 2; y = x**2' | gradcli backward - --csv | head -n 2
gradcli explain 'sin(x)/y' --x 2 --y 1/3 --format latex --output answer.tex; cat answer.tex
gradcli backward 'x*y' --x 2 2> told; echo $?; cat told
gradcli --help
gradcli ops >&-; echo $?
gradcli forward - --x 2 <&-; echo $?
gradcli backward 'relu(x)' --x 0 --get x 2>&-; echo $?
COLUMNS=60 FORCE_COLOR=1 gradcli backward '(x+y)*y' --x 2 --y 3
cd /; gradcli forward --file none.txt; echo $?
""".strip().splitlines()


@pytest.mark.parametrize("line", [LINES[:4], LINES[4:7], LINES[7:]], ids=["answers", "errors", "streams"])
def test_forked_and_started_are_the_same(line, tmp_path):
    """Tables, notes, files, pipes, errors, closed streams, widths and folders."""
    script, seen = "\n".join(line), []
    for number, run in enumerate((shell, started)):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = run("-c", script, cwd=folder, stderr=subprocess.STDOUT)
        seen.append((done.returncode, done.stdout, sorted(path.name for path in folder.iterdir())))
    assert seen[0] == seen[1]
    assert seen[0][1].count("\n") > len(line)


def started(*command, **more):
    """Run `sh` with the installed gradcli on PATH."""
    return subprocess.run(
        ["sh", *command], env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8", **more
    )


def test_what_only_a_start_can_decide_is_started():
    """The encoding of the streams is Python's choice when it starts."""
    done = shell("-c", "PYTHONIOENCODING=ascii gradcli backward 'θ*2' --θ 3; gradcli backward 'θ*2' --θ 3")
    assert "df/dtheta = 2" in done.stdout
    assert "∂f/∂θ = 2" in done.stdout


def test_a_fork_is_a_process_of_its_own():
    """What one leaves behind, the next does not see; a reader that leaves is told by status 141."""
    done = shell("-c", "gradcli ops | true; cd /; gradcli backward x*x --x 2 --get x; gradcli backward x --y 2")
    assert (done.stdout, done.returncode) == ("4\n", 2)
    left = shell(
        "-c", "{ gradcli ops --json; echo $? > status; } | true; cat status; rm status", stderr=subprocess.STDOUT
    )
    assert left.stdout == "141\n"
