"""The argument list of a command: its options, the formula, and the values of variables.

`--x 2` is a value for every x that is no option of the command, so the list is taken apart before the options are read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.errors import UsageError, closest

TYPED = "gradcli.typed"
"""The key in the object of Typer's context under which a command finds what was typed."""


Others = Callable[[str], Sequence[str]]
"""The commands that have an option."""


def nobody(option: str) -> Sequence[str]:  # noqa: ARG001
    """No command has an option."""
    return ()


class Typed(NamedTuple):
    """What stands on the command line; a question asked without one has an empty one.

    command   the name of the command
    formula   the formula, if there is one
    values    values of variables as (name, text)
    declared  the options the command has
    used      those that stand on the line, without their values
    json      whether the answer, and so an error, is to be JSON
    others    the commands that have an option which this one lacks
    """

    command: str = "backward"
    formula: str | None = None
    values: Sequence[tuple[str, str]] = ()
    declared: Sequence[str] = ()
    used: Sequence[str] = ()
    json: bool = False
    others: Others = nobody


class Parts(NamedTuple):
    """An argument list taken apart; `fault` is the first error, what follows it is taken apart all the same.

    own       the options of the command with their values
    formulas  what is neither an option nor a value: the formula, if there is one of it
    values    values of variables as (name, text)
    used      the names of the options in `own`
    json      whether JSON is asked for, also of a command that has none
    before    the option, or the name of the value, that stands before each of `formulas`; empty where none does
    ended     how many of `formulas` stand behind `--`
    """

    own: list[str]
    formulas: list[str]
    values: list[tuple[str, str]]
    used: list[str]
    json: bool = False
    fault: UsageError | None = None
    before: Sequence[str] = ()
    ended: int = 0


QUOTES = {"'": "'", "‘": "’", "’": "’", "‚": "‘", "“": "”", "”": "”", "„": "“"}
"""Quotation marks that a shell hands on: those of a text, and the single ones in cmd.exe."""


def without_quotes(args: Sequence[str]) -> list[str]:
    """The arguments without a pair of quotation marks around one of them, or around several that it was to hold.

    `'x`, `+`, `y'` is what cmd.exe makes of 'x + y'.
    """
    found: list[str] = []
    rest = list(reversed(args))
    while rest:
        arg = rest.pop()
        name, equals, text = arg.partition("=") if arg.startswith("--") else ("", "", arg)
        close = QUOTES.get(text[:1])
        if close is None or (close in text[1:-1] and not text.endswith(close)):
            found.append(arg)
            continue
        taken = 0
        while not (len(text) > 1 and text.endswith(close)) and taken < len(rest):
            if rest[-1 - taken].startswith("--"):
                break
            taken += 1
            text = f"{text} {rest[-taken]}"
        if len(text) > 2 and text.endswith(close):
            del rest[len(rest) - taken :]
            found.append(name + equals + text[1:-1])
        else:
            found.append(arg)
    return found


SWITCHED = ("true", "yes", "on", "1")
"""What may stand behind the = of an option that stands alone."""


def split(
    args: Sequence[str], declared: Mapping[str, Any], several: Collection[str] = (), others: Others = nobody
) -> Parts:
    """`args` taken apart.

    An exact option of the command stays with its value; any other `--NAME VALUE` or `--NAME=VALUE` gives a variable its
    value, which may start with one minus sign; everything else, also `-x**2`, is the formula. After `--` nothing is an
    option. A variable or an option without its value is a fault, and so is an
    option given twice, unless it is one of `several`. `others` tells which commands have an option.
    """
    own: list[str] = []
    formulas: list[str] = []
    values: list[tuple[str, str]] = []
    used: list[str] = []
    faults: list[UsageError] = []
    before: list[str] = []
    last = ""
    ended = 0
    json = False
    rest = list(reversed(args))
    while rest:
        arg = rest.pop()
        name, equals, text = arg.partition("=")
        if arg == "--":
            ended = len(rest)
            formulas += reversed(rest)
            before += [""] * ended
            break
        json = json or arg in ("--json", "--format=json") or [arg, *rest[-1:]] == ["--format", "json"]
        if name in declared:
            alone = takes_none(declared[name])
            if name in used and name not in several:
                faults.append(UsageError(f"{name} is given twice", hint="give it once"))
            if alone and equals and text not in SWITCHED:
                faults.append(UsageError(f"{name} takes no value", hint=f"write {name} alone"))
            used.append(name)
            own += [name] if alone or not equals else [name, text]
            if not equals and not alone:
                if rest and rest[-1].partition("=")[0] not in declared:
                    own.append(rest.pop())
                else:
                    faults.append(UsageError(f"{name} needs a value", hint=example_of(name, declared[name])))
        elif not arg.startswith("--"):
            formulas.append(arg)
            before.append(last)
            last = ""
            continue
        elif not name[2:].replace("_", "").isalnum() or not name[2].isalpha():
            what = f"{name} is neither an option nor the name of a variable"
            faults.append(UsageError(what, hint=elsewhere(others, name) or near_option(name, declared)))
        elif equals and text:
            values.append((name[2:], text))
        elif not rest or rest[-1].startswith("--"):
            faults.append(no_value(name, declared, others))
        else:
            text = rest.pop()
            if text == "=" and rest and not rest[-1].startswith("--"):
                text = rest.pop()
            values.append((name[2:], text.removeprefix("=")))
        last = name
    return Parts(own, formulas, values, used, json, faults[0] if faults else None, before, ended)


def refuse_unknown(
    typed: Typed, args: Sequence[str], declared: Mapping[str, Any], most: int, words: Sequence[str]
) -> None:
    """Raise UsageError for an option that a command without a formula does not have: there it can be no variable.

    And for more words than it takes.
    """
    command = typed.command
    for arg in args:
        name = arg.partition("=")[0]
        if name == "--":
            return
        if name.startswith("--") and name not in declared:
            hint = elsewhere(typed.others, name) or near_option(name, declared)
            raise UsageError(
                f"gradcli {command} has no option {name}",
                hint=hint or f"gradcli {command} --help lists its options",
            )
    if len(words) > most:
        what = "one word" if most == 1 else "no words"
        raise UsageError(f"gradcli {command} takes {what}, and not {' '.join(words)}", hint="leave out the others")


def elsewhere(others: Others, option: str) -> str | None:
    """The command whose option it is."""
    found = others(option)
    return f"{option} is an option of gradcli {' and '.join(found[:2])}" if found else None


def example_of(name: str, parameter: Any) -> str:
    """How an option is written."""
    return f"write {name} {parameter.metavar or 'TEXT'}"


def takes_none(parameter: Any) -> bool:
    """Whether an option stands alone."""
    return bool(parameter.is_flag)


def near_option(name: str, declared: Mapping[str, Any]) -> str | None:
    """The option that was perhaps meant."""
    near = closest(name, declared)
    return f"did you mean {near[0]}?" if near else None


def no_value(name: str, declared: Mapping[str, Any], others: Others) -> UsageError:
    """The error for `--name` without a value: an option misspelt, or a value forgotten."""
    near = elsewhere(others, name) or near_option(name, declared) if len(name) > 3 else None
    if near is not None:
        return UsageError(f"no such option {name}", hint=near)
    return UsageError(f"no value after {name}", hint=f"write {name} 2")
