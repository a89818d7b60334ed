"""Signs and how tightly they bind: shared by the parser and by every printer, so that what is printed reads back."""

TERNARY, OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)

BINARY: dict[str, int] = {
    "or": OR,
    "and": AND,
    "<": COMPARE,
    "<=": COMPARE,
    ">": COMPARE,
    ">=": COMPARE,
    "==": COMPARE,
    "!=": COMPARE,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "**": POWER,
}
"""Signs between two arguments; all but ** group from the left, comparisons do not chain."""

PREFIX: dict[str, int] = {"not": NOT, "-": SIGN}
"""Signs before one argument."""

KEYWORDS = frozenset({"if", "else", "and", "or", "not"})
