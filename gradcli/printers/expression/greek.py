"""Greek letters and their names: θ is theta."""

from __future__ import annotations

_NAMES = """
    α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi ο omicron ρ rho
    ς varsigma σ sigma τ tau υ upsilon φ phi χ chi ψ psi ω omega
    Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega
"""
"""The small letters, and the capitals that look different from a Latin letter; Π and π are names of their own."""

LETTERS = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True)) | {"Π": "Pi"}

WORDS = frozenset(LETTERS.values()) - {"omicron"}
"""Names that are the letter itself: theta is θ."""
