"""Sentences for ears: one a node, a step, a verdict; every sign is a word. For screen readers and voices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradcli.formats import Drawing, Format
from gradcli.report import Cell, Report, Style, Table, cell_text, title_text
from gradcli.report.blocks import Block, Equations, Heading
from gradcli.report.formulas import remark, told
from gradcli.report.plain_text import say
from gradcli.report.spoken import sentence, spoken

_ASIDE = re.compile(r"\s*\(([^()]*)\)")
"""Words in brackets: a voice makes a pause instead."""


def render(report: Report, drawing: Drawing) -> str:
    """The title, then what the report says: a text, the nodes of a pass, or rows and lines; the notes at the end."""
    said = [sentence(title_text(report.title()))]
    blocks = report.blocks(drawing.rows)
    tables = report.tables()
    if blocks:
        said += [sentence(line) for block in blocks for line in lines_of(block)]
    elif "nodes" in tables and "edges" in tables:
        said += nodes(tables["nodes"], tables["edges"], drawing)
    else:
        said += [line for table in report.screen(drawing.rows) for line in rows(table, drawing)]
    said += [sentence(f"Note: {note.message}") for note in report.notes]
    # A name keeps its letter: x is another variable than X
    return "".join(f"The {line[4:]}\n" if line.startswith("the ") else f"{line}\n" for line in said if line)


def lines_of(block: Block) -> Iterator[str]:
    """A heading, a sentence, or every equation with its comment."""
    from gradcli.printers import unicode

    label = "" if isinstance(block, Heading) or not block.label else f"{block.label.rstrip(':')}: "
    if isinstance(block, Equations):
        for row in block.rows:
            words = remark(row, unicode.DIALECT)
            yield f"{label}{row.line(unicode.DIALECT)}{', ' + words if words else ''}"
            label = ""
    else:
        parts = [_ASIDE.sub(r", \1,", part) if isinstance(part, str) else part for part in block.parts]
        yield label + told(parts, unicode.DIALECT)


def nodes(table: Table, edges: Table, drawing: Drawing) -> Iterator[str]:
    """The forward pass, a sentence a node; where there are gradients the backward pass, from the output back."""
    records = [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]
    steps = [dict(zip((column.name for column in edges.columns), row, strict=True)) for row in edges.rows]
    for record in records[: drawing.rows]:
        name, value = spoken(str(record["node"])), number(record["value"], drawing)
        does = "" if record["operation"] is None else spoken(str(record["expression"]))
        if not does or does == value:
            yield f"{name} is {value}." if value != name else f"{name} is an input."
        else:
            yield f"{name} is {does}, which is {value}."
    for record in reversed(records[: drawing.rows] if "gradient" in (records or [{}])[0] else []):
        if record["gradient"] is None:
            continue
        uses = [each for each in reversed(steps) if each["from"] == record["node"] and each["upstream"] is not None]
        products = [product(each, drawing) for each in uses]
        gradient = f"The gradient of {spoken(str(record['node']))} is {number(record['gradient'], drawing)}"
        said = ", plus ".join(products)
        if len(uses) > 1 and any("1" not in (number(e["upstream"], drawing), local(e, drawing)) for e in uses):
            said += f", that is {' plus '.join(number(each['contribution'], drawing) for each in uses)}"
        yield f"{gradient}: {said}." if products else f"{gradient}."
    if len(records) > drawing.rows:
        yield f"{len(records) - drawing.rows} more nodes are not read."


def product(edge: dict[str, Cell], drawing: Drawing) -> str:
    """What comes along an edge: the upstream gradient times the local derivative; without a 1 in front."""
    upstream, factor = number(edge["upstream"], drawing), local(edge, drawing)
    return factor if upstream == "1" else f"{upstream} times {factor}"


def local(edge: dict[str, Cell], drawing: Drawing) -> str:
    """The local derivative of an edge: its number, or its formula where there is none."""
    return number(edge["local_expression"] if edge["local"] is None else edge["local"], drawing)


def rows(table: Table, drawing: Drawing) -> Iterator[str]:
    """A table for people: each row what its headings say of its first cell; lines as they are."""
    if table.drawn:
        return
    if table.title:
        yield sentence(table.title)
    for row in table.rows:
        cells = [number(cell, drawing) for cell in row]
        if not table.ruled:
            yield sentence(", ".join(cell for cell in cells if cell))
            continue
        parts = [
            f"{spoken(column.heading)} {cell}".strip()
            for column, cell in zip(table.columns[1:], cells[1:], strict=True)
            if cell
        ]
        heading = spoken(table.columns[0].heading)
        first = f"{heading} {cells[0]}".strip()
        yield sentence(": ".join(each for each in (first, ", ".join(parts)) if each))
    if table.left_out:
        yield f"{table.left_out} more rows are not read."


def number(cell: Cell, drawing: Drawing) -> str:
    """A cell in words."""
    if cell is None:
        return ""
    if isinstance(cell, (int, float)):
        return spoken(say(cell, Style(drawing.digits)))
    return spoken(cell_text(cell))


FORMAT = Format(".sentences", ("page",), render, joins="blank line", rounds=True)
