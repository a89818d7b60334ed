"""The argument list of a command: its options, the formula, and the values of variables.

`--x 2` is a value for every x that is no option of the command, so the list is taken apart before the options are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.errors import UsageError, closest

TYPED = "gradcli.typed"
"""The key in the object of Typer's context under which a command finds what was typed."""


class Typed(NamedTuple):
    """What stands on the command line; a question asked without one has an empty one.

    command   the name of the command
    formula   the formula, if there is one
    values    values of variables as (name, text)
    declared  the options the command has
    used      those that stand on the line, without their values
    json      whether the answer, and so an error, is to be JSON
    """

    command: str = "backward"
    formula: str | None = None
    values: Sequence[tuple[str, str]] = ()
    declared: Sequence[str] = ()
    used: Sequence[str] = ()
    json: bool = False


class Parts(NamedTuple):
    """An argument list taken apart; `fault` is the first error, what follows it is taken apart all the same.

    own       the options of the command with their values
    formulas  what is neither an option nor a value: the formula, if there is one of it
    values    values of variables as (name, text)
    used      the names of the options in `own`
    json      whether JSON is asked for, also of a command that has none
    """

    own: list[str]
    formulas: list[str]
    values: list[tuple[str, str]]
    used: list[str]
    json: bool = False
    fault: UsageError | None = None


def split(args: Sequence[str], declared: Mapping[str, Any]) -> Parts:
    """`args` taken apart.

    An exact option of the command stays with its value; any other `--NAME VALUE` or `--NAME=VALUE` gives a variable its
    value, which may start with one minus sign; everything else, also `-x**2`, is the formula. After `--` nothing is an
    option. A variable or an option without its value is a fault.
    """
    own: list[str] = []
    formulas: list[str] = []
    values: list[tuple[str, str]] = []
    used: list[str] = []
    faults: list[UsageError] = []
    json = False
    rest = list(reversed(args))
    while rest:
        arg = rest.pop()
        name, equals, text = arg.partition("=")
        if arg == "--":
            formulas += reversed(rest)
            break
        json = json or arg in ("--json", "--format=json") or [arg, *rest[-1:]] == ["--format", "json"]
        if name in declared:
            used.append(name)
            own.append(arg)
            if takes_none(declared[name]):
                if equals:
                    faults.append(UsageError(f"{name} takes no value", hint=f"write {name} alone"))
            elif not equals:
                if rest:
                    own.append(rest.pop())
                else:
                    faults.append(UsageError(f"{name} needs a value"))
        elif not arg.startswith("--"):
            formulas.append(arg)
        elif not name[2:].replace("_", "").isalnum() or not name[2].isalpha():
            what = f"{name} is neither an option nor the name of a variable"
            faults.append(UsageError(what, hint=near_option(name, declared)))
        elif equals:
            values.append((name[2:], text))
        elif not rest or rest[-1].startswith("--"):
            faults.append(no_value(name, declared))
        else:
            values.append((name[2:], rest.pop()))
    return Parts(own, formulas, values, used, json, faults[0] if faults else None)


def refuse_unknown(command: str, args: Sequence[str], declared: Mapping[str, Any]) -> None:
    """Raise UsageError for an option that a command without a formula does not have: there it can be no variable."""
    for arg in args:
        name = arg.partition("=")[0]
        if name == "--":
            return
        if name.startswith("--") and name not in declared:
            hint = near_option(name, declared) or f"gradcli {command} --help lists its options"
            raise UsageError(f"gradcli {command} has no option {name}", hint=hint)


def takes_none(parameter: Any) -> bool:
    """Whether an option stands alone."""
    return bool(parameter.is_flag)


def near_option(name: str, declared: Mapping[str, Any]) -> str | None:
    """The option that was perhaps meant."""
    near = closest(name, declared)
    return f"did you mean {near[0]}?" if near else None


def no_value(name: str, declared: Mapping[str, Any]) -> UsageError:
    """The error for `--name` without a value."""
    return UsageError(f"no value after {name}", hint=near_option(name, declared) or f"write {name} 2")


def one_formula(command: str, parts: Parts) -> UsageError:
    """The error for a formula without quotes, or `-x 3` for `--x 3`, with the line to type."""
    import shlex

    formula, extra = list(parts.formulas), list(parts.values)
    for place in range(len(parts.formulas) - 2, 0, -1):
        if parts.formulas[place].startswith("-") and parts.formulas[place][1:].isalpha():
            extra.insert(0, (parts.formulas[place][1:], parts.formulas[place + 1]))
            del formula[place : place + 2]
    options = [part for name, text in extra for part in (f"--{name}", text)]
    line = shlex.join(["gradcli", command, " ".join(formula), *options, *parts.own])
    if len(formula) == 1:
        return UsageError("a value is given with two dashes", hint=f"write: {line}")
    return UsageError("more than one formula: is it without quotes?", hint=f"write: {line}")
