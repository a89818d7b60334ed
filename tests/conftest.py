"""What tests share: running a command inside this process; every record is held against the schema."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
import records

from gradcli.cli import run


class Result(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


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
