"""How a formula is given in LaTeX."""

from __future__ import annotations

from gradcli.language import parse
from gradcli.printers import ascii
from gradcli.printers.expression import program
from gradcli.topics import columns
from gradcli.topics.notation import advice

GUIDE = "latex.md"

EXAMPLES = (
    r"\frac{x}{y} + \sqrt[3]{x}",
    r"\left(x + y\right)^{2} \cdot e^{-x}",
    r"\sigma(\theta_1 x)",
    r"\operatorname{relu}(x) + \max(x, y)",
    r"\sin^2 x + \log_2(x)",
    r"\mathrm{loss} + \hat{y}",
    r"$f(x, y) = x y + y^2$",
    r"\begin{aligned} a &= 2x \\ f &= a^2 \end{aligned}",
    r"\begin{cases} x & x>0 \\ 0 & \text{else} \end{cases}",
)
"""Formulas as they stand in LaTeX sources and on web pages; what they are read as is computed."""

REFUSED = (r"x^10 \cdot y", r"x_ij \cdot y", r"\sin^{-1} x", r"2\frac{1}{2}", r"\frac{dL}{dw}", r"\sum_i x_i")
"""LaTeX that is refused; what to write instead is computed."""


def text() -> str:
    """Examples and what they are read as, LaTeX that is refused, what else is to be known."""
    read = [(typed, program(parse(typed), ascii.DIALECT)) for typed in EXAMPLES]
    lines = ["A formula with a command of LaTeX, a $ or a ^{ is read as LaTeX. Quotes: '…', in cmd.exe \"…\".", ""]
    lines += columns([("typed", "read as"), *read])
    lines += ["", "What has two readings, or is no formula, is an error at its place:", ""]
    lines += columns([("typed", "what gradcli says"), *((typed, advice(typed)) for typed in REFUSED)])
    lines += [
        "",
        "Values: --theta 0.5 or --θ 0.5 for \\theta; --x_1 2 or --x1 2 for x_1; --y_hat 1 for \\hat{y}",
        "Letters side by side are a product where they are known; \\mathrm{loss} is one name.",
        "Words in \\text{…} at the end of a line, and what follows %, are comments.",
        "No command of TeX is run; a command that is not known is an error.",
    ]
    return "\n".join(lines) + "\n"
