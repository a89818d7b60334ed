"""CONTRIBUTING.md is true: what it adds is added in a copy of the tree, and is known there everywhere.

The commands print what stands in the text, and the tests of the copy pass.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from processes import environment
from regenerate import ROOT, blocks, commands

TUTORIAL = ROOT / ".github" / "CONTRIBUTING.md"
COPIED = ("gradcli", "tests", "examples", "README.md", "LICENSE", "pyproject.toml", ".github")

REST = (
    "test_ops.py", "test_commands.py", "test_every_format.py", "test_imports.py", "test_circles.py", "test_schema.py",
    "test_completion.py", "test_programs.py", "test_docs.py", "test_processes.py",
)  # fmt: skip
"""The tests that look at everything there is of a kind."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TUTORIAL.exists(), reason="needs a checkout: .github is not part of a release"),
]


class Added(NamedTuple):
    """A block of the tutorial: the file, the table it goes to the end of (or nothing), the text."""

    path: str
    table: str
    text: str


def added() -> Iterator[Added]:
    """The blocks of Python of the tutorial, each with the place that is named last before it."""
    text = TUTORIAL.read_text(encoding="utf-8")
    text = text[text.index("## Adding something") : text.index("## Rules for the code")]
    for block in blocks(text, "python"):
        before = text[: text.index(f"```python\n{block.text}")]
        path, table = re.findall(r"`((?:gradcli|tests)/[\w/]+\.py)`(?:, at the end of `(\w+)`)?[:.]", before)[-1]
        yield Added(path, table, block.text)


def put(root: Path, each: Added) -> None:
    """Write a file, or a block at the end of a table."""
    path = root / each.path
    if not each.table:
        assert not path.exists()
        path.write_text(each.text, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    start = re.search(rf"^{each.table}\b.*= [({{]$", text, re.MULTILINE)
    assert start, each
    end = start.end() + re.search(r"^[)}]", text[start.end() :], re.MULTILINE).start()
    path.write_text(text[:end] + each.text + text[end:], encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with all that the tutorial adds."""
    root = tmp_path_factory.mktemp("tutorial")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / name)
    for each in added():
        put(root, each)
    return root


def run(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Python in the copy, which stands before every other gradcli."""
    variables = {**environment(), "PYTHONPATH": str(root)}
    return subprocess.run([sys.executable, *args], cwd=root, env=variables, capture_output=True, text=True, check=False)


def test_every_kind_is_added() -> None:
    """An operation and its namesake, a command and its report, a format, a notation, a language."""
    folders = [each.path.rpartition("/")[0] for each in added()]
    assert folders == [
        "gradcli/ops", "tests/ops", "gradcli/commands", "gradcli/report", "gradcli/formats", "gradcli/printers",
        "gradcli/programs/languages",
    ]  # fmt: skip


def test_the_commands_print_what_stands_there(copy: Path) -> None:
    """Every console block, standard error included."""
    client = f'gradcli() {{ "{sys.executable}" -m gradcli "$@"; }}'
    text = TUTORIAL.read_text(encoding="utf-8")
    for block in blocks(text, "console"):
        told = []
        for command in commands(block.text):
            output = copy / "output.txt"  # a file, as the records of the copy follow the schema of the copy
            with output.open("w", encoding="utf-8") as stream:
                line = ["sh", "-c", f"{client}; {command}"]
                variables = {**environment(), "PYTHONPATH": str(copy)}
                subprocess.call(line, cwd=copy, env=variables, stdout=stream, stderr=subprocess.STDOUT)
            told.append(f"$ {command}\n{output.read_text(encoding='utf-8')}")
        assert "".join(told) == block.text


def test_help_and_the_table_of_commands_follow(copy: Path) -> None:
    """Nothing but the command's own file says where it stands."""
    assert " size" in run(copy, "-m", "gradcli", "--help").stdout
    assert "How many inputs, operations and uses" in run(copy, "-m", "gradcli", "size", "--help").stdout
    assert "org" in run(copy, "-m", "gradcli", "backward", "--help").stdout
    assert "haversin" in run(copy, "-m", "gradcli", "ops").stdout


def test_the_tests_of_the_copy_pass(copy: Path) -> None:
    """After `regenerate.py`, all tests that look at everything of a kind are green; so are the linters."""
    done = run(copy, "tests/regenerate.py")
    assert done.returncode == 0, done.stderr
    assert "| `gradcli size` |" in (copy / "README.md").read_text(encoding="utf-8")
    files = [str(path) for name in REST for path in (copy / "tests").rglob(name)]
    done = run(copy, "-m", "pytest", "-q", "-n", "2", *files)
    assert done.returncode == 0, done.stdout[-5000:]
    for line in (["ruff", "check", "gradcli"], ["mypy"]):
        if find_spec(line[0]):
            done = run(copy, "-m", *line)
            assert done.returncode == 0, done.stdout[-5000:]
