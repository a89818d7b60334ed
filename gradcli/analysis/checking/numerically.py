"""A SymPy expression as a list of steps over mpmath's numbers, made once and computed at any number of points.

Put into an expression, exact numbers make SymPy look for exact results: the digamma function of 100,000 is a sum of so
many terms, and a root of a fraction takes its factors. Here every part is a number of many digits instead. No rule of
our table is used, so that what SymPy says stays SymPy's: its functions are mpmath's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from gradcli.analysis.checking.evidence import reference
from gradcli.errors import OutOfRange, ParseError
from gradcli.systems import mpmath_functions
from gradcli.systems.digits import Digits

Step = Callable[..., Any]
"""From a system and the values of the arguments to a number, or a truth value; None where it does not tell."""

_OWN = "exp log sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh floor gamma loggamma"
OWN = frozenset(_OWN.split())
"""Functions that `Digits` computes itself, with limits for what would take forever."""

_LIBRARY = """
    erf erfc erfi erfinv polygamma beta Ei li Si Ci Shi Chi LambertW airyai airyaiprime airybi airybiprime fresnels
    fresnelc besselj bessely besseli besselk elliptic_k elliptic_e
"""
LIBRARY = frozenset(_LIBRARY.split())
"""Functions that are mpmath's."""

CONSTANTS = {"Pi": "pi", "Exp1": "e", "EulerGamma": "euler", "Catalan": "catalan", "GoldenRatio": "phi"}
"""mpmath's names of SymPy's constants."""


class Part(NamedTuple):
    """One part of an expression: a step on the values of earlier parts."""

    step: Step
    arguments: Sequence[int] = ()


class Steps(NamedTuple):
    """An expression as steps, the last of which is its value; `variables` are places of variables, by name."""

    parts: Sequence[Part]
    variables: Mapping[str, int]


def steps(expression: Any) -> Steps:
    """The steps of an expression. Raises ParseError for a part that has none here."""
    found: dict[Any, int] = {}
    parts: list[Part] = []
    variables: dict[str, int] = {}
    stack = [(expression, False)]
    while stack:
        each, ready = stack.pop()
        if each in found:
            continue
        operands = _operands(each)
        if not ready:
            stack.append((each, True))
            stack += [(operand, False) for operand in operands]
            continue
        if each.is_Symbol:
            variables[each.name] = len(parts)
        parts.append(Part(_step(each), [found[operand] for operand in operands]))
        found[each] = len(parts) - 1
    return Steps(parts, variables)


def value(made: Steps, point: Mapping[str, float], digits: int) -> Any:
    """The value at a point with so many digits, as one of mpmath's numbers.

    None where it is not finite, where a part at a corner has a convention, where digits cancel, and where it would take
    too long.
    """
    before = None
    for carried in (digits + 20, 2 * digits + 40, 4 * digits + 80):
        system = reference(carried, binary=False)
        after = _computed(made, point, system)
        if after is None:
            return None
        if before is not None and abs(after - before) <= abs(after) * system.number(10) ** -digits:
            return after
        before = after
    return None


def _computed(made: Steps, point: Mapping[str, float], system: Digits) -> Any:
    values: list[Any] = []
    places = {place: name for name, place in made.variables.items()}
    for index, (step, arguments) in enumerate(made.parts):
        operands = [values[a] for a in arguments]
        if index in places:
            number = system.number(point[places[index]])
        elif None in operands and step is not _branch:
            number = None
        else:
            try:
                number = step(system, *operands)
            except (OutOfRange, ArithmeticError, ValueError):
                number = None
        if not (number is None or isinstance(number, bool) or system.is_finite(number)):
            number = None
        values.append(number)
    return values[-1]


def _operands(part: Any) -> Sequence[Any]:
    """What a part is computed from; the branches of a Piecewise are pairs of value and condition."""
    if part.is_Piecewise:
        return [each for pair in part.args for each in pair.args]
    if part.is_Number or part.is_NumberSymbol or part.is_Symbol:
        return ()
    operands: Sequence[Any] = getattr(part, "pargs", part.args)
    return operands[:1] if type(part).__name__ == "Heaviside" else operands


def _step(part: Any) -> Step:
    kind = type(part).__name__
    if part.is_Rational:
        above, below = int(part.p), int(part.q)
        return lambda m: m.context.mpf(above) / below
    if part.is_Float:
        return lambda m: m.context.mpf(part)
    if part.is_Symbol:
        return lambda m: m.nan
    if kind in CONSTANTS:
        return lambda m: +getattr(m.context, CONSTANTS[kind])
    if kind in OWN:
        return lambda m, *a: getattr(m, kind)(*a)
    if kind in LIBRARY:
        return lambda m, *a: mpmath_functions.evaluate(m.context, kind, 0, a)
    if part.is_Relational:
        return {"<": _less, "<=": _less, ">": _greater, ">=": _greater, "==": _equal, "!=": _differ}[part.rel_op]
    if kind not in STEPS:
        raise ParseError(f"SymPy's {kind} is not computed step by step")
    return STEPS[kind]


def _branch(_: Digits, *pairs: Any) -> Any:
    """The value of the first branch whose condition holds; none where one before it does not tell."""
    for number, holds in zip(pairs[::2], pairs[1::2], strict=True):
        if holds is None or holds:
            return None if holds is None else number
    return None


def _less(_: Digits, a: Any, b: Any) -> bool | None:
    return None if a == b else bool(a < b)


def _greater(_: Digits, a: Any, b: Any) -> bool | None:
    return None if a == b else bool(a > b)


def _equal(_: Digits, a: Any, b: Any) -> bool | None:
    return None if a == b else False


def _differ(_: Digits, a: Any, b: Any) -> bool | None:
    return None if a == b else True


def _largest(_: Digits, *operands: Any) -> Any:
    largest = max(operands)
    return largest if list(operands).count(largest) == 1 else None


def _smallest(_: Digits, *operands: Any) -> Any:
    smallest = min(operands)
    return smallest if list(operands).count(smallest) == 1 else None


STEPS: dict[str, Step] = {
    "Add": lambda m, *a: m.context.fsum(a),
    "Mul": lambda m, *a: m.context.fprod(a),
    "Pow": lambda m, a, b: m.power(a, b),
    "Piecewise": _branch,
    "Max": _largest,
    "Min": _smallest,
    "Abs": lambda _, a: abs(a),
    "sign": lambda m, a: None if a == 0 else m.number(1 if a > 0 else -1),
    "Heaviside": lambda m, a: None if a == 0 else m.number(int(a > 0)),
    "ceiling": lambda m, a: -m.floor(-a),
    "sinc": lambda m, a: None if a == 0 else m.sin(a) / a,
    "sec": lambda m, a: 1 / m.cos(a),
    "csc": lambda m, a: 1 / m.sin(a),
    "cot": lambda m, a: 1 / m.tan(a),
    "coth": lambda m, a: 1 / m.tanh(a),
    "BooleanTrue": lambda _: True,
    "BooleanFalse": lambda _: False,
    "And": lambda _, *a: reduce(and_, a),
    "Or": lambda _, *a: reduce(or_, a),
    "Not": lambda _, a: not a,
}
"""The steps of SymPy's other classes, by name."""
