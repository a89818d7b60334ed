"""What each command of LaTeX stands for in the plain language, and what to do about those that are refused."""

from __future__ import annotations

SIGNS = {
    "cdot": "*", "times": "*", "ast": "*", "odot": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=", "lt": "<", "gt": ">", "land": "and",
    "wedge": "and", "lor": "or", "vee": "or", "neg": "not", "lnot": "not", "coloneqq": "=", "vert": "|",
    "coloneq": "=", "triangleq": "=", "gets": "=", "leftarrow": "=", "longleftarrow": "=", "colon": ":",
    "mapsto": "->", "longmapsto": "->", "approx": "≈", "simeq": "≈", "cong": "≈", "doteq": "≈",
}  # fmt: skip
"""Commands that are signs."""

VARIANTS = {f"var{name}": name for name in ("epsilon", "theta", "kappa", "rho", "sigma", "phi")}
_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi omega"
)
_CAPITALS = "Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega"
LETTERS = {
    **{name: name for name in (*_SMALL.split(), *_CAPITALS.split(), "pi", "ell")},
    **VARIANTS,
    "Pi": "Π",
}
"""Commands that are letters; Pi is no π, which the plain language would take it for."""

SPELLED = dict(zip(f"{_SMALL} {_CAPITALS}".split(), "αβγδεζηθικλμνξρστυφχψωΓΔΘΛΞΣΥΦΨΩ", strict=True))
"""Greek letters by name: a value may be given for θ as well as for theta."""

CALLED = {"sigma": "σ", "Gamma": "gamma"}
"""Letters that are functions before a bracket."""

_FUNCTIONS = """
    sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan arcsinh arccosh arctanh arsinh arcosh
    artanh exp ln log lg max min sgn sign erf erfc relu ReLU sigmoid softplus
    """
FUNCTIONS = frozenset(_FUNCTIONS.split())
"""Functions with a command of their own, in LaTeX or as a common macro."""

FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})

UPRIGHT = frozenset(
    {
        "mathrm",
        "text",
        "textrm",
        "textnormal",
        "mathit",
        "textit",
        "mathsf",
        "mathtt",
        "mbox",
        "hbox",
        "texttt",
        "operatorname",
    }
)
"""The argument is one name, or words."""

STYLES = frozenset({"mathbf", "textbf", "boldsymbol", "bm", "vec", "mathcal", "mathscr", "mathbb", "mathfrak"})
"""Type that sets a letter apart from the plain one."""

ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
}  # fmt: skip
"""Marks on a letter, which become the end of its name."""

_SIZES_OF_TYPE = """
    tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge
"""
GAPS = frozenset({"quad", "qquad", "hfill"})
"""Wide gaps: words behind one, at the end of a line, are a comment."""

_SPACES = """
    , ; : ! > / enspace thinspace medspace thickspace negthinspace displaystyle textstyle scriptstyle limits nolimits
    nonumber notag strut mathstrut allowbreak nobreak
    """
SPACES = GAPS | frozenset(_SPACES.split()) | frozenset(_SIZES_OF_TYPE.split())
"""Commands that say how to print, not what."""

SKIPPED = frozenset({"label", "tag", "hspace", "vspace"})
"""Commands that are left out with their argument."""

