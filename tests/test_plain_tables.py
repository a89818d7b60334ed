"""Tables in a pipe are drawn without Rich, and byte for byte as Rich draws them."""

import random

import pytest

from gradcli.formats import Drawing
from gradcli.formats.table import Grid, Line, in_columns, with_rich
from gradcli.report import Column

WORDS = [
    "", "x", "3.25", "-1e-05", "∂f/∂x = 3", "a long cell with many words in it", "√(x)·π", "漢字", "e\u0301", "  led",
    "two\nlines", "three\n\nlines of text", "trailing  ", "…", "σ(w·x + b)", "─",
]  # fmt: skip


def grid(draw: random.Random) -> Grid:
    """A table of any cells."""
    count = draw.randrange(1, 6)
    columns = [
        Column(f"c{i}", draw.choice(WORDS[:8]), draw.choice(["left", "right"]), wrap=draw.random() < 0.3)
        for i in range(count)
    ]
    rows = [[draw.choice(WORDS) for _ in range(count)] for _ in range(draw.randrange(1, 6))]
    return Grid(columns, rows, ruled=draw.random() < 0.6)


@pytest.mark.parametrize("seed", range(60))
def test_the_same_bytes(seed):
    """Lines and tables of every kind, cells of several lines and of wide characters."""
    draw = random.Random(seed)
    parts = [part for _ in range(4) for part in (Line(draw.choice(WORDS[:8]).replace("\n", " "), "bold"), grid(draw))]
    ours = [line.rstrip() for line in in_columns(parts)]
    assert ours == [line.rstrip() for line in with_rich(parts, Drawing(None, 200, colour=False))]
