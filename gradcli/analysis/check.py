"""Is the gradient right? The graph's gradient beside SymPy's derivative and a difference of values, with a verdict.

The judge is the difference (`slopes`), which uses no derivative rule. The same graph in many digits tells a wrong rule
from lost digits; SymPy is a witness.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gradcli.analysis.slopes import Slopes, slopes
from gradcli.errors import OutOfRange, ParseError
from gradcli.graph import Graph
from gradcli.language import second_reading
from gradcli.ops import OPERATIONS
from gradcli.passes import Backward, backward, corners, forward
from gradcli.systems import CONSTANTS, FLOATS
from gradcli.systems.digits import Digits

Verdict = Literal["agree", "disagree", "not_differentiable", "outside_domain", "rounding", "inconclusive"]

SEVERITY: tuple[Verdict, ...] = (
    "disagree", "rounding", "outside_domain", "not_differentiable", "inconclusive", "agree",
)  # fmt: skip
"""The verdict of a whole check is the first of these that one of its variables has."""

RULES = 1e-12
"""How closely the rules, in many digits, must meet the difference."""

FLOAT = 1e-6
"""How closely the floats must."""

SYMPY_NODES = 300
"""Larger formulas are not given to SymPy: its derivatives grow without bound."""

SYMPY_LENGTH = 3_000
SYMPY_BITS = 1_000_000
"""Nor those that are longer than this written out, or whose exact numbers have more bits."""


@dataclass(frozen=True, slots=True)
class VariableCheck:
    """One variable: what each witness says, the verdict and its reason.

    graph       the gradient of the graph in floats, the accused
    symbolic    SymPy's derivative there, None when it has none or there is no derivative
    difference  the slope from values alone; nan where there is none
    left, right its one-sided slopes
    digits      how many digits of graph and difference are the same, None when not comparable
    """

    name: str
    graph: float
    symbolic: float | None
    difference: float
    left: float
    right: float
    verdict: Verdict
    reason: str
    digits: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """The verdicts for all variables, the worst of them, and the run that was checked."""

    back: Backward
    variables: tuple[VariableCheck, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict in one word."""
        return min((variable.verdict for variable in self.variables), key=SEVERITY.index, default="agree")

    @property
    def exit_status(self) -> int:
        """0 all agree, 1 one disagrees, 3 none disagrees but not all are verified."""
        return {"agree": 0, "disagree": 1}.get(self.verdict, 3)


def check(graph: Graph, point: Mapping[str, Any], wrt: Iterable[str] | None = None) -> Check:
    """Check the gradient at `point` (numbers by name) for the variables in `wrt` (default: all).

    Raises UsageError when a variable has no value.
    """
    run = forward(graph, point)
    chosen = tuple(graph.inputs) if wrt is None else tuple(wrt)
    back = backward(run, chosen)
    values = {name: run.values[index] for name, index in graph.inputs.items()}
    gradients = back.gradients
    return Check(
        back,
        tuple(
            _variable(back, name, values, float(gradients[index]))
            for name, index in graph.inputs.items()
            if name in chosen
        ),
    )


def _variable(back: Backward, name: str, values: Mapping[str, float], gradient: float) -> VariableCheck:
    graph = back.graph

    def function(system: Digits, offset: Any) -> Any:
        point: dict[str, Any] = dict(values)
        point[name] = system.number(values[name]) + offset
        return forward(graph, point, system).value

    try:
        found = slopes(function, values[name], abs(gradient) if gradient and math.isfinite(gradient) else 1.0)
        precise = backward(forward(graph, values, Digits(60, binary=True)), (name,))
        verdict, reason = judge(back, name, gradient, precise, found)
    except OutOfRange as error:
        found = Slopes("unsettled", math.nan, math.nan)
        verdict, reason = "inconclusive", f"{error} is out of range for an exact answer"
    symbolic = sympy_derivative(graph, name, values) if found.kind == "smooth" else None
    difference = float(found.slope) if found.kind == "smooth" else math.nan
    digits = same_digits(gradient, difference)
    return VariableCheck(name, gradient, symbolic, difference, found.left, found.right, verdict, reason, digits)


def judge(back: Backward, name: str, gradient: float, precise: Backward, found: Slopes) -> tuple[Verdict, str]:
    """The verdict and its reason, from the float gradient, the same in many digits, and the slopes of the values."""
    run = back.forward
    system = precise.forward.system
    if not system.is_finite(precise.forward.value):
        return "outside_domain", _culprit(precise) or "there is no finite value here"
    if found.kind == "corner":
        between = min(found.left, found.right) <= gradient <= max(found.left, found.right)
        used = f"the convention {_say(gradient)} lies between them" if between else f"the graph says {_say(gradient)}"
        sides = f"the slope is {_say(found.left)} from the left and {_say(found.right)} from the right"
        return "not_differentiable", f"corner{_at_corner(back)}: {sides}; {used}"
    if found.kind == "jump":
        return "not_differentiable", f"jump{_at_corner(back)}: the function is not continuous here"
    if found.kind == "infinite":
        return "not_differentiable", "the slope is infinite here"
    if found.kind == "edge":
        side = "left" if math.isnan(found.left) else "right"
        return "not_differentiable", f"edge of the domain: there are no values to the {side}"
    if found.kind == "isolated":
        return "outside_domain", "there are no values on either side"
    if found.kind == "unsettled":
        return "inconclusive", "the differences do not settle"
    return _compare(run.value, gradient, precise.gradient(name), found, _at_corner(back))


