"""The rules in words, made from the rule table: "Multiply swaps: …"; and what a function is."""

from __future__ import annotations

from gradcli.graph import Call
from gradcli.ops import OPERATIONS, Operation
from gradcli.printers import unicode
from gradcli.report.formulas import Part, formula
from gradcli.report.formulas import name as name_of
from gradcli.report.passes.writers import Notation
from gradcli.systems.symbols import Symbol, Symbols

VERBS = {
    "distribute": "distributes",
    "swap": "swaps",
    "route": "routes",
    "gate": "gates",
    "scale": "scales",
}


def rule(operation: Operation, *, brief: bool = False) -> str:
    """`Multiply swaps: each factor receives the upstream gradient times the other factor.`"""
    name = operation.typed.removesuffix("()").replace("_", " ").capitalize()
    head = f"{name} {VERBS[operation.pattern]}"
    if operation.pattern == "scale":
        return f"{head} the upstream gradient by its local derivative."
    return f"{head}." if brief else f"{head}: {_meaning(operation)}."


def _meaning(operation: Operation) -> str:
    if operation.pattern == "distribute":
        if operation.locals and all(local == 1 for local in operation.locals):
            return "each term receives the upstream gradient as it is"
        return "the first term receives the upstream gradient as it is, the second one with the other sign"
    if operation.pattern == "swap":
        return "each factor receives the upstream gradient times the other factor"
    if operation.pattern == "gate":
        return "an open gate passes the upstream gradient, a closed one stops it"
    if operation.branches:
        return "the whole upstream gradient goes to the branch that was taken, nothing to the other one"
    return "the upstream gradient goes to the argument that was chosen, nothing to the others"


def definition(called: Call, write: Notation) -> list[Part]:
    """What a function is: `σ(a) = 1/(1 + exp(-a)) is the sigmoid function.`; nothing for signs and well-known ones."""
    operation, parameters = OPERATIONS[called.operation], called.parameters
    if operation.symbol or operation.branches or operation.name == "square":
        return []
    name = operation.typed.replace("_", " ")
    if operation.variadic:
        return [f"{name}: {_lower(operation.doc)}"]
    symbols = Symbols()
    letters = _letters(operation.arity, set(write.graph.names()))
    arguments = [symbols.variable(each) for each in letters]
    value = operation.value(symbols, *arguments, **parameters)
    call = write.applied(called, [name_of(each) for each in letters])
    if not isinstance(value, Symbol):
        return []
    graph = symbols.builder.finish(value.index)
    written = write.in_full(graph, value.index)
    if graph.operations[value.index] == operation.name:
        return []
    shown = formula(call, written)
    if call(unicode.DIALECT) == written(unicode.DIALECT) or len(shown.line(unicode.DIALECT)) > 60:
        return []
    return [shown, f" is the {name} function."]


def _letters(count: int, taken: set[str]) -> list[str]:
    """Letters for arguments that no node has as its name."""
    free = [each for each in "abcdpqrsuvxyz" if each not in taken]
    return (free or [f"a{i}_" for i in range(count)])[:count]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
