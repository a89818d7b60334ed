"""A picture in a report: boxes, lines between them and words, each with its place.

Places and sizes are in units of one letter's height; x grows to the right, y downwards. Layouts are made elsewhere:
here is only what a format has to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Words(NamedTuple):
    """Words beside a place: it is their middle."""

    x: float
    y: float
    text: str


class Box(NamedTuple):
    """A box by its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Line(NamedTuple):
    """A line through some places; its end has an arrow."""

    places: Sequence[tuple[float, float]]


class Picture(NamedTuple):
    """All of a picture, and how large it is."""

    width: float
    height: float
    boxes: Sequence[Box] = ()
    lines: Sequence[Line] = ()
    words: Sequence[Words] = ()
