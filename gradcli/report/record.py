"""The JSON record of a pass, schema 1 (DESIGN §7)."""

from __future__ import annotations

from typing import Any

from gradcli import ops
from gradcli.passes import Edge
from gradcli.printers import ascii
from gradcli.printers.expression import one_level
from gradcli.report.trace import Trace


def record(trace: Trace) -> dict[str, Any]:
    """The answer as JSON, schema 1 (DESIGN §7)."""
    graph, back, run = trace.graph, trace.back, trace.run

    written = trace.spelling.record

    def value_of(index: int) -> dict[str, Any]:
        true = trace.true_value(index)
        return {**written("value", run.values[index], tidy=True), **({} if true is None else {"value_true": true})}

    def both(index: int) -> dict[str, Any]:
        if back is None:
            return value_of(index)
        true = trace.true_gradient(index)
        beside = {} if true is None else {"gradient_true": true}
        return {**value_of(index), **written("gradient", trace.gradients[index], tidy=True), **beside}

    result: dict[str, Any] = {
        "schema": 1,
        "command": trace.command,
        "formula": graph.source,
        "number_system": trace.system.name,
        "output": {"node": graph.name(graph.output), **value_of(graph.output)},
        "inputs": {name: both(index) for name, index in graph.inputs.items()},
        "nodes": [node_record(trace, index, both(index)) for index in trace.nodes],
    }
    if back:
        result["edges"] = [edge_record(trace, edge) for edge in trace.edges]
    result["notes"] = [note.record() for note in trace.notes]
    return result


def node_record(trace: Trace, index: int, numbers: dict[str, Any]) -> dict[str, Any]:
    """One node as JSON."""
    graph = trace.graph
    node = graph.node(index)
    result: dict[str, Any] = {
        "node": node.name,
        "operation": node.operation,
        "arguments": [graph.name(a) for a in node.arguments],
        "parameters": {},
        "expression": one_level(graph, index, ascii.DIALECT),
        "span": list(node.span),
        "pattern": ops.OPERATIONS[node.operation].pattern,
    }
    if index in trace.run.pins:
        result["pinned"] = True
    value = {key: numbers[key] for key in numbers if key.startswith("value")}
    gradient = {key: numbers[key] for key in numbers if key.startswith("gradient")}
    locals_ = trace.spelling.records("locals", trace.back.locals(index)) if trace.back else {}
    return {**result, **value, **locals_, **gradient}


def edge_record(trace: Trace, edge: Edge) -> dict[str, Any]:
    """One edge as JSON."""
    graph = trace.graph
    formula = trace.local_text(edge.target, edge.argument)
    written = trace.spelling.record
    numbers: dict[str, Any] = {
        **written("upstream", edge.upstream),
        **({"local": None} if trace.spelling.formulas else written("local", edge.local)),
        "local_expression": formula,
        **written("contribution", edge.contribution),
    }
    return {
        "from": graph.name(edge.source),
        "to": graph.name(edge.target),
        "argument": edge.argument,
        **numbers,
        "active": edge.active,
    }