SIZES = frozenset(f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r"))

BRACKETS = {
    "(": ")", "[": "]", "\\{": "\\}", "\\lbrace": "\\rbrace", "\\lbrack": "\\rbrack", "|": "|", "\\vert": "\\vert",
    "\\lvert": "\\rvert", "\\lfloor": "\\rfloor", "\\lceil": "\\rceil",
}  # fmt: skip
"""What opens and what closes it."""

AROUND = {"|": "abs", "\\vert": "abs", "\\lvert": "abs", "\\lfloor": "floor", "\\lceil": "ceil"}
"""Delimiters that are a function of what stands between."""

CLOSING = frozenset({*BRACKETS.values(), "}", "\\right", "\\end", "\\]", "\\)"}) - {"|", "\\vert"}

NORMS = frozenset({"\\lVert", "\\rVert", "\\Vert", "\\|"})

_LINES = """
    aligned align align* equation equation* gather gather* gathered split multline multline* math displaymath eqnarray
    eqnarray*
    """
LINES = frozenset(_LINES.split())
"""Environments that hold lines of formulas."""

CASES = frozenset({"cases", "dcases", "cases*", "rcases"})
ARRAYS = frozenset({"matrix", "pmatrix", "bmatrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array"})

TRANSPOSED = frozenset({"\\top", "\\intercal", "\\transpose"})

_DERIVATIVE = "write the function itself, not its derivative: gradcli computes that"
_SUM = "write the sum out: x_1 + x_2"
_NO_RUN = "a formula is read here; no command of TeX is run"
_APPROXIMATE = "leave out what follows: gradcli computes the number"
_ARROW = "one formula at a time"
_NO_FUNCTION = "gradcli ops lists the functions"
_SET = "write the formula alone"

REFUSED = {
    **dict.fromkeys(("partial", "nabla", "dot", "ddot", "prime"), _DERIVATIVE),
    **dict.fromkeys(("sum", "bigoplus"), _SUM),
    "prod": "write the product out: x_1 x_2",
    **dict.fromkeys(("int", "iint", "oint", "lim"), "an integral or a limit is not read here"),
    **dict.fromkeys(("ldots", "cdots", "dots", "dotsb", "dotsc", "vdots", "ddots"), "write every term"),
    **dict.fromkeys(("sim", "propto", "equiv"), _APPROXIMATE),
    **dict.fromkeys(("to", "rightarrow", "Rightarrow", "implies", "iff", "longrightarrow"), _ARROW),
    **dict.fromkeys(("in", "mathbbR", "forall", "exists", "subset", "cup", "cap", "mid", "middle"), _SET),
    **dict.fromkeys(("pm", "mp"), "two values: write + or -"),
    **dict.fromkeys(("binom", "tbinom", "dbinom", "choose"), "for numbers between, use gamma(x + 1)"),
    **dict.fromkeys(("color", "textcolor", "colorbox"), "leave the colour out"),
    **dict.fromkeys(("mathop", "rm", "bf", "it"), "write \\operatorname{name} or \\mathrm{name}"),
    **dict.fromkeys(("Re", "Im"), "complex numbers are not read here"),
    "infty": "infinity is not a number",
    "circ": "for an angle in degrees write x \\cdot \\pi / 180",
    **dict.fromkeys(("otimes", "oplus", "bullet", "star"), "write \\cdot for a product of numbers"),
    **dict.fromkeys(("langle", "rangle"), "a product of vectors is not read here"),
    **dict.fromkeys(("underbrace", "overbrace", "underset", "overset", "stackrel", "substack"), _SET),
    **dict.fromkeys(("over", "atop"), "write \\frac{x}{y}"),
    "coth": "write \\frac{1}{\\tanh(x)}",
    "sech": "write \\frac{1}{\\cosh(x)}",
    "csch": "write \\frac{1}{\\sinh(x)}",
    **dict.fromkeys(("det", "gcd", "arg", "dim", "Pr", "sup", "inf", "argmax", "argmin"), _NO_FUNCTION),
    **dict.fromkeys(("ref", "eqref", "cite", "item", "section", "par"), _SET),
    **dict.fromkeys(
        ("def", "gdef", "edef", "let", "newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "input",
         "include", "write", "read", "openin", "openout", "immediate", "catcode", "csname", "usepackage", "require",
         "loop", "expandafter", "href", "url", "includegraphics", "special", "directlua"),
        _NO_RUN,
    ),
    **dict.fromkeys(
        ("documentclass", "documentstyle"), "this is a whole document: give the formula alone, as it stands in it"
    ),
}  # fmt: skip
"""Commands that no formula here holds, with what to do."""

REFUSED_SYMBOLS = {
    "\\%": "a percentage is a quotient: write p/100",
    "\\#": "leave it out",
    "\\&": "write \\land",
    "\\$": "leave the dollar signs out",
    "\\_": "write it inside a name: \\mathrm{my\\_name}",
    "\\'": "accents stand in words, not in formulas",
    "\\^": "write x^{2}",
    "\\": "a command has a name: \\frac",
}

_OTHERS = """
    sqrt boxed left right begin end top lVert rVert lvert rvert lfloor rfloor lceil rceil
"""
KNOWN = frozenset(
    {*SIGNS, *LETTERS, *FUNCTIONS, *FRACTIONS, *UPRIGHT, *STYLES, *ACCENTS, *SPACES, *SKIPPED, *SIZES, *REFUSED}
) | frozenset(_OTHERS.split())
"""Every command that has a meaning here, for suggestions."""

IF_WORDS = frozenset({"if", "for", "when", "where"})
ELSE_WORDS = frozenset({"otherwise", "else", "elsewhere"})
