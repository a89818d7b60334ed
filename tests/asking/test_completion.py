"""Completion in real shells: commands, options, choices, operations, the variables of the formula; nothing is run."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

OFFERED = [
    ("ba", {"backward"}, {"forward", "check"}),
    ("ops sigm", {"sigmoid"}, {"relu"}),
    ("help no", {"notation"}, {"values"}),
    ("backward --format j", {"json", "jsonl"}, {"csv"}),
    ("check --color ", {"auto", "always", "never"}, {"json"}),
    ("backward --table ", {"nodes", "edges", "inputs"}, set()),
    ("ops --table ", {"operations", "plot"}, {"nodes"}),
    ("backward '(x+y)*y' --", {"--x", "--y", "--format", "--get"}, {"--z"}),
    ("backward '(x+y)*y' --x 2 --", {"--y", "--upstream"}, {"--x"}),
    ("backward --θ 2 'θ*t' --", {"--t", "--rows"}, {"--θ"}),
]
"""What is typed after `gradcli`, what is offered where it ends, and some of what is not."""

HOSTILE = [
    "backward '$(touch hacked)*x' --",
    "backward '`touch hacked`*x' --",
    'backward "x*y; touch hacked" --',
    "backward \"x';touch hacked;'\" --",
    "backward '$(touch hacked)' --get '$(touch hacked)",
]
"""What can stand on a line and must not be run when the shell asks for what could follow."""

BASH = """
eval "$(_GRADCLI_COMPLETE=source_bash gradcli)"
while IFS= read -r line; do
    IFS=$'\\037' read -r -a COMP_WORDS <<< "$line"$'\\037'
    COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
    _gradcli_completion gradcli; printf '%s\\n' "${COMPREPLY[@]}" next
done
"""
"""The function that bash calls for the Tab key, on lines of words as bash breaks them."""

ZSH = """
compdef() { :; }
_arguments() { print -r -- "$@"; }
_files() { :; }
eval "$(_GRADCLI_COMPLETE=source_zsh gradcli)"
while IFS= read -r line; do
    words=("${(@ps:\\037:)line}"); CURRENT=${#words}
    _gradcli_completion; print next
done
"""
"""The function that zsh calls for the Tab key; it evaluates the answer, and `_arguments` would show it."""

FISH = """
_GRADCLI_COMPLETE=source_fish gradcli | source
while read line; complete -C $line | cut -f 1; echo next; end
"""
"""fish tells itself what would be offered at the end of a line."""


def environment(folder: Path) -> dict[str, str]:
    """The gradcli of this interpreter first on PATH, no files of the user."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    return {"PATH": path, "TERM": "dumb", "LC_ALL": "C.UTF-8", "HOME": str(folder)}


def pieces(line: str) -> list[str]:
    """Words between blanks that stand outside quotes; the quotes stay."""
    words, quote = [""], ""
    for character in line:
        if character == " " and not quote:
            words.append("")
            continue
        words[-1] += character
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return words


SHELLS = {"bash": (["--norc", "--noprofile"], BASH), "zsh": (["-f"], ZSH), "fish": (["--no-config"], FISH)}


def answers(shell: str, lines: list[str], folder: Path) -> list[set[str]]:
    """What a shell offers at the end of each line; skips where there is no such shell."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    options, script = SHELLS[shell]
    typed = [f"gradcli {line}" for line in lines]
    if shell != "fish":
        typed = ["\037".join(pieces(line)) for line in typed]
    done = subprocess.run(
        [program, *options, "-c", script],
        input="".join(f"{line}\n" for line in typed),
        capture_output=True, encoding="utf-8", cwd=folder, env=environment(folder), check=True, timeout=120,
    )  # fmt: skip
    parts = done.stdout.split("next\n")[:-1]
    assert (len(parts), done.stderr) == (len(lines), "")
    if shell == "zsh":
        parts = [part.partition("((")[2].rpartition("))")[0].replace('"', "\n") for part in parts]
    return [set(part.split("\n")) for part in parts]


@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_offered(shell, tmp_path):
    """Commands, options, choices, operations, topics, tables, and the variables that have no value yet."""
    asked = OFFERED[1::2] if shell == "fish" else OFFERED  # fish runs the program twice a line
    found = answers(shell, [line for line, _, _ in asked], tmp_path)
    for (line, offered, others), shown in zip(asked, found, strict=True):
        assert offered <= shown, line
        assert not others & shown, line


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_typed_is_run(shell, tmp_path):
    """Completing a line with commands in its formula runs none of them."""
    answers(shell, HOSTILE[:3] if shell == "fish" else HOSTILE, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.name == "hacked"]


def test_bash_breaks_words_at_the_sign(tmp_path):
    """`--format=j` reaches the program as three words and is completed as one."""
    lines = [
        "backward --format = j",
        "backward 'x*y' --format =",
        "backward --x = 2 'x*y' --",
        "ops sigmoid --color = n",
    ]
    formats, every, variables, colours = answers("bash", lines, tmp_path)
    assert formats == {"json", "jsonl", ""}
    assert {"csv", "table"} <= every
    assert "--y" in variables
    assert "--x" not in variables
    assert colours == {"never", ""}
