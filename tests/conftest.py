"""What tests share: `gradcli` runs a command here, `process` as a process; every record is held against the schema.

Most questions are for `gradcli`. What is about the process itself, its start, streams, signals and encodings, is for
`process`. Scripts of the shell in which gradcli is called many times are for `processes.shell`.
"""

import gc
import subprocess
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import records
from processes import PROGRAM

from gradcli.__main__ import OBJECTS
from gradcli.cli import run


class Result(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session", autouse=True)
def collections_are_rare() -> Iterator[None]:
    """Collect garbage as rarely as the program does: a tenth of the time of many tests otherwise."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(OBJECTS)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def every_record_is_valid() -> Iterator[None]:
    """Hold every record of every test against the schema."""
    with pytest.MonkeyPatch.context() as patch:
        records.watch(patch)
        yield


@pytest.fixture
def gradcli(capsys):
    """Run a command line in this process: `gradcli("backward", "x*y", "--x", "2")`."""

    def call(*args: str) -> Result:
        status = run(args)
        return Result(status, *capsys.readouterr())

    return call


@pytest.fixture(scope="session")
def process() -> Callable[..., subprocess.CompletedProcess[Any]]:
    """Start the program as a process: `process("backward", "x*y", "--x", "2", env=…)`, with options of `subprocess`."""

    def call(*args: str, **more: Any) -> subprocess.CompletedProcess[Any]:
        if not {"stdout", "stderr"} & more.keys():
            more["capture_output"] = True
        return subprocess.run([*PROGRAM, *args], check=False, **more)

    return call
