"""How much may be typed. All work is linear in these numbers, so no signal or clock is needed to stop it."""

from typing import NamedTuple


class Limits(NamedTuple):
    """Bounds on one text."""

    characters: int
    nodes: int
    depth: int


ARGUMENT = Limits(characters=20_000, nodes=10_000, depth=100)
"""A formula or a value on the command line."""

FILE = Limits(characters=64_000_000, nodes=2_000_000, depth=100)
"""A formula from a file or from standard input."""

NAME_LENGTH = 64
LITERAL_LENGTH = 400
ARGUMENT_COUNT = 1_000
"""Arguments of one call of max or min."""
