"""SymPy's expressions to graphs: what SymPy would print, as nodes.

A graph from here is the one that `parse` reads from `str(expression)`: the same operations in the same order, a minus
where SymPy prints one, a division where it prints one. What is printed twice is two nodes, as if it were typed twice;
a variable is one node. SymPy's `E` is Euler's number here.

Nothing recurses: an expression is unfolded into tasks on a stack, which push operands and apply operations to them.
"""

from __future__ import annotations

from typing import Any

from gradcli import ops
from gradcli.errors import ParseError
from gradcli.graph import Graph, GraphBuilder
from gradcli.language.lexer import NAME, tokens
from gradcli.language.limits import ARGUMENT, FILE
from gradcli.language.sympy.composed import COMPOSED
from gradcli.language.sympy.printed import as_it_stands, fraction, is_below, reciprocal
from gradcli.ops.unspecified import is_unspecified

Task = tuple[Any, ...]
"""("read", expression), ("read bare", expression): without its minus, ("read negated", expression): with one before it,
("number", text), ("apply", operation, count) or ("choose", count of branches)."""

DEPTH = 100
"""Deeper expressions are read in the order they are stored in: SymPy cannot print or sort them."""

DIGITS = 50
"""Digits of constants that have no name here, such as EulerGamma."""

RELATIONS = {
    "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "not_equal",
}  # fmt: skip
JOINED = {"And": "logical_and", "Or": "logical_or"}
WRITTEN_OUT = frozenset({"Equivalent", "Implies", "Nand", "Nor", "Xnor", "Xor"})
"""Logic that is written with and, or and not."""

UNREAL = {
    "ImaginaryUnit": "the imaginary unit I: a graph is over real numbers",
    "Infinity": "oo, which is no number",
    "NegativeInfinity": "-oo, which is no number",
    "ComplexInfinity": "zoo, which is no number",
    "NaN": "nan, which is no number",
}
UNDONE = frozenset({"Derivative", "Integral", "Limit", "Order", "Product", "Subs", "Sum"})
"""What SymPy leaves open; `doit` may close it."""


def from_sympy(expression: Any) -> Graph:
    """The graph of a SymPy expression over real numbers, in the order in which SymPy prints it.

    Raises ParseError, with the part named, for what cannot be a graph: I, oo, an open Integral, a matrix, an unknown
    function, and for an expression that would take more than two million nodes.
    """
    import sympy

    if not isinstance(expression, (sympy.Basic, sympy.MatrixBase)):
        kind = type(expression).__name__
        raise ParseError(f"from_sympy takes a SymPy expression, not a {kind}", hint="gradcli.parse reads a text")
    if isinstance(expression, sympy.MatrixBase):
        raise _refused(f"a matrix ({type(expression).__name__})")
    reader = GraphReader(sympy)
    return reader.builder.finish(reader.add(expression))


def _measure(expression: Any) -> tuple[int, int]:
    """How many parts an expression has when it is written out, and how many levels; each object is looked at once."""
    found: dict[int, tuple[int, int, Any]] = {}
    stack: list[tuple[Any, Any]] = [(expression, None)]
    while stack:
        part, arguments = stack.pop()
        if id(part) in found:
            continue
        if arguments is None:
            arguments = part.args
            stack.append((part, arguments))
            stack += [(argument, None) for argument in arguments]
            continue
        inner = [found[id(argument)] for argument in arguments]
        size, depth = 1 + sum(each[0] for each in inner), 1 + max((each[1] for each in inner), default=0)
        found[id(part)] = (size, depth, part)
    return found[id(expression)][:2]


