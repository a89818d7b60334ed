"""What the exit status says."""

from __future__ import annotations

from gradcli.topics import columns

GUIDE = "exit-status.md"

STATUS = (
    ("0", "fine; a convention at a corner is a note"),
    ("1", "a check says that a gradient is wrong"),
    ("2", "the command line, the formula or a file cannot be read; nothing on standard output"),
    ("3", "the result is printed but not finite, or not verified"),
    ("70", "a fault of gradcli's own"),
    ("74", "a file or a stream cannot be opened or written, or there is not enough memory"),
    ("130", "interrupted"),
    ("141", "the reader of the output has left"),
)
"""Every exit status and its meaning."""


def text() -> str:
    """The list."""
    return "\n".join(["Exit status:", "", *columns(STATUS)]) + "\n"
