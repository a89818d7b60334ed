"""Hostile and odd input: every case ends with the exit status it should, in a second, and nothing else happens.

The cases are data (`hostile_inputs.json`): each an attack that worked somewhere, or a mistake that people make. Where
the language of gradcli reads what the collection expected to be refused, the case says so in `changed`.
"""

import io
import json
import sys
import time
from pathlib import Path

import pytest

from gradcli.errors import visible

CASES = json.loads((Path(__file__).parents[1] / "hostile_inputs.json").read_text(encoding="utf-8"))
STATUS = {"ok": 0, "parse_error": 2, "usage_error": 2, "domain_error": 3}


def text_of(case) -> str:
    """The formula; long ones are kept as (piece, how often)."""
    return case["input"] if "parts" not in case else "".join(piece * count for piece, count in case["parts"])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case, gradcli, monkeypatch, tmp_path):
    """The expected exit status; nothing on stdout when it is 2; no traceback, no control character, no side effect."""
    monkeypatch.chdir(tmp_path)
    formula = text_of(case)
    start = time.perf_counter()
    if len(formula) > 100_000:
        data = formula.encode("utf-8", "surrogatepass")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        result = gradcli("backward", "-", *(case.get("argv") or ()))
    else:
        result = gradcli("backward", formula, *(case.get("argv") or ()))
    seconds = time.perf_counter() - start
    assert result.status == STATUS[case["expected"]], result.err
    assert (result.out == "") == (result.status == 2)
    assert "Traceback" not in result.err
    for line in (result.out + result.err).splitlines():
        assert visible(line) == line
    assert len(result.err) < 1_500
    assert list(tmp_path.iterdir()) == []
    most = 5 if len(formula) <= 100_000 else 30  # on a loaded machine; a quiet one needs a fifth of it
    assert seconds < most
