"""How a formula is typed."""

from __future__ import annotations

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.language import parse
from gradcli.printers import ascii
from gradcli.printers.expression import program
from gradcli.topics import columns

EXAMPLES = (
    ("a product needs no sign", "2x y + 3(x + 1)"),
    ("powers", "x^2 + x**3 + x⁻¹"),
    ("roots, bars", "√x + |x - 1|"),
    ("functions as in print", "2 sin x cos x + sin² x"),
    ("e and π", "e^x + 2πr"),
    ("conditions", "x if x > 0 else 0.01 x"),
    ("SymPy's conditions", "Piecewise((x, x > 0), (0, True))"),
    ("Greek and subscripts", "σ(θ₁ x)"),
    ("Python, PyTorch", "torch.sigmoid(w*x) + math.pi"),
    ("several statements", "a = x + y; f = a*y"),
    ("inputs with a value", "t = 5; (x - t)²"),
    ("functions of your own", "g(u) = u²; f = sin(g(x))"),
    ("parameters", "f(x, y) = xy + y²"),
)
"""What it is, and a formula; what it is read as is computed."""

LATEX = (
    r"\frac{x}{y} + \sqrt[3]{x}",
    r"\left(x + y\right)^{2} \cdot e^{-x}",
    r"\sigma(\theta_1 x)",
    r"\mathrm{loss} + \hat{y}",
    r"\begin{aligned} a &= 2x \\ f &= a^2 \end{aligned}",
    r"\begin{cases} x & x>0 \\ 0 & \text{else} \end{cases}",
)
"""Formulas as they stand in LaTeX sources and on web pages."""

LATEX_REFUSED = (r"x^10 \cdot y", r"x_ij \cdot y", r"\sin^{-1} x", r"2\frac{1}{2}")
"""LaTeX with two readings."""

REFUSED = ("1/2x", "sin x y", "wx + b", "e^2x")
"""Formulas with two readings; what to write instead is computed."""


def text() -> str:
    """Examples and what they are read as, formulas that are refused, the functions."""
    read = [(what, typed, program(parse(typed), ascii.DIALECT)) for what, typed in EXAMPLES]
    lines = ["A formula is read as people write it; what it was read as is in the first line of the answer.", ""]
    lines += columns([("", "typed", "read as"), *read])
    lines += ["", "Two readings are an error that shows both:", ""]
    lines += columns([("typed", "what gradcli says"), *((typed, advice(typed)) for typed in REFUSED)])
    latex = [(typed, program(parse(typed), ascii.DIALECT)) for typed in LATEX]
    lines += ["", "LaTeX is known by its commands, $ or ^{; nothing in it is run:", ""]
    lines += columns([("typed", "read as"), *latex])
    lines += ["", *columns([("typed", "what gradcli says"), *((typed, advice(typed)) for typed in LATEX_REFUSED)])]
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
