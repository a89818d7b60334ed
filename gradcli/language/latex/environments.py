"""Whole texts of LaTeX: dollar signs, lines, columns, environments, the branches of cases."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from gradcli.errors import Span
from gradcli.language.latex import commands
from gradcli.language.latex.formulas import Formulas
from gradcli.language.latex.scanner import COMMAND, DOLLAR, STOP, Piece
from gradcli.language.lexer import BREAK, END, NAME, SIGN, Token

_ENVIRONMENT = re.compile(r"\s*\{([A-Za-z]+\*?)\}")
_COLUMNS = re.compile(r"\s*\{[lcr@{}\\ .|]*\}")
_OPPOSITE = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}
_BEFORE_COLUMN = frozenset({"=", "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "(", ","})


_QUOTED = re.compile(r"\\(?:text|textrm|mbox)\s*\{\s*(?:if|for|when|where)\s*\$")
"""The beginning of a condition in words with dollar signs inside: a condition in text."""


_BETWEEN = re.compile(r"(?:with|where|and)\b(?=\s*(?:\$|\\\()[^$=]*:?=)")
"""A word between two formulas that each have their own signs."""


class Branch(NamedTuple):
    """A line of cases: the value, the condition (None for everything else), the place of the condition."""

    value: list[Token]
    condition: list[Token] | None
    place: Span


class Environments(Formulas):
    """Reads a whole text."""

    def program(self) -> None:
        """The text: one formula, or statements on lines of their own."""
        alone = False
        while self.peek().kind != STOP:
            piece = self.peek()
            if piece.kind == DOLLAR or piece.text in ("\\(", "\\["):
                self.mathematics()
                alone = True
            elif alone and _BETWEEN.match(self.text, piece.start):
                self.take()
            elif alone and piece.text not in (".", ",", ";") and self.tokens:
                raise self.error("words beside the formula", piece.span, "give one formula alone, with its signs")
            else:
                if piece.newline and not self.at_line_start():
                    self.next_line(piece)
                self.item()
        for token, after in pairwise([*self.tokens, Token(END, "", 0, 0)]):
            if token.kind == NAME and token.text in self.functions and after.text == "=":
                raise self.error(f"{token.text} is a function in this formula", token.span, "choose another name")
        self.emit(END, "", len(self.text), len(self.text))

    def mathematics(self) -> None:
        r"""`$…$`, `$$…$$`, `\(…\)`, `\[…\]`."""
        opening = self.take()
        if not self.at_line_start():
            first = max((place for place, token in enumerate(self.tokens) if token.kind == BREAK), default=-1) + 1
            before = self.tokens[first].start, self.tokens[-1].end
            raise self.error("words beside the formula", before, "give one formula alone, with its signs")
        closing = {"\\(": "\\)", "\\[": "\\]"}.get(opening.text, opening.text)
        self.open(opening, closing)
        self.until(closing)
        last = self.close()
        self.emit(BREAK, ";", last.start, last.end)

    def next_line(self, piece: Piece) -> None:
        """A new line outside of everything: another statement if it has a =, the rest if it begins with a sign."""
        end = self.text.find("\n", piece.start)
        line = self.text[piece.start : end if end >= 0 else len(self.text)]
        if "=" in line or "\\begin" in line:
            self.emit(BREAK, "\n", piece.start, piece.start)
        elif not ((piece.kind == SIGN and piece.text not in "([√|") or piece.text[1:] in commands.SIGNS):
            hint = "write both on one line, or \\\\ between two statements"
            raise self.error("a new line: does the formula go on?", piece.span, hint)

    def new_line(self, piece: Piece) -> None:
        r"""`\\` between two lines."""
        if not self.at_line_start():
            self.emit(BREAK, "\\\\", piece.start, piece.end)

    def column(self, piece: Piece) -> None:
        """`&` that lines up columns: nothing beside a sign, another statement before one with a =."""
        self.gap = self.peek().start
        if self.at_line_start() or self.at_line_end() or self.last_is(*_BEFORE_COLUMN):
            return
        after = self.peek()
        words = after.kind == COMMAND and after.text[1:] in commands.UPRIGHT | commands.SPACES
        sign = after.kind == SIGN or (after.kind == COMMAND and after.text[1:] in commands.SIGNS)
        if words or sign or after.text in commands.CLOSING:
            return
        rest = re.split(r"\\\\|\\end|\n", self.text[piece.end : piece.end + 2_000], maxsplit=1)[0]
        if "=" not in rest:
            hint = "& lines up columns in LaTeX: write \\land for and, \\cdot for a product"
            raise self.error("& between two operands", piece.span, hint)
        self.emit(BREAK, ";", piece.start, piece.end)

    # -- environments ---------------------------------------------------------------------------------------------

    def environment(self, command: Piece) -> None:
        r"""`\begin{…} … \end{…}`."""
        found = _ENVIRONMENT.match(self.text, command.end)
        name = found.group(1) if found else ""
        if not found:
            raise self.error("\\begin has no name", command.span, "write \\begin{aligned}")
        span = command.start, found.end()
        self.position = found.end()
        before = self.opened[-1][0].text if self.opened else ""
        if name in commands.CASES:
            self.cases(command, span, name)
        elif name == "array" and before == "\\left" and self.last_is("("):
            columns = _COLUMNS.match(self.text, self.position)
            self.position = columns.end() if columns else self.position
            self.cases(command, span, name)
        elif name in commands.LINES:
            self.open(command, f"\\end{{{name}}}")
            self.until("\\end")
            self.end(name)
            if not self.at_line_start():
                self.emit(BREAK, ";", self.position, self.position)
        elif name in commands.ARRAYS:
            raise self.error("arrays are not read here", span, "write \\begin{cases} for branches")
        elif name == "document":
            raise self.error("a whole document", span, commands.REFUSED["documentclass"])
        else:
            raise self.error(f"unknown environment {name}", span, "\\begin{aligned} and \\begin{cases} are read")

    def end(self, name: str) -> int:
        r"""`\end{name}`, and where it ends."""
        last = self.close()
        found = _ENVIRONMENT.match(self.text, last.end)
        if not found or found.group(1) != name:
            hint = f"write \\end{{{name}}}"
            raise self.error(f"\\begin{{{name}}} is closed by something else", last.span, hint)
        self.position = found.end()
        return self.position

    def cases(self, command: Piece, span: Span, name: str) -> None:
        r"""`\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}`: a conditional expression."""
        mark = len(self.tokens)
        self.open(command, f"\\end{{{name}}}")
        branches: list[Branch] = []
        while self.peek().text != "\\end":
            branches.append(self.branch(command))
        end = self.end(name)
        del self.tokens[mark:]
        self.check_branches(branches, (command.start, end))
        self.emit(SIGN, "(", *span)
        for branch in branches[:-1]:
            self.tokens += branch.value
            self.emit(SIGN, "if", *branch.place)
            self.tokens += branch.condition or []
            self.emit(SIGN, "else", *branch.place)
        self.tokens += branches[-1].value
        self.emit(SIGN, ")", end - 1, end)
        self.branches_end = len(self.tokens)

    def branch(self, command: Piece) -> Branch:
        """One line of cases."""
        mark = len(self.tokens)
        start = self.peek()
        while self.peek().text not in ("&", "\\end") and self.peek().text[:2] != "\\\\" and not self.word():
            if self.peek().kind == STOP:
                raise self.error("\\begin is never closed", command.span, "add \\end{cases}")
            self.item()
        place = self.peek()
        value = self.tokens[mark:]
        del self.tokens[mark:]
        if value and value[-1].text == ",":
            value.pop()
        if not value:
            raise self.error("a branch without a value", start.span, "write: x & x > 0 \\\\")
        if self.peek().text == "&":
            self.take()
        condition: list[Token] | None = None
        quoted = _QUOTED.match(self.text, self.peek().start)
        word = None if quoted else self.word()
        if quoted:
            self.position = quoted.end()
            self.until("$")
            self.position = self.peek().end
            if self.peek().text != "}":
                raise self.error("words behind the condition", self.peek().span, "write: x & x > 0 \\\\")
            self.take()
        if word:
            self.take()
            if word.kind == COMMAND:
                self.words(word)
        if not (word and self.spelt(word) in commands.ELSE_WORDS):
            self.until("\\\\", "\\end")
            condition = [token._replace(text="==") if token.text == "=" else token for token in self.tokens[mark:]]
            del self.tokens[mark:]
            if not condition:
                raise self.error("a branch without a condition", place.span, "write: x & x > 0 \\\\")
        elif self.peek().text in (".", ","):
            self.take()
        if self.peek().text[:2] == "\\\\":
            self.take()
        return Branch(value, condition, (place.start, condition[-1].end if condition else place.end))

    def word(self) -> Piece | None:
        """The word `if` or `otherwise` that comes next, as a command or in letters."""
        piece = self.peek()
        return piece if self.spelt(piece) in commands.IF_WORDS | commands.ELSE_WORDS else None

    def spelt(self, piece: Piece) -> str:
        """The word that a piece is."""
        if piece.kind == NAME:
            return piece.text
        if piece.kind == COMMAND and piece.text[1:] in commands.UPRIGHT:
            found = re.compile(r"\s*\{[\s~]*([A-Za-z]*)[\s~:.,]*\}").match(self.text, piece.end)
            return found.group(1) if found else ""
        return ""

    def check_branches(self, branches: list[Branch], span: Span) -> None:
        """Every case is covered, and the last branch is for the rest."""
        if len(branches) < 2:
            raise self.error("cases with one branch", span, "end it with: 0 & \\text{otherwise}")
        early = next((branch for branch in branches[:-1] if branch.condition is None), None)
        if early:
            raise self.error("otherwise stands last", early.place, "write the other branches before it")
        *_, before, last = branches
        if last.condition is None:
            return
        spelt = [token.text for token in last.condition]
        opposite = [_OPPOSITE.get(token.text, token.text) for token in before.condition or []]
        if len(branches) != 2 or spelt != opposite or sum(text in _OPPOSITE for text in spelt) != 1:
            hint = "end it with a branch for everything else: 0 & \\text{otherwise}"
            raise self.error("these cases have no last branch", last.place, hint)
        self.remarks.append(f"{' '.join(spelt)} is read as otherwise")
