"""README.md, the guide and the examples are true: every block and every script runs and prints what stands there."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest
from processes import environment
from regenerate import (
    EXAMPLES,
    GUIDE,
    PAGES,
    README,
    ROOT,
    Block,
    blocks,
    commands,
    example_output,
    executed,
    table_of_commands,
)

from gradcli import cli, topics
from gradcli.commands import NAMES
from gradcli.topics.exit import STATUS

needs_shell = pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")

TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
TEXT = TEXTS[README]
CONTRIBUTING = ROOT / ".github" / "CONTRIBUTING.md"
needs_contributing = pytest.mark.skipif(
    not CONTRIBUTING.exists(), reason="needs a checkout: .github is not part of a release"
)


class Place(NamedTuple):
    """A block and the page it stands in."""

    page: Path
    block: Block


CONSOLE = [Place(page, block) for page, text in TEXTS.items() for block in blocks(text, "console")]
PYTHON = [Place(page, block) for page, text in TEXTS.items() for block in blocks(text, "pycon")]
TYPED = [command for place in CONSOLE for command in commands(place.block.text)]

RUN = 'python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/gradcli backward "(x+y)*y" --x 2 --y 3'
TESTS = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/python -m pytest -n auto"

NUMBERS = {
    "two_paths": ["f      v1·y  = 5·3          15", "∂f/∂x = 3 ", "∂f/∂y = 8 "],
    "neuron": ["L: 0.062370014857361", "w: -0.187174935731413", "x: -0.046793733932853", "b: -0.093587467865706"],
    "regression": ["\n4\n8\n4\n12\n-4\n"],
    "tape": ["w\t3\t28\n", "x\t2\t42\n", "b\t1\t14\n", "t1\t6\t14\n", "t2\t7\t14\n", "y\t49\t1\n"],
    "branches": ["∂f/∂x = 33 ", "\n2*x + 3*x**2\n"],
    "chain_rule": ["∂f/∂x = cos(x²)·(2·x) = 2·x·cos(x²)\n", "0.841471", "∂f/∂x = 1.0806 "],
    "log_sigmoid": ["-0.287335", "∂L/∂w = 0.49948 ", "∂L/∂x = 0.12487 ", "∂L/∂b = 0.24974 ", "\n0.499479788809764"],
    "homework": [
        ": 15 3 8\n", ": 4 8 4 12 -4\n", ": 49 28 14 42\n", ": 0.062370014857361", ": 36 33\n",
        ": 0.841470984807896", " 1.0806046117362", ": 17 14\n", ": -0.28733532511543", ": 24 12 8 6\n", ": 0 0\n",
    ],
}  # fmt: skip
"""The lectures' numbers, as far as they are exact or were computed with 20 digits by other means."""


def name_of(place: Place) -> str:
    return f"{place.page.stem}-line{place.block.line}"


# -- what stands in the blocks -------------------------------------------------------------------------------------


@needs_shell
@pytest.mark.parametrize("place", CONSOLE, ids=name_of)
def test_console(place: Place) -> None:
    assert executed(place.block.text) == place.block.text, "python tests/regenerate.py rewrites the pages"


@pytest.mark.parametrize("place", PYTHON, ids=name_of)
def test_python(place: Place) -> None:
    name, block = place.page.name, place.block
    lesson = doctest.DocTestParser().get_doctest(block.text, {}, name, name, block.line)
    told: list[str] = []
    failures, attempts = doctest.DocTestRunner(verbose=False).run(lesson, out=told.append)
    assert attempts > 0
    assert failures == 0, "".join(told)


def test_there_are_blocks_to_run() -> None:
    assert {place.page for place in CONSOLE + PYTHON} == set(PAGES)
    assert not [place for place in CONSOLE if not place.block.text.startswith("$ ")]


def test_formulas_stand_in_double_quotes() -> None:
    """cmd.exe knows no others. Where a POSIX shell would look at `$`, `"` or a double backslash, they are single."""
    quoted = [text for command in TYPED for text in re.findall(r"(?<!\w)'([^']*)'(?!\w)", command)]
    assert quoted
    assert [text for text in quoted if not re.search(r'[$"]|\\\\|%s\\n', text)] == []


# -- README --------------------------------------------------------------------------------------------------------


def test_readme_is_short() -> None:
    assert len(TEXT.splitlines()) <= 300, "what is new goes to a page of examples/guide"


def test_readme_begins_with_the_screen_of_the_example() -> None:
    assert commands(next(blocks(TEXT, "console")).text) == ['gradcli backward "(x+y)*y" --x 2 --y 3']


def test_readme_lists_every_command() -> None:
    """The table is that of the commands there are; the pages show what they print."""
    assert table_of_commands() in TEXT, "python tests/regenerate.py rewrites README.md"
    assert all(f"| `gradcli {name}` |" in table_of_commands() for name in NAMES)
    ran = {command.split()[1] for command in TYPED if command.startswith("gradcli ")}
    assert ran >= {"forward", "backward", "check", "explain", "paths", "ops", "export", "help"}


def test_readme_has_the_two_commands_and_no_other_shell_block() -> None:
    assert [block.text for block in blocks(TEXT, "sh")] == [f"{RUN}\n", f"{TESTS}\n"]


