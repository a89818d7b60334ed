"""How a formula is typed."""

from __future__ import annotations

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.language import parse
from gradcli.printers import ascii
from gradcli.printers.expression import program
from gradcli.topics import columns

GUIDE = "notation.md"

EXAMPLES = (
    ("a product needs no sign", "2x y + 3(x + 1)"),
    ("powers", "x^2 + x**3 + x⁻¹"),
    ("roots, bars", "√x + |x - 1|"),
    ("functions as in print", "2 sin x cos x + sin² x"),
    ("e and π", "e^x + 2πr"),
    ("conditions", "x if x > 0 else 0.01 x"),
    ("LaTeX: gradcli help latex", r"\frac{x}{2} + \sqrt{x}"),
    ("SymPy's conditions", "Piecewise((x, x > 0), (0, True))"),
    ("Greek and subscripts", "σ(θ₁ x)"),
    ("Python, PyTorch", "torch.sigmoid(w*x) + math.pi"),
    ("several statements", "a = x + y; f = a*y"),
    ("inputs with a value", "t = 5; (x - t)²"),
    ("functions of your own", "g(u) = u²; f = sin(g(x))"),
    ("parameters", "f(x, y) = xy + y²"),
    ("chains, and claims to compare", "q = x·y = 1·2 = 2"),
    ("values, in any order", "f = x*y, x = 2, y = 3t"),
    ("a coefficient before a blank", "1/2 (y - t)²"),
    ("as C and objects write it", "x > 0 ? x.exp() : 0"),
)
"""What it is, and a formula; what it is read as is computed."""

REFUSED = ("1/2x", "sin x y", "wx + b", "e^2x")
"""Formulas with two readings; what to write instead is computed."""


def text() -> str:
    """Examples and what they are read as, formulas that are refused, the functions."""
    read = [(what, typed, program(parse(typed), ascii.DIALECT)) for what, typed in EXAMPLES]
    lines = ["A formula is read as people write it; what it was read as is in the first line of the answer.", ""]
    lines += columns([("", "typed", "read as"), *read])
    lines += ["", "A choice made in reading is a note; --strict makes it an error."]
    lines += ["Two readings are an error that shows both:", ""]
    lines += columns([("typed", "what gradcli says"), *((typed, advice(typed)) for typed in REFUSED)])
    names = [entry.name for entry in ops.OPERATIONS.values() if entry.symbol is None and entry.name != "square"]
    lines += ["", "Functions: gradcli ops lists them with their rules", *wrapped(names)]
    return "\n".join(lines) + "\n"


def advice(typed: str) -> str:
    """The hint of the error that `typed` brings."""
    try:
        parse(typed)
    except ParseError as error:
        return error.hint or error.message
    return ""


def wrapped(names: list[str], width: int = 76) -> list[str]:
    """Names in lines of at most `width` characters."""
    lines = [" "]
    for name in names:
        if len(lines[-1]) + len(name) + 1 > width:
            lines.append(" ")
        lines[-1] += f" {name}"
    return lines
