"""Time of whole processes, from start to end, beside the smallest programs that load the same libraries.

    python tests/bench/start.py [ROUNDS]

Two floors, written into a temporary folder: a Typer script with one typed parameter that prints a line (or, called with
--help, its help), and the same that draws an empty Rich table instead. The help of a command is held against the line:
with several commands Typer reads typed parameters before it comes to --help.

All programs run in turn in every round, so that a slow moment hits all of them; medians are shown, and the ratio to the
floor. A round before the first one compiles the bytecode of all programs into the same temporary folder, whatever the
environment says about writing bytecode. Close other programs first.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROUNDS = 21

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
    """A program to time: what it is called, its command line, its floor, and the ratio it should not exceed."""

    name: str
    command: list[str]
    floor: str | None = None
    goal: float | None = None


def jobs(folder: Path) -> list[Job]:
    """The floors, then what is measured against them."""
    (folder / "line.py").write_text(LINE, encoding="utf-8")
    (folder / "table.py").write_text(TABLE, encoding="utf-8")
    python = sys.executable
    gradcli = str(Path(sysconfig.get_path("scripts")) / "gradcli")
    line, table, help_ = "Typer, a line", "Typer, a Rich table", "Typer, --help"
    return [
        Job("python -c pass", [python, "-c", "pass"]),
        Job(line, [python, str(folder / "line.py")]),
        Job(help_, [python, str(folder / "line.py"), "--help"]),
        Job(table, [python, str(folder / "table.py")]),
        Job("python -c 'import sympy'", [python, "-c", "import sympy"]),
        Job("gradcli --help", [gradcli, "--help"], help_, 1.2),
        Job("gradcli backward --help", [gradcli, "backward", "--help"], line, 1.2),
        Job("gradcli backward --get y", [gradcli, "backward", *FORMULA, "--get", "y"], line, 1.2),
        Job("gradcli backward --json", [gradcli, "backward", *FORMULA, "--json"], line, 1.2),
        Job("gradcli backward", [gradcli, "backward", *FORMULA], table, 1.2),
    ]


def seconds(job: Job, environment: dict[str, str]) -> float:
    """The time of one process. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run(job.command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "COLUMNS"))}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        programs = jobs(folder)
        for job in programs:
            seconds(job, environment)
        times: dict[str, list[float]] = {job.name: [] for job in programs}
        for i in range(rounds):
            for job in programs[i % len(programs) :] + programs[: i % len(programs)]:
                times[job.name].append(seconds(job, environment))
    medians = {job_name: statistics.median(measured) for job_name, measured in times.items()}
    print(f"medians of {rounds} rounds, Python {sys.version.split()[0]}\n")
    print(f"{'program':<26}{'ms':>7}   {'ratio':>5}   {'goal':<6}   floor")
    for job in programs:
        row = f"{job.name:<26}{medians[job.name] * 1e3:>7.1f}"
        if job.floor:
            row += f"   {medians[job.name] / medians[job.floor]:>5.2f}   ≤ {job.goal:<4}   {job.floor}"
        print(row)


if __name__ == "__main__":
    main()
