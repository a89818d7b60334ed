"""The command `gradcli help`."""

from typing import Annotated

import typer

from gradcli import commands, output, topics
from gradcli.asking.help_text import Line
from gradcli.errors import UsageError, closest

LINE = Line(typed="help words, notation")
EXAMPLES = ("gradcli help notation",)


def matching(incomplete: str) -> list[str]:
    """The topics and commands that begin like this."""
    return [name for name in (*topics.NAMES, *commands.NAMES) if name.startswith(incomplete)]


Topic = Annotated[
    str | None,
    typer.Argument(metavar="TOPIC", help="A topic, or a command.", show_default=False, autocompletion=matching),
]


def help(ctx: typer.Context, topic: Topic = None) -> int:
    """How a formula is typed, how values are given, what the words mean: notation, values, words."""
    group = ctx.parent.command if ctx.parent else None
    if topic is None and ctx.parent is not None:
        output.to_stdout(ctx.parent.get_help() + "\n")
        return 0
    name = topic or ""
    command = group.get_command(ctx.parent, name) if group is not None else None  # type: ignore[attr-defined]
    if command is not None:
        output.to_stdout(command.get_help(type(ctx)(command, info_name=name, parent=ctx.parent)) + "\n")
        return 0
    if name not in topics.NAMES:
        from gradcli.commands.ops import ops, signed
        from gradcli.ops import find

        if find(name) is not None or signed(name) is not None:
            ctx.ensure_object(dict)
            return ops(ctx, name=name)
        near = closest(name, [*topics.NAMES, *getattr(group, "commands", ())])
        known = ", ".join(topics.NAMES)
        raise UsageError(f"there is no topic {name}", hint=f"did you mean {near[0]}?" if near else f"topics: {known}")
    output.to_stdout(topics.text(name, commands.with_records))
    return 0
