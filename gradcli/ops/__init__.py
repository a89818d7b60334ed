"""The rule table: one entry an operation, a file a subject. Nothing about an operation stands anywhere else.

`OPERATIONS` is the table by name, `find` looks a typed name up (aliases included), `register` adds an entry.
"""

from __future__ import annotations

from types import MappingProxyType

from gradcli.ops import activation, arithmetic, exponential, library, selection, trigonometric
from gradcli.ops.operation import PRIMITIVES, Operation, op
from gradcli.ops.unspecified import is_unspecified, unspecified

SUBJECTS = (arithmetic, exponential, trigonometric, activation, selection, library)


class _Table(dict[str, Operation]):
    """The entries by name; functions that are not specified have theirs made on demand."""

    def __missing__(self, name: str) -> Operation:
        if is_unspecified(name):
            return unspecified(name)
        raise KeyError(name)


_operations = _Table()
_names: dict[str, Operation] = {}
_symbols: dict[tuple[str, int], Operation] = {}

OPERATIONS = MappingProxyType(_operations)


def register(operation: Operation) -> None:
    """Add an entry; parser, passes, printers, help and `gradcli ops` know it from then on.

    Raises ValueError when one of its names is taken.
    """
    for name in (operation.name, *operation.aliases):
        if name in _names:
            raise ValueError(f"{name} is already an operation: {_names[name].doc}")
    _operations[operation.name] = operation
    for name in (operation.name, *operation.aliases):
        _names[name] = operation
    if operation.symbol:
        _symbols[operation.symbol, operation.arity] = operation


def unregister(name: str) -> None:
    """Take an entry out again (for tests of the table itself)."""
    operation = _operations.pop(name)
    for key in [key for key, value in _names.items() if value is operation]:
        del _names[key]
    for sign in [sign for sign, value in _symbols.items() if value is operation]:
        del _symbols[sign]


def find(name: str) -> Operation | None:
    """The operation called `name`, by its own name or an alias; None when there is none."""
    return _names.get(name)


def names() -> tuple[str, ...]:
    """Every name an operation can be called by."""
    return tuple(_names)


def with_symbol(symbol: str, arity: int) -> Operation:
    """The operation typed with `symbol` between two arguments (arity 2) or before one (arity 1)."""
    return _symbols[symbol, arity]


for _subject in SUBJECTS:
    for _operation in _subject.TABLE:
        register(_operation)

__all__ = [
    "OPERATIONS",
    "PRIMITIVES",
    "SUBJECTS",
    "Operation",
    "find",
    "names",
    "op",
    "register",
    "unregister",
    "with_symbol",
]
