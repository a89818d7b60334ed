"""The data tables of a pass for machines, and what `--get` can ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gradcli.graph import CONSTANT, INPUT
from gradcli.printers import ascii
from gradcli.printers.expression import one_level
from gradcli.report import Cell, Column, Table
from gradcli.report.passes.sentences import order
from gradcli.report.passes.trace import Trace


def data_tables(trace: Trace) -> dict[str, Table]:
    """The data tables: nodes (one row per input and node), edges, inputs.

    An output that is only a number (`2`) has a last row of its own; one that is only a variable has its row.
    """
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
    if graph.is_constant(graph.output):
        row = [graph.output_name(), "output", None, graph.name(graph.output), number(trace.run.value)]
        nodes.append([*row, number(trace.gradients[graph.output])] if trace.back else row)
    names = ["node", "kind", "operation", "expression", "value", *(["gradient"] if trace.back else [])]
    tables = {"nodes": _data("nodes", names, nodes)}
    tables["inputs"] = _data(
        "inputs", ["node", *names[4:]], [[row[0], *row[4:]] for row in nodes if row[1] in (INPUT, CONSTANT)]
    )
    if trace.back:
        edges: list[list[Cell]] = [
            [
                graph.name(e.source), graph.name(e.target), e.argument, number(e.upstream),
                None if trace.spelling.formulas else number(e.local), trace.write.local_text(e.target, e.argument),
                number(e.contribution), int(e.active),
            ]
            for e in trace.edges
        ]  # fmt: skip
        tables["edges"] = _data(
            "edges",
            ["from", "to", "argument", "upstream", "local", "local_expression", "contribution", "active"],
            edges,
        )
    else:
        uses: list[list[Cell]] = [
            [graph.name(source), graph.name(target), argument]
            for target in order(graph)
            for argument, source in enumerate(graph.arguments[target])
            if not graph.is_constant(source)
        ]
        tables["edges"] = _data("edges", ["from", "to", "argument"], uses)
    return tables


def kind(trace: Trace, index: int) -> str:
    """input, constant, intermediate or output."""
    if index == trace.graph.output and not trace.graph.is_leaf(index):
        return "output"
    if trace.graph.is_leaf(index):
        return CONSTANT if trace.back and trace.gradients[index] is None else INPUT
    return "intermediate"


def _data(name: str, columns: list[str], rows: list[list[Cell]]) -> Table:
    """A data table; what is neither a name nor a number of a node is a detail."""
    details = ("kind", "operation", "expression")
    return Table(name, [Column(each, each, detail=each in details) for each in columns], rows)


class Quantities(Mapping[str, Any]):
    """What `--get` can ask for: `y` (the gradient if there is one, else the value), `a.value`, `a.gradient`.

    The output has its value under its own name, also where it is only a variable or a number: then it is `f`.
    A quantity is written out when it is asked for.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        graph = trace.graph
        leaf_output = {graph.output_name(): graph.output} if graph.is_leaf(graph.output) else {}
        nodes = {graph.name(index): index for index in [*order(graph), graph.output]} | leaf_output
        parts = ("value", "gradient") if trace.back else ("value",)
        self.places: dict[str, tuple[str, int]] = {}
        for name, index in nodes.items():
            self.places |= {f"{name}.{part}": (part, index) for part in parts}
            self.places[name] = (parts[-1] if index != graph.output else "value", index)

    def __getitem__(self, name: str) -> Any:
        """The number or formula; None where no gradient was asked for."""
        part, index = self.places[name]
        quantity = self.trace.run.values[index] if part == "value" else self.trace.gradients[index]
        return None if quantity is None else self.trace.written(quantity)

    def __iter__(self) -> Iterator[str]:
        """The names, inputs first."""
        return iter(self.places)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.places)


def quantities(trace: Trace) -> Mapping[str, Any]:
    """What `--get` can ask for, by name."""
    return Quantities(trace)
