"""The report of `gradcli ops`: the rule table as formulas, read from the table itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli import grammar, ops
from gradcli.analysis.samples import LETTERS, Sample, curves, extent, samples
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import Dialect, Piece
from gradcli.printers.expression.rule_formulas import local_formula, stable_formulas, value_formula
from gradcli.report import Cell, Column, Items, Report, Style, Table, Title
from gradcli.report.formulas import (
    Formula,
    Phrase,
    Writer,
    derivative,
    digits,
    equation,
    formula,
    listed,
    number,
    phrase,
)
from gradcli.report.formulas import name as name_of
from gradcli.report.plain_text import say
from gradcli.report.plot import curve, places

OUTPUT = "z"


def argument_names(operation: ops.Operation) -> list[str]:
    """a, b, … for the arguments of an operation."""
    return list(LETTERS[: operation.arity])


def value_text(operation: ops.Operation, dialect: Dialect) -> str:
    """The value: `a·b`."""
    return value_formula(operation, argument_names(operation), dialect)


def local_texts(operation: ops.Operation, k: int, dialect: Dialect) -> list[str]:
    """One local derivative: over the arguments, and over the output where that is another formula."""
    names = argument_names(operation)
    over_arguments = local_formula(operation, k, names, dialect)
    over_output = local_formula(operation, k, names, dialect, output=OUTPUT)
    return [over_arguments] if over_output == over_arguments else [over_arguments, over_output]


def domain_text(operation: ops.Operation) -> str:
    """Where there is a value, with the signs people write."""
    signs = unicode.SIGNS
    return (
        operation.domain.replace(" == ", " = ")
        .replace(" != ", signs["not_equal"])
        .replace(" <= ", signs["less_equal"])
        .replace(" >= ", signs["greater_equal"])
    )


EVERYWHERE = "all numbers"
LEAST_PLOT = 20
"""Characters: a narrower curve shows nothing."""


class Rules:
    """The whole table, or one entry of it with everything there is to know; `plot` is the width of its curves."""

    def __init__(self, operations: Sequence[ops.Operation], *, single: bool, plot: int | None = None) -> None:
        self.operations = operations
        self.single = single
        self.plot = None if plot is None else Plot(operations[0], max(LEAST_PLOT, plot))

    def title(self) -> Title:
        """What the letters mean, or the entry's name and doc."""
        if self.single:
            entry = self.operations[0]
            return [phrase(entry.name), phrase(entry.doc)]
        letters = [formula(name_of(each)) for each in (OUTPUT, *LETTERS[:3])]
        count = f"{len(self.operations)} operations: "
        return [phrase(count, letters[0], " is the value, ", *listed(letters[1:]), " the arguments")]

    def facts(self) -> Mapping[str, Any]:
        """Every entry as JSON."""
        record: dict[str, Any] = {"operations": [entry_record(entry) for entry in self.operations]}
        if self.plot:
            record["plot"] = {"a": self.plot.places, "value": self.plot.values, "derivative": self.plot.slopes}
        return record

    def screen(self, rows: int) -> Sequence[Table]:
        """The table for people."""
        if self.single:
            return [self.entry(), *(self.plot.tables() if self.plot else [])]
        columns = [
            Column("operation", "operation"),
            Column("value", "z =", keep=6, wrap=True),
            Column("locals", "local derivatives", keep=7, wrap=True),
            Column("pattern", "pattern", keep=5),
            Column("domain", "domain", keep=2, wrap=True),
            Column("convention", "at a corner", keep=3, wrap=True),
        ]
        tables: list[Table] = []
        for subject in dict.fromkeys(map(ops.group, self.operations)):
            found: list[list[Cell]] = [
                [
                    entry.name,
                    formula(value_writer(entry)),
                    Items(tuple(derivatives(entry)), stacked=True),
                    entry.pattern,
                    domain_text(entry),
                    entry.convention,
                ]
                for entry in self.operations
                if ops.group(entry) == subject
            ]
            tables.append(
                Table("operations", columns, found[:rows], total=len(found), title=subject, caption="The rule table")
            )
            rows -= len(found[:rows])
        return tables

    def entry(self) -> Table:
        """One entry as lines."""
        entry = self.operations[0]
        names = argument_names(entry)
        typed = [entry.symbol] if entry.symbol else [f"{entry.typed}({', '.join(names)})"]
        lines: list[list[Cell]] = [
            ["value", phrase(formula(name_of(OUTPUT), value_writer(entry)))],
            ["local derivative", Items(tuple(derivatives(entry)), stacked=True)],
            ["pattern", f"{entry.pattern}: {PATTERNS[entry.pattern]}"],
            ["typed", ", ".join([*typed, *entry.aliases])],
            ["subject", ops.group(entry)],
            ["domain", domain_text(entry) or EVERYWHERE],
        ]
        if entry.convention:
            lines += [["at a corner", entry.convention], ["others", entry.elsewhere]]
        if entry.stable:
            left = [name_of(OUTPUT), *(derivative(OUTPUT, name) for name in names)]
            known = stable_formulas(entry, names, unicode.DIALECT)
            forms = [formula(left[k], stable_writer(entry, k)) for k, text in enumerate(known) if text]
            lines.append(["in floats", Items(tuple(forms), stacked=True)])
        checked = [sample_line(each) for each in samples(entry)]
        lines.append(["checked", Items(tuple(checked), stacked=True) if checked else "nothing to check: constant"])
        return Table(
            "operation", [Column("what", ""), Column("text", "", wrap=True)], lines, ruled=False, caption="The rule"
        )

    def tables(self) -> Mapping[str, Table]:
        """A row an operation; where a plot was asked for, its points first."""
        names = ["operation", "group", "value", "local_derivatives", "pattern", "domain", "convention"]
        rows: list[list[Cell]] = [
            [
                entry.name,
                ops.group(entry),
                value_text(entry, ascii.DIALECT),
                "; ".join(local_texts(entry, k, ascii.DIALECT)[0] for k in range(entry.arity)),
                entry.pattern,
                entry.domain,
                entry.convention,
            ]
            for entry in self.operations
        ]
        tables = {"plot": self.plot.data()} if self.plot else {}
        return {**tables, "operations": Table("operations", [Column(n, n) for n in names], rows)}

    def report(self) -> Report:
        """The report of `gradcli ops`."""
        return Report("ops", self.title, self.facts, self.screen, self.tables, has_notes=False)


