"""What libraries of automatic differentiation wrap around numbers: tensors, marks, attributes. Nothing of it is run."""

from __future__ import annotations

from collections.abc import Collection

from gradcli.language.chains import Chains
from gradcli.language.lexer import NAME, NUMBER, STRING, Token
from gradcli.language.limits import Limits
from gradcli.language.reader import Operand

DIFFERENTIATED = frozenset({"Parameter"})
"""Calls around a number that is differentiated whether or not they say so."""

TENSORS = DIFFERENTIATED | {
    "tensor", "Tensor", "FloatTensor", "DoubleTensor", "Variable", "array", "asarray", "constant", "Value", "as_tensor",
    "float32", "float64",
}  # fmt: skip
"""Calls around a number that make it an input: x = torch.tensor(2.0, requires_grad=True)."""

_MARK = "requires_grad"
_SKIPPED = frozenset({"label", "name", "grad", "retain_grad", "zero_grad"})
"""Attributes of a tensor that are no part of the formula."""


class Tensors(Chains):
    """Reads tensors.

    marked   the name that is the output, where the text says so
    tensors  names of tensors
    varied   those of them that are differentiated
    """

    def __init__(self, text: str, tokens: list[Token], limits: Limits, names: Collection[str]) -> None:
        super().__init__(text, tokens, limits, names)
        self.marked: str | None = None
        self.tensors: set[str] = set()
        self.varied: set[str] = set()

    def tensor(self, name: Token | None = None) -> Operand | None:
        """`torch.tensor(2.0, requires_grad=True)`: the number in it; None when there is no such call.

        `name` is what it is assigned to.
        """
        call = self.token
        if call.kind != NAME or call.text not in TENSORS or self.ahead().text != "(" or call.text in self.functions:
            return None
        varied = call.text in DIFFERENTIATED
        start = self.position
        self.position += 2
        inner = self.tensor(name)
        value = inner or self.only_entry()
        while self.is_next(","):
            self.take()
            if self.token.kind != NAME or self.ahead().text != "=" or self.ahead(2).kind not in (NAME, NUMBER, STRING):
                raise self.unexpected(value)
            varied = varied or (self.token.text == _MARK and self.ahead(2).text == "True")
            self.position += 3
        end = self.close(self.tokens[start + 1]).end
        while self.is_next(".") and self.ahead().kind == NAME and self.ahead(2).text == "(":
            varied = varied or self.ahead().text == f"{_MARK}_"
            end = self.method(value).end
        if name is not None:
            self.tensors.add(name.text)
            if varied:
                self.varied.add(name.text)
        return Operand(value.what, call.start, end)

    def only_entry(self) -> Operand:
        """A number, or the only one in a list."""
        if not self.is_next("["):
            return self.expression()
        opening = self.take()
        self.deeper(opening.span)
        value = self.only_entry()
        if self.is_next(","):
            raise self.error("[ cannot stand here", opening.span, "vectors are not read here")
        self.depth -= 1
        return Operand(value.what, opening.start, self.close(opening).end)

    def attribute(self) -> bool:
        """`L.backward()`, `x.requires_grad = True`, `x.label = 'x'` as a statement: read and left out, if it is one."""
        name, dot, attribute = self.token, self.ahead(), self.ahead(2)
        if name.kind != NAME or dot.text != "." or attribute.kind != NAME:
            return False
        word = attribute.text
        if word == "backward":
            self.marked = name.text
        elif word in (_MARK, f"{_MARK}_"):
            value = self.ahead(4)
            if value.text == "False":
                self.varied.discard(name.text)
            else:
                self.varied.add(name.text)
            self.tensors.add(name.text)
        elif word not in _SKIPPED:
            return False
        while not self.at_end():
            self.position += 1
        return True

    def fix_tensors(self) -> None:
        """Tensors beside others that are marked as differentiated are constants."""
        fixed = [name for name in self.builder.inputs if name in self.tensors - self.varied]
        if not self.varied or not fixed:
            return
        self.builder.constants.update(fixed)
        verb = "is a constant: it has" if len(fixed) == 1 else "are constants: they have"
        self.remark(fixed[0], f"{', '.join(fixed)} {verb} no requires_grad, and others have")
