"""The argument list of a command: its options, the formula, and the values of variables.

`--x 2` is a value for every x that is no option of the command, so the list is taken apart before the options are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.errors import UsageError, closest

TYPED = "gradcli.typed"
"""The key of `ctx.meta` under which a command finds what was typed."""


class Typed(NamedTuple):
    """What stands on the command line.

    formula   the formula, if there is one
    values    values of variables as (name, text)
    declared  the options the command has, by name
    used      those that stand on the line, without their values
    """

    formula: str | None = None
    values: Sequence[tuple[str, str]] = ()
    declared: Mapping[str, Any] = {}
    used: Sequence[str] = ()


def split(args: Sequence[str], declared: Mapping[str, Any]) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """`args` as (options of the command, formula, values of variables).

    An exact option of the command stays with its value; any other `--NAME VALUE` or `--NAME=VALUE` gives a variable its
    value, which may start with one minus sign; everything else, also `-x**2`, is the formula. After `--` nothing is an
    option.

    Raises UsageError for a variable without a value.
    """
    own: list[str] = []
    positional: list[str] = []
    values: list[tuple[str, str]] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        name, equals, text = arg.partition("=")
        if arg == "--":
            return own, positional + rest, values
        if name in declared:
            own.append(arg)
            if not equals and not takes_none(declared[name]):
                if not rest:
                    raise UsageError(f"{name} needs a value")
                own.append(rest.pop(0))
        elif arg.startswith("--"):
            variable = name[2:]
            if not variable.replace("_", "").isalnum() or not variable[0].isalpha():
                what = f"{name} is neither an option nor the name of a variable"
                raise UsageError(what, hint=near_option(name, declared))
            if not equals:
                if not rest or rest[0].startswith("--"):
                    raise no_value(name, declared)
                text = rest.pop(0)
            values.append((variable, text))
        else:
            positional.append(arg)
    return own, positional, values


def refuse_unknown(command: str, args: Sequence[str], declared: Mapping[str, Any]) -> None:
    """Raise UsageError for an option that a command without a formula does not have: there it can be no variable."""
    for arg in args:
        name = arg.partition("=")[0]
        if name == "--":
            return
        if name.startswith("--") and name not in (*declared, "--help"):
            hint = near_option(name, declared) or f"gradcli {command} --help lists its options"
            raise UsageError(f"gradcli {command} has no option {name}", hint=hint)


def takes_none(parameter: Any) -> bool:
    """Whether an option stands alone."""
    return bool(parameter.is_flag or getattr(parameter, "count", False))


def near_option(name: str, declared: Mapping[str, Any]) -> str | None:
    """The option that was perhaps meant."""
    near = closest(name, declared)
    return f"did you mean {near[0]}?" if near else None


def no_value(name: str, declared: Mapping[str, Any]) -> UsageError:
    """The error for `--name` without a value."""
    return UsageError(f"no value after {name}", hint=near_option(name, declared) or f"write {name} 2")


def one_formula(
    command: str, own: Sequence[str], positional: Sequence[str], values: Sequence[tuple[str, str]]
) -> UsageError:
    """The error for a formula without quotes, or `-x 3` for `--x 3`, with the line to type."""
    import shlex

    formula, extra = list(positional), list(values)
    for place in range(len(positional) - 2, 0, -1):
        if positional[place].startswith("-") and positional[place][1:].isalpha():
            extra.insert(0, (positional[place][1:], positional[place + 1]))
            del formula[place : place + 2]
    options = [part for name, text in extra for part in (f"--{name}", text)]
    text = " ".join(formula)
    line = shlex.join(["gradcli", command, text, *options, *own])
    if len(formula) == 1:
        return UsageError("a value is given with two dashes", hint=f"write: {line}")
    return UsageError("more than one formula: is it without quotes?", hint=f"write: {line}")
