"""A curve in characters: braille dots, two by four to a character, with its scales.

In ASCII (`words.plain`) every character that holds a dot becomes a star.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

HEIGHT = 9
"""Lines of a curve."""

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of the dot in line, column of a character (Unicode 4.1, Braille Patterns)."""

_BLANK = 0x2800


def places(low: float, high: float, width: int) -> list[float]:
    """Where a curve of `width` characters is evaluated: once a column of dots, both ends included."""
    last = 2 * width - 1
    return [low + (high - low) * i / last for i in range(last + 1)]


def window(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and highest value to show: all finite ones, but not the depth of a pole."""
    finite = sorted(value for value in values if math.isfinite(value))
    if not finite:
        return -1.0, 1.0
    low, high = finite[0], finite[-1]
    sizes = sorted(map(abs, finite))
    usual = sizes[len(sizes) * 9 // 10]
    if usual and sizes[-1] > 5 * usual:
        low, high = max(low, -2 * usual), min(high, 2 * usual)
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        return low - 1, high + 1
    return low, high


def curve(values: Sequence[float], ends: tuple[float, float]) -> list[str]:
    """The lines of a curve with scales at the left and below; `ends` are the first and last place."""
    width = len(values) // 2
    low, high = window(values)
    dots = 4 * HEIGHT
    cells = [[_BLANK] * width for _ in range(HEIGHT)]

    def row(value: float) -> int | None:
        """The line of dots of a value, from the top; None when it is not shown."""
        if not math.isfinite(value) or not low <= value <= high:
            return None
        return round((high - value) / (high - low) * (dots - 1))

    before: int | None = None
    for column, value in enumerate(values):
        here = row(value)
        if here is not None:
            start = here if before is None else before + (here > before) - (here < before)
            for dot in range(min(start, here), max(start, here) + 1):
                cells[dot // 4][column // 2] |= _DOTS[dot % 4][column % 2]
        before = here
    zero = row(0.0)
    labels = {0: f"{high:.4g}", HEIGHT - 1: f"{low:.4g}"}
    if zero is not None and zero // 4 not in labels:
        labels[zero // 4] = "0"
    margin = max(map(len, labels.values()))
    lines = []
    for line, row_cells in enumerate(cells):
        empty = "┈" if zero is not None and line == zero // 4 else " "
        drawn = "".join(empty if cell == _BLANK else chr(cell) for cell in row_cells)
        lines.append(f"{labels.get(line, ''):>{margin}} │{drawn}".rstrip())
    left, right = (f"{end:.4g}" for end in ends)
    lines.append(f"{'':>{margin}} └{'─' * width}")
    lines.append(f"{'':>{margin}}  {left}{right:>{max(1, width - len(left))}}")
    return lines
