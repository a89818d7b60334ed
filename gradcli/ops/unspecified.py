"""Functions that are not specified: the f and g of `L = f(g(x))`, whose derivative is g′.

Such a function has no values, so only Symbols can read it. Its entry is made from its name when it is looked up: `f`
of one argument is the operation "f()", its derivative "f'()", the one after that "f''()". `f` of two is "f(,)", and
its derivative to the second one "∂1 f(,)".
"""

from __future__ import annotations

import re
from typing import Any

from gradcli.ops.operation import Operation, op

_FORM = re.compile(r"(.*?)\((,*)\)")
_PARTIAL = re.compile(r"∂([0-9]+) (.*)")


def operation(function: str, count: int) -> str:
    """The name of the operation that a function of `count` arguments is."""
    return f"{function}({',' * (count - 1)})"


def is_unspecified(name: str) -> bool:
    """Whether an operation's name stands for a function that is not specified."""
    return name.endswith(")")


def function_of(name: str) -> str:
    """The function that such an operation is: f of "f()" and of "f(,)"."""
    return name.partition("(")[0]


def partial(name: str) -> tuple[str, int] | None:
    """For the derivative of a function of several arguments, that function and the place of the argument."""
    found = _PARTIAL.fullmatch(name)
    return (function_of(found[2]), int(found[1])) if found else None


def unspecified(name: str) -> Operation:
    """The entry of such a function."""
    found = _FORM.fullmatch(name)
    function, commas = (found[1], found[2]) if found else (name, "")

    def value(m: Any, *arguments: Any) -> Any:
        return m.node(name, *arguments)

    def local(k: int) -> Any:
        derivative = f"∂{k} {name}" if commas else f"{function}'()"
        return lambda m, y, *arguments: m.node(derivative, *arguments)

    doc = f"{function}, a function that is not specified."
    return op(name, doc, value, *(local(k) for k in range(len(commas) + 1)), called=function if commas else None)
