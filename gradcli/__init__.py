"""gradcli: type a formula, read its computational graph, its gradients, and a check.

    >>> from gradcli import parse, forward, backward
    >>> run = backward(forward(parse("(x+y)*y"), {"x": 2, "y": 3}))
    >>> run.forward.value, run.gradient("x"), run.gradient("y")
    (15.0, 3.0, 8.0)

The names below are the whole public interface; each is loaded when it is first used, and none loads SymPy, NumPy,
mpmath, Typer or Rich before it needs them.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.analysis.checking.check import check
    from gradcli.errors import GradcliError
    from gradcli.graph import Graph
    from gradcli.language import parse
    from gradcli.language.sympy.from_sympy import from_sympy
    from gradcli.notebook import Backward, Forward, backward, forward
    from gradcli.passes.tangents import tangents

__version__ = "0.1.0"

_HOMES = {
    "Backward": "gradcli.notebook",
    "Forward": "gradcli.notebook",
    "GradcliError": "gradcli.errors",
    "Graph": "gradcli.graph",
    "backward": "gradcli.notebook",
    "check": "gradcli.analysis.checking.check",
    "forward": "gradcli.notebook",
    "from_sympy": "gradcli.language.sympy.from_sympy",
    "parse": "gradcli.language",
    "tangents": "gradcli.passes",
}

__all__ = [
    "Backward",
    "Forward",
    "GradcliError",
    "Graph",
    "backward",
    "check",
    "forward",
    "from_sympy",
    "parse",
    "tangents",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'gradcli' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
