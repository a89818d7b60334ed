"""The schema of the JSON answers."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.report import schema

ABOUT_COMMANDS = True


def text(commands: Sequence[str]) -> str:
    """The schema that the files beside the reports make together, with a record for every command."""
    return schema.text(commands)
