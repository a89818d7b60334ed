"""The schema of the JSON answers: a file for every kind of record in this folder, joined into the one that ships.

A file holds definitions by name; one called as the file itself is the record, the others are its parts. `shared` holds
what several records use.
"""

from __future__ import annotations

from collections.abc import Iterator
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


def text() -> str:
    """The whole schema."""
    texts = dict(parts())
    records = [f'    {{"$ref": "#/$defs/{name}"}}' for name, part in texts.items() if f'\n  "{name}": ' in part]
    bodies = [part.strip().removeprefix("{\n").removesuffix("\n}") for part in texts.values()]
    definitions = "".join(f"  {line}\n" for line in ",\n".join(bodies).split("\n"))
    return _HEAD + ",\n".join(records) + '\n  ],\n  "$defs": {\n' + definitions + "  }\n}\n"
