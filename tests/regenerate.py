"""Rewrite the outputs in README.md, the guide, examples/*.out and tests/golden with what the program prints now.

    python tests/regenerate.py

`test_docs` compares with the same functions, so a text that this command wrote passes; both fork a gradcli that is
loaded already (`processes.py`). Read the difference before you commit it. The `pycon` blocks of the pages are
not rewritten: they are doctests.
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import against_sympy
import golden
from processes import shell

from gradcli.commands import NAMES

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
GUIDE = sorted((ROOT / "examples" / "guide").glob("*.md"))
PAGES = [README, *GUIDE]
EXAMPLES = sorted((ROOT / "examples").glob("*.sh"))

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of a Markdown text: the word after the fence, the text, the line it starts in."""

    tag: str
    text: str
    line: int


def blocks(markdown: str, tag: str) -> Iterator[Block]:
    """The blocks of `markdown` with this tag, in order."""
    for match in BLOCK.finditer(markdown):
        if match[1] == tag:
            yield Block(match[1], match[2], markdown.count("\n", 0, match.start()) + 1)


def commands(console: str) -> list[str]:
    """The commands of a `console` block: the lines that start with `$ `."""
    return [line[2:] for line in console.splitlines() if line.startswith("$ ")]


def executed(console: str) -> str:
    """A `console` block with the output that its commands have now, stderr included, run in one empty folder."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for command in commands(console):
            result = shell("-c", command, cwd=folder, stderr=subprocess.STDOUT)
            lines.append(f"$ {command}\n{result.stdout}")
    return "".join(lines)


TABLE = re.compile(r"(?<=<!-- commands -->\n).*?(?=<!-- end of commands -->)", re.DOTALL)
"""The table of commands, between two marks."""


AGAINST_SYMPY = re.compile(r"(?<=<!-- against sympy -->\n).*?(?=<!-- end of against sympy -->)", re.DOTALL)
"""The table that `against_sympy.py` prints, in the same way."""


def table_of_commands() -> str:
    """A row a command: its name, and the first sentence of its help."""
    rows = ["| command | answers |", "|---|---|"]
    for name in NAMES:
        help = inspect.getdoc(getattr(import_module(f"gradcli.commands.{name}"), name)) or ""
        rows.append(f"| `gradcli {name}` | {' '.join(help.partition(chr(10) * 2)[0].split())} |")
    return "".join(f"{row}\n" for row in rows)


def refreshed(markdown: str) -> str:
    """`markdown` with every `console` block executed, and with the tables that are computed."""
    markdown = TABLE.sub(lambda match: table_of_commands(), markdown)
    markdown = AGAINST_SYMPY.sub(lambda match: against_sympy.table(), markdown)
    return BLOCK.sub(
        lambda match: f"```console\n{executed(match[2])}```" if match[1] == "console" else match[0], markdown
    )


def example_output(script: Path, *arguments: str) -> str:
    """What an example prints. Raises CalledProcessError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        result = shell(str(script), *arguments, cwd=folder, capture_output=True, check=True)
    return result.stdout


def main() -> None:
    """Rewrite what has changed and say what that was."""
    texts = {page: refreshed(page.read_text(encoding="utf-8")) for page in PAGES}
    texts |= {script.with_suffix(".out"): example_output(script) for script in EXAMPLES}
    texts |= {golden.FOLDER / f"{name}.txt": golden.page(args) for name, args in golden.questions().items()}
    golden.FOLDER.mkdir(exist_ok=True)
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"rewritten: {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
