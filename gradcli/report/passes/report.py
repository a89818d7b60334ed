"""The report of a forward or a backward pass."""

from __future__ import annotations

from functools import partial

from gradcli.report import Report
from gradcli.report.passes import data, record, screen
from gradcli.report.passes.sentences import title
from gradcli.report.passes.trace import Trace


def report_of(command: str, trace: Trace) -> Report:
    """What `command` found out: a pass, with its tables, its record and what `--get` can ask for."""
    return Report(
        command,
        partial(title, trace),
        partial(record.facts, trace),
        partial(screen.screen, trace),
        partial(data.data_tables, trace),
        quantities=partial(data.quantities, trace),
        formula=trace.graph.source,
        notes=trace.notes,
        exit_status=trace.exit_status,
    )
