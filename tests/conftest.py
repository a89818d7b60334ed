"""What tests share: running a command inside this process."""

from typing import NamedTuple

import pytest

from gradcli.cli import run


class Result(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def gradcli(capsys):
    """Run a command line in this process: `gradcli("backward", "x*y", "--x", "2")`."""

    def call(*args: str) -> Result:
        status = run(args)
        return Result(status, *capsys.readouterr())

    return call
