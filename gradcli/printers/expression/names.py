"""The parts of a name, for notations that set an index lower: v1, w_in, and a@2, the second node called a."""

from __future__ import annotations

import re
from typing import NamedTuple

_INDEXED = re.compile(r"([^\W\d_]+)_?([0-9]+)")


class Name(NamedTuple):
    """A name in parts.

    stem    the name without its index
    number  an index of digits, or nothing
    word    an index in letters, or nothing
    again   which of the nodes of one name it is, or nothing; then `stem` is that name, whole
    """

    stem: str
    number: str = ""
    word: str = ""
    again: str = ""


def parts(text: str) -> Name:
    """`v1` and `v_1` are v with the number 1, `w_in` is w with the word in; two of `_` are no index."""
    stem, at, again = text.partition("@")
    if at:
        return Name(stem, again=again)
    indexed = _INDEXED.fullmatch(text)
    if indexed:
        return Name(indexed[1], number=indexed[2])
    stem, _, index = text.partition("_")
    return Name(stem, word=index) if index and "_" not in index else Name(text)
