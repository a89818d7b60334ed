"""Every record that gradcli writes in any test is held against the schema of the package.

`conftest.py` puts `watch` around the two places that records leave, for the commands that a test runs in this process,
and around the one place where a test hears a process of its own: no test can forget it.
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from gradcli import commands, errors, formats
from gradcli.report import schema

SCHEMA = json.loads(schema.text(commands.with_records()))

BEGINNING = re.compile(r'^\{"(?:schema|error)": ', re.MULTILINE)
"""How a record begins; it may go over several lines."""


@functools.cache
def validator() -> Any:
    """What holds a record against the schema; None where jsonschema is missing (`test_schema` says so)."""
    try:
        from jsonschema import Draft202012Validator
        from jsonschema.validators import extend
    except ImportError:
        return None
    Draft202012Validator.check_schema(SCHEMA)
    return extend(Draft202012Validator, {"oneOf": one_of})(SCHEMA)


def one_of(validator: Any, choices: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
    """JSON Schema's `oneOf`, left at the first fault of each choice.

    jsonschema's own collects all faults of all choices for its report, some nine tenths of the time of a record.
    """
    from jsonschema import ValidationError

    fitting = sum(validator.evolve(schema=choice).is_valid(instance) for choice in choices)
    if fitting != 1:
        yield ValidationError(f"{instance!r} is valid under {fitting} of the {len(choices)} choices")


def is_valid(record: object) -> bool:
    """Whether a record follows the schema."""
    return bool(validator().is_valid(record))


def hold(record: object) -> None:
    """Fail the test when a record does not follow the schema."""
    if validator() is not None:
        fault = next(validator().iter_errors(record), None)
        assert fault is None, f"not valid by schema.json: {fault.message}, in {json.dumps(record)[:2000]}"


def found(text: str) -> Iterator[Any]:
    """The records in a text; one that was cut (by `head`) is none."""
    for match in BEGINNING.finditer(text):
        try:
            yield json.JSONDecoder().raw_decode(text, match.start())[0]
        except json.JSONDecodeError:
            continue


def watch(patch: pytest.MonkeyPatch) -> None:
    """From now on hold every record that is rendered, told as an error, or heard from another process."""
    render, told, heard = formats.render, errors.GradcliError.record, subprocess.Popen.communicate

    def rendered(name: str, report: Any, drawing: Any) -> str | bytes:
        text = render(name, report, drawing)
        if "record" in formats.named(name).draws:
            hold(json.loads(text))
        return text

    def error_record(error: Any) -> dict[str, object]:
        record = told(error)
        hold(record)
        return record

    def communicate(process: Any, *args: Any, **more: Any) -> Any:
        streams = heard(process, *args, **more)
        for text in streams:
            for record in found(text.decode("utf-8", "replace") if isinstance(text, bytes) else text or ""):
                hold(record)
        return streams

    patch.setattr(formats, "render", rendered)
    patch.setattr(errors.GradcliError, "record", error_record)
    patch.setattr(subprocess.Popen, "communicate", communicate)


def validated(text: str):
    """The JSON record, checked against the schema of the package."""
    jsonschema = pytest.importorskip("jsonschema", reason="the JSON schema is checked with jsonschema")
    record = json.loads(text)
    jsonschema.validate(record, SCHEMA)
    return record