def _compare(value: float, gradient: float, exact: Any, found: Slopes, corner: str) -> tuple[Verdict, str]:
    """Agreement, a wrong rule, or lost digits; the point is smooth."""
    slope, error = found.slope, found.error
    if not abs(exact - slope) <= RULES * abs(slope) + 10 * error:
        if corner:
            return "disagree", f"there is a derivative, {_say(float(slope))}, but the convention{corner} hides it"
        return "disagree", f"the slope of the values is {_say(float(slope))}"
    limit = FLOAT * max(abs(gradient), abs(float(slope)))
    if math.isfinite(value) and math.isfinite(gradient) and abs(gradient - float(slope)) <= max(limit, 4 * 2**-1074):
        return "agree", "ok"
    if float(slope) == 0 and math.isfinite(value) and abs(gradient) <= 1e-12:
        return "agree", "ok"
    if not (math.isfinite(value) and math.isfinite(gradient)):
        what = "overflow: floats cannot hold a step"
    else:
        what = "floats lose the digits"
    return "rounding", f"{what}; the rules are right and the slope is {_say(float(slope))}"


def _say(value: float) -> str:
    return f"{value:.6g}" if value else "0"


def _at_corner(back: Backward) -> str:
    """` at v1 (relu)` for the first node that is at a corner, empty when none is."""
    graph = back.graph
    for index in corners(back.forward, back.depends):
        return f" at {graph.name(index)} ({graph.operations[index]})"
    return ""


def _culprit(precise: Backward) -> str:
    """The first node without a finite value, and its operands."""
    run = precise.forward
    graph, system = run.graph, run.system
    for index, value in enumerate(run.values):
        if graph.operations[index] in OPERATIONS and not system.is_finite(value):
            operands = ", ".join(_say(system.to_float(run.values[a])) for a in graph.arguments[index])
            return f"{graph.name(index)}: {graph.operations[index]} of {operands} is no finite real number"
    return ""


def same_digits(a: float, b: float) -> int | None:
    """How many significant digits two numbers share (16 for equal ones); None when one is not finite."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return None
    if a == b:
        return 16
    return max(0, min(16, math.floor(-math.log10(abs(a - b) / max(abs(a), abs(b))))))


def sympy_derivative(graph: Graph, name: str, values: Mapping[str, float]) -> float | None:
    """SymPy's derivative at the point: the others put in as exact numbers first, then `diff`, then a number.

    SymPy differentiates its own reading of the text where it can read it (`language.second_reading`), so that a fault
    of our parser would show; else what the graph amounts to in exact numbers. None when the formula is too large for
    SymPy, or it has no finite answer.
    """
    if len(graph) > SYMPY_NODES or not fits_sympy(graph):
        return None
    from gradcli.systems.exact import Exact

    system = Exact(binary=True)
    symbol = system.sympy.Symbol(name, real=True)
    for reading in (_of_the_text, _of_the_graph):
        try:
            expression = reading(graph, symbol, values, system)
            derivative = system.number(expression).diff(symbol)
            number = derivative.evalf(30, maxn=2000, subs={symbol: system.number(values[name])})
        except (OutOfRange, ParseError, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError):
            continue
        result = FLOATS.number(number) if number.is_Float or number.is_Rational else math.nan
        if math.isfinite(result):
            return result
    return None


def fits_sympy(graph: Graph) -> bool:
    """Whether SymPy could hold the formula: written out it is short, and its exact numbers stay small.

    Sizes are bounded node by node, in one loop: a formula of n shared nodes can be 2**n long, and a number that is
    squared n times has 2**n digits.
    """
    length: list[int] = []
    bits: list[float] = []
    for operation, arguments in zip(graph.operations, graph.arguments, strict=True):
        length.append(1 + sum(length[a] for a in arguments))
        sizes = [bits[a] for a in arguments]
        if not arguments:
            bits.append(64.0)
        elif operation == "square":
            bits.append(2 * sizes[0])
        elif operation == "power":
            exponent = graph.texts.get(arguments[1], "2000")
            factor = abs(float(exponent)) if graph.is_constant(arguments[1]) and exponent not in CONSTANTS else 2e3
            bits.append(sizes[0] * max(1.0, factor))
        else:
            bits.append(sum(sizes))
        if length[-1] > SYMPY_LENGTH or bits[-1] > SYMPY_BITS:
            return False
    return True


def _of_the_text(graph: Graph, symbol: Any, values: Mapping[str, float], system: Any) -> Any:
    """The formula as SymPy reads the text, in one variable."""
    expression = second_reading.read(graph.source, graph.inputs, binary=True, at=values)
    symbols = expression.free_symbols
    if not {each.name for each in symbols} <= set(graph.inputs):
        raise ParseError("SymPy reads other variables in this text")
    return expression.subs({each: system.number(values[each.name]) for each in symbols if each != symbol})


def _of_the_graph(graph: Graph, symbol: Any, values: Mapping[str, float], system: Any) -> Any:
    """The formula as the graph has it, in one variable."""
    return forward(graph, {**values, symbol.name: symbol}, system).value
