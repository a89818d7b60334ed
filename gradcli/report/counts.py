"""How whole numbers of any size are written: a graph of a thousand nodes can have 2**500 paths."""

from __future__ import annotations

import math

IN_FULL = 10**15
"""From here on a count is given by its size, for people."""

JSON_MOST = 2**53
"""The largest integer that every reader of JSON takes as it is."""


def count_text(count: int) -> str:
    """A count for people: 1,048,576; larger ones as 2^1000 ≈ 1.07e301, or ≈ 3.32e477."""
    if count < IN_FULL:
        return f"{count:,}"
    exponent, rest = divmod(math.log10(count), 1)
    mantissa = f"{10**rest:.2f}"
    if mantissa == "10.00":
        mantissa, exponent = "1.00", exponent + 1
    power = f"2^{count.bit_length() - 1} " if count & (count - 1) == 0 else ""
    return f"{power}≈ {mantissa}e{int(exponent)}"


def count_record(count: int) -> int | str:
    """A count for JSON: the integer, or as a text where a reader might round it."""
    return count if count <= JSON_MOST else all_digits(count)


def all_digits(count: int) -> str:
    """Every digit, in less than quadratic time and without Python's limit on the length of such texts.

    Halves are joined in `decimal`, whose products of long numbers are fast.
    """
    from decimal import MAX_EMAX, MAX_PREC, Context, Decimal

    context = Context(prec=MAX_PREC, Emax=MAX_EMAX)
    powers: dict[int, Decimal] = {}

    def power(bits: int) -> Decimal:
        if bits not in powers:
            powers[bits] = context.power(Decimal(2), bits)
        return powers[bits]

    def decimal(number: int, bits: int) -> Decimal:
        if bits <= 512:
            return Decimal(number)
        half = bits // 2
        low, high = number & ((1 << half) - 1), number >> half
        return context.fma(decimal(high, bits - half), power(half), decimal(low, half))

    return f"{decimal(count, count.bit_length()):f}"
