"""Functions that are not specified: the f and g of `L = f(g(x))`, whose derivative is g′.

Such a function has no values, so only Symbols can read it. Its entry is made from its name when it is looked up:
`f` applied is the operation "f()", its derivative "f'()", the one after that "f''()".
"""

from __future__ import annotations

from typing import Any

from gradcli.ops.operation import Operation, op

ENDING = "()"


def is_unspecified(name: str) -> bool:
    """Whether an operation's name stands for a function that is not specified."""
    return name.endswith(ENDING)


def unspecified(name: str) -> Operation:
    """The entry of such a function."""
    derivative = name.removesuffix(ENDING) + "'" + ENDING

    def value(m: Any, a: Any) -> Any:
        return m.node(name, a)

    def local(m: Any, y: Any, a: Any) -> Any:
        return m.node(derivative, a)

    return op(name, f"{name.removesuffix(ENDING)}, a function that is not specified.", value, local)
