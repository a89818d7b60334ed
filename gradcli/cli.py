"""The program: commands loaded by name, one place that turns every error into lines and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from gradcli import __version__, commands
from gradcli.asking.command_line import TYPED, Typed, refuse_unknown, split, without_quotes
from gradcli.asking.options import read_as_typed, readers
from gradcli.errors import EnvironmentFault, GradcliError, ReaderLeft, UsageError, closest
from gradcli.output import encodable, terminal_width, to_stderr, to_stdout

SMALLER = "a smaller formula, fewer digits or floats take less"
HELP = {"help_option_names": ["-h", "--help"]}


class Command(TyperCommand):
    """A command whose argument list may hold a formula and values for its variables (`--x 2`), in any order."""

    @property
    def takes_formula(self) -> bool:
        """Whether it has a formula, and so values for variables."""
        return any(parameter.name == "formula" for parameter in self.params)

    def get_params(self, ctx: Any) -> Any:
        """Typer's parameters, read by our readers."""
        return read_here(super().get_params(ctx), self.callback)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the values out of `args` before Typer reads its own options."""
        declared = {
            name: parameter
            for parameter in self.get_params(ctx)
            if parameter.param_type_name == "option"
            for name in (*parameter.opts, *parameter.secondary_opts)
        }
        args = without_quotes(args)
        several = {name for name, parameter in declared.items() if parameter.multiple or parameter.is_flag}
        others = partial(commands_with, ctx)
        parts = split(args, declared, several, others)
        own, formulas = parts.own, parts.formulas
        typed = Typed(
            self.name or "",
            formulas[0] if formulas else None,
            parts.values,
            list(declared),
            parts.used,
            parts.json,
            others,
        )
        ctx.ensure_object(dict)[TYPED] = typed
        if ctx.resilient_parsing:
            return super().parse_args(ctx, own if parts.fault is None else list(args))
        if not self.takes_formula:
            most = sum(each.param_type_name == "argument" for each in self.params)
            refuse_unknown(typed, args, declared, most, formulas)
        if parts.fault is not None:
            raise parts.fault
        helped = not {"-h", "--help"}.isdisjoint(own)
        if len(formulas) > 1 and not helped and self.takes_formula:
            from gradcli.asking.one_formula import one_formula

            raise one_formula(typed.command, parts)
        if helped:
            to_stdout(self.get_help(ctx) + "\n")
            raise typer.Exit
        try:
            return super().parse_args(ctx, [*own, "--", *formulas] if formulas else own)
        except UsageError:
            refuse_hidden(typed)
            raise

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Typer's completions, and the variables of the formula that stands on the line."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("--"):
            from typer.core import CompletionItem  # type: ignore[attr-defined]

            typed = ctx.ensure_object(dict).get(TYPED, Typed())
            given = {name for name, _ in typed.values}
            names = (f"--{name}" for name in variables(typed.formula) if name not in given)
            found += [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return found

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Usage and examples, what it does, its options in their groups, the variables of a formula typed with it."""
        from gradcli.asking import help_text

        width = terminal_width()
        name = self.name or ""
        arguments = [each for each in self.params if each.param_type_name == "argument"]
        shown = [each.metavar or each.name for each in arguments]
        text = [help_text.usage(name, shown, formula=self.takes_formula), ""]
        text += help_text.examples(import_module(f"gradcli.commands.{name}").EXAMPLES, width)
        text += ["", *help_text.paragraphs(self.help or "", width)]
        own = f"Only in {name}"
        rows = [
            (getattr(each, "rich_help_panel", None) or own, *record)
            for each in self.params
            if each not in arguments and (record := each.get_help_record(ctx)) is not None
        ]
        typed = ctx.ensure_object(dict).get(TYPED, Typed())
        named = variables(typed.formula) if self.takes_formula else []
        rows += [("Variables of this formula", f"--{each} VALUE", f"the value of {each}") for each in named]
        text += help_text.options(rows, width) if rows else []
        formatter.write(encodable("\n".join(text)))


