"""LaTeX formulas: brackets, fractions, roots, powers, functions."""

from __future__ import annotations

import re
from abc import abstractmethod

from gradcli.errors import ParseError, closest
from gradcli.grammar import BINARY
from gradcli.language.latex import commands
from gradcli.language.latex.brackets import Brackets
from gradcli.language.latex.scanner import (
    BRACE,
    COMMAND,
    DOLLAR,
    SCRIPT,
    STOP,
    SYMBOL,
    Piece,
    holds,
    is_bracketed,
    operands,
)
from gradcli.language.lexer import BREAK, NAME, NUMBER, SIGN, SUPER, checked_super, unreadable

_D = r"(?:d|\\partial|\\(?:mathrm|text|operatorname)\s*\{d\}|\\mathrm\s*d)"
_DERIVATIVE = re.compile(
    rf"\\[dtc]?frac\s*\{{[\s{{]*{_D}(?:\s*\^|(?=\s*\}})|\s+|[A-Za-z\\(])[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*\}}\s*"
    rf"\}}*\{{[\s{{]*{_D}\s*[A-Za-z\\(]"
)
"""A fraction of two differentials."""

_STATEMENT = re.compile(
    r"(?:\s|\\[,;:! ]|\\q?quad|~)*\\?[^\W\d_]+(?:_(?:\w|\{\w+\}))?\s*"
    r"(?:(?:\\left)?\([^()]*(?:\\right)?\)\s*)?&?\s*:?=(?!=)"
)
"""The beginning of an equation."""

_AROUND_STATEMENTS = frozenset({"$", "$$", "\\(", "\\[", "\\begin"})

_INDEX = re.compile(r"\s*\{\s*\(\s*[A-Za-z0-9]+\s*\)\s*\}")
"""An index in brackets up there: x^{(i)}."""

_MATRIX_T = re.compile(r"\s*(?:T\b|\{\s*(?:\\[a-z]+\s*\{?)?\s*T\s*\}|\\math[a-z]+\s*\{\s*T\s*\})")
"""The T of a transposed matrix, behind a bold letter."""

_NUMBERS = "write the numbers out: w_1 x_1 + w_2 x_2"

LOOSE = frozenset({"+", "-", "<", "<=", ">", ">=", "==", "!=", "=", "and", "or", "not", "if", "else"})
"""Signs that braces, which print nothing, do not hold together."""


