"""Names and numbers in LaTeX: letters with subscripts, marks and type, words, single characters without braces."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection

from gradcli import ops
from gradcli.errors import Span
from gradcli.grammar import KEYWORDS
from gradcli.language.latex import commands
from gradcli.language.latex.scanner import COMMAND, STOP, Piece, Scanner
from gradcli.language.lexer import NAME, NUMBER, SIGN, check_name, check_number
from gradcli.language.limits import Limits
from gradcli.language.spelling import FRACTIONS, GREEK_WORDS, LETTERS, plain_name

_GROUP = re.compile(r"[ \t\r\n]*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
"""Braces with at most two levels inside."""

_POWER_OF_TEN = re.compile(r"\{\\cdot\}10\^\{(-?[0-9]+)\}")
_NAME = re.compile(rf"[{LETTERS}](?:_?[{LETTERS}0-9])*_?")
_BELOW = re.compile(r"\s*(?:\{\s*(\w+)\s*\}|(\w))")
"""A simple subscript."""

_SUBSCRIPT = re.compile(rf"[{LETTERS}0-9](?:_?[{LETTERS}0-9])*")
_STYLED = re.compile(r"\\(?:" + "|".join(sorted(commands.UPRIGHT | commands.STYLES)) + r")\s*\{([^{}]*)\}")
_GREEK = re.compile(r"\\([A-Za-z]+)")
_NAMES = {letter: name for name, letter in commands.SPELLED.items()}
_WORD = re.compile(rf"[{LETTERS}0-9]+")


class Letters(Scanner):
    """Reads names and numbers.

    looks      what each name was typed as, by the name without _, so that two that print alike are not two variables
    functions  names that were written for commands of LaTeX and are called
    raised     how many exponents in braces are open
    gap        where a wide gap or a column ended: words behind it are a comment
    """

    def __init__(self, text: str, limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, limits, names)
        self.looks: dict[str, tuple[str, str]] = {}
        self.functions: set[str] = set()
        self.function_at = -1
        self.bold_at = -1
        self.raised = 0
        self.gap = -1

    @abstractmethod
    def item(self) -> None:
        """One piece and all that belongs to it."""

    # -- names ----------------------------------------------------------------------------------------------------

    def name(self, base: str, start: int, end: int, style: str = "") -> None:
        """A name, with the subscript that follows it."""
        exact = style == "exact"
        choices = [base]
        if base in commands.SPELLED:
            choices.append(commands.SPELLED[base])
        if self.peek().text == "_":
            below, end = self.subscript()
            choices = [f"{choice}_{below}" for choice in choices] + [choice + below for choice in choices]
            if self.peek().text == "_":
                raise self.error("a subscript of a subscript", self.peek().span, "write x_{12}")
            exact = False
        elif base in commands.CALLED and self.opens_bracket() and not {base, commands.SPELLED[base]} & {*self.names}:
            self.keep_apart(base, "function", (start, end))
            self.function(commands.CALLED[base], start, end)
            return
        usual = choices[0]
        if ops.find(base) is not None:
            usual = next((choice for choice in choices if ops.find(choice) is not None), usual)
        chosen = choices[0] if exact else next((choice for choice in choices if choice in self.names), usual)
        check_name(self.text, chosen, start, end)
        if chosen in KEYWORDS:
            raise self.error(f"{chosen} is a word of the language", (start, end), "choose another name")
        self.keep_apart(chosen, "" if exact else style, (start, end))
        calls = ops.find(chosen) is not None and chosen not in self.names and chosen not in commands.LETTERS
        if len(chosen) > 1 and not calls:
            self.whole.add(chosen)
        if calls:
            self.function_at = len(self.tokens)
        self.emit(NAME, chosen, start, end)

    def keep_apart(self, name: str, style: str, span: Span) -> None:
        """Raise ParseError when two names that print differently would be one, or two that print alike would be two."""
        key = "".join(_NAMES.get(character, character) for character in name.replace("_", ""))
        known = self.looks.setdefault(key, (name, style))
        if known == (name, style):
            return
        if "function" in (known[1], style):
            raise self.error(f"{name} is a function and a variable in this formula", span, "rename the variable")
        if known[0] == name:
            raise self.error(f"{name} is written in two kinds of type", span, "write another letter for one of them")
        raise self.error(f"{name} and {known[0]} look alike", span, f"write {known[0]} for both, or another name")

    def function(self, name: str, start: int, end: int) -> None:
        """The name of a function that a command stands for."""
        if name in self.names:
            raise self.error(
                f"{name} is a function and a variable in this formula", (start, end), "rename the variable"
            )
        self.functions.add(name)
        self.function_at = len(self.tokens)
        self.emit(NAME, name, start, end)

    def opens_bracket(self) -> bool:
        """Whether a bracket comes next: that of a call."""
        piece = self.peek()
        if piece.text in ("(", "\\left"):
            return True
        return piece.kind == COMMAND and piece.text[1:] in commands.SIZES

    def letters(self, piece: Piece) -> None:
        """A run of letters and digits: a name, a function, or letters that the parser splits."""
        run = piece.text
        if run in KEYWORDS:
            self.emit(SIGN, run, piece.start, piece.end)
            return
        follows = self.peek()
        if follows.text != "_":
            check_name(self.text, run, piece.start, piece.end)
            name = plain_name(run)
            if self.raised and self.is_pair(name):
                self.remarks.append(f"{name} in the exponent is read as {name[0]}·{name[1]}")
                for place, letter in enumerate(name, start=piece.start):
                    self.keep_apart(letter, "", (place, place + 1))
                    self.emit(NAME, letter, place, place + 1)
                return
            self.keep_apart(name, "", piece.span)
            if ops.find(name) is not None and name not in self.names:
                self.function_at = len(self.tokens)
            self.emit(NAME, name, piece.start, piece.end)
            return
        if len(run) > 1 and not run.isalpha():
            hint = f"write \\mathrm{{{run}}}_… for one name, or blanks between the factors"
            raise self.error(f"{run}_: only {run[-1]} has the subscript in LaTeX", (piece.start, follows.end), hint)
        if len(run) > 1 and self.is_product(run, follows.end):
            for place, letter in enumerate(run[:-1], start=piece.start):
                self.keep_apart(plain_name(letter), "", (place, place + 1))
                self.emit(NAME, plain_name(letter), place, place + 1)
            start, run = piece.end - 1, run[-1]
            self.name(plain_name(run), start, piece.end)
            product = "·".join([*piece.text[:-1], self.tokens[-1].text])
            self.remarks.append(f"{self.text[piece.start : self.tokens[-1].end]} is read as {product}")
            return
        pair = self.is_open_pair(run, self.index_at(follows.end))
        self.name(plain_name(run), piece.start, piece.end, style="exact" if len(run) > 1 else "")
        if pair:
            self.whole.discard(self.tokens[-1].text)

    def is_pair(self, name: str) -> bool:
        """Whether a word in an exponent is the product of its two letters: it is no name of its own."""
        known = name in self.names or name in GREEK_WORDS or ops.find(name) is not None or name == "pi"
        return len(name) == 2 and name.isalpha() and not known and not self.is_assigned(name)

    def is_product(self, run: str, place: int) -> bool:
        """Whether letters before a subscript, which begins at `place`, are a product; the last one has the subscript.

        They are when all of them have values. Two letters without a value of their own are left to the parser, which
        knows how the text is written; more letters are a word.
        """
        index = self.index_at(place)
        if {f"{run}_{index}", run + index} & {*self.names} or ops.find(run) is not None:
            return False
        last = {f"{run[-1]}_{index}", run[-1] + index}
        return all(letter in self.names for letter in run[:-1]) and bool(last & {*self.names})

    def index_at(self, place: int) -> str:
        """The simple subscript that begins at a place; nothing for another one."""
        below = _BELOW.match(self.text, place)
        return (below.group(1) or below.group(2)) if below else ""

    def is_open_pair(self, run: str, index: str) -> bool:
        """Whether two letters before a subscript may be a product: nothing says that they are a name."""
        known = {f"{run}_{index}", run + index} & {*self.names} or run in GREEK_WORDS or ops.find(run) is not None
        assigned = self.is_assigned(rf"{run}_\{{?\s*{re.escape(index)}\s*\}}?")
        return len(run) == 2 and bool(index) and not known and not assigned

    def is_assigned(self, pattern: str) -> bool:
        """Whether a name, given as a pattern, stands before an equals sign."""
        return re.search(rf"(?<![A-Za-z\\]){pattern}\s*&?\s*:?=(?!=)", self.text) is not None

    def subscript(self) -> tuple[str, int]:
        """What stands below a name, as a part of the name, and where it ends."""
        sign = self.take()
        group = _GROUP.match(self.text, sign.end)
        if group:
            self.position = group.end()
            below = self.cleaned(group.group(1)).replace(" ", "").replace(",", "_")
            if not _SUBSCRIPT.fullmatch(below):
                hint = "write another name: x_{12}, x_{\\text{in}}"
                raise self.error("a subscript is a number or a name", (sign.start, group.end()), hint)
            return plain_name(below), group.end()
        piece = self.peek()
        if piece.kind == COMMAND and piece.text[1:] in commands.LETTERS:
            self.take()
            return commands.LETTERS[piece.text[1:]], piece.end
        if piece.kind == COMMAND and piece.text[1:] in commands.UPRIGHT:
            self.take()
            content, end = self.words(piece)
            below = self.cleaned(content)
            if _SUBSCRIPT.fullmatch(below):
                return below, end
        word = _WORD.match(self.text, piece.start)
        if not word:
            raise self.error("nothing below: a subscript is a number or a name", sign.span, "write x_1 or x_{12}")
        run = word.group()
        if len(run) > 1 and not (run[0].isdigit() and run[1].isalpha()):
            shown = self.text[max(0, sign.start - 1) : sign.start]
            raise self.error(
                f"_{run}: only {run[0]} is the subscript in LaTeX",
                (sign.start, word.end()),
                f"write {shown}_{{{run}}} for the name, {shown}_{run[0]} {run[1:]} for the product",
            )
        self.position = piece.start + 1
        return plain_name(run[0]), self.position

    def cleaned(self, content: str) -> str:
        """The content of braces as plain text: type and needless blanks taken away, Greek letters by name."""
        content = _STYLED.sub(r"\1", content).replace("\\_", "_").strip().strip("~").strip()
        greek = _GREEK.fullmatch(content)
        if greek and greek.group(1) in commands.LETTERS:
            return commands.LETTERS[greek.group(1)]
        return re.sub(r"_\{([^{}]*)\}", r"_\1", content)

    def words(self, command: Piece) -> tuple[str, int]:
        r"""The argument of \text, \hat and the like as it is typed, and where it ends."""
        group = _GROUP.match(self.text, self.position)
        if group:
            self.position = group.end()
            return group.group(1), group.end()
        piece = self.peek()
        if piece.kind == COMMAND and piece.text[1:] in commands.LETTERS:
            self.take()
            return piece.text, piece.end
        if piece.kind in (NAME, NUMBER):
            self.position = piece.start + 1
            return piece.text[0], self.position
        if piece.kind == COMMAND and piece.text[1:] in commands.STYLES | commands.UPRIGHT:
            self.take()
            return self.words(piece)
        if piece.text == "{":
            raise self.error("these braces are never closed", piece.span, "add }")
        raise self.error(f"nothing belongs to {command.text}", command.span, f"write {command.text}{{x}}")

    def upright(self, command: Piece) -> None:
        r"""`\mathrm{loss}`, `\text{if}`, `\operatorname{relu}`: one name; or a comment at the end of a line."""
        if command.text == "\\operatorname" and self.text.startswith("*", self.position):
            self.position += 1
        comment = self.gap == command.start
        content, end = self.words(command)
        span = command.start, end
        name = self.cleaned(content)
        if name in KEYWORDS or name in commands.ELSE_WORDS:
            self.emit(SIGN, "else" if name in commands.ELSE_WORDS else name, *span)
        elif not name:
            self.keep_gap(span)
        elif self.at_line_end() and (comment or not (_NAME.fullmatch(name) or name[0].isdigit())):
            return
        elif re.fullmatch(r"[0-9]+(\.[0-9]+)?", name):
            self.emit(NUMBER, name, *span)
        elif _NAME.fullmatch(name):
            self.written_name(name, span)
        else:
            hint = "words stand at the end of a line; a name has no blanks: \\mathrm{my\\_name}"
            raise self.error("words inside the formula", span, hint)

    def written_name(self, name: str, span: Span) -> None:
        """A name out of the braces of a command."""
        name = plain_name(name)
        if name == "d" and "d" not in self.names and self.peek().kind == NAME:
            raise self.error("this is a differential", span, commands.REFUSED["partial"])
        short = name.replace("_", "")
        if ops.find(name) is None and ops.find(short) is not None and short not in self.names:
            name = short
        greek = name in commands.LETTERS and "\\" in self.text[span[0] + 1 : span[1]]
        self.name(name, *span, style="" if len(name) == 1 or greek else "exact")

    def keep_gap(self, span: Span) -> None:
        """A gap goes on over a piece that prints nothing."""
        if self.gap == span[0]:
            self.gap = self.peek().start

    def styled(self, command: Piece) -> None:
        r"""`\mathbf{x}`, `\hat{y}`: a letter with another look."""
        word = command.text[1:]
        content, end = self.words(command)
        base = self.cleaned(content)
        accent = commands.ACCENTS.get(word)
        if not _NAME.fullmatch(base) or (accent and len(base) > 1 and content.isalpha()):
            hint = "write the function itself, or another name" if accent else "give it one name: \\mathbf{x}"
            raise self.error(f"{command.text} of more than a name", (command.start, end), hint)
        look = "bold" if word in commands.STYLES else ""
        self.name(f"{plain_name(base)}_{accent}" if accent else plain_name(base), command.start, end, style=look)
        self.bold_at = len(self.tokens) - 1 if look else -1

    # -- numbers and single characters ----------------------------------------------------------------------------

    def number(self, piece: Piece) -> None:
        r"""A number; one in parts is refused, because a comma may be a decimal point or not.

        `1{\cdot}10^{-5}`, set without the blanks of a product, is one number as well.
        """
        after = re.compile(r"\{,\}|\\[,;:! ]|~|,").match(self.text, piece.end)
        digits = re.compile(r"[0-9]+").match(self.text, after.end()) if after else None
        if after and digits and after.group() != ",":
            whole, rest = piece.text, digits.group()
            choices = [f"{whole}.{rest}"] * (after.group() == "{,}") + [f"{whole}{rest}"] * (whole != "0")
            hint = f"write {' or '.join(choices)}"
            raise self.error("a number in parts", (piece.start, digits.end()), hint)
        written, end = FRACTIONS.get(piece.text, piece.text), piece.end
        power = _POWER_OF_TEN.match(self.text, end)
        if power and "e" not in written.lower():
            written, end = f"{written}e{power[1]}", power.end()
            self.position = end
        check_number(self.text[:end] if power else self.text, written, piece.start, end)
        self.emit(NUMBER, written, piece.start, end)

    def single(self, owner: Piece, *, last: bool = True) -> None:
        """What belongs to a command or a script without braces: one digit, one letter, or one command.

        More digits or letters behind the last one have two readings.
        """
        piece = self.peek()
        if piece.kind == COMMAND:
            word = piece.text[1:]
            alone = word in commands.FRACTIONS or word == "sqrt" or word in commands.LETTERS
            if alone or word in commands.UPRIGHT | commands.STYLES or word in commands.ACCENTS:
                count = len(self.tokens)
                self.open(owner, "")
                self.item()
                self.opened.pop()
                if len(self.tokens) == count:
                    raise self.error(f"nothing to the right of {owner.text}", piece.span, "an operand is missing")
                return
        if piece.kind not in (NAME, NUMBER):
            if piece.kind == STOP or piece.text in commands.CLOSING:
                shown = owner.text + ("{x}{y}" if owner.text[1:] in commands.FRACTIONS else "{x}")
                raise self.error(f"nothing to the right of {owner.text}", owner.span, f"write {shown}")
            hint = f"write {owner.text}{{…}} with braces"
            raise self.error(f"what belongs to {owner.text}?", (owner.start, piece.end), hint)
        character, run = piece.text[0], piece.text
        rest = run[1:]
        if last and rest:
            raise self.error(
                f"{self.text[owner.start : piece.end]}: only {character} belongs to {owner.text} in LaTeX",
                (owner.start, piece.end),
                f"write {owner.text}{{{run}}}, or {owner.text}{{{character}}} {rest} for the product",
            )
        self.position = piece.start + 1
        if piece.kind == NUMBER:
            self.emit(NUMBER, FRACTIONS.get(character, character), piece.start, self.position)
        else:
            name = plain_name(character)
            self.keep_apart(name, "", piece.span)
            self.emit(NAME, name, piece.start, self.position)
