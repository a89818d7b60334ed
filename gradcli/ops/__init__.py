"""The rule table: one entry an operation, a file a subject. Nothing about an operation stands anywhere else.

`OPERATIONS` is the table by name, `find` looks a typed name up (aliases included), `register` adds an entry.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from gradcli.ops import (
    activation,
    arithmetic,
    comparison,
    exponential,
    hyperbolic,
    library,
    rounding,
    selection,
    special,
    trigonometric,
)
from gradcli.ops.operation import NATIVE, PRIMITIVES, Operation, op
from gradcli.ops.unspecified import is_unspecified, unspecified

SUBJECTS = (
    arithmetic,
    exponential,
    trigonometric,
    hyperbolic,
    activation,
    selection,
    comparison,
    rounding,
    special,
    library,
)


class _Table(dict[str, Operation]):
    """The entries by name; functions that are not specified have theirs made on demand."""

    def __missing__(self, name: str) -> Operation:
        if is_unspecified(name):
            return unspecified(name)
        raise KeyError(name)


_operations = _Table()
_names: dict[str, Operation] = {}
_symbols: dict[tuple[str, int], Operation] = {}
_overloads: dict[tuple[str, int], Operation] = {}
_groups: dict[str, str] = {}

OPERATIONS = MappingProxyType(_operations)


def register(operation: Operation) -> None:
    """Add an entry; parser, passes, printers, help and `gradcli ops` know it from then on.

    Raises ValueError when one of its names, its symbol or its place among the calls of another entry is taken.
    """
    spelled = (operation.name, *operation.aliases)
    symbol = (operation.symbol or "", operation.arity)
    call = (operation.called or "", operation.arity)
    for name in spelled:
        if name in _names:
            raise ValueError(f"{name} is already an operation: {_names[name].doc}")
    for key, table in ((symbol, _symbols), (call, _overloads)):
        if key in table:
            raise ValueError(f"{key[0]} is already an operation: {table[key].doc}")
    _operations[operation.name] = operation
    _names.update(dict.fromkeys(spelled, operation))
    if operation.symbol:
        _symbols[symbol] = operation
    if operation.called:
        _overloads[call] = operation


def unregister(name: str) -> None:
    """Take an entry out again (for tests of the table itself)."""
    operation = _operations.pop(name)
    tables: tuple[dict[Any, Operation], ...] = (_names, _symbols, _overloads)
    for table in tables:
        for key in [key for key, value in table.items() if value is operation]:
            del table[key]


def find(name: str) -> Operation | None:
    """The operation called `name`, by its own name or an alias; None when there is none."""
    return _names.get(name)


def with_arguments(operation: Operation, count: int) -> Operation:
    """What a call of `operation` with `count` arguments means: log(x, 2) is another entry than log(x)."""
    return _overloads.get((operation.name, count), operation)


def is_condition(name: str) -> bool:
    """Whether the operation called `name` (or the kind of leaf) yields a condition, so that & and | may join it."""
    operation = _operations.get(name)
    return operation is not None and operation.gives == "condition"


def names() -> tuple[str, ...]:
    """Every name an operation can be called by."""
    return tuple(_names)


def with_symbol(symbol: str, arity: int) -> Operation:
    """The operation typed with `symbol` between two arguments (arity 2) or before one (arity 1)."""
    return _symbols[symbol, arity]


def group(operation: Operation) -> str:
    """The subject of an entry: the first line of the file it stands in, without its full stop."""
    return _groups.get(operation.name, "Others")


for _subject in SUBJECTS:
    for _operation in _subject.TABLE:
        register(_operation)
        _groups[_operation.name] = (_subject.__doc__ or "").partition("\n")[0].rstrip(".")

__all__ = [
    "NATIVE",
    "OPERATIONS",
    "PRIMITIVES",
    "SUBJECTS",
    "Operation",
    "find",
    "group",
    "is_condition",
    "names",
    "op",
    "register",
    "unregister",
    "with_arguments",
    "with_symbol",
]