class Plot:
    """The curves of a one-argument operation and of its local derivative, in floats."""

    def __init__(self, entry: ops.Operation, width: int) -> None:
        self.entry = entry
        width -= 12
        self.places = places(*extent(entry), width)
        self.values, self.slopes = curves(entry, self.places)

    def tables(self) -> list[Table]:
        """Function and derivative, one below the other."""
        ends = self.places[0], self.places[-1]
        slope = local_texts(self.entry, 0, unicode.DIALECT)[0]
        shown = [
            (f"{OUTPUT} = {value_text(self.entry, unicode.DIALECT)}", self.values),
            (f"∂{OUTPUT}/∂a = {slope}", self.slopes),
        ]
        return [
            Table(
                "plot",
                [Column("curve", "")],
                [[line] for line in ["", title, *curve(values, ends)]],
                ruled=False,
                drawn=True,
            )
            for title, values in shown
        ]

    def data(self) -> Table:
        """The points."""
        rows: list[list[Cell]] = [list(row) for row in zip(self.places, self.values, self.slopes, strict=True)]
        return Table("plot", [Column(name, name) for name in ("a", "value", "derivative")], rows)


def sample_line(each: Sample) -> Phrase:
    """A local derivative beside its difference quotient."""
    point = [equation(name, say(x, Style())) for name, x in each.point.items()]
    return phrase(
        formula(derivative(OUTPUT, each.name), number(say(each.local, Style()))),
        ", difference quotient ",
        digits(say(each.quotient, Style())),
        ", at ",
        *listed(point),
    )


PATTERNS = {
    "distribute": "every argument gets the gradient, perhaps with the other sign",
    "swap": "each argument receives the gradient times the other argument",
    "route": "the gradient goes to the argument that was chosen",
    "gate": "the gradient passes or is blocked",
    "scale": "the gradient is multiplied by the local derivative",
}
"""The gradient-flow patterns in words."""


def worded(text: str, dialect: Dialect) -> str:
    """What the printer of rules says, where that is words in the place of a formula."""
    return dialect.words(text) if text in ("none", "a series", "…") else text


def value_writer(entry: ops.Operation) -> Writer:
    """The value, in any dialect."""
    return lambda dialect: (value_text(entry, dialect), grammar.SUM)


def stable_writer(entry: ops.Operation, k: int) -> Writer:
    """What floats compute: the value (0) or a local derivative (from 1 on)."""

    def write(dialect: Dialect) -> Piece:
        return worded(stable_formulas(entry, argument_names(entry), dialect)[k] or "…", dialect), grammar.SUM

    return write


def derivatives(entry: ops.Operation) -> list[Formula]:
    """`∂z/∂a = b·z = …`, one an argument: over the arguments, and over the value where that is another formula."""
    names = argument_names(entry)

    def side(k: int, which: int) -> Writer:
        return lambda dialect: (worded(local_texts(entry, k, dialect)[which], dialect), grammar.SUM)

    found: list[Formula] = []
    for k in range(entry.arity):
        forms = local_texts(entry, k, unicode.DIALECT)
        found.append(formula(derivative(OUTPUT, names[k]), *(side(k, which) for which in range(len(forms)))))
    return found


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
        "stable": stable_formulas(entry, names, ascii.DIALECT),
        "group": ops.group(entry),
        "domain": entry.domain,
        "pattern": entry.pattern,
        "typed": entry.typed,
        "symbol": entry.symbol,
        "aliases": list(entry.aliases),
        "variadic": entry.variadic,
        "convention": entry.convention,
        "elsewhere": entry.elsewhere,
    }
