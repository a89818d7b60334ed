"""The schema of the JSON answers: a file for every kind of record in this folder, joined into the one that ships.

A file holds definitions by name; one called as the file itself is the record, the others are its parts. `shared` holds
what several records use. A command without a file has the envelope that all commands share, whatever facts stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

_HEAD = """{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "gradcli answers, schema 1",
  "description": "What the commands of gradcli write with --json: the answer on standard output, an error on standard \
error. Numbers that are not finite are the texts nan, inf, -inf; null where nothing was asked for or there is only a \
formula.",
  "oneOf": [
"""


def parts() -> Iterator[tuple[str, str]]:
    """The files by name, each as text."""
    found = sorted(files(__name__).iterdir(), key=lambda file: (file.name != "shared.json", file.name))
    for file in found:
        name, _, suffix = file.name.partition(".")
        if suffix == "json":
            yield name, file.read_text(encoding="utf-8")


_ENVELOPE = """  "envelope": {
    "type": "object",
    "required": ["schema", "command"],
    "properties": {
      "schema": {"const": 1},
      "id": {"type": "string"},
      "command": {"enum": [COMMANDS]},
      "formula": {"type": "string"},
      "notes": {"type": "array", "items": {"$ref": "#/$defs/note"}}
    }
  }
"""


def text(commands: Sequence[str] = ()) -> str:
    """The whole schema; `commands` are the names of all commands, so that each has a record."""
    texts = dict(parts())
    known = {name for part in texts.values() for name in _commands(part)}
    others = [f'"{name}"' for name in commands if name not in known]
    if others:
        texts["envelope"] = _ENVELOPE.replace("COMMANDS", ", ".join(others))
    records = [f'    {{"$ref": "#/$defs/{name}"}}' for name, part in texts.items() if f'\n  "{name}": ' in f"\n{part}"]
    bodies = [part.strip("\n").removeprefix("{\n").removesuffix("\n}") for part in texts.values()]
    definitions = "".join(f"  {line}\n" for line in ",\n".join(bodies).split("\n"))
    return _HEAD + ",\n".join(records) + '\n  ],\n  "$defs": {\n' + definitions + "  }\n}\n"


def _commands(part: str) -> Iterator[str]:
    """The commands whose records a file describes."""
    for match in re.finditer(r'"command": \{"(?:const|enum)": ([^}]*)\}', part):
        yield from re.findall(r'"(\w+)"', match[1])