class GraphReader:
    """Reads expressions, in printed order or as they are stored.

    operands  nodes, or the texts of numbers that are not nodes yet
    symbols   the symbol of every input
    named     nodes that names of symbols stand for, besides inputs
    """

    def __init__(self, sympy: Any) -> None:
        self.sympy = sympy
        self.in_order = True
        self.builder = GraphBuilder()
        self.operands: list[int | str] = []
        self.symbols: dict[str, Any] = {}
        self.named: dict[str, int] = {}

    def add(self, expression: Any) -> int:
        """The node of an expression, with the nodes it needs. Raises ParseError as `from_sympy` does."""
        size, depth = _measure(expression)
        if size > FILE.nodes:
            raise ParseError(
                f"the expression has {size:,} parts when it is written out; the most here is {FILE.nodes:,}"
            )
        self.in_order = depth <= DEPTH
        tasks: list[Task] = [("read", expression)]
        while tasks:
            task = tasks.pop()
            match task[0]:
                case "number":
                    self.operands.append(task[1])
                case "apply":
                    self.apply(task[1], task[2])
                case "choose":
                    self.choose(task[1])
                case _:
                    tasks += reversed(self.unfolded(task[0], task[1]))
        return self.node(self.operands.pop())

    def name(self, name: str, node: int) -> None:
        """Let the symbol called `name` stand for a node from here on."""
        self.named[name] = node

    # -- nodes ----------------------------------------------------------------------------------------------------

    def node(self, operand: int | str) -> int:
        """The node of an operand; a number becomes one now, as it does when a formula is parsed."""
        return self.builder.constant(operand) if isinstance(operand, str) else operand

    def apply(self, operation: str, count: int) -> None:
        """A new node on the last `count` operands; the larger of 0 and one operand is relu."""
        operands = self.operands[-count:]
        del self.operands[-count:]
        if operation == "max" and count == 2 and "0" in operands:
            operation = "relu"
            operands.remove("0")
        self.operands.append(self.builder.add(operation, tuple([self.node(operand) for operand in operands])))

    def choose(self, count: int) -> None:
        """Conditionals one inside the other, on `count` pairs of condition and value; the last condition is True."""
        pairs = self.operands[-2 * count :]
        del self.operands[-2 * count :]
        result = pairs[-1]
        for k in range(count - 2, -1, -1):
            self.operands += [pairs[2 * k], pairs[2 * k + 1], result]
            self.apply("where", 3)
            result = self.operands.pop()
        self.operands.append(result)

    # -- expressions ----------------------------------------------------------------------------------------------

    def unfolded(self, how: str, expression: Any) -> list[Task]:
        """The tasks that an expression amounts to."""
        if how == "read negated":
            if (expression.is_Integer or expression.is_Float) and expression >= 0:
                return [("number", f"-{self.number(expression)}")]
            return [("read", expression), ("apply", "negate", 1)]
        if getattr(expression, "is_Matrix", False):
            raise _refused(f"a matrix ({type(expression).__name__})")
        if expression.is_Number:
            return self.quotient(-expression if how == "read bare" else expression)
        if expression.is_Symbol:
            self.operands.append(self.variable(expression))
            return []
        if expression.is_Add:
            return self.sum(expression)
        if expression.is_Mul:
            return self.product(expression, bare=how == "read bare")
        if expression.is_Pow:
            return self.power(expression.base, expression.exp)
        return self.special(expression)

    def special(self, expression: Any) -> list[Task]:
        """Constants, conditions and calls."""
        kind = type(expression).__name__
        if expression.is_NumberSymbol:
            named = {"Pi": "pi", "Exp1": "e"}.get(kind)
            return [("number", named or str(expression.evalf(DIGITS)))]
        if expression in (self.sympy.true, self.sympy.false):
            return [("number", "1" if expression == self.sympy.true else "0")]
        if expression.is_Relational:
            return [*_read(expression.args), ("apply", RELATIONS[expression.rel_op], 2)]
        if kind in JOINED:
            return _chain(JOINED[kind], expression.args)
        if kind == "Not":
            return [*_read(expression.args), ("apply", "logical_not", 1)]
        if kind in WRITTEN_OUT:
            return [("read", expression.to_nnf())]
        if kind in ("Piecewise", "ITE"):
            return self.conditional(expression)
        if kind == "UnevaluatedExpr":
            return [("read", expression.args[0])]
        if expression.is_Function:
            return self.call(expression)
        if kind in UNDONE:
            raise _refused(f"{_article(kind)} that is not evaluated", "call doit() on it first")
        raise _refused(UNREAL.get(kind) or _article(kind))

    def variable(self, symbol: Any, *, checked: bool = False) -> int:
        """The input of a symbol, or the node that it stands for.

        Its name must be one that a formula can hold (unless it is `checked`), and belong to one symbol only.
        """
        name = str(symbol.name)
        if name in self.named:
            return self.named[name]
        if checked:
            self.named[name] = self.builder.input(name)
            return self.named[name]
        if not symbol.is_commutative:
            raise _refused(f"{name}, which does not commute")
        try:
            first, *rest = tokens(name, ARGUMENT)
        except ParseError as error:
            raise _refused(f"a variable called {name!r}", "rename it with subs") from error
        if first.kind != NAME or first.span != (0, len(name)) or len(rest) != 1:
            raise _refused(f"a variable called {name!r}", "rename it with subs")
        if self.symbols.setdefault(first.text, symbol) != symbol:
            raise _refused(f"two variables called {name} (with different assumptions)", "rename one of them with subs")
        return self.builder.input(first.text)

    def number(self, number: Any) -> str:
        """The shortest text of an integer or a float that is the same number.

        Raises ParseError when no 64-bit float is near it.
        """
        whole = number.is_Integer
        near = 0.0
        if number.is_finite and (not whole or int(number.p).bit_length() <= 1024):
            near = float(number)
        if near in (float("inf"), float("-inf")) or (near == 0) != bool(number.is_zero):
            raise _refused("a number that no 64-bit float is near")
        if whole:
            return str(int(number.p))
        _, _, exponent, bits = number._mpf_
        return repr(near) if bits <= 53 and exponent >= -1074 else _decimal(number)

    def quotient(self, number: Any) -> list[Task]:
        """A number: a fraction is a division."""
        if type(number).__name__ in UNREAL:
            raise _refused(UNREAL[type(number).__name__])
        if number.is_Float or number.is_Integer:
            return [("number", self.number(number))]
        over, under = self.sympy.Integer(number.p), self.sympy.Integer(number.q)
        return [("number", self.number(over)), ("number", self.number(under)), ("apply", "divide", 2)]

    def sum(self, expression: Any) -> list[Task]:
        """Terms in printed order; one that is printed with a minus is subtracted."""
        first, *others = expression.as_ordered_terms() if self.in_order else expression.args
        tasks: list[Task] = [("read", first)]
        for term in others:
            minus = not term.is_Add and self.starts_with_minus(term)
            tasks += [("read bare" if minus else "read", term), ("apply", "subtract" if minus else "add", 2)]
        return tasks

    def starts_with_minus(self, expression: Any) -> bool:
        """Whether SymPy prints a minus first."""
        while expression.is_Mul:
            if not as_it_stands(expression):
                return bool(expression.as_coeff_Mul()[0].is_extended_negative)
            above, _ = fraction(expression.args)
            if not above:
                return False
            expression = above[0]
        return bool(expression.is_Number and expression.is_extended_negative)

    def product(self, expression: Any, *, bare: bool) -> list[Task]:
        """Factors in printed order; those with a negative exponent below a division, a minus before the first one."""
        if as_it_stands(expression):
            above, below = fraction(expression.args)
            how = "read bare" if bare else "read"
        else:
            coefficient, rest = expression.as_coeff_Mul()
            negative = coefficient.is_extended_negative
            how = "read negated" if negative and not bare else "read"
            if negative:
                expression = self.times(-coefficient, rest)
            in_order = expression.is_Mul and self.in_order
            factors = expression.as_ordered_factors() if in_order else self.sympy.Mul.make_args(expression)
            above, below = self.numbers_apart(factors)
        first, *others = above or [self.sympy.S.One]
        tasks: list[Task] = [(how, first)]
        for factor in others:
            tasks += [("read", factor), ("apply", "multiply", 2)]
        if below:
            tasks += [*_chain("multiply", below), ("apply", "divide", 2)]
        return tasks

    def times(self, coefficient: Any, rest: Any) -> Any:
        """A product with a positive coefficient, unevaluated, as SymPy's printer puts it together."""
        factors = list(rest.args) if rest.is_Mul else [rest]
        if factors[0].is_Number:
            coefficient *= factors.pop(0)
        if not (coefficient.is_Integer and coefficient == 1):
            factors.insert(0, coefficient)
        return self.sympy.Mul(*factors, evaluate=False)

    def numbers_apart(self, factors: list[Any]) -> tuple[list[Any], list[Any]]:
        """Factors above and below the line, a fraction in its two parts."""
        above, below = [], []
        for factor in factors:
            if factor.is_Rational:
                above += [self.sympy.Integer(factor.p)] if factor.p != 1 else []
                below += [self.sympy.Integer(factor.q)] if factor.q != 1 else []
            elif is_below(factor):
                below.append(reciprocal(factor))
            else:
                above.append(factor)
        return above, below

    def power(self, base: Any, exponent: Any) -> list[Task]:
        """x**2 is square, x**(1/2) sqrt, x**(-1) a division, e**x exp."""
        one, half = self.sympy.S.One, self.sympy.S.Half
        if exponent is half:
            return [("read", base), ("apply", "sqrt", 1)]
        if -exponent is half:
            return [("read", one), ("read", base), ("apply", "sqrt", 1), ("apply", "divide", 2)]
        if exponent is self.sympy.S.NegativeOne:
            return [("read", one), ("read", base), ("apply", "divide", 2)]
        if exponent.is_Integer and exponent == 2:
            return [("read", base), ("apply", "square", 1)]
        if base is self.sympy.E:
            return [("read", exponent), ("apply", "exp", 1)]
        return [("read", base), ("read", exponent), ("apply", "power", 2)]

    def conditional(self, expression: Any) -> list[Task]:
        """Piecewise and ITE: every condition before its value."""
        if type(expression).__name__ == "ITE":
            condition, value, otherwise = expression.args
            branches = [(value, condition), (otherwise, self.sympy.true)]
        else:
            branches = [tuple(pair) for pair in expression.args]
        if branches[-1][1] != self.sympy.true:
            raise _refused("a Piecewise that has no value elsewhere", "end it with a branch (value, True)")
        tasks = [task for value, condition in branches for task in _read((condition, value))]
        return [*tasks, ("choose", len(branches))]

    def call(self, expression: Any) -> list[Task]:
        """A function of the table, found by the name that SymPy prints."""
        name = type(expression).__name__
        operation = ops.find(name)
        arguments = list(getattr(expression, "pargs", expression.args))
        if name in COMPOSED and len(arguments) == COMPOSED[name][0]:
            return [("read", COMPOSED[name][1](self.sympy, *arguments))]
        if operation is None and isinstance(expression, self.sympy.core.function.AppliedUndef):
            return [*_read(arguments), ("apply", self.unspecified(name, len(arguments)), len(arguments))]
        if operation is None:
            raise _refused(f"the function {name}", "gradcli ops lists the functions")
        operation = ops.with_arguments(operation, len(arguments))
        if operation.variadic and self.in_order:
            arguments.sort(key=self.sympy.default_sort_key)
        fits = len(arguments) >= 2 if operation.variadic else len(arguments) == operation.arity
        if not fits:
            raise _refused(f"{name} with {len(arguments)} arguments")
        return [*_read(arguments), ("apply", operation.name, len(arguments))]

    def unspecified(self, name: str, count: int) -> str:
        """The operation that a function without a definition is."""
        operation = f"{name}({',' * (count - 1)})"
        try:
            first, *rest = tokens(name, ARGUMENT)
        except ParseError as error:
            raise _refused(f"a function called {name!r}") from error
        if first.kind != NAME or len(rest) != 1 or not is_unspecified(operation):
            raise _refused(f"a function {name!r} of {count} arguments")
        return operation


def _refused(what: str, hint: str | None = None) -> ParseError:
    return ParseError(f"no graph can hold {what}", hint=hint)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _read(expressions: Any) -> list[Task]:
    return [("read", expression) for expression in expressions]


def _chain(operation: str, expressions: Any) -> list[Task]:
    """Operands joined in pairs from the left."""
    first, *others = expressions
    tasks: list[Task] = [("read", first)]
    for expression in others:
        tasks += [("read", expression), ("apply", operation, 2)]
    return tasks


def _decimal(number: Any) -> str:
    """The fewest decimal digits from which a number with its own binary precision is read back."""
    from mpmath import libmp

    precision: int = number._prec  # noqa: SLF001
    most = libmp.repr_dps(precision)
    for digits in range(max(1, most - 4), most):
        text = str(libmp.to_str(number._mpf_, digits))
        if libmp.from_str(text, precision, "n") == number._mpf_:
            return text
    return str(libmp.to_str(number._mpf_, most))
