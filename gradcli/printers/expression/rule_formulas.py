"""The rules of the table as formulas: what a value or a local derivative is, over names of your choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli import ops
from gradcli.graph import NO_PARAMETERS
from gradcli.printers.expression import Dialect, in_full
from gradcli.systems.symbols import Symbol, Symbols


def _written(symbols: Symbols, result: object, dialect: Dialect) -> str:
    if not isinstance(result, Symbol):
        return str(result)
    return in_full(symbols.builder.finish(result.index), result.index, dialect) or "…"


def value_formula(operation: ops.Operation, names: list[str], dialect: Dialect) -> str:
    """The textbook value over argument names: `1/(1 + exp(-a))`."""
    symbols = Symbols()
    return _written(symbols, operation.value(symbols, *map(symbols.variable, names)), dialect)


def local_formula(
    operation: ops.Operation,
    k: int,
    names: list[str],
    dialect: Dialect,
    output: str | None = None,
    parameters: Mapping[str, Any] = NO_PARAMETERS,
) -> str:
    """The textbook local derivative with respect to argument `k`.

    Over the arguments, or over the value as well when it has a name: `y*(1 - y)` with `output` "y". Numbers among
    `names` stand for themselves, so x**3 has the local derivative 3*x**2. "none" for an argument that must be constant.
    `parameters` are those of the node.
    """
    if k in operation.constant:
        return "none"
    rule = operation.local(k)
    if isinstance(rule, int):
        return str(rule)
    symbols = Symbols()
    arguments = [_argument(symbols, name) for name in names]
    y = symbols.variable(output) if output else symbols.node(operation.name, *arguments, **parameters)
    if operation.variadic:
        fixed = tuple(_is_number(name) for name in names)
        return _written(symbols, rule(symbols, y, k, fixed, *arguments, **parameters), dialect)
    return _written(symbols, rule(symbols, y, *arguments, **parameters), dialect)


def stable_formulas(operation: ops.Operation, names: list[str], dialect: Dialect) -> list[str | None]:
    """The value and the local derivatives that floats compute, where they are not the textbook's.

    None where they are; "a series" for one that no formula says.
    """
    if not operation.stable:
        return [None] * (1 + len(names))
    found: list[str | None] = []
    for k in range(1 + len(names)):
        rule = operation.stable[min(k, 1) if operation.variadic else k]
        symbols = Symbols()
        arguments = [_argument(symbols, name) for name in names]
        before: list[Any] = [symbols.node(operation.name, *arguments)] if k else []
        if k and operation.variadic:
            before += [k - 1, tuple(_is_number(name) for name in names)]
        try:
            found.append(rule and _written(symbols, rule(symbols, *before, *arguments), dialect))
        except NotImplementedError:
            found.append("a series")
    return found


def _is_number(name: str) -> bool:
    return name[0].isdigit() or name[0] in "-."


def _argument(symbols: Symbols, name: str) -> Symbol:
    return symbols.literal(name) if _is_number(name) else symbols.variable(name)