def test_what_it_does_not_do_is_refused() -> None:
    """README says that these are refused."""
    for typed in ("[x, y]", "softmax"):
        assert f"`{typed}`" in TEXT
    assert cli.run(["forward", "[x, y]", "--at", "x=1,y=2"]) == 2
    assert cli.run(["forward", "softmax(x)", "--x", "1"]) == 2


# -- links ---------------------------------------------------------------------------------------------------------


def headings(markdown: str) -> set[str]:
    """The places in a page that a link can name, as a browser of repositories calls them."""
    text = re.sub(r"^```.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page: Path) -> list[tuple[Path, str]]:
    """The files and the headings that a page links to."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = [target.partition("#") for target in re.findall(r"\]\(([^)]+)\)", text)]
    return [((page.parent / path).resolve() if path else page, heading) for path, _, heading in found]


@pytest.mark.parametrize("page", [*PAGES, CONTRIBUTING], ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    if not page.exists():
        pytest.skip("needs a checkout: .github is not part of a release")
    for path, heading in links(page):
        if path == CONTRIBUTING and not CONTRIBUTING.exists():
            continue
        assert path.exists(), path
        assert not heading or heading in headings(path.read_text(encoding="utf-8")), f"{path}#{heading}"


def test_every_page_of_the_guide_is_linked() -> None:
    """From README, and back to it."""
    assert GUIDE
    assert {path for path, _ in links(README)} >= set(GUIDE)
    assert [page for page in GUIDE if (README, "what-do-you-want-to-do") not in links(page)] == []


def test_help_topics_name_their_page() -> None:
    """All but the one that is data."""
    pages = {name: getattr(import_module(f"gradcli.topics.{name}"), "GUIDE", None) for name in topics.NAMES}
    assert pages.pop("json") is None
    assert set(pages.values()) <= {page.name for page in GUIDE}
    for name, page in pages.items():
        assert f"examples/guide/{page}" in topics.text(name, tuple)


# -- folders and exit statuses -------------------------------------------------------------------------------------


@needs_contributing
def test_contributing_knows_every_folder() -> None:
    text = CONTRIBUTING.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `gradcli/(\w+)/` \|", text, re.MULTILINE))
    folders = {path.parent.name for path in (ROOT / "gradcli").glob("*/__init__.py")}
    assert listed == folders


def test_exit_statuses(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is complete, and those that no block can show are what it says."""
    page = ROOT / "examples" / "guide" / "exit-status.md"
    rows = re.findall(r"^\| ([0-9]+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == ["0", "1", "2", "3", "70", "74", "130", "141"] == [status for status, _ in STATUS]
    for fault, status in ((RuntimeError(), 70), (KeyboardInterrupt(), 130)):

        def stop(fault: BaseException = fault, **_: object) -> None:
            raise fault

        monkeypatch.setattr(cli, "app", stop)
        assert cli.run(["ops"]) == status
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_has_left_gives_status_141() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(["gradcli", "ops"], env=environment(), stdout=writer, stderr=subprocess.PIPE)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.stem)
def test_example_has_a_head_and_runs_as_written(script: Path) -> None:
    head, _, body = script.read_text(encoding="utf-8").partition("\nset -eu\n")
    lines = head.splitlines()
    assert lines[0] == "#!/bin/sh"
    assert 2 <= len(lines) - 1 <= 4
    assert all(line.startswith("# ") for line in lines[1:])
    assert body
    assert os.access(script, os.X_OK)


@needs_shell
@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.stem)
def test_example_prints_its_output(script: Path) -> None:
    written = script.with_suffix(".out").read_text(encoding="utf-8")
    assert example_output(script) == written, "python tests/regenerate.py rewrites examples/*.out"


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.stem)
def test_example_holds_the_numbers_of_the_lecture(script: Path) -> None:
    written = script.with_suffix(".out").read_text(encoding="utf-8")
    assert [text for text in NUMBERS[script.stem] if text not in written] == []


def test_every_output_has_its_script() -> None:
    assert sorted((ROOT / "examples").glob("*.out")) == [script.with_suffix(".out") for script in EXAMPLES]


@needs_shell
def test_homework_writes_the_file_it_is_given(tmp_path: Path) -> None:
    answers = tmp_path / "answers.txt"
    shown = example_output(ROOT / "examples" / "homework.sh", str(answers))
    text = answers.read_text(encoding="utf-8")
    assert shown.startswith(text)
    assert len(text.splitlines()) == 2 * 10


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.skipif(not (ROOT / ".ci").exists(), reason="needs a checkout: .ci is not part of a release")
def test_ci_runs_the_two_commands_of_readme() -> None:
    told = subprocess.run(
        ["bash", ROOT / ".ci" / "run", "--print"], env=environment(), capture_output=True, encoding="utf-8", check=True
    )
    assert told.stdout.splitlines() == [RUN, TESTS]


@needs_contributing
def test_workflow_and_contributing_use_the_test_command() -> None:
    for name in ("workflows/test.yml", "CONTRIBUTING.md"):
        assert TESTS in (ROOT / ".github" / name).read_text(encoding="utf-8")


def test_nothing_is_left_to_do() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs git and a checkout")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    files = [ROOT / name for name in listed.stdout.split("\0") if name and not name.startswith("tests/")]
    assert files
    unfinished = [path for path in files if path.exists() and re.search(rb"\bTODO\b", path.read_bytes())]
    assert unfinished == []
