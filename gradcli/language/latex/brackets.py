r"""Signs and brackets in LaTeX: `\left( … \right)`, `\{ … \}`, bars, floors."""

from __future__ import annotations

from abc import abstractmethod

from gradcli.errors import ParseError
from gradcli.grammar import BINARY
from gradcli.language.latex import commands
from gradcli.language.latex.letters import Letters
from gradcli.language.latex.scanner import STOP, Piece
from gradcli.language.lexer import BREAK, SIGN
from gradcli.language.spelling import SIGNS


class Brackets(Letters):
    """Reads signs, and what stands in brackets.

    branches_end  how many tokens there were where the last branches ended
    """

    branches_end = -1

    @abstractmethod
    def column(self, piece: Piece) -> None:
        """`&`, which has been taken."""

    @abstractmethod
    def new_line(self, piece: Piece) -> None:
        r"""`\\`, which has been taken."""

    def out_of_place(self, piece: Piece) -> ParseError:
        """The error for something that closes what is not open."""
        if self.opened:
            opening, closing = self.opened[-1]
            return self.error(f"{opening.text} is never closed", opening.span, f"add {closing} before {piece.text}")
        return self.error(f"{piece.text} closes nothing", piece.span, "remove it")

    def until(self, *closings: str) -> Piece:
        """Items up to one of the closing pieces, which is not taken."""
        while True:
            piece = self.peek()
            if piece.text in closings or (piece.text[:2] == "\\\\" and "\\\\" in closings):
                return piece
            if piece.kind == STOP:
                opening, closing = self.opened[-1]
                raise self.error(f"{opening.text} is never closed", opening.span, f"add {closing}")
            self.item()

    def plain_sign(self, piece: Piece) -> None:
        """A sign that is typed as in plain text."""
        text = piece.text
        if text == "&":
            self.column(piece)
        elif text == ";":
            self.emit(BREAK, ";", piece.start, piece.end)
        elif text in ("(", "["):
            self.bracket(piece, piece, text)
        elif text != "," or not self.at_line_end():
            self.operator(SIGNS.get(text, text), piece)

    def operator(self, text: str, piece: Piece) -> None:
        """A sign between operands; one at the start of a line goes on with the line before."""
        if self.tokens and self.tokens[-1].kind == BREAK and self.tokens[-1].text == "\\\\" and BINARY.get(text):
            self.tokens.pop()
            self.remarks.append(f"a line that begins with {text} is read as the rest of the line before")
        self.sign(text, piece)

    def bracket(self, first: Piece, opening: Piece, sign: str) -> None:
        r"""What stands in brackets of any kind, `opening` having been taken; `first` is `\left` where it stands."""
        left = first.text == "\\left"
        closing = commands.BRACKETS[opening.text]
        function = commands.AROUND.get(opening.text)
        start, end = first.start, opening.end
        if function:
            self.function(function, start, end)
        self.emit(SIGN, sign, start, end)
        self.open(first if left else opening, "\\right" + closing if left else closing)
        self.until("\\right" if left else closing)
        last = self.close()
        if left:
            last = self.take()
            branches = closing == "\\}" and last.text == "." and self.branches_end == len(self.tokens)
            if last.text != closing and not branches:
                raise self.error(f"{first.text}{opening.text} is closed by {last.text}", last.span, f"write {closing}")
        self.emit(SIGN, "]" if sign == "[" else ")", last.start, last.end)

    def delimiter(self, command: Piece) -> None:
        r"""What follows `\left`, or `\big` and its kin."""
        piece = self.peek()
        sized = command.text != "\\left"
        if piece.text in commands.NORMS:
            raise self.norm(piece)
        if sized and piece.text not in ("(", "["):
            return
        self.take()
        if piece.text not in commands.BRACKETS:
            raise self.error(
                f"{command.text}{piece.text} cannot stand in a formula", (command.start, piece.end), "use brackets"
            )
        self.bracket(command, piece, "(")

    def norm(self, piece: Piece) -> ParseError:
        """The error for a norm."""
        return self.error("the norm of a vector is not read here", piece.span, "write \\sqrt{x_1^2 + x_2^2}")

    def symbol(self, piece: Piece) -> None:
        """A command of one character that is no letter."""
        text = piece.text
        if text[:2] == "\\\\":
            self.new_line(piece)
        elif text == "\\{":
            self.bracket(piece, piece, "(")
        elif text in commands.NORMS:
            raise self.norm(piece)
        elif text[1:] in commands.SPACES:
            self.keep_gap(piece.span)
        elif text in ("\\(", "\\["):
            raise self.error(f"{text} inside the formula", piece.span, "give one formula alone")
        else:
            hint = commands.REFUSED_SYMBOLS.get(text, "gradcli help latex shows what is read")
            raise self.error(f"{text} cannot stand in a formula", piece.span, hint)
