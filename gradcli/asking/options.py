"""How an option is declared and read, how options form a group, and how a command takes groups.

What a person types is text; where more than text is wanted, an option has a reader of ours (`typer.Option(parser=…)`),
so that a wrong word is answered in our words.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from math import inf
from typing import Any, NamedTuple

import typer

from gradcli import formats
from gradcli.asking.command_line import TYPED, Typed
from gradcli.asking.number_system import Numbers, chosen
from gradcli.asking.question import Asked
from gradcli.errors import UsageError, closest
from gradcli.output import requested

Option = tuple[Any, Any]
"""An annotated type and its default."""

Texts = list[str] | None
"""The type of an option that may be given several times."""

LONG = 48
"""Characters that the words of an option may have beside its name; longer ones stand in its help."""

LISTED = ("get", "wrt")
"""Lists of names that may be given in several pieces: they are joined."""

Reader = Callable[[Any], Any]


def text(*names: str, metavar: str, help: str, show_default: bool = False) -> Any:
    """An option with a text, as it stands."""
    return typer.Option(*names, metavar=metavar, help=help, show_default=show_default)


def flag(*names: str, help: str) -> Any:
    """An option that stands alone."""
    return typer.Option(*names, help=help)


def whole(name: str, *, metavar: str = "N", least: int | None = None, most: int | None = None, help: str) -> Any:
    """An option with a whole number between two bounds."""

    def read(value: Any) -> Any:
        return read_number(name, int, "a whole number", least, most, value)

    return typer.Option(name, metavar=metavar, parser=read, help=help)


def decimal(name: str, *, metavar: str, least: float | None = None, help: str) -> Any:
    """An option with a number, not below a bound."""

    def read(value: Any) -> Any:
        return read_number(name, float, "a number", least, None, value)

    return typer.Option(name, metavar=metavar, parser=read, help=help)


def choice(name: str, choices: Sequence[str], *, metavar: str | None = None, help: str) -> Any:
    """An option with one of a few words, which the shell completes."""

    def read(value: Any) -> Any:
        if value is not None and value not in choices:
            near = closest(value, choices)
            hint = f"did you mean {near[0]}?" if near else None
            raise UsageError(f"{name}: '{value}' is not one of {', '.join(choices)}", hint=hint)
        return value

    shown = metavar or "|".join(choices)
    return typer.Option(name, metavar=shown, parser=read, autocompletion=beginning(choices), help=help)


def word(name: str, offered: Sequence[str], *, help: str) -> Any:
    """An option with a word; the shell offers some, and which ones there are depends on the answer."""
    shown = "|".join(offered)
    if len(shown) > LONG:
        shown, help = "NAME", f"{help.rstrip('.')}: {', '.join(offered)}."
    return typer.Option(name, metavar=shown, autocompletion=beginning(offered), help=help)


def beginning(words: Sequence[str]) -> Callable[[str], list[str]]:
    """What the shell offers for the beginning of one of the words."""
    return lambda incomplete: [each for each in words if each.startswith(incomplete)]


def read_number(
    option: str, kind: type[int] | type[float], what: str, least: float | None, most: float | None, value: Any
) -> Any:
    """The number in a text; a default, which is no text, is left as it is.

    Raises UsageError for anything else, and outside the bounds.
    """
    if not isinstance(value, str):
        return value
    try:
        found = kind(value) if value.isascii() else None
    except ValueError:
        found = None
    low, high = -inf if least is None else least, inf if most is None else most
    if found is None or not low <= found <= high:
        if least is not None:
            what += f" from {least} to {most}" if most is not None else f", {least} or more"
        raise UsageError(f"{option} {value}: not {what}", hint=f"for example: {option} {max(least or 0, 1)}")
    return found


class Group(NamedTuple):
    """Options that commands share: a title for the help, and the options by the name of their parameter."""

    title: str
    options: Mapping[str, Option]

    def without(self, *names: str) -> Group:
        """The group less some options."""
        return self._replace(options={name: option for name, option in self.options.items() if name not in names})

    def only(self, *names: str) -> Group:
        """Some options of the group."""
        return self._replace(options={name: option for name, option in self.options.items() if name in names})

    def parameters(self) -> list[inspect.Parameter]:
        """The options as parameters of a function, titled for the help."""
        found = []
        for name, (annotation, default) in self.options.items():
            annotation.__metadata__[0].rich_help_panel = self.title
            kind = inspect.Parameter.KEYWORD_ONLY
            found.append(inspect.Parameter(name, kind, default=default, annotation=annotation))
        return found


def takes(*groups: Group, **settings: Any) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command the options of groups besides its own, which stand after the groups with the first title.

    The command gets `asked`, the question, and `request`, how the answer is wanted, where it has parameters of these
    names. `settings` are wishes about the answer that the command has itself (`gradcli.output.requested`).
    """

    def joined(command: Callable[..., int]) -> Callable[..., int]:
        parameters = inspect.signature(command, eval_str=True).parameters
        own = [
            each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for name, each in parameters.items()
            if name not in ("asked", "request")
        ]
        shared = {name for group in groups for name in group.options}

        @wraps(command)
        def run(context: typer.Context, **given: Any) -> int:
            wishes = {name: value for name, value in given.items() if name in shared}
            wishes |= {name: ",".join(wishes[name]) if wishes[name] else None for name in LISTED if name in wishes}
            kept = {name: value for name, value in given.items() if name not in shared}
            if "asked" in parameters:
                kept["asked"] = asked_in(wishes, context.ensure_object(dict).get(TYPED, Typed()))
            if "request" in parameters:
                answer = {name: value for name, value in wishes.items() if name not in Asked._fields}
                short = [name for name in formats.SHORT if answer.pop(name, False)]
                kept["request"] = requested(short=short, **answer, **settings)
            return command(**kept)

        first = [group for group in groups if group.title == groups[0].title]
        context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
        listed = [context, *(each for group in first for each in group.parameters()), *own]
        listed += [each for group in groups if group not in first for each in group.parameters()]
        run.__signature__ = inspect.Signature(listed, return_annotation=int)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in listed}
        return run

    return joined