def commands_with(context: Any, option: str) -> list[str]:
    """The commands that have an option."""
    group = context.parent.command if context.parent else None
    if not isinstance(group, CommandGroup):
        return []
    found = ((name, group.get_command(context.parent, name)) for name in commands.NAMES)
    return [name for name, command in found if command and any(option in each.opts for each in command.params)]


def before_the_command(args: Sequence[str]) -> UsageError:
    """The error for an option that stands before the command, with the line to type where there is a command."""
    import shlex

    place = next((place for place, each in enumerate(args) if each in commands.NAMES), None)
    if place is None:
        return UsageError(f"no command before {args[0]}", hint="gradcli --help lists the commands")
    line = shlex.join(["gradcli", *args[place:], *args[:place]])
    return UsageError(f"{args[0]} stands before the command", hint=f"write: {line}")


def read_here(parameters: Any, command: Any) -> Any:
    """Typer's parameters, each with the reader of the command's option."""
    found = readers(command)
    for parameter in parameters:
        read_as_typed(parameter, found.get(parameter.name))
    return parameters


def variables(formula: str | None) -> list[str]:
    """The variables of a formula that may not be complete yet; none when it cannot be read."""
    if formula is None:
        return []
    from gradcli.language import parse

    try:
        return list(parse(formula.strip("'\"")).inputs)
    except GradcliError:
        return []


def refuse_hidden(typed: Typed) -> None:
    """Raise UsageError when one of the options used has the name of a variable of the formula."""
    from gradcli.asking.names import hidden

    known = variables(typed.formula)
    for option in typed.used:
        if option.removeprefix("--") in known:
            raise hidden(option)


class CommandGroup(TyperGroup):
    """The commands of the folder `commands`, each loaded when it is called."""

    def get_params(self, ctx: Any) -> Any:
        """Typer's parameters, read by our readers."""
        return read_here(super().get_params(ctx), None)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Typer's reading; the help screen goes the way of every result."""
        known = ("-h", "--help", "-V", "--version", "--install-completion", "--show-completion")
        first = args[0].partition("=")[0] if args else ""
        if first.startswith("--") and first not in known and not ctx.resilient_parsing:
            raise before_the_command(args)
        if not ctx.resilient_parsing and args[:1] in (["-h"], ["--help"]):
            to_stdout(self.get_help(ctx) + "\n")
            raise typer.Exit
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The names, as listed in the folder."""
        return list(commands.NAMES)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002
        """The command called `cmd_name`, made by Typer from the function in its file."""
        if cmd_name not in commands.NAMES:
            return None
        module = import_module(f"gradcli.commands.{cmd_name}")
        single = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        single.command(cmd_name, cls=Command, context_settings=HELP)(getattr(module, cmd_name))
        return typer.main.get_command(single)  # type: ignore[return-value]

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command in `args`; raises UsageError with what was perhaps meant."""
        command = self.get_command(ctx, args[0])
        if command is not None:
            return args[0], command, args[1:]
        helped = [arg for arg in args if arg in HELP["help_option_names"]]
        parts = split(without_quotes([arg for arg in args if arg not in helped]), {})
        ctx.ensure_object(dict)[TYPED] = Typed(json=parts.json)
        near = closest(args[0], commands.NAMES)
        meant = commands.MEANT.get(args[0].lower())
        if meant is not None:
            line = commands.line_of(meant, args[1:])
            hint = f"write: {line}" if line else f"did you mean gradcli {meant}?"
            raise UsageError(f"unknown command {args[0]}", hint=hint)
        if near:
            raise UsageError(f"unknown command {args[0]}", hint=f"did you mean gradcli {near[0]}?")
        if args[0].isalpha() and len(args[0]) > 2:
            raise UsageError(f"unknown command {args[0]}", hint="gradcli --help lists the commands")
        if parts.fault is not None:
            raise parts.fault
        options = [part for name, text in parts.values for part in (f"--{name}", text)]
        import shlex

        line = shlex.join(["gradcli", "backward", " ".join(parts.formulas), *options, *helped])
        raise UsageError(f"{args[0]} is not a command: was one forgotten?", hint=f"write: {line}")

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The help screen: what to type first, then the commands by what they are for."""
        from gradcli.asking import help_text

        lines = {name: import_module(f"gradcli.commands.{name}").LINE for name in commands.NAMES}
        formatter.write(encodable(help_text.screen(lines, terminal_width())))


app = typer.Typer(
    name="gradcli",
    cls=CommandGroup,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=HELP,
)


@app.callback(invoke_without_command=True)
def start(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Type a formula, read its computational graph, its gradients, and a check."""
    if version:
        to_stdout(f"gradcli {__version__}\n")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        to_stdout(ctx.get_help() + "\n")


