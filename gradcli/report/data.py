"""The data tables of a pass for machines, and what `--get` can ask for."""

from __future__ import annotations

from typing import Any

from gradcli.graph import CONSTANT, INPUT
from gradcli.printers import ascii
from gradcli.printers.expression import one_level
from gradcli.report import Cell, Column, Table
from gradcli.report.screen import order
from gradcli.report.trace import Trace


def data_tables(trace: Trace) -> dict[str, Table]:
    """The data tables: nodes (one row per input and node), edges, inputs."""
    graph = trace.graph

    def number(value: Any) -> Cell:
        return None if value is None else trace.written(value)

    nodes: list[list[Cell]] = []
    for index in order(graph):
        leaf_node = graph.is_leaf(index)
        row: list[Cell] = [
            graph.name(index),
            kind(trace, index),
            None if leaf_node else graph.operations[index],
            one_level(graph, index, ascii.DIALECT),
            number(trace.run.values[index]),
        ]
        nodes.append([*row, number(trace.gradients[index])] if trace.back else row)
    names = ["node", "kind", "operation", "expression", "value", *(["gradient"] if trace.back else [])]
    tables = {"nodes": _data("nodes", names, nodes)}
    tables["inputs"] = _data(
        "inputs", ["node", *names[4:]], [[row[0], *row[4:]] for row in nodes if row[1] in (INPUT, CONSTANT)]
    )
    if trace.back:
        edges: list[list[Cell]] = [
            [
                graph.name(e.source), graph.name(e.target), e.argument, number(e.upstream),
                None if trace.spelling.formulas else number(e.local), trace.local_text(e.target, e.argument),
                number(e.contribution), int(e.active),
            ]
            for e in trace.edges
        ]  # fmt: skip
        tables["edges"] = _data(
            "edges",
            ["from", "to", "argument", "upstream", "local", "local_expression", "contribution", "active"],
            edges,
        )
    return tables


def kind(trace: Trace, index: int) -> str:
    """input, constant, intermediate or output."""
    if index == trace.graph.output and not trace.graph.is_leaf(index):
        return "output"
    if trace.graph.is_leaf(index):
        return CONSTANT if trace.back and trace.gradients[index] is None else INPUT
    return "intermediate"


def _data(name: str, columns: list[str], rows: list[list[Cell]]) -> Table:
    return Table(name, [Column(c, c) for c in columns], rows)


def quantities(trace: Trace) -> dict[str, Any]:
    """What `--get` can ask for: `y` (the gradient if there is one, else the value), `a.value`, `a.gradient`."""
    found: dict[str, Any] = {}
    graph = trace.graph
    for index in [*order(graph), graph.output]:
        name = graph.name(index)
        value, gradient = trace.run.values[index], trace.gradients[index]
        found[f"{name}.value"] = trace.written(value)
        if trace.back:
            found[f"{name}.gradient"] = None if gradient is None else trace.written(gradient)
        found[name] = found[f"{name}.gradient" if trace.back and index != graph.output else f"{name}.value"]
    return found
