"""The functions that SymPy is asked for by name, under the names people type, and how many arguments they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from gradcli import ops
from gradcli.errors import ParseError

MOST_COMPARED = 10
"""Arguments of one Max or Min: SymPy compares every pair."""

SPELLED = {
    "ln": "log", "abs": "Abs", "fabs": "Abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2", "tg": "tan", "ReLU": "relu", "σ": "sigmoid",
    "logistic": "sigmoid", "max": "Max", "maximum": "Max", "min": "Min", "minimum": "Min", "pow": "power",
    "lambertw": "LambertW", "ellipk": "elliptic_k", "ellipe": "elliptic_e",
}  # fmt: skip
_ONE_ARGUMENT = """
    exp log Abs sin cos tan cot sec csc asin acos atan sinh cosh tanh coth asinh acosh atanh sqrt sign sinc floor erf
    erfc erfi erfinv gamma loggamma digamma Ei li Si Ci Shi Chi LambertW airyai airyaiprime airybi airybiprime fresnels
    fresnelc elliptic_k elliptic_e
"""
_TWO_ARGUMENTS = "atan2 beta besselj bessely besseli besselk polygamma"
OWN = {**dict.fromkeys(_ONE_ARGUMENT.split(), 1), **dict.fromkeys(_TWO_ARGUMENTS.split(), 2)}
"""Functions that SymPy has, with the number of their arguments."""

CHOOSING = frozenset({"relu", "where"})
SPECIAL = {"relu": 1, "where": 3, "power": 2, "square": 1}
"""Functions that take care of what they are given."""

ANY_NUMBER = frozenset({"Max", "Min"})


def refuse(reason: str) -> NoReturn:
    """Raise the ParseError for what SymPy cannot read."""
    raise ParseError(f"SymPy cannot read this: {reason}")


def refuse_call(name: str) -> NoReturn:
    """Raise the ParseError for a call that is not read, and say whose limit it is."""
    if ops.find(name) and arity(name) == 0:
        raise ParseError(f"SymPy cannot read this: gradcli has no second reading of {name}")
    refuse(f"{name}(…)")


def arity(name: str) -> int:
    """How many arguments a function takes; -1 for any number, 0 for a name that is no function."""
    if name in ANY_NUMBER:
        return -1
    entry = ops.OPERATIONS.get(name)
    if entry is not None and entry.sympy is not None:
        return entry.arity
    return SPECIAL.get(name) or OWN.get(name, 0)


def fits(name: str, count: int) -> bool:
    """Whether a function takes so many arguments."""
    return count == arity(name) or (name in ANY_NUMBER and 2 <= count <= MOST_COMPARED)


def in_table(meanings: Mapping[str, str], name: str, count: int) -> bool:
    """Whether a call of so many arguments is one of the rule table, or of a function that has a meaning."""
    entry = ops.find(name)
    if entry is None:
        return name in meanings
    return count >= 2 if entry.variadic else ops.with_arguments(entry, count).arity == count


def count_of(meanings: Mapping[str, str], name: str) -> int:
    """0 for a name that is no function of the rule table and has no meaning."""
    return 1 if name in meanings or ops.find(name) else 0
