r"""LaTeX to the tokens of the plain language: `\frac{x}{y}`, `\sigma(w x + b)`, `\begin{aligned} … \end{aligned}`.

A front end: what it makes is read by the one parser, with its rules for names and products. Nothing is skipped unsaid
and no command is run; what is not known is an error at its place. `commands` is the list of what is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from gradcli.language.lexer import BREAK, END, SUPER, Token, check_length
from gradcli.language.limits import ARGUMENT, Limits

_TYPESET = re.compile(r"\\(?!_)|\$|[_^]\s*\{|[0-9]\{,\}[0-9]")
_COMMENT = re.compile(r"#[^\n]*")


class Typeset(NamedTuple):
    """A text of LaTeX: its tokens, the names that are one name although they have several letters, remarks."""

    tokens: list[Token]
    whole: frozenset[str]
    remarks: list[str]


def is_latex(text: str) -> bool:
    r"""Whether a text is LaTeX: it has a command, a dollar sign or `^{`, none of which plain formulas have."""
    if "\\" not in text and "$" not in text and "{" not in text:
        return False
    return _TYPESET.search(_COMMENT.sub("", text)) is not None


def read(text: str, limits: Limits = ARGUMENT, names: Collection[str] = ()) -> Typeset:
    """The tokens of a text of LaTeX. `names` are names known to be variables. Raises ParseError."""
    from gradcli.language.latex.environments import Environments

    check_length(text, limits)
    reader = Environments(text, limits, names)
    reader.program()
    return Typeset(reader.tokens, frozenset(reader.whole), reader.remarks)


def plain(text: str, names: Collection[str] = ()) -> str:
    """The same formula in plain text, with every bracket that LaTeX draws as a line or a height. Raises ParseError."""
    spelt = {BREAK: ";", END: ""}
    pieces = [
        f"**({token.text})" if token.kind == SUPER else spelt.get(token.kind, token.text)
        for token in read(text, names=names).tokens
    ]
    return " ".join(pieces).strip(" ;")
