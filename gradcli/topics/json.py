"""The schema of the JSON answers."""

from __future__ import annotations

from gradcli.report import schema


def text() -> str:
    """The schema that the files beside the reports make together."""
    return schema.text()
