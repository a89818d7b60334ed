"""What the reports of checks share: verdicts in words, findings as sentences and as JSON, closed forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradcli.analysis.checking.verdict import Finding
from gradcli.graph import Graph
from gradcli.printers import unicode
from gradcli.printers.expression import in_full, piece_in_full
from gradcli.report.formulas import Formula, digits, formula, number

WORDS = {
    "agree": "agree",
    "disagree": "DISAGREE",
    "not_differentiable": "no derivative here",
    "outside_domain": "outside the domain",
    "rounding": "floats lose it",
    "inconclusive": "inconclusive",
}
"""The verdicts as people read them."""


def closed(form: Graph | None, text: str) -> Formula:
    """A closed form and its number: `x + 2·y = 8`; the number alone where there is no form, or it says the same."""
    if form is None or in_full(form, form.output, unicode.DIALECT) in (None, text):
        return digits(text)
    return formula(lambda dialect: piece_in_full(form, form.output, dialect), number(text))


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as JSON."""
    cause = finding.cause
    return {
        "verdict": finding.verdict,
        "reason": finding.reason,
        "explanation": finding.explanation,
        "advice": finding.advice,
        "cause": None if cause is None else {**cause._asdict(), "operands": list(cause.operands)},
    }


def sentences(names: str, finding: Finding) -> Iterator[str]:
    """The explanation of a finding, led by the names it is about, and the advice."""
    yield f"{names}{finding.explanation}."
    if finding.advice:
        first = finding.advice.split()[0]
        advice = finding.advice[0].upper() + finding.advice[1:] if first.isalpha() else finding.advice
        yield f"  {advice}."
