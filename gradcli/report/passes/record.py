"""The JSON record of a pass, schema 1."""

from __future__ import annotations

from typing import Any

from gradcli import ops
from gradcli.passes import Edge
from gradcli.printers import ascii
from gradcli.printers.expression import one_level
from gradcli.report.passes.trace import Trace


def facts(trace: Trace) -> dict[str, Any]:
    """What the record says of a pass."""
    graph, back, run = trace.graph, trace.back, trace.run

    written = trace.spelling.record

    def value_of(index: int) -> dict[str, Any]:
        found = written("value", run.values[index], tidy=True)
        true = trace.true_value(index)
        return found if true is None else {**found, "value_true": true}

    def gradient_of(index: int) -> dict[str, Any]:
        if back is None:
            return {}
        found = written("gradient", trace.gradients[index], tidy=True)
        true = trace.true_gradient(index)
        return found if true is None else {**found, "gradient_true": true}

    result: dict[str, Any] = {
        "number_system": trace.system.name,
        "output": {"node": graph.name(graph.output), **value_of(graph.output)},
        "inputs": {name: value_of(index) | gradient_of(index) for name, index in graph.inputs.items()},
        "nodes": [node_record(trace, index, value_of(index), gradient_of(index)) for index in trace.nodes],
    }
    if back:
        result["edges"] = [edge_record(trace, edge) for edge in trace.edges]
    return result


def node_record(trace: Trace, index: int, value: dict[str, Any], gradient: dict[str, Any]) -> dict[str, Any]:
    """One node as JSON."""
    graph = trace.graph
    names, operation = graph.names(), graph.operations[index]
    result: dict[str, Any] = {
        "node": names[index],
        "operation": operation,
        "arguments": [names[a] for a in graph.arguments[index]],
        "parameters": dict(graph.call(index).parameters),
        "expression": one_level(graph, index, ascii.DIALECT),
        "span": list(graph.span(index)),
        "pattern": ops.OPERATIONS[operation].pattern,
    }
    if index in trace.run.pins:
        result["pinned"] = True
    result |= value
    if trace.back:
        result |= trace.spelling.records("locals", trace.back.locals(index))
    result |= gradient
    return result


def edge_record(trace: Trace, edge: Edge) -> dict[str, Any]:
    """One edge as JSON."""
    graph = trace.graph
    formula = trace.write.local_text(edge.target, edge.argument)
    written = trace.spelling.record
    local = {"local": None} if trace.spelling.formulas else written("local", edge.local)
    return {
        "from": graph.name(edge.source),
        "to": graph.name(edge.target),
        "argument": edge.argument,
        **written("upstream", edge.upstream),
        **local,
        "local_expression": formula,
        **written("contribution", edge.contribution),
        "active": edge.active,
    }