class Formulas(Brackets):
    """Reads what a formula is made of, one item after the other."""

    @abstractmethod
    def environment(self, command: Piece) -> None:
        r"""`\begin{…}`, which has been taken."""

    def item(self) -> None:
        """One piece and all that belongs to it."""
        piece = self.take()
        kind, text = piece.kind, piece.text
        if text in commands.CLOSING:
            raise self.out_of_place(piece)
        if kind == NAME:
            self.letters(piece)
            self.braced_argument()
        elif kind == NUMBER:
            self.number(piece)
        elif kind == SIGN:
            self.plain_sign(piece)
        elif kind == COMMAND:
            self.command(piece)
        elif kind == BRACE:
            self.braces(piece)
        elif kind == SCRIPT:
            self.script(piece)
        elif kind == SUPER:
            self.emit(SUPER, checked_super(self.text, text, piece.start, piece.end), piece.start, piece.end)
        elif kind == SYMBOL:
            self.symbol(piece)
        elif kind == DOLLAR:
            raise self.error("a dollar sign inside the formula", piece.span, "give one formula alone")
        elif kind == STOP:
            raise self.error("the formula ends too early", piece.span, "an operand is missing")
        elif not (text in ".," and self.at_line_end()):
            raise unreadable(self.text, piece.start)

    # -- braces and powers ----------------------------------------------------------------------------------------

    def group(self, opening: Piece) -> int:
        """The content of braces between round brackets, and where these tokens begin."""
        mark = len(self.tokens)
        self.emit(SIGN, "(", opening.start, opening.end)
        self.open(opening, "}")
        self.until("}")
        closing = self.close()
        self.emit(SIGN, ")", closing.start, closing.end)
        return mark

    def bare(self, mark: int) -> None:
        """Take away the brackets of a group where it holds one name or number, or has brackets of its own."""
        inner = self.tokens[mark + 1 : -1]
        if is_bracketed(inner):
            self.tokens[mark:] = inner
        elif len(inner) == 1 and inner[0].kind in (NAME, NUMBER):
            only = inner[0]
            if only.kind == NUMBER or len(only.text) == 1 or only.text in self.whole:
                only = only._replace(start=self.tokens[mark].start, end=self.tokens[-1].end)
            self.tokens[mark:] = [only]

    def argument(self, owner: Piece, *, last: bool = True, apart: bool = False) -> None:
        """What belongs to a command: braces or a single character.

        `apart` keeps the content from what stands around it by brackets, where it is not between those of a call.
        """
        opening = self.peek()
        mark = len(self.tokens)
        if opening.text != "{":
            self.single(owner, last=last)
            return
        self.take()
        self.group(opening)
        inner = self.tokens[mark + 1 : -1]
        if not inner:
            raise self.error(
                "nothing between the braces", (opening.start, self.tokens[-1].end), "an operand is missing"
            )
        if holds(inner, {","}):
            comma = next(token for token in inner if token.text == ",")
            raise self.error("a comma cannot stand here", comma.span, "write decimal numbers with a point: 1.5")
        if apart:
            self.bare(mark)
        else:
            self.tokens[mark:] = inner

    def braces(self, opening: Piece) -> None:
        """Braces that belong to no command; they print nothing, so what they hold together must do so without them."""
        starts = self.at_line_start() or self.last_is("(", ",", "=")
        mark = self.group(opening)
        inner = self.tokens[mark + 1 : -1]
        span = opening.start, self.tokens[-1].end
        if not inner:
            del self.tokens[mark:]
        elif len(inner) == 1 and inner[0].kind == NAME and self.peek().text == "_":
            del self.tokens[mark:]
            self.name(inner[0].text, opening.start, span[1])
        elif (starts and self.ends_here()) or (len(inner) == 1 and inner[0].kind == SIGN and inner[0].text != ","):
            self.tokens[mark:] = inner
        elif holds(inner, LOOSE) or holds(inner, {","}):
            raise self.error("braces print nothing in LaTeX", span, "write brackets: \\left( … \\right)")
        else:
            power = self.peek().text == "^" or self.peek().kind == SUPER
            if power and operands(inner) > 1:
                raise self.error("how far does the exponent reach?", span, "write brackets: \\left( … \\right)^{2}")
            self.bare(mark)

    def ends_here(self) -> bool:
        """Whether what stands before is closed on the right."""
        after = self.peek().text
        return self.at_line_end() or after in commands.CLOSING or after in (",", "=")

    def script(self, sign: Piece) -> None:
        """`^` and what belongs to it; a subscript stands behind a name only."""
        if sign.text == "_":
            raise self.error("_ belongs to nothing here", sign.span, "a subscript stands behind a name: x_1")
        function = bool(self.tokens) and self.function_at == len(self.tokens) - 1
        opening = self.peek()
        raised = re.compile(r"\s*\{?\s*(\\[A-Za-z]+|[*'†])").match(self.text, sign.end)
        if self.tokens and self.bold_at == len(self.tokens) - 1 and _MATRIX_T.match(self.text, sign.end):
            raise self.error("a transposed matrix is not read here", (sign.start, opening.end), _NUMBERS)
        if raised and (raised.group(1) in commands.TRANSPOSED or raised.group(1) in ("*", "'", "†", "\\dagger")):
            transposed = raised.group(1) in commands.TRANSPOSED
            message = "a transposed matrix is not read here" if transposed else f"^{raised.group(1)} is no power"
            raise self.error(message, (sign.start, raised.end()), _NUMBERS)
        if raised and raised.group(1)[1:] in commands.REFUSED:
            command = raised.group(1)
            raise self.error(f"{command} cannot stand in a formula", raised.span(1), commands.REFUSED[command[1:]])
        if _INDEX.match(self.text, sign.end) and not function:
            hint = "write x^{2} for a power, x_2 for an index"
            raise self.error("an index or an exponent?", (sign.start, opening.end), hint)
        if opening.text in ("+", "-"):
            raise self.error(f"^{opening.text}: braces are missing", (sign.start, opening.end), "write ^{-x}")
        mark = len(self.tokens)
        self.sign("**", sign)
        if opening.text == "(":
            self.item()
        else:
            self.raised += opening.text == "{"
            self.argument(sign, apart=True)
            self.raised -= opening.text == "{"
        if len(self.tokens) == mark + 2 and self.tokens[-1].kind == NAME and self.opens_bracket():
            only = self.tokens.pop()  # x^{y}(z + 1) is no call of y
            self.emit(SIGN, "(", only.start, only.start)
            self.tokens.append(only)
            self.emit(SIGN, ")", only.end, only.end)
        minus = [token.text for token in self.tokens[mark + 1 :]] == ["(", "-", "1", ")"]
        if function and minus:
            self.tokens[mark:] = [self.tokens[mark]._replace(kind=SUPER, text="-1", end=self.tokens[-1].end)]
        base = self.tokens[mark - 1] if mark else None
        if base and base.text in commands.CALLED and base.text not in self.names and self.opens_bracket():
            shown = self.text[base.start : base.end]
            hint = f"write {shown}(x)^2 for the function, {shown}^2 \\cdot (x) for the product"
            raise self.error(f"is {shown} a function here?", (base.start, self.peek().end), hint)
        after = self.peek()
        if after.kind in (SCRIPT, SUPER):
            hint = "write the subscript first: x_1^2" if after.text == "_" else "write x^{2^3} or {x^2}^3"
            raise self.error("a second script", after.span, hint)
        if function:
            self.raised_function(mark)

    def raised_function(self, mark: int) -> None:
        r"""`\sin^{2}{\left(x\right)}`; an exponent that is no whole number is put behind the argument in brackets."""
        exponent = self.tokens[mark:]
        simple = exponent[0].kind == SUPER or (len(exponent) == 2 and exponent[1].text.isdigit())
        bracket = self.peek().text == "{" or self.opens_bracket()
        if bracket and not simple:
            del self.tokens[mark:]
        self.function_at = len(self.tokens) - 1
        if self.opens_bracket() and not simple:
            self.item()
        self.braced_argument()
        if bracket and not simple:
            self.tokens += exponent

    # -- commands -------------------------------------------------------------------------------------------------

    def command(self, command: Piece) -> None:
        """A command and its arguments."""
        word = command.text[1:]
        if word in commands.SIGNS:
            self.operator(commands.SIGNS[word], command)
        elif word in commands.LETTERS:
            self.name(commands.LETTERS[word], command.start, command.end)
            self.braced_argument()
        elif word in commands.FUNCTIONS:
            self.called(command)
        elif word in commands.FRACTIONS:
            self.fraction(command)
        elif word == "sqrt":
            self.root(command)
        elif word in commands.UPRIGHT:
            self.upright(command)
            self.braced_argument()
        elif word in commands.STYLES or word in commands.ACCENTS:
            self.styled(command)
        elif word == "left" or word in commands.SIZES:
            self.delimiter(command)
        elif command.text in commands.BRACKETS:
            self.bracket(command, command, "(")
        elif word in commands.SPACES:
            if word in commands.GAPS:
                self.gap = self.peek().start
                self.next_statement()
            self.keep_gap(command.span)
        elif word in commands.SKIPPED:
            self.words(command)
            self.next_statement()
        elif word == "boxed":
            self.argument(command, apart=True)
        elif word == "begin":
            self.environment(command)
        else:
            raise self.refused(command)

    def next_statement(self) -> None:
        """End the statement at a wide gap, where another one begins behind it."""
        inside = any(piece.text not in _AROUND_STATEMENTS for piece, _ in self.opened)
        complete = not (inside or self.at_line_start() or self.last_is(*BINARY, "=", "(", ","))
        if complete and _STATEMENT.match(self.text, self.position):
            self.emit(BREAK, ";", self.position, self.position)

    def refused(self, command: Piece) -> ParseError:
        """The error for a command that is not read, or not known."""
        word = command.text[1:]
        if command.text in commands.NORMS:
            return self.norm(command)
        if command.text in commands.TRANSPOSED:
            return self.error("a transposed matrix is not read here", command.span)
        if word in commands.REFUSED:
            return self.error(f"{command.text} cannot stand in a formula", command.span, commands.REFUSED[word])
        hint = "gradcli help latex shows what is read"
        known = commands.KNOWN - {*commands.REFUSED}
        longest = max((each for each in known if word.startswith(each)), key=len, default="")
        near = closest(word, sorted(known, key=str.swapcase))
        rest = len(word) - len(longest)
        if (rest == 1 and len(longest) > 1) or (rest == 2 and len(longest) > 3):
            hint = f"did you mean \\{longest} {word[len(longest) :]}?"
        elif near:
            hint = f"did you mean \\{near[0]}?"
        return self.error(f"unknown command {command.text}", command.span, hint)

    def called(self, command: Piece) -> None:
        r"""`\sin`, `\log_{2}`."""
        word, start, end = command.text[1:], command.start, command.end
        if self.peek().text != "_":
            self.function(word, start, end)
            self.braced_argument()
            return
        below, end = self.subscript()
        if word != "log":
            raise self.error(f"{command.text} with a subscript", (start, end), "write every argument: \\max(x, y)")
        if below in ("2", "10", "e"):
            self.function("log" + below.strip("e"), start, end)
            self.braced_argument()
            return
        self.function("log", start, end)
        mark = len(self.tokens)
        if self.opens_bracket():
            self.item()
        self.braced_argument()
        if len(self.tokens) == mark or holds(self.tokens[mark + 1 : -1], {","}):
            raise self.error(f"how far does {command.text} reach?", (start, end), "write \\log_{b}(x) with brackets")
        closing = self.tokens.pop()
        self.emit(SIGN, ",", closing.start, closing.end)
        if below[0].isdigit():
            self.emit(NUMBER, below, start, end)
        else:
            self.name(below, start, end)
        self.tokens.append(closing)

    def braced_argument(self) -> None:
        r"""The braces behind a function: `\sin{x}`, `\sin{\left(x\right)}`."""
        opening = self.peek()
        if opening.text != "{" or not self.tokens or self.function_at != len(self.tokens) - 1:
            return
        name = self.tokens[-1].text
        self.take()
        mark = self.group(opening)
        inner = self.tokens[mark + 1 : -1]
        span = opening.start, self.tokens[-1].end
        if not inner:
            raise self.error("nothing between the braces", span, "an operand is missing")
        raised = self.peek().text == "^" or self.peek().kind == SUPER
        if is_bracketed(inner):
            self.tokens[mark:] = inner
        elif not raised and holds(inner, {"+", "-"}) and not holds(inner, LOOSE - {"+", "-"}):
            self.remarks.append(f"the braces behind {name} are read as brackets")
        elif holds(inner, LOOSE) or raised:
            raise self.error(f"how far does {name} reach?", span, "braces print nothing in LaTeX: write brackets")

    def fraction(self, command: Piece) -> None:
        r"""`\frac{x}{y}`: a call of divide, so that it holds together."""
        if _DERIVATIVE.match(self.text, command.start) and "d" not in self.names:
            hint = "enter the function only: gradcli differentiates it"
            raise self.error("this asks for a derivative", command.span, hint)
        mark = len(self.tokens)
        self.function("divide", command.start, command.end)
        self.emit(SIGN, "(", command.start, command.end)
        self.argument(command, last=False)
        self.emit(SIGN, ",", self.position - 1, self.position)
        self.argument(command)
        self.emit(SIGN, ")", self.position - 1, self.position)
        parts = [token.text for token in self.tokens[mark:]]
        before = self.tokens[mark - 1] if mark else None
        if before and before.kind == NUMBER and before.text.isdigit() and len(parts) == 6:
            whole, above, below = before.text, parts[2], parts[4]
            if above.isdigit() and below.isdigit() and not (mark > 1 and self.tokens[mark - 2].text == "**"):
                part = f"{command.text}{{{above}}}{{{below}}}"
                hint = f"write {whole} + {part} or {whole} \\cdot {part}"
                raise self.error("a mixed number, or a product?", (before.start, self.position), hint)

    def root(self, command: Piece) -> None:
        r"""`\sqrt{x}`, `\sqrt[3]{x}`, `\sqrt[n]{x}`: the n-th root is the power 1/n."""
        mark = len(self.tokens)
        start, end = command.span
        if self.peek().text == "[":
            opening = self.take()
            self.open(opening, "]")
            self.until("]")
            end = self.close().end
        index = self.tokens[mark:]
        del self.tokens[mark:]
        shown = "".join(token.text for token in index)
        if shown in ("", "2", "3"):
            self.function("cbrt" if shown == "3" else "sqrt", start, end)
            self.emit(SIGN, "(", start, end)
            self.argument(command)
            self.emit(SIGN, ")", self.position - 1, self.position)
        else:
            self.function("power", start, end)
            self.emit(SIGN, "(", start, end)
            self.argument(command)
            self.emit(SIGN, ",", self.position - 1, self.position)
            self.function("divide", start, end)
            self.emit(SIGN, "(", start, end)
            self.emit(NUMBER, "1", start, end)
            self.emit(SIGN, ",", start, end)
            self.tokens += index
            self.emit(SIGN, ")", start, end)
            self.emit(SIGN, ")", self.position - 1, self.position)
