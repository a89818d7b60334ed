"""Help as text: the screen of the program, and the page of a command; in the width of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

EXAMPLE = "gradcli backward '(x+y)*y' --x 2 --y 3"
GAP = 2
"""Blanks between the columns of the screen."""


class Line(NamedTuple):
    """Where a command stands in the help screen: beside what a person wants, beside another command, or under More.

    wanted  what a person wants who types it: `the gradients`; without it the command stands under More
    place   its place from the top, or from the left under More
    typed   what is typed, where that is more than its name: `ops sigmoid`
    remark  what else it does, in brackets
    beside  the command whose remark it is, with `wanted` as its words: (values only: forward)
    """

    wanted: str = ""
    place: int = 9
    typed: str = ""
    remark: str = ""
    beside: str = ""


def screen(lines: Mapping[str, Line], width: int) -> str:
    """What to type first, then the commands by what a person wants; `lines` are those of the commands by name."""
    wanted = sorted((name for name, line in lines.items() if line.wanted and not line.beside), key=_place(lines))
    others = sorted((name for name, line in lines.items() if not line.wanted), key=_place(lines))
    usage, example = "gradcli COMMAND 'FORMULA' --x 2 --y 3", f"try: {EXAMPLE}"
    head = f"{usage}    {example}"
    text = [head] if len(head) <= width else [usage, example]
    rows = [(lines[name].wanted, lines[name].typed or name, _remark(name, lines)) for name in wanted]
    text += [" I want …", *_columns(rows, width)]
    text += _filled(" More   ", " · ".join(lines[name].typed or name for name in others), width)
    text += _filled(" gradcli COMMAND --help   ", "examples and options of a command", width)
    return "\n".join(text) + "\n"


def _place(lines: Mapping[str, Line]) -> Callable[[str], tuple[int, str]]:
    """The key that sorts names of commands."""
    return lambda name: (lines[name].place, name)


def _remark(name: str, lines: Mapping[str, Line]) -> str:
    """`values only: forward`: what the command's line adds, then the commands that stand beside it."""
    beside = sorted((other for other, line in lines.items() if line.beside == name), key=_place(lines))
    parts = [lines[name].remark] if lines[name].remark else []
    parts += [f"{lines[other].wanted}: {lines[other].typed or other}" for other in beside]
    return f"({'; '.join(parts)})" if parts else ""


def _columns(rows: Sequence[tuple[str, str, str]], width: int) -> list[str]:
    """Three columns as wide as their longest cells; a remark that has no room stands on the next line."""
    first, second = (max(len(row[i]) for row in rows) for i in (0, 1))
    indent = 3 + first + GAP
    text = []
    for want, typed, remark in rows:
        line = f"   {want:<{first}}{'':{GAP}}{typed:<{second}}{'':{GAP}}{remark}".rstrip()
        if len(line) <= width:
            text.append(line)
        else:
            text.append(f"   {want:<{first}}{'':{GAP}}{typed}")
            text += _filled(" " * indent, remark, width) if remark else []
    return text


def usage(name: str, arguments: Iterable[str], *, formula: bool) -> str:
    """`gradcli backward 'FORMULA' --x 2 --y 3 [options]`."""
    words = ["'FORMULA' --x 2 --y 3" if formula and each == "FORMULA" else f"[{each}]" for each in arguments]
    return " ".join(["Usage: gradcli", name, *words, "[options]"])


def examples(lines: Iterable[str], width: int) -> list[str]:
    """Lines to copy; one that is too long goes on behind a backslash."""
    return ["Examples:", *(f"  {part}" for line in lines for part in broken(line, width - 2))]


def broken(line: str, width: int) -> list[str]:
    """A command line in lines of at most `width`, each but the last ending in a backslash; words stay whole."""
    if len(line) <= width:
        return [line]
    parts = [""]
    for word in words_of(line):
        if parts[-1].strip() and len(parts[-1]) + len(word) + 3 > width:
            parts[-1] += " \\"
            parts.append("   ")
        parts[-1] += f" {word}" if parts[-1] else word
    return parts


def words_of(line: str) -> list[str]:
    """The words of a line with their quotes; an option stays beside its value."""
    import shlex

    words = [shlex.quote(word) for word in shlex.split(line)]
    joined: list[str] = []
    for word in words:
        if joined and joined[-1].startswith("--") and " " not in joined[-1] and not word.startswith("--"):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def options(rows: Sequence[tuple[str, str, str]], width: int) -> list[str]:
    """Options as (title, option, help), under their titles, with one column for all helps."""
    from itertools import groupby

    column = min(max(len(option) for _, option, _ in rows), 26) + 4
    text = []
    for title, group in groupby(rows, key=lambda row: row[0]):
        text += ["", f"{title}:"]
        for _, option, help in group:
            start = f"  {option:<{column - 2}}"
            if len(start) > column:
                text += _broken_choices(option, width)
                start = " " * column
            text += _filled(start, help, width)
    return text


def _broken_choices(option: str, width: int) -> list[str]:
    """An option on lines of its own; one with more choices than fit goes on behind a |."""
    import textwrap

    name, _, choices = option.partition(" ")
    start = f"  {name} "
    lines = textwrap.wrap(
        choices.replace("|", "| "), width, initial_indent=start, subsequent_indent=" " * len(start),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace("| ", "|") for line in lines] or [start.rstrip()]


def paragraphs(text: str, width: int) -> list[str]:
    """Paragraphs, each filled anew."""
    import textwrap

    filled = [textwrap.fill(" ".join(part.split()), width) for part in text.split("\n\n")]
    return "\n\n".join(filled).split("\n")


def _filled(start: str, text: str, width: int) -> list[str]:
    """`text` behind `start`, its further lines below the first."""
    import textwrap

    return textwrap.wrap(
        text,
        max(width, len(start) + 20),
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start.rstrip()]
