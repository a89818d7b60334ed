"""The passes as a notebook shows them: a run is drawn as the table of `gradcli backward`, or as LaTeX.

`gradcli.forward` and `gradcli.backward` are these. They give the records of `gradcli.passes`, which know how to draw
themselves here; formats are loaded when a notebook asks for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from gradcli import passes
from gradcli.graph import Graph
from gradcli.systems import FLOATS, System

if TYPE_CHECKING:
    from gradcli.report.passes.trace import Trace

ROWS = 60
"""The most rows of a table in a notebook."""


class Forward(passes.Forward):
    """A graph with the value of every node, in one number system; a notebook shows it as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """The table of the values."""
        return _html(self)

    def _repr_latex_(self) -> str:
        """Every node with its formula and its value."""
        return _latex(self)


class Backward(passes.Backward):
    """The gradient of every node; a notebook shows it as tables of values, gradients and contributions."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """The tables of the values and the gradients."""
        return _html(self)

    def _repr_latex_(self) -> str:
        """Every node with its formula and its value, and the gradients of the inputs."""
        return _latex(self)


def forward(
    graph: Graph, point: Mapping[str, Any], system: System = FLOATS, pins: Mapping[int, Any] = passes.NO_PINS
) -> Forward:
    """The value of every node at `point`, which holds a number of `system` (or a Python number) for every variable.

    `pins` sets the values of operations, by position. Raises UsageError when a variable has no value.
    """
    run = passes.forward(graph, point, system, pins)
    return Forward(*run)


def backward(run: passes.Forward, wrt: Iterable[str] | None = None, upstream: Any = 1) -> Backward:
    """The gradient of every node, from the output back to the variables in `wrt` (default: all).

    `upstream` is the gradient that arrives at the output. A node that only closed branches lead to has gradient 0 and
    nothing behind it is evaluated.
    """
    back = passes.backward(run, wrt, upstream)
    return Backward(*back)


def _trace(run: Forward | Backward) -> Trace:
    from gradcli.report.passes.trace import Trace

    if isinstance(run, Backward):
        return Trace(run.forward, run)
    return Trace(run)


def _html(run: Forward | Backward) -> str:
    from gradcli.formats import html
    from gradcli.report import title_text
    from gradcli.report.passes.report import report_of

    report = report_of("backward" if isinstance(run, Backward) else "forward", _trace(run))
    return f"<p><code>{escape(title_text(report.title()))}</code></p>\n{html.body(report, ROWS)}"


def _latex(run: Forward | Backward) -> str:
    from gradcli.printers import latex
    from gradcli.printers.expression import in_full, leaf, one_level, suited

    trace = _trace(run)
    graph = trace.graph
    dialect = suited(graph, latex.DIALECT)

    def number(value: Any) -> str:
        if trace.spelling.formulas:
            symbols = value.symbols.builder.finish(0)
            return in_full(symbols, value.index, dialect) or r"\ldots"
        return latex.number(trace.say(value))[0]

    lines = []
    for name, index in graph.inputs.items():
        lines.append((dialect.name(name), number(trace.run.values[index])))
    for index in trace.nodes[:ROWS]:
        value = number(trace.run.values[index])
        lines.append((dialect.name(graph.name(index)), f"{one_level(graph, index, dialect)} = {value}"))
    if graph.is_leaf(graph.output) and graph.is_constant(graph.output):
        lines.append(("", leaf(graph, graph.output, dialect)[0]))
    if len(trace.nodes) > ROWS:
        lines.append(("", rf"\text{{{len(trace.nodes) - ROWS:,} more nodes are left out}}"))
    if isinstance(run, Backward):
        output = dialect.name(graph.name(graph.output))
        for name, index in graph.inputs.items():
            gradient = trace.gradients[index]
            if gradient is not None:
                lines.append((dialect.derivative(output, dialect.name(name)), number(gradient)))
    return f"$\\displaystyle {latex.program(lines)}$"
