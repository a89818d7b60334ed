"""CPU time of whole processes, from start to end, beside bare Python and the smallest programs of the same libraries.

    python tests/bench/start.py [ROUNDS]

Every measurement is a pair: the program, and `python -c pass` directly before it. The table shows the median of the
ratios within the pairs, so that a slow moment hits both, and the goal where there is one. CPU time is what the kernel
counted for the process, user and system: other programs at work make it a little longer, not many times.

The floors are Typer scripts: without an option, with a text option, and with that drawing an empty Rich table. Typer
0.29 loads pydantic for each of them. A round before the first one compiles the bytecode of all programs into a folder
of its own, whatever the environment says about writing bytecode.
"""

import os
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import NamedTuple

ROUNDS = 21

FLAG = '''
import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main():
    """The floor."""
    print(2)


app()
'''

LINE = '''
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(x: Annotated[str, typer.Option()] = "2"):
    """The floor."""
    print(x)


app()
'''

DRAW = """
    from rich.console import Console
    from rich.table import Table

    Console().print(Table())
"""

TABLE = LINE.replace("    print(x)\n", DRAW)

FORMULA = ("(x+y)*y", "--x", "2", "--y", "3")


class Job(NamedTuple):
    """A program to time: what it is called, its command line, and how many times bare Python it may take."""

    name: str
    command: list[str]
    goal: float | None = None


def jobs(folder: Path) -> list[Job]:
    """The floors, then gradcli."""
    for name, text in (("flag", FLAG), ("line", LINE), ("table", TABLE)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    python = sys.executable
    gradcli = str(Path(sysconfig.get_path("scripts")) / "gradcli")
    return [
        Job("Typer, no option", [python, str(folder / "flag.py")]),
        Job("Typer, a text option", [python, str(folder / "line.py")]),
        Job("Typer, a Rich table", [python, str(folder / "table.py")]),
        Job("import sympy", [python, "-c", "import sympy"]),
        Job("gradcli --help", [gradcli, "--help"]),
        Job("gradcli backward --help", [gradcli, "backward", "--help"]),
        Job("gradcli backward --get y", [gradcli, "backward", *FORMULA, "--get", "y"], 10),
        Job("gradcli backward --json", [gradcli, "backward", *FORMULA, "--json"]),
        Job("gradcli backward", [gradcli, "backward", *FORMULA], 14),
        Job("gradcli ops sigmoid", [gradcli, "ops", "sigmoid"]),
    ]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """The CPU time of one process and its children, in seconds. Raises SystemExit when it fails."""
    nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    process = os.posix_spawn(command[0], command, environment, file_actions=nowhere)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    bare = [sys.executable, "-c", "pass"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "COLUMNS"))}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        programs = jobs(folder)
        for job in programs:
            seconds(job.command, environment)
        pairs: dict[str, list[tuple[float, float]]] = {job.name: [] for job in programs}
        for i in range(rounds):
            for job in programs[i % len(programs) :] + programs[: i % len(programs)]:
                pairs[job.name].append((seconds(bare, environment), seconds(job.command, environment)))
    print(f"{rounds} pairs with `python -c pass`, CPU time, medians, Python {sys.version.split()[0]}\n")
    print(f"{'program':<26}{'ms':>7}   {'times bare Python':<18}goal")
    for job in programs:
        median = statistics.median(ours for _, ours in pairs[job.name]) * 1e3
        ratio = statistics.median(ours / python for python, ours in pairs[job.name])
        row = f"{job.name:<26}{median:>7.1f}   {ratio:<18.1f}"
        print(f"{row}≤ {job.goal}" if job.goal else row.rstrip())


if __name__ == "__main__":
    main()
