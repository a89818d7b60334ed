"""What people see, as files: ten formulas by every command, in terminals of several widths, in a pipe, in ASCII.

`tests/regenerate.py` writes the files, `test_golden.py` compares them.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from unittest import mock

from gradcli.cli import run

FOLDER = Path(__file__).parent / "golden"

FORMULAS = {
    "two_paths": ("(x+y)*y", "--x", "2", "--y", "3"),
    "neuron": ("(sigmoid(w*x+b)-t)**2", "--at", "w=0.5,x=2,b=0.1,t=1"),
    "constant": ("(w*x+b-t)^2", "--at", "x=2,w=3,b=1", "--const", "t=5"),
    "program": ("t1 = w x; t2 = t1 + b; y = t2²", "--at", "x=2,w=3,b=1"),
    "branches": ("x**2 + x**3 - 1/x", "--x", "3"),
    "tiny": ("exp(-x)/(1e-9 + y)", "--x", "20", "--y", "1e-7"),
    "corner": ("relu(x) + max(x, y)", "--x", "0", "--y", "0"),
    "closed": ("log(x) if x > 0 else x**2", "--x", "-1.5"),
    "domain": ("sqrt(x)*log(y)", "--x", "-1", "--y", "0"),
    "long": ("+".join(f"a{i}*sin(a{i})" for i in range(1, 13)), *(f"--a{i}={i / 7}" for i in range(1, 13))),
}
COMMANDS = ("forward", "backward", "check")
NEURON = ("(sigmoid(w*x+b)-t)**2", "--const", "t=1", "--at", "w=0.5,x=2,b=0.1")
NUMBERS = {
    "symbolic": ("backward", "(x+y)*y"),
    "symbolic_neuron": ("backward", NEURON[0]),
    "symbolic_long": ("backward", "; ".join(["a = x", *["a = a*a + a"] * 6])),
    "exact": ("backward", "(x+y)/3*sqrt(y)", "--x", "0.1", "--y", "2", "--exact"),
    "exact_long": ("backward", "x**40*sigmoid(y)", "--x", "12345", "--y", "1.1", "--exact"),
    "precision": ("backward", "exp(x)*y", "--x", "0.1", "--y", "3", "--precision", "30"),
    "round": ("backward", *NEURON, "--round", "2"),
    "round_forward": ("forward", *NEURON, "--round-all", "1"),
    "pin": ("backward", *NEURON, "--pin", "v3=0.75"),
}
EXPLAINED = {
    "explain_two_paths": ("explain", *FORMULAS["two_paths"], "--expand"),
    "explain_neuron": ("explain", *NEURON),
    "explain_round": ("explain", *NEURON, "--round", "2"),
    "explain_open": ("explain", "a = x²; a/(x + a)"),
    "explain_corner": ("explain", *FORMULAS["corner"]),
    "explain_closed": ("explain", *FORMULAS["closed"]),
    "explain_brief": ("explain", *FORMULAS["branches"], "--brief", "--expand"),
    "explain_from": ("explain", "a = x*y; b = a*a + x; b*b", "--x", "2", "--y", "3", "--from", "a"),
    "explain_upstream": ("explain", "x*y - x", "--x", "2", "--y", "1e-5", "--upstream", "-3"),
}
RULES = {"ops": ("ops",), "ops_max": ("ops", "max"), "ops_sigmoid": ("ops", "sigmoid")}
EXPORTS = {
    "export_unicode": ("export", "x**2 + x**3 - 1/x", "--to", "unicode", "--gradient"),
    "export_latex": ("export", "(x + y)/y if x > 0 else relu(w_in)", "--to", "latex"),
    "export_mathml": ("export", "x1/2", "--to", "mathml"),
    "export_typst": ("export", "a = x + y; f = a*exp(a)", "--to", "typst"),
    "export_python": ("export", "x/y", "--to", "python", "--gradient"),
    "explain_latex": ("explain", *NEURON, "--format", "latex"),
    "explain_markdown": ("explain", *FORMULAS["two_paths"], "--format", "markdown", "--expand"),
    "explain_html": ("explain", *FORMULAS["two_paths"], "--format", "html"),
    "export_sympy": ("export", "sigmoid(x)/3 + 1/3", "--to", "sympy", "--gradient"),
}
CHECKS = {
    "same": ("check", "(x+y)**2", "--same-as", "x² + 2x y + y²", "--at", "x=2,y=3", "--random", "5"),
    "same_not": ("check", "(x+y)*y", "--same-as", "x*y + y", "--random", "5"),
    "random": ("check", "log(x)/y", "--random", "5"),
    "hessian": ("check", "relu(x)*exp(y)", "--at", "x=0,y=1", "--order-of-derivative", "2"),
}
PATHS = {
    "paths_two_paths": ("paths", *FORMULAS["two_paths"]),
    "paths_neuron": ("paths", *NEURON, "--round", "2"),
    "paths_symbolic": ("paths", "x**2*y + sin(x*y)"),
    "paths_exact": ("paths", "(x+y)/3*sqrt(y)", "--x", "0.1", "--y", "2", "--exact", "--upstream", "-3"),
    "paths_closed": ("paths", *FORMULAS["closed"]),
    "paths_corner": ("paths", *FORMULAS["corner"]),
    "paths_domain": ("paths", *FORMULAS["domain"], "--sort", "size"),
    "paths_many": ("paths", "; ".join(["a = sin(x)*x", *["a = a*a - a"] * 60]), "--x", "2", "--limit", "3"),
    "paths_largest": ("paths", "(x*y + 3*x)*(x*y + y)*(x + 1/y)", "--x", "2", "--y", "5", "--sort", "size"),
}
PLACES = {"60 columns": 60, "80 columns": 80, "140 columns": 140, "pipe": None, "pipe, ASCII": None}


class Terminal(io.TextIOWrapper):
    """A stream that says whether it is a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")
        self.terminal = terminal

    def isatty(self) -> bool:
        """Whether this is a terminal."""
        return self.terminal

    def text(self) -> str:
        """What was written."""
        self.flush()
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def seen(args: tuple[str, ...], columns: int | None, *, ascii: bool) -> str:
    """What a command prints on a terminal of so many columns, or into a pipe."""
    stream, errors = Terminal(terminal=columns is not None), io.StringIO()
    environment = {**os.environ, "COLUMNS": str(columns or 80), "NO_COLOR": "1", "TERM": "xterm"}
    with (
        mock.patch.dict(os.environ, environment),
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(errors),
    ):
        status = run([*args, *(["--ascii"] if ascii else [])])
    return f"{stream.text()}{errors.getvalue()}exit status {status}\n"


def questions() -> dict[str, tuple[str, ...]]:
    """Every command line, by the name of its file."""
    asked = {f"{command}_{name}": (command, *arguments) for name, arguments in FORMULAS.items() for command in COMMANDS}
    numbers = {f"numbers_{name}": arguments for name, arguments in NUMBERS.items()}
    checks = {f"check_{name}": arguments for name, arguments in CHECKS.items()}
    return {**asked, **numbers, **EXPLAINED, **PATHS, **RULES, **EXPORTS, **checks}


def page(args: tuple[str, ...]) -> str:
    """The file of one command line: every place it is seen in."""
    sections = [f"=== {place} ===\n{seen(args, columns, ascii='ASCII' in place)}" for place, columns in PLACES.items()]
    return "\n".join(sections)
