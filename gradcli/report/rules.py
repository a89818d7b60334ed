"""The report of `gradcli ops`: the rule table as formulas, read from the table itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli import ops
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import Dialect
from gradcli.printers.expression.rule_formulas import local_formula, stable_formulas, value_formula
from gradcli.report import Cell, Column, Report, Style, Table
from gradcli.report.plot import curve, places
from gradcli.report.words import say
from gradcli.systems import FLOATS

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
PLOTTED = (-5.0, 5.0)
"""The interval that is plotted, or the part of it where there are values."""

LEAST_PLOT = 20
"""Characters: a narrower curve shows nothing."""


class Rules:
    """The whole table, or one entry of it with everything there is to know; `plot` is the width of its curves."""

    def __init__(self, operations: Sequence[ops.Operation], *, single: bool, plot: int | None = None) -> None:
        self.operations = operations
        self.single = single
        self.plot = None if plot is None else Plot(operations[0], max(LEAST_PLOT, plot))

    def title(self) -> str:
        """What the letters mean, or the entry's name and doc."""
        if self.single:
            entry = self.operations[0]
            return f"{entry.name}   {entry.doc}"
        return f"{len(self.operations)} operations: z is the value, a, b, c the arguments"

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
                    value_text(entry, unicode.DIALECT),
                    "\n".join(derivatives(entry)),
                    entry.pattern,
                    domain_text(entry),
                    entry.convention,
                ]
                for entry in self.operations
                if ops.group(entry) == subject
            ]
            tables.append(Table("operations", columns, found[:rows], total=len(found), title=subject))
            rows -= len(found[:rows])
        return tables

    def entry(self) -> Table:
        """One entry as lines."""
        entry = self.operations[0]
        names = argument_names(entry)
        typed = [entry.symbol] if entry.symbol else [f"{entry.typed}({', '.join(names)})"]
        lines: list[list[Cell]] = [
            ["value", f"{OUTPUT} = {value_text(entry, unicode.DIALECT)}"],
            ["local derivative", "\n".join(derivatives(entry))],
            ["pattern", f"{entry.pattern}: {PATTERNS[entry.pattern]}"],
            ["typed", ", ".join([*typed, *entry.aliases])],
            ["subject", ops.group(entry)],
            ["domain", domain_text(entry) or EVERYWHERE],
        ]
        if entry.convention:
            lines += [["at a corner", entry.convention], ["others", entry.elsewhere]]
        if entry.stable:
            left = [OUTPUT, *(f"∂{OUTPUT}/∂{name}" for name in names)]
            forms = zip(left, stable_formulas(entry, names, unicode.DIALECT), strict=True)
            lines.append(["in floats", "\n".join(f"{name} = {text}" for name, text in forms if text)])
        lines.append(["checked", "\n".join(sample_check(entry)) or "nothing to check: constant"])
        return Table("operation", [Column("what", ""), Column("text", "", wrap=True)], lines, ruled=False)

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
        ends = _extent([x for x in places(*PLOTTED, 500) if FLOATS.is_finite(_value(entry, [x]))])
        self.places = places(*ends, width)
        self.values = [_value(entry, [x]) for x in self.places]
        self.slopes = [_local(entry, 0, y, [x]) for x, y in zip(self.places, self.values, strict=True)]

    def tables(self) -> list[Table]:
        """Function and derivative, one below the other."""
        ends = self.places[0], self.places[-1]
        slope = local_texts(self.entry, 0, unicode.DIALECT)[0]
        shown = [
            (f"{OUTPUT} = {value_text(self.entry, unicode.DIALECT)}", self.values),
            (f"∂{OUTPUT}/∂a = {slope}", self.slopes),
        ]
        return [
            Table("plot", [Column("curve", "")], [[line] for line in ["", title, *curve(values, ends)]], ruled=False)
            for title, values in shown
        ]

    def data(self) -> Table:
        """The points."""
        rows: list[list[Cell]] = [list(row) for row in zip(self.places, self.values, self.slopes, strict=True)]
        return Table("plot", [Column(name, name) for name in ("a", "value", "derivative")], rows)


def _extent(found: Sequence[float]) -> tuple[float, float]:
    """The first and last place with a value, as round as they can be."""
    if len(found) < 2:
        return PLOTTED
    step = (PLOTTED[1] - PLOTTED[0]) / 999
    return tuple(round(x) if abs(x - round(x)) < 2 * step else x for x in (found[0], found[-1]))  # type: ignore[return-value]


def _value(entry: ops.Operation, operands: Sequence[float]) -> float:
    return FLOATS.number(FLOATS.rule(entry)(FLOATS, *operands))


def _local(entry: ops.Operation, k: int, y: float, operands: Sequence[float]) -> float:
    rule = FLOATS.local(entry, k)
    if isinstance(rule, int):
        return float(rule)
    which = (k, (False,) * len(operands)) if entry.variadic else ()
    return FLOATS.number(rule(FLOATS, y, *which, *operands))


PLACES = (0.6, 0.8, 0.3)
"""How far into its sample interval each argument stands: unequal, so that the values are different."""


def sample_point(entry: ops.Operation) -> list[float]:
    """A point at which an operation is smooth, its arguments all different."""
    intervals = zip(entry.sample, PLACES, strict=False)
    point = [round(low + place * (high - low), 2) for (low, high), place in intervals]
    return [round(x) if k in entry.constant else x for k, x in enumerate(point)]


def sample_check(entry: ops.Operation) -> list[str]:
    """Each local derivative at a sample point beside a difference quotient of the value."""
    point = sample_point(entry)
    names, style, step = argument_names(entry), Style(6), 1e-5
    place = ", ".join(f"{name} = {say(x, style)}" for name, x in zip(names, point, strict=True))
    lines = []
    y = _value(entry, point)
    for k, name in enumerate(names):
        if k in entry.constant or entry.locals[0 if entry.variadic else k] == 0:
            continue
        ends = [_value(entry, [*point[:k], point[k] + h, *point[k + 1 :]]) for h in (step, -step)]
        quotient = (ends[0] - ends[1]) / (2 * step)
        local = say(_local(entry, k, y, point), style)
        lines.append(f"∂{OUTPUT}/∂{name} = {local}, difference quotient {say(quotient, style)}, at {place}")
    return lines


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
