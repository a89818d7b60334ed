"""The schema of the JSON answers."""

from __future__ import annotations

from importlib.resources import files


def text() -> str:
    """The schema file of the package, as it is."""
    return files("gradcli.formats").joinpath("schema.json").read_text(encoding="utf-8")
