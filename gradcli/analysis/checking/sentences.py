"""The sentences of a finding: formulas with numbers in them, and numbers of any size."""

from __future__ import annotations

import math
from typing import Any

from gradcli import grammar, ops
from gradcli.analysis.checking.causes import position
from gradcli.analysis.checking.evidence import Evidence
from gradcli.analysis.checking.verdict import Cause
from gradcli.passes import Forward
from gradcli.printers import unicode
from gradcli.printers.expression import Piece, atom, over


def domain(operation: ops.Operation) -> str:
    """`log takes numbers larger than 0`; empty for an operation that takes all numbers."""
    return f"{operation.spoken or operation.typed} {operation.takes}" if operation.domain else ""


def substituted(run: Forward, index: int, digits: int = 6) -> str:
    """A node's formula with the numbers of its operands: `exp(1000)`."""

    def piece(argument: int) -> Piece:
        text = short(run.values[argument], digits)
        whole = text.replace(".", "").isalnum() and "e" not in text
        return atom(text) if whole else (text, grammar.SIGN)

    return over(run.graph, index, unicode.DIALECT, piece)


def where(evidence: Evidence, cause: Cause | None) -> str:
    """` at v1 = relu(0)`."""
    if cause is None:
        return ""
    run = evidence.back.forward
    return f" at {cause.node} = {substituted(run, position(run.graph, cause.node))}"


def conventions(cause: Cause | None, gradient: float) -> str:
    """What others say at a corner."""
    if cause is None or not math.isfinite(gradient):
        return ""
    operation = ops.OPERATIONS[cause.operation]
    return f"{operation.convention}. {operation.elsewhere}" if operation.elsewhere else operation.convention


def use(suggested: str) -> str:
    """The advice to use another form; empty when none is known."""
    return f"use {suggested}" if suggested else ""


def short(number: Any, digits: int = 6) -> str:
    """A number for a sentence, of any size: 8, 0.25, 1.97007e+434."""
    if isinstance(number, float) and (math.isnan(number) or math.isinf(number)):
        return str(number).replace("inf", "∞")
    if number == 0:
        return "0"
    as_float = float(number) if abs(number) < 1e300 else math.inf
    if math.isfinite(as_float) and abs(as_float) > 1e-300:
        return str(int(as_float)) if as_float == int(as_float) and abs(as_float) < 1e15 else f"{as_float:.{digits}g}"
    if isinstance(number, float):
        return f"{number:.6g}"
    size = float(number.context.log10(abs(number)))
    exponent = math.floor(size)
    sign = "-" if number < 0 else ""
    if abs(exponent) > 10**12:
        return f"{sign}about 10^{exponent}"
    return f"{sign}{10 ** (size - exponent):.6g}e{exponent:+d}"
