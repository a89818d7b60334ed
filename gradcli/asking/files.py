"""Files and standard input: formulas as text, values as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from gradcli.errors import EnvironmentFault, ParseError, UsageError
from gradcli.language.limits import FILE
from gradcli.language.spelling import plain_name
from gradcli.language.values import Value, read_value


def read_stdin() -> str:
    """The text on standard input. Raises EnvironmentFault when it is closed or cannot be read."""
    if sys.stdin is None:
        raise EnvironmentFault("standard input is closed")
    try:
        return read_text(sys.stdin.buffer.read(FILE.characters + 1), "standard input")
    except OSError as error:
        raise EnvironmentFault(f"cannot read standard input: {error.strerror}") from None


def waiting() -> bool:
    """Whether a pipe or a file stands at standard input, and no keyboard."""
    import os
    import stat

    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def read_file(path: str) -> str:
    """The text of a file; `-` is standard input. Raises EnvironmentFault when it cannot be read."""
    if path == "-":
        return read_stdin()
    try:
        with open(path, "rb") as stream:
            return read_text(stream.read(FILE.characters + 1), path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise EnvironmentFault(f"cannot read {path}: {reason}") from None


def read_text(data: bytes, name: str) -> str:
    """UTF-8, with a byte-order mark at the start or without.

    Raises ParseError with the place of a wrong byte, and for more bytes than a file may have: nothing is cut.
    """
    if len(data) > FILE.characters:
        raise ParseError(f"{name} is too large: the most is {FILE.characters // 1_000_000} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ParseError(f"{name} is not UTF-8 text: line {line}, byte {error.start}") from None


def from_files(at: Iterable[str]) -> dict[str, Value]:
    """The values in the JSON files among the arguments of --at: `--at point.json`, an object of names and numbers.

    Raises EnvironmentFault for a file that cannot be read, UsageError for one that holds something else.
    """
    found: dict[str, Value] = {}
    for path in at:
        if "=" in path or not path:
            continue
        if path != "-" and not path.endswith(".json"):
            raise UsageError(f"--at {path}: {path} is not NAME=VALUE", hint="write --at x=2,y=3 or --at point.json")
        from json import JSONDecodeError, loads

        try:
            text, path = read_file(path), "standard input" if path == "-" else path
            record = loads(text, parse_float=str, parse_int=str, object_pairs_hook=no_repeats)
        except JSONDecodeError as error:
            raise UsageError(f"{path} is not JSON: line {error.lineno}, {error.msg}") from None
        except RecursionError:
            raise UsageError(f"{path} is nested too deeply", hint='write {"x": 2, "y": 3}') from None
        if not isinstance(record, dict):
            raise UsageError(f"{path} holds no object", hint='write {"x": 2, "y": 3}')
        for name, value in record.items():
            if not isinstance(value, str):
                raise UsageError(f"{path}: the value of {name} is no number")
            if plain_name(name) in found:
                raise UsageError(f"{name} has a value in two files", hint="give one value")
            found[plain_name(name)] = read_value(name, value)
    return found


def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; raises UsageError when a name stands in it twice."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise UsageError(f"{name} stands twice in the file", hint="give one value")
        found[name] = value
    return found
