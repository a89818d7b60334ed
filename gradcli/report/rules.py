"""The report of `gradcli ops`: the rule table as formulas, read from the table itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli import ops
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import Dialect
from gradcli.printers.rules import local_formula, value_formula
from gradcli.report import Cell, Column, Report, Table

ARGUMENTS = "abcd"
OUTPUT = "z"


def argument_names(operation: ops.Operation) -> list[str]:
    """a, b, … for the arguments of an operation."""
    return list(ARGUMENTS[: operation.arity])


def value_text(operation: ops.Operation, dialect: Dialect) -> str:
    """The value: `a·b`."""
    return value_formula(operation, argument_names(operation), dialect)


def local_texts(operation: ops.Operation, k: int, dialect: Dialect) -> list[str]:
    """One local derivative: over the arguments, and over the output where that is another formula."""
    names = argument_names(operation)
    over_arguments = local_formula(operation, k, names, dialect)
    over_output = local_formula(operation, k, names, dialect, output=OUTPUT)
    return [over_arguments] if over_output == over_arguments else [over_arguments, over_output]


class Rules(Report):
    """The whole table, or one entry of it with everything there is to know."""

    def __init__(self, operations: Sequence[ops.Operation], *, single: bool) -> None:
        self.operations = operations
        self.single = single

    def title(self) -> str:
        """What the letters mean, or the entry's name and doc."""
        if self.single:
            entry = self.operations[0]
            return f"{entry.name}   {entry.doc}"
        return f"{len(self.operations)} operations: z is the value, a, b, c the arguments"

    def record(self) -> Mapping[str, Any]:
        """Every entry as JSON."""
        return {"schema": 1, "command": "ops", "operations": [entry_record(entry) for entry in self.operations]}

    def screen(self, rows: int) -> Sequence[Table]:
        """The table for people."""
        if self.single:
            return [self.entry()]
        columns = [
            Column("operation", "operation"),
            Column("value", "z =", keep=6, wrap=True),
            Column("locals", "local derivatives", keep=7, wrap=True),
            Column("pattern", "pattern", keep=5),
            Column("convention", "at a corner", keep=3, wrap=True),
        ]
        found: list[list[Cell]] = [
            [
                entry.name,
                value_text(entry, unicode.DIALECT),
                "\n".join(derivatives(entry)),
                entry.pattern,
                entry.convention,
            ]
            for entry in self.operations
        ]
        return [Table("operations", columns, found[:rows], total=len(found))]

    def entry(self) -> Table:
        """One entry as lines."""
        entry = self.operations[0]
        typed = [entry.symbol] if entry.symbol else [f"{entry.name}({', '.join(argument_names(entry))})"]
        lines: list[list[Cell]] = [
            ["value", f"{OUTPUT} = {value_text(entry, unicode.DIALECT)}"],
            ["local derivative", "\n".join(derivatives(entry))],
            ["pattern", f"{entry.pattern}: {PATTERNS[entry.pattern]}"],
            ["typed", ", ".join([*typed, *entry.aliases])],
        ]
        if entry.convention:
            lines += [["at a corner", entry.convention], ["others", entry.elsewhere]]
        if entry.stable:
            lines.append(["in floats", "computed in a form that keeps its digits"])
        return Table("operation", [Column("what", ""), Column("text", "")], lines, ruled=False)

    def tables(self) -> Mapping[str, Table]:
        """A row an operation."""
        names = ["operation", "value", "local_derivatives", "pattern", "convention"]
        rows: list[list[Cell]] = [
            [
                entry.name,
                value_text(entry, ascii.DIALECT),
                "; ".join(local_texts(entry, k, ascii.DIALECT)[0] for k in range(entry.arity)),
                entry.pattern,
                entry.convention,
            ]
            for entry in self.operations
        ]
        return {"operations": Table("operations", [Column(n, n) for n in names], rows)}


PATTERNS = {
    "distribute": "every argument gets the gradient, perhaps with the other sign",
    "swap": "each argument receives the gradient times the other argument",
    "route": "the gradient goes to the argument that was chosen",
    "gate": "the gradient passes or is blocked",
    "scale": "the gradient is multiplied by the local derivative",
}
"""The gradient-flow patterns in words."""


def derivatives(entry: ops.Operation) -> list[str]:
    """`∂z/∂a = y·(1 - y)`, one an argument; equal ones are told once for any number of arguments."""
    names = argument_names(entry)
    return [
        f"∂{OUTPUT}/∂{names[k]} = " + " = ".join(local_texts(entry, k, unicode.DIALECT)) for k in range(entry.arity)
    ]


def entry_record(entry: ops.Operation) -> dict[str, Any]:
    """One entry as JSON; formulas are ASCII over a, b, c and the value z."""
    names = argument_names(entry)
    return {
        "operation": entry.name,
        "doc": entry.doc,
        "arguments": names,
        "value": value_text(entry, ascii.DIALECT),
        "locals": [local_formula(entry, k, names, ascii.DIALECT) for k in range(entry.arity)],
        "locals_from_output": [
            local_formula(entry, k, names, ascii.DIALECT, output=OUTPUT) for k in range(entry.arity)
        ],
        "pattern": entry.pattern,
        "symbol": entry.symbol,
        "aliases": list(entry.aliases),
        "variadic": entry.variadic,
        "convention": entry.convention,
        "elsewhere": entry.elsewhere,
    }
