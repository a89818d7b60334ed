"""The JSON record of a pass, schema 1 (DESIGN §7)."""

from __future__ import annotations

from typing import Any

from gradcli import ops
from gradcli.passes import Edge
from gradcli.printers import ascii
from gradcli.printers.expression import one_level
from gradcli.report.trace import Trace


def number_record(trace: Trace, value: Any, key: str) -> dict[str, Any]:
    """`{"value": 8.0}`, or null and the formula when symbolic."""
    if value is None:
        return {key: None}
    if trace.symbolic:
        return {key: None, f"{key}_expression": trace.written(value, machine=True)}
    return {key: trace.system.to_float(value)}


def record(trace: Trace) -> dict[str, Any]:
    """The answer as JSON, schema 1 (DESIGN §7)."""
    graph, back, run = trace.graph, trace.back, trace.run

    def both(index: int) -> dict[str, Any]:
        result = number_record(trace, run.values[index], "value")
        return {**result, **number_record(trace, trace.gradients[index], "gradient")} if back else result

    result: dict[str, Any] = {
        "schema": 1,
        "command": trace.command,
        "formula": graph.source,
        "number_system": trace.system.name,
        "output": {"node": graph.name(graph.output), **number_record(trace, run.value, "value")},
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
    if trace.back and not trace.symbolic:
        result["locals"] = [
            None if local is None else trace.system.to_float(local) for local in trace.back.locals(index)
        ]
    elif trace.back:
        result["locals"] = [None] * len(node.arguments)
    value = {key: numbers[key] for key in numbers if key.startswith("value")}
    gradient = {key: numbers[key] for key in numbers if key.startswith("gradient")}
    locals_ = {"locals": result.pop("locals")} if "locals" in result else {}
    return {**result, **value, **locals_, **gradient}


def edge_record(trace: Trace, edge: Edge) -> dict[str, Any]:
    """One edge as JSON."""
    graph = trace.graph
    numbers: dict[str, Any] = {
        "upstream": None, "local": None, "local_expression": trace.local_text(edge.target, edge.argument),
        "contribution": None,
    }  # fmt: skip
    if trace.symbolic:
        numbers["upstream_expression"] = trace.written(edge.upstream, machine=True)
        numbers["contribution_expression"] = trace.written(edge.contribution, machine=True)
    else:
        for key in ("upstream", "local", "contribution"):
            numbers[key] = trace.system.to_float(getattr(edge, key))
    return {
        "from": graph.name(edge.source),
        "to": graph.name(edge.target),
        "argument": edge.argument,
        **numbers,
        "active": edge.active,
    }
