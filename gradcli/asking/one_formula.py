"""More than one formula on the command line: what was meant, with the line to type where that is sure."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from fnmatch import fnmatch

from gradcli.asking.command_line import Parts
from gradcli.errors import GradcliError, UsageError

LISTS = ("--get", "--wrt", "--const", "--name", "--at", "--pin", "--range", "--answer")
"""Options that take several names, or names with values, separated by commas."""

NAME = r"[^\W\d]\w*"
DASHED = re.compile(rf"[-–—−‐‑]{{1,2}}(?P<name>{NAME})(?:=(?P<value>.+))?")
"""`-x`, `–x`, `-x=2`: one dash, or one from a text, where two are meant."""

ASSIGNED = re.compile(rf"(?P<name>{NAME})\s*=\s*(?P<value>[-+−]?[\d.][\w.,/+\-*^]*)")
"""`x=2`, as some programs take values."""

VALUE = re.compile(r"[-+−]?[\d.]\S*|[-+]?(?:pi|e|π)\b\S*")


def one_formula(command: str, parts: Parts) -> UsageError:
    """The error for several arguments that are no options: quotes or dashes forgotten, a list with blanks, …"""
    if parts.ended and any(each.startswith("--") for each in parts.formulas[-parts.ended :]):
        at = len(parts.formulas) - parts.ended + 1
        line = written(command, parts.formulas[:at], parts, parts.formulas[at:])
        return UsageError("behind -- nothing is an option", hint=line)
    if files_among(parts.formulas):
        return UsageError(
            "the shell has put names of files in the place of *", hint="put the formula in quotes: 'x * y'"
        )
    pieces, extra, own = [parts.formulas[0]], [], list(parts.own)
    what = ""
    rest = list(reversed([*zip(parts.formulas[1:], parts.before[1:], strict=True)]))
    if parts.before and parts.before[0] in LISTS and is_item(parts.before[0], parts.formulas[0]) and rest:
        # --get x y 'formula'
        pieces, rest = [], list(reversed([*zip(parts.formulas, parts.before, strict=True)]))
    listing = ""
    while rest:
        each, before = rest.pop()
        listing = before if before in LISTS else "" if before else listing
        dashed, assigned = DASHED.fullmatch(each), ASSIGNED.fullmatch(each)
        if listing and is_item(listing, each):
            place = len(own) - 1 - own[::-1].index(listing) if listing in own else -1
            if place < 0:
                pieces.append(each)
                continue
            own[place + 1] = f"{own[place + 1].rstrip(',')},{each.strip(',')}"
            what = f"the names behind {listing} are separated by commas, without blanks"
        elif assigned:
            extra += [f"--{assigned['name']}", assigned["value"]]
            what = "a value is given with two dashes"
        elif dashed and dashed["value"]:
            extra += [f"--{dashed['name']}", dashed["value"]]
            what = "a value is given with two dashes"
        elif dashed and rest and VALUE.fullmatch(rest[-1][0]):
            extra += [f"--{dashed['name']}", rest.pop()[0]]
            what = "a value is given with two dashes"
        elif dashed and not rest and len(pieces) == 1 and reads(pieces[0]):
            return UsageError(f"there is no option {each}", hint=f"gradcli {command} --help lists the options")
        else:
            pieces.append(each)
    line = written(command, pieces, parts._replace(own=own), extra)
    if len(pieces) == 1:
        return UsageError(what, hint=line)
    if all(map(reads, pieces)) or not reads(" ".join(pieces)):
        return UsageError(
            f"more than one formula: {' and '.join(pieces[:3])}", hint="give one, in quotes: 'x + y'"
        )
    return UsageError("more than one formula: is it without quotes?", hint=line)


def is_item(option: str, text: str) -> bool:
    """Whether an argument goes on with the list of an option: a name, or `y=3` where the option takes values."""
    text = text.strip(",")
    if option in ("--at", "--pin", "--range", "--answer"):
        return bool(re.fullmatch(rf"{NAME}(?:\.\w+)?=[^=].*", text))
    return bool(re.fullmatch(rf"{NAME}(?:\.\w+)?(?:,{NAME}(?:\.\w+)?)*", text))


def written(command: str, pieces: Sequence[str], parts: Parts, extra: Sequence[str]) -> str:
    """`write: gradcli …`, the whole line."""
    values = [part for name, text in parts.values for part in (f"--{name}", text)]
    return f"write: {shlex.join(['gradcli', command, ' '.join(pieces), *extra, *values, *parts.own])}"


def reads(text: str) -> bool:
    """Whether a text is a formula by itself."""
    from gradcli.language.parser import parse

    try:
        parse(text)
    except GradcliError:
        return False
    return True


def files_among(formulas: Sequence[str]) -> bool:
    """Whether the shell wrote the files of this folder for a `*`: they all stand there."""
    try:
        names = [name for name in os.listdir() if not name.startswith(".")]
    except OSError:
        return False
    found = [name for name in names if name in formulas]
    return bool(found) and (len(found) == len(names) or any(fnmatch(name, "*.*") for name in found))
