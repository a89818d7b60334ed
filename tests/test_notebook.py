"""What a notebook shows of a run: a table in HTML, aligned equations in LaTeX, both safe whatever the formula."""

import shutil
import subprocess

import pytest
from pages import Page

import gradcli

POINT = {"w": 0.5, "x": 2, "b": 0.1, "t": 1}


def run(text="(sigmoid(w*x+b)-t)**2", point=POINT):
    """Both passes."""
    forward = gradcli.forward(gradcli.parse(text), point)
    return forward, gradcli.backward(forward)


def test_html_holds_the_table():
    """Values, gradients, headings; tags close; nothing is loaded or run."""
    page = Page()
    page.feed(run()[1]._repr_html_())
    text = "".join(page.text).replace("−", "-")
    assert page.open == []
    assert not page.seen & {"script", "style", "html", "body", "link", "img"}
    assert {"table", "caption", "th"} <= page.seen
    assert "-0.187175" in text
    assert "σ(w·x + b)" in text
    forward = run()[0]._repr_html_()
    assert "0.06237" in forward
    assert "∂f" not in forward


def test_html_is_escaped():
    """A comparison is no tag."""
    page = run("where(x < t, x, 1)", {"x": 0, "t": 1})[1]._repr_html_()
    assert "x &lt; t" in page
    assert "x < t" not in page


def test_latex_is_aligned():
    """Inputs, nodes with their values, gradients."""
    assert run("(x+y)*y", {"x": 2, "y": 3})[1]._repr_latex_() == (
        "$\\displaystyle \\begin{aligned}\n"
        "  x &= 2 \\\\\n"
        "  y &= 3 \\\\\n"
        "  v_{1} &= x + y = 5 \\\\\n"
        "  f &= v_{1} y = 15 \\\\\n"
        "  \\frac{\\partial f}{\\partial x} &= 3 \\\\\n"
        "  \\frac{\\partial f}{\\partial y} &= 8\n"
        "\\end{aligned}$"
    )


def test_symbolic_runs_are_shown_as_formulas():
    """Without values every value is a formula."""
    from gradcli.systems.symbols import Symbols

    symbols = Symbols()
    graph = gradcli.parse("x/y")
    forward = gradcli.forward(graph, {name: symbols.variable(name) for name in graph.inputs}, symbols)
    assert r"\frac{\partial f}{\partial x} &= \frac{1}{y}" in gradcli.backward(forward)._repr_latex_()


LARGE = "\n".join(["a = x*x", *["a = a + x"] * 300])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here: LaTeX is not compiled")
def test_what_is_shown_as_latex_compiles(tmp_path):
    """Corners, values that are not finite, a constant, a large graph."""
    runs = [*run(), *run("1/3"), *run("log(x) + relu(y)", {"x": 0, "y": 0}), *run(LARGE, {"x": 1e-9})]
    body = "\n\n".join(each._repr_latex_() for each in runs)
    head = "\\documentclass{article}\\usepackage{amsmath}\\usepackage[paperheight=500cm]{geometry}"
    (tmp_path / "a.tex").write_text(f"{head}\\begin{{document}}\n{body}\n\\end{{document}}\n", encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode("latin-1")[-1500:]


def test_a_large_graph_is_abbreviated():
    """With a line that says so."""
    latex, html = run(LARGE, {"x": 1})[1]._repr_latex_(), run(LARGE, {"x": 1})[1]._repr_html_()
    assert "241 more nodes are left out" in latex
    assert "more rows are left out" in html
    assert len(latex) < 20_000