def asked_in(wishes: dict[str, Any], line: Typed) -> Asked:
    """The question in the values of the groups' options, which are taken out of `wishes`, and on the line."""
    numbers = {name: wishes.pop(name) for name in Numbers._fields if name in wishes}
    question = {name: wishes[name] for name in Asked._fields if name in wishes and wishes[name] is not None}
    return Asked(**question, numbers=chosen(**numbers), values=line.values, line=line)


@cache
def readers(command: Callable[..., Any] | None) -> dict[str, Reader]:
    """The readers of a command's options, by the name of the parameter."""
    if command is None:
        return {}
    found = {}
    for name, each in inspect.signature(command, eval_str=True).parameters.items():
        for information in getattr(each.annotation, "__metadata__", ()):
            if getattr(information, "parser", None) is not None:
                found[name] = information.parser
    return found


def read_as_typed(parameter: Any, reader: Reader | None) -> None:
    """Have a parameter of Typer's give its text, or what our reader makes of it.

    Typer 0.29 has pydantic convert every parameter, text into text as well, and loading pydantic takes half of the time
    of a small question. So the public method that processes a value is replaced for this parameter. Where a future
    Typer does not call it any more, the annotations and `parser=` say the same to Typer's own conversion.
    """

    def process_value(context: Any, value: Any) -> Any:
        if parameter.multiple:
            value = () if value is None else value
        elif reader is not None and value is not None:
            value = reader(value)
        if value is None and parameter.required:
            name = parameter.opts[0]
            raise UsageError(f"{name} is missing", hint=f"write {name} {parameter.metavar}")
        return value if parameter.callback is None else parameter.callback(context, parameter, value)

    vars(parameter)["process_value"] = process_value
