"""Number systems: the first argument of every rule, so that one rule table is read in all of them.

`Floats` is loaded with the package; the others load their library (mpmath, SymPy) when they are made.
"""

from gradcli.systems.floats import Floats
from gradcli.systems.system import CONSTANTS, System

FLOATS = Floats()
"""The ordinary floats: there is one such system."""

__all__ = ["CONSTANTS", "FLOATS", "Floats", "System"]