def run(args: Sequence[str]) -> int:
    """Run the program with `args`; the exit status. No exception leaves it."""
    told: dict[str, Typed] = {}
    try:
        rejoin_words()
        words = repaired(args)
        status = app(args=words, prog_name="gradcli", standalone_mode=False, windows_expand_args=False, obj=told)
        return status if isinstance(status, int) else 0
    except GradcliError as error:
        return failed(error, told)
    except (ReaderLeft, BrokenPipeError):
        leave_pipe()
        return 141
    except KeyboardInterrupt:
        return 130
    except SystemExit as left:  # Typer leaves with 1 from a completion that it cannot give: 1 is a wrong gradient
        return left.code if isinstance(left.code, int) and left.code != 1 else 2
    except MemoryError:
        pass  # told below, when what filled the memory has been let go
    except OSError as error:
        return failed(EnvironmentFault(error.strerror or str(error)), told)
    except ModuleNotFoundError as error:
        library = (error.name or "a library").partition(".")[0]
        return failed(EnvironmentFault(f"{library} is not installed", hint=f"pip install {library}"), told)
    except Exception as error:  # noqa: BLE001  (the last place: a fault of ours is one line, not a traceback)
        if hasattr(error, "format_message"):
            message = " ".join(error.format_message().split())
            return failed(UsageError(message.rstrip(".")), told)
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f" in {os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno}" if where else ""
        to_stderr(f"gradcli: a fault of gradcli's own: {type(error).__name__}{place}. Please report the command.\n")
        return 70
    return failed(EnvironmentFault("there is not enough memory for this", hint=SMALLER), told)


def rejoin_words() -> None:
    """Where bash asks for completions, put together what it broke at `=`: --format=j is one word."""
    if os.environ.get("_GRADCLI_COMPLETE") != "complete_bash":
        return
    place, words = int(os.environ.get("COMP_CWORD", "0")), [""]
    pieces = os.environ.get("COMP_WORDS", "").split("\n")
    for number, piece in enumerate(pieces):
        before = pieces[number - 1] if number else ""
        if (piece == "=" and before.startswith("--")) or (before == "=" and words[-1].endswith("=")):
            words[-1] += piece
        else:
            words.append(piece)
        if number == place:
            os.environ["COMP_CWORD"] = str(len(words) - 2)
    os.environ["COMP_WORDS"] = "\n".join(words[1:])


def repaired(args: Sequence[str]) -> list[str]:
    """Arguments whose UTF-8 bytes a C locale left undecoded, decoded; others as they are."""
    result = []
    for arg in args:
        try:
            result.append(arg if arg.isascii() else os.fsencode(arg).decode("utf-8"))
        except UnicodeError:
            result.append(arg)
    return result


def failed(error: GradcliError, told: Mapping[str, Typed]) -> int:
    """Tell an error on standard error, as JSON where the command line asks for JSON; its exit status."""
    if told.get(TYPED, Typed()).json:
        from json import dumps

        to_stderr(dumps(error.record()) + "\n")
    else:
        to_stderr("".join(f"{line}\n" for line in error.lines()))
    return error.exit_status


def leave_pipe() -> None:
    """Let Python close a broken standard output without another word."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
