"""The report of two formulas compared: three routes at the point, many points, the difference in symbols."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.analysis.checking.same import Comparison, Pair, Same
from gradcli.analysis.checking.witness import Testimony
from gradcli.graph import Graph
from gradcli.printers.expression import piece_in_full, tree_sizes
from gradcli.report import Cell, Column, Note, Report, Style, Table, Title, of_parts
from gradcli.report.checking.findings import WORDS, closed
from gradcli.report.checking.points import of_graph
from gradcli.report.checking.verdicts import Verdicts
from gradcli.report.formulas import Formula, derivative, digits, equation, formula, listed, phrase
from gradcli.report.formulas import name as name_of
from gradcli.report.passes.sentences import ON_A_LINE
from gradcli.report.plain_text import exact_number, plural, say

LONG = 100
"""Longer formulas of a gradient are not shown."""

PROVED = {
    "equal": "SymPy proves it: the difference of the two is 0.",
    "undecided": "Not decided symbolically: the points are the only evidence.",
}


class Compared:
    """What `gradcli check --same-as` found."""

    def __init__(self, found: Same, notes: Sequence[Note], style: Style) -> None:
        self.found = found
        self.style = style
        self.exit_status = found.exit_status
        remarks = [Note(*remark) for graph in (found.first, found.second) for remark in graph.remarks]
        self.notes = [*notes, *dict.fromkeys(remarks), *self.missing()]

    def missing(self) -> list[Note]:
        """Notes about variables that only one formula has."""
        told = "only the {which} formula has {name}; in the other its gradient is 0"
        return [
            Note("unused", name, told.format(which=which, name=name))
            for graph, which in ((self.found.first, "second"), (self.found.second, "first"))
            for name in self.found.names
            if name not in graph.inputs
        ]

    def facts(self) -> Mapping[str, Any]:
        """The record: the comparison at the point, every random point, the proof."""
        found = self.found
        checked = {each.name: each for each in found.check.variables} if found.check else {}
        routes = {
            name: {
                "chain_rule": pair.first,
                "expanded": number_at(found.closed[name]),
                "expanded_expression": found.closed[name].formula or None,
                "difference": checked[name].difference if name in checked else 0.0,
            }
            for name, pair in (found.there.gradients.items() if found.there else ())
        }
        return {
            "same_as": found.second.source,
            "verdict": found.verdict,
            "routes": routes,
            "point": None if found.there is None else comparison_record(found.there),
            "random": {
                "seed": found.seed,
                "points": len(found.points),
                "outside_first": found.outside[0],
                "outside_second": found.outside[1],
                "outside_both": found.outside[2],
            },
            "points": [comparison_record(each) for each in found.points],
            "counterexample": None if found.counterexample is None else comparison_record(found.counterexample),
            "symbolic": {"kind": found.proof.kind, "difference": found.proof.difference or None},
        }

    def title(self) -> Title:
        """`f = (x + y)·y   the same as   f = x·y + y²   ?`, and the point."""
        there = self.found.there
        point = {} if there is None else there.point
        values = [equation(name, say(value, self.style)) for name, value in point.items()]
        at = [phrase("at ", *listed(values))] if values else []
        second = right_side(self.found.second)
        return [of_graph(self.found.first), phrase("the same as"), phrase(second, " ?"), *at]

    def screen(self, rows: int) -> Sequence[Table]:
        """Three routes to each gradient at the point, then what the random points and the symbols say."""
        there = self.found.there
        tables = [self.routes(there, rows)] if there is not None else [self.formulas(rows)]
        lines: list[list[Cell]] = [[line] for line in self.lines()]
        return [*tables, Table("summary", [Column("line", "", wrap=True)], lines, ruled=False)]

    def routes(self, there: Comparison, rows: int) -> Table:
        """The value, and a row a variable: chain rule, the other formula's closed form, differences."""
        columns = [
            Column("what", ""),
            Column("chain_rule", "chain rule, first formula", "right", colour="red"),
            Column("expanded", "closed form, second formula", keep=4),
            Column("difference", "difference of values", keep=6),
        ]
        found = self.found
        name = found.first.output_name()
        values = [digits(say(value, self.style)) for value in there.value]
        cells: list[list[Cell]] = [[formula(name_of(name)), *values, ""]]
        checked = {each.name: each for each in found.check.variables} if found.check else {}
        verdicts = Verdicts(found.check, (), self.style) if found.check else None
        for variable, said in found.closed.items():
            number = number_at(said)
            expanded = "none" if number is None else closed(said.form, say(number, self.style))
            difference: Cell = digits("0")
            if variable in checked and verdicts is not None:
                difference = verdicts.difference(checked[variable])
            first = digits(say(there.gradients[variable].first, self.style))
            cells.append([formula(derivative(name, variable)), first, expanded, difference])
        return Table("routes", columns, cells[:rows], total=len(cells), title="Three routes, one answer?")

    def formulas(self, rows: int) -> Table:
        """Without a point: both gradients as formulas, by the chain rule and by SymPy."""
        found = self.found
        columns = [
            Column("what", ""),
            Column("chain_rule", "chain rule, first formula", wrap=True),
            Column("expanded", "closed form, second formula", wrap=True),
        ]
        name = found.first.output_name()
        cells: list[list[Cell]] = [
            [formula(derivative(name, variable)), whole(found.chain[variable], "long"), whole(form, "none")]
            for variable, form in found.forms.items()
        ]
        return Table("routes", columns, cells[:rows], total=len(cells))

    def lines(self) -> list[str]:
        """What was found, in sentences."""
        found = self.found
        lines = []
        if found.there is not None and found.there.kind == "corner":
            lines.append("The values are alike; a gradient here is a convention, for there is a corner.")
        if found.there is not None and found.there.kind == "outside":
            lines.append(f"At this point {self.without_value(found.there.value)} has no value.")
        worst = found.counterexample
        if found.points:
            count = sum(each.kind == "differs" for each in found.points)
            if count:
                lines.append(
                    f"They differ at {count:,} of {plural(len(found.points), 'random point', 'random points')}."
                )
            else:
                lines.append(f"They are alike at {plural(len(found.points), 'random point', 'random points')}.")
        outside = [
            f"{count:,} {who}"
            for count, who in zip(
                found.outside, ("without a value in the first", "in the second", "in both"), strict=True
            )
            if count
        ]
        if outside:
            lines.append(f"Points that did not count: {', '.join(outside)}.")
        if worst is not None:
            lines.append(f"For example at {self.exactly(worst.point)}:")
            for what in worst.differing:
                pair = worst.value if what == "value" else worst.gradients[what]
                label = "the value" if what == "value" else f"the gradient of {what}"
                lines.append(f"  {label} is {self.told(pair)}")
        if found.proof.kind != "differ":
            lines.append(PROVED[found.proof.kind])
        elif found.proof.difference:
            lines.append(f"Their difference is {found.proof.difference}.")
        else:
            lines.append("Their difference, in symbols, is not 0.")
        return [*lines, self.summary()]

    def without_value(self, pair: Pair) -> str:
        """Which formula has no value."""
        missing = [math.isnan(number) for number in pair]
        if all(missing):
            return "each of the formulas"
        return "the first formula" if missing[0] else "the second formula"

    def exactly(self, point: Mapping[str, float]) -> str:
        """The point with all digits, so that it can be typed."""
        return ", ".join(f"{name} = {exact_number(value)}" for name, value in point.items()) or "every point"

    def told(self, pair: Pair) -> str:
        """Both numbers, with as many digits as tell them apart."""
        texts = [say(number, self.style) for number in pair]
        if texts[0] == texts[1]:
            texts = [exact_number(number) for number in pair]
        if texts[0] == texts[1]:
            return f"{texts[0]} in both in floats, but not in more digits"
        return f"{texts[0]} in the first, {texts[1]} in the second"

    def summary(self) -> str:
        """The verdict in one line."""
        found = self.found
        if found.verdict == "agree":
            return "The formulas are the same." if found.proof.kind == "equal" else "No difference found."
        if found.verdict == "disagree":
            return "The formulas are NOT the same."
        if found.verdict == "inconclusive":
            return "No point has a value in both: give --range."
        return f"No difference found, but the point is not verified: {WORDS[found.verdict]}."

    def tables(self) -> Mapping[str, Table]:
        """A row a point: the point, both values, both gradients of every variable."""
        found = self.found
        at = list(found.names)
        every = [*([found.there] if found.there else []), *found.points]
        wrt = list(every[0].gradients) if every else []
        pairs = [
            f"{name}.{which}" for name in ("value", *(f"gradient.{name}" for name in wrt)) for which in Pair._fields
        ]
        rows: list[list[Cell]] = [
            [
                *(each.point[name] for name in at),
                *each.value,
                *(number for name in wrt for number in each.gradients[name]),
                each.kind,
            ]
            for each in every
        ]
        return {"points": Table("points", [Column(name, name) for name in (*at, *pairs, "kind")], rows)}

    def quantities(self) -> Mapping[str, Any]:
        """`verdict`, `symbolic` (equal, differ, undecided), `difference`, `points`."""
        found = self.found
        return {
            "verdict": found.verdict,
            "symbolic": found.proof.kind,
            "difference": found.proof.difference or ("0" if found.proof.kind == "equal" else "unknown"),
            "points": len(found.points),
        }

    def report(self) -> Report:
        """The report."""
        return of_parts("check", self, self.found.first.source)


def right_side(graph: Graph) -> Formula | str:
    """A formula without a name before it; its size where it is long."""
    found = whole(graph, f"{len(graph):,} nodes", ON_A_LINE)
    return found if isinstance(found, Formula) else f"{len(graph):,} nodes"


def whole(graph: Graph | None, otherwise: str, most: int = LONG) -> Formula | str:
    """A graph written out; what is said where there is none, or one of more than `most` operations."""
    if graph is None or tree_sizes(graph)[graph.output] > most:
        return otherwise
    return formula(lambda dialect: piece_in_full(graph, graph.output, dialect))


def number_at(said: Testimony) -> float | None:
    """The number of a closed form; None where it has none."""
    return None if said.value is None else float(said.value)


def comparison_record(each: Comparison) -> dict[str, Any]:
    """One point as JSON."""
    return {
        "point": dict(each.point),
        "kind": each.kind,
        "value": each.value._asdict(),
        "gradients": {name: pair._asdict() for name, pair in each.gradients.items()},
        "differing": list(each.differing),
    }
