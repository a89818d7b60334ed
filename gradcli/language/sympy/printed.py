"""What SymPy prints of a product: as it stands or sorted, above the line and below."""

from __future__ import annotations

from typing import Any


def as_it_stands(product: Any) -> bool:
    """Whether a product was built unevaluated, so that SymPy prints the factors one by one: x*2, 1*x, 2**3*x."""
    first, *others = product.args
    return bool(first.is_Integer and first == 1) or any(
        factor.is_Number or (factor.is_Pow and factor.base.is_Integer and factor.exp.is_Integer) for factor in others
    )


def is_below(factor: Any) -> bool:
    """Whether a factor is printed below a line: a power with a negative exponent."""
    return bool(factor.is_Pow and factor.exp.as_coeff_Mul()[0] < 0)


def reciprocal(power: Any) -> Any:
    """A power with the exponent's sign turned."""
    first, *others = power.exp.args if power.exp.is_Mul else (power.exp,)
    exponent = -first if not others else power.exp.func(*([] if first == -1 else [-first]), *others, evaluate=False)
    return power.base if exponent == 1 else power.func(power.base, exponent, evaluate=False)


def fraction(factors: Any) -> tuple[list[Any], list[Any]]:
    """Factors above the line as they stand, and those below with the sign of their exponents turned."""
    above = [factor for factor in factors if not is_below(factor)]
    return above, [reciprocal(factor) for factor in factors if is_below(factor)]
