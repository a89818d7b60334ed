"""Greek letters and their names: θ is theta."""

from __future__ import annotations

from collections.abc import Iterable

_NAMES = """
    α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi ο omicron ρ rho
    ς varsigma σ sigma τ tau υ upsilon φ phi χ chi ψ psi ω omega
    Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega
"""
"""The small letters, and the capitals that look different from a Latin letter; Π and π are names of their own."""

LETTERS = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True)) | {"Π": "Pi"}

_SMALL = str.maketrans(LETTERS | {"ϑ": "theta", "ϕ": "phi", "ϵ": "epsilon"})


def same_name(name: str, among: Iterable[str]) -> str | None:
    """The one name in `among` that is another spelling of `name`: θ₁ for theta1 and theta_1, v0 for v_0."""

    def plain(text: str) -> str:
        return text.translate(_SMALL).replace("_", "")

    found = [each for each in among if plain(each) == plain(name)]
    return found[0] if len(found) == 1 else None


WORDS = frozenset(LETTERS.values()) - {"omicron"}
"""Names that are the letter itself: theta is θ."""
