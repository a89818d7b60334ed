"""Formulas that floats lose, and the operation that keeps their digits. They are suggested; nothing is rewritten."""

from __future__ import annotations

from functools import cache

from gradcli.graph import INPUT, LEAVES, Graph
from gradcli.language.parser import parse
from gradcli.printers import unicode
from gradcli.printers.expression import in_full

FORMS = {
    "1/(1+exp(-a))": "sigmoid(a)",
    "exp(a)/(1+exp(a))": "sigmoid(a)",
    "log(1/(1+exp(-a)))": "logsigmoid(a)",
    "log(sigmoid(a))": "logsigmoid(a)",
    "log(1+exp(a))": "softplus(a)",
    "log(exp(a)+1)": "softplus(a)",
    "log(exp(a)+exp(b))": "logaddexp(a, b)",
    "exp(a)/exp(b)": "exp(a - b)",
    "exp(a)/(exp(a)+exp(b))": "sigmoid(a - b)",
    "exp(a)/(exp(a)+exp(b)+exp(c))": "exp(a - logsumexp(a, b, c))",
    "log(exp(a)+exp(b)+exp(c))": "logsumexp(a, b, c)",
    "(exp(a)-exp(-a))/(exp(a)+exp(-a))": "tanh(a)",
    "sqrt(a**2+b**2)": "hypot(a, b)",
    "sqrt(a*a+b*b)": "hypot(a, b)",
    "log(1+a)": "log1p(a)",
    "log(a+1)": "log1p(a)",
    "exp(a)-1": "expm1(a)",
    "sin(a)/a": "sinc(a)",
    "1-cos(a)": "2*sin(a/2)**2",
    "sqrt(a+1)-sqrt(a)": "1/(sqrt(a + 1) + sqrt(a))",
    "sqrt(a)-sqrt(b)": "(a - b)/(sqrt(a) + sqrt(b))",
    "cosh(a)-sinh(a)": "exp(-a)",
    "(a+b)**2-a**2": "b*(2*a + b)",
    "a**2-b**2": "(a - b)*(a + b)",
    "a**2/a": "a",
}
"""What was typed, over any parts a, b, c: what computes the same without the loss (reference numerics §6.3)."""


@cache
def _templates() -> tuple[tuple[Graph, Graph], ...]:
    return tuple((parse(typed), parse(better)) for typed, better in FORMS.items())


def suggestion(graph: Graph, near: int | None = None) -> str:
    """`logsigmoid(x) for log(1/(1 + exp(-x)))`: the largest known form in the graph; empty when there is none.

    With `near`, only a form that contains that node.
    """
    best: tuple[int, str] = (0, "")
    for typed, better in _templates():
        for index in range(len(graph)):
            found = _match(typed, typed.output, graph, index, {}) if graph.arguments[index] else None
            if found is None or (near is not None and near not in graph.behind([index])) or len(typed) <= best[0]:
                continue
            text = in_full(graph, index, unicode.DIALECT)
            parts = {name: in_full(graph, found[name], unicode.DIALECT) for name in better.inputs}
            if text and all(parts.values()):
                best = len(typed), f"{_filled(better, parts)} for {text}"
    return best[1]


def _match(typed: Graph, at: int, graph: Graph, index: int, found: dict[str, int]) -> dict[str, int] | None:
    """The parts of `graph` that the letters of a form stand for, when node `index` has that form."""
    if typed.operations[at] == INPUT:
        letter = typed.texts[at]
        if letter not in found:
            return {**found, letter: index}
        return found if _same(graph, found[letter], index) else None
    if typed.call(at) != graph.call(index) or len(typed.arguments[at]) != len(graph.arguments[index]):
        return None
    if typed.operations[at] in LEAVES:
        return found if typed.texts[at] == graph.texts[index] else None
    result: dict[str, int] | None = found
    for left, right in zip(typed.arguments[at], graph.arguments[index], strict=True):
        if result is not None:
            result = _match(typed, left, graph, right, result)
    return result


def _same(graph: Graph, a: int, b: int) -> bool:
    """Whether two nodes are the same formula."""
    pairs = [(a, b)]
    while pairs:
        a, b = pairs.pop()
        if a == b:
            continue
        if graph.call(a) != graph.call(b) or graph.texts.get(a) != graph.texts.get(b):
            return False
        if len(graph.arguments[a]) != len(graph.arguments[b]):
            return False
        pairs += zip(graph.arguments[a], graph.arguments[b], strict=True)
        if len(pairs) > len(graph):
            return False
    return True


def _filled(form: Graph, parts: dict[str, str | None]) -> str:
    """A form with the parts in the place of its letters, in brackets where they need them."""
    from gradcli.printers.expression import apply, atom

    pieces = []
    for index, operation in enumerate(form.operations):
        if operation == INPUT:
            text = parts[form.texts[index]] or ""
            pieces.append(atom(text) if text.isalnum() else (text, 0))
        elif operation in LEAVES:
            pieces.append(atom(form.texts[index]))
        else:
            pieces.append(apply(form.call(index), [pieces[a] for a in form.arguments[index]], unicode.DIALECT))
    return pieces[form.output][0]
