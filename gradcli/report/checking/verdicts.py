"""The report of a check: the witnesses side by side, one verdict a variable, one in all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.analysis.checking import textbook
from gradcli.analysis.checking.check import Check, VariableCheck
from gradcli.analysis.checking.differences import TEXTBOOK, Difference, Quotient
from gradcli.analysis.checking.points import relative_error
from gradcli.analysis.checking.textbook import Wishes
from gradcli.analysis.checking.verdict import Finding
from gradcli.report import Cell, Column, Note, Report, Style, Table, Title, of_parts
from gradcli.report.checking.findings import WORDS, closed, finding_record, sentences
from gradcli.report.formulas import Part, derivative, digits, formula, phrase
from gradcli.report.formulas import name as name_of
from gradcli.report.passes.record import facts as trace_facts
from gradcli.report.passes.sentences import title
from gradcli.report.passes.trace import Trace
from gradcli.report.plain_text import say, term

SAID = ("reading", "unused")
"""Notes that are told besides; the others say what the verdicts say."""

WRITTEN = 4
"""Of more inputs only the one that is moved is named in the difference that is written out."""

ROUGHLY = 1e-3
MISSES = ": this step misses the slope"
"""Said of a textbook difference that is so far off, relatively."""

BAR = 30
"""Characters of the longest bar of the curve."""


class Verdicts:
    """What `gradcli check` found."""

    def __init__(self, check: Check, notes: Sequence[Note], style: Style, wishes: Wishes = Wishes()) -> None:  # noqa: B008
        self.check = check
        self.style = style
        self.wishes = wishes
        self.trace = Trace(check.back.forward, check.back, notes, style)
        self.notes = [note for note in self.trace.notes if note.kind in SAID]
        self.exit_status = check.exit_status
        self.output = self.trace.graph.name(self.trace.graph.output)
        self.curves = textbook.curves(check, wishes)
        self.textbook = textbook.quotients(check, wishes)

    # -- JSON -----------------------------------------------------------------------------------------------------

    def facts(self) -> Mapping[str, Any]:
        """The record of the backward pass, and on each input what the witnesses say."""
        record = trace_facts(self.trace)
        variables = {each.name: self.witnesses(each) for each in self.check.variables}
        record["inputs"] = {name: {**numbers, **variables.get(name, {})} for name, numbers in record["inputs"].items()}
        inner = {each.name: self.referee(each) for each in self.check.nodes}
        record["nodes"] = [{**node, **inner.get(node["node"], {})} for node in record["nodes"]]
        if self.curves:
            record["curve"] = [
                {"input": name, **point._asdict(), "error": abs(point.quotient - self.slope(name))}
                for name, points in self.curves.items()
                for point in points
            ]
        found = self.check
        return {
            **record,
            "verdict": found.verdict,
            "value": finding_record(found.value),
            "reading": finding_record(found.reading),
            "sympy_reads": self.sympy_reads(),
            "joint": None if found.joint is None else finding_record(found.joint),
        }

    def sympy_reads(self) -> str | None:
        """Which text SymPy read: the one that was typed, or the formula written out; None where it read neither."""
        witness = self.check.witness
        if witness is None or witness.expression is None:
            return None
        return "typed" if witness.own else "written_out"

    def referee(self, each: VariableCheck) -> dict[str, Any]:
        """The verdict on one gradient and the numbers of the referee."""
        return {
            **finding_record(each.finding),
            "digits": each.digits,
            "difference": each.difference,
            "error": each.error,
            "left": each.left,
            "right": each.right,
        }

    def witnesses(self, each: VariableCheck) -> dict[str, Any]:
        """The same with the other witnesses."""
        shown = self.check.shown.get(each.name)
        said = each.symbolic
        result = {
            **self.referee(each),
            "precise": each.precise,
            "symbolic": None if said.value is None else float(said.value),
            "symbolic_expression": said.formula or None,
            "float_difference": None if shown is None else shown._asdict(),
        }
        if self.textbook:
            quotient = self.textbook[each.name]
            result["textbook"] = {
                "scheme": self.wishes.scheme, "step": self.wishes.step, "quotient": quotient,
                "relative_error": relative_error(each.graph, quotient),
            }  # fmt: skip
        return result

    def slope(self, name: str) -> float:
        """The true slope with respect to one variable."""
        return next(each.difference for each in self.check.variables if each.name == name)

    # -- for people -----------------------------------------------------------------------------------------------

    def title(self) -> Title:
        """The formula and the point."""
        return title(self.trace)

    def screen(self, rows: int) -> Sequence[Table]:
        """A row a variable, then the reasons, then what else was asked for, then the verdict."""
        columns = [
            Column("variable", "gradient"),
            Column("graph", "graph", "right", colour="red"),
            Column("symbolic", "SymPy", keep=4),
            Column("difference", "difference of values", keep=6),
            Column("verdict", "verdict"),
        ]
        found: list[list[Cell]] = [
            [
                self.gradient(each.name),
                digits(say(each.graph, self.style)),
                self.symbolic(each),
                self.difference(each),
                WORDS[each.verdict] + (f" to {each.digits} digits" if each.verdict == "agree" else ""),
            ]
            for each in self.check.variables
        ]
        tables = [Table("check", columns, found[:rows], total=len(found), caption="The witnesses")]
        if self.check.nodes:
            tables.append(self.node_table(rows))
        tables += [self.curve_table(name, points) for name, points in self.curves.items()]
        if self.textbook:
            tables.append(self.textbook_table())
        lines: list[list[Cell]] = [[line] for line in (*self.reasons(), *self.agreements(), self.summary())]
        return [*tables, Table("reasons", [Column("reason", "", wrap=True)], lines, ruled=False, caption="Verdict")]

    def partial(self, name: str) -> str:
        """`∂f/∂x`; in words where another gradient than 1 arrives at the output."""
        return f"∂{self.output}/∂{name}" if self.check.back.upstream == 1 else f"gradient of {name}"

    def gradient(self, name: str) -> Cell:
        """The same as a cell."""
        if self.check.back.upstream == 1:
            return formula(derivative(self.output, name))
        return phrase("gradient of ", formula(name_of(name)))

    def symbolic(self, each: VariableCheck) -> Cell:
        """SymPy's closed form and its number: `x + 2·y = 8`."""
        said = each.symbolic
        return "none" if said.value is None else closed(said.form, say(float(said.value), self.style))

    def difference(self, each: VariableCheck) -> Cell:
        """The difference that floats give with its error bar, or the two one-sided slopes."""
        if not math.isnan(each.difference):
            return self.with_error(self.check.shown.get(each.name), each.difference)
        if not (math.isnan(each.left) and math.isnan(each.right)):
            return phrase("left ", self.side(each.left), ", right ", self.side(each.right))
        return "none"

    def with_error(self, shown: Difference | None, slope: float) -> Cell:
        """`8 ± 4e-14`; a wrong error bar is told to be wrong."""
        if shown is None:
            return "none in floats"
        missed = ": misses the slope" if shown.misses(slope) else ""
        value, error = digits(say(shown.value, self.style)), digits(f"{shown.error:.0e}")
        if shown.error == 0:
            return phrase(value, missed)
        if slope == 0 and abs(shown.value) <= shown.error:
            return phrase(digits("0"), " ± ", error)
        if not shown.resolves:
            return phrase("drowned: ± ", error)
        return phrase(value, " ± ", error, missed)

    def side(self, slope: float) -> Part:
        """A one-sided slope; none where there are no values."""
        return "none" if math.isnan(slope) else digits(say(slope, self.style))

    def reasons(self) -> Iterator[str]:
        """Why a verdict is what it is, where there is something to say."""
        told: set[Finding] = set()
        for each in self.check.variables:
            if each.finding.explanation and each.finding not in told:
                told.add(each.finding)
                alike = [v.name for v in self.check.variables if v.finding == each.finding]
                names = f"{', '.join(alike)}: " if len(alike) < len(self.check.variables) or len(alike) == 1 else ""
                yield from sentences(names, each.finding)
            if each.symbolic.value is not None and self.odd(each):
                graph = say(each.graph, self.style)
                number = say(float(each.symbolic.value), self.style)
                yield f"{each.name}: SymPy's {number} is the odd one out: graph and differences say {graph}."
        for finding in (self.check.value, self.check.reading, self.check.joint):
            if finding and finding.verdict != "agree" and finding not in told:
                told.add(finding)
                yield from sentences("value: " if finding is self.check.value else "", finding)

    def odd(self, each: VariableCheck) -> bool:
        """Whether SymPy's derivative differs from what the rules and the values agree on."""
        said = float(each.symbolic.value)
        if math.isnan(each.difference) or each.verdict == "disagree":
            return False
        return abs(said - each.difference) > 1e-9 * max(abs(said), abs(each.difference))

    def agreements(self) -> Iterator[str]:
        """The difference written out for one variable, and what SymPy made of the text."""
        if not self.textbook and self.check.back.upstream == 1:
            written = [self.written_out(each) for each in textbook.smooth(self.check)]
            lines = [line for line in written if not line.endswith(("nan", "inf"))]
            yield from ([line for line in lines if not line.endswith(MISSES)] or lines)[-1:]
        witness = self.check.witness
        if witness is None or self.check.reading.verdict != "agree":
            return
        if witness.too_large:
            yield "The formula is too large for SymPy."
        elif witness.stopped:
            yield "SymPy had not answered when the time limit had passed."
        elif witness.expression is None:
            limit = re.search("gradcli has no second reading of [^\n]*", witness.refusal)
            yield f"{limit[0] if limit else 'SymPy cannot read this text'}: its column is our graph in exact numbers."
        elif witness.value is None:
            yield "SymPy has no value here."
        else:
            yield "SymPy reads the formula alike." if witness.own else "SymPy reads the formula alike, written out."

    def written_out(self, each: VariableCheck) -> str:
        """`∂f/∂y ≈ (f(2, 3.00001) - f(2, 2.99999))/0.00002 = (15.00008 - 14.99992)/0.00002 = 8`."""
        place, found = textbook.central(self.check, each)
        graph = self.trace.graph
        width = 2 * found.step

        def call(x: float) -> str:
            if len(graph.inputs) > WRITTEN:
                return f"{self.output}({each.name} = {x:.12g})"
            values = [x if index == each.at else self.trace.run.values[index] for index in graph.inputs.values()]
            return f"{self.output}({', '.join(f'{float(v):.12g}' for v in values)})"

        below = f"{width:.12f}".rstrip("0") if 1e-9 < width < 1e9 else f"{width:g}"
        calls = f"({call(place + found.step)} - {call(place - found.step)})/{below}"
        numbers = f"({found.above:.12g} - {term(f'{found.below:.12g}')})/{below}"
        allowed = ROUGHLY * abs(each.difference) or TEXTBOOK
        told = MISSES if allowed < abs(found.quotient - each.difference) < math.inf else ""
        return f"{self.partial(each.name)} ≈ {calls} = {numbers} = {found.quotient:.9g}{told}"

    def node_table(self, rows: int) -> Table:
        """A row an inner node, in the order of the backward pass."""
        columns = [
            Column("node", "node"),
            Column("graph", "gradient in the graph", "right", colour="red"),
            Column("difference", "slope of what follows", keep=6),
            Column("verdict", "verdict"),
        ]
        found: list[list[Cell]] = []
        for each in self.check.nodes[:rows]:
            is_slope = not math.isnan(each.difference)
            slope = digits(say(each.difference, self.style)) if is_slope else self.difference(each)
            graph = digits(say(each.graph, self.style))
            found.append([self.gradient(each.name), graph, slope, WORDS[each.verdict]])
        return Table("checked_nodes", columns, found, total=len(self.check.nodes))

    def curve_table(self, name: str, points: Sequence[Quotient]) -> Table:
        """The error of the central difference against its step: it falls with h², then grows with 1/h."""
        columns = [
            Column("step", "step h", "right"),
            Column("quotient", f"(f({name}+h) - f({name}-h))/2h"),
            Column("error", "error", "right"),
            Column("bar", "digits that are right", keep=3),
        ]
        slope = self.slope(name)
        found: list[list[Cell]] = []
        for point in points:
            error = abs(point.quotient - slope)
            right = BAR if error == 0 else -math.log10(error / abs(slope or 1)) * BAR / 17 if error == error else 0
            bar = "─" * max(0, min(BAR, round(right)))
            found.append([digits(f"{point.step:.0e}"), digits(f"{point.quotient:.12g}"), digits(f"{error:.1e}"), bar])
        return Table("curve", columns, found, title=f"The V-curve of {self.partial(name)} = {say(slope, self.style)}")

    def textbook_table(self) -> Table:
        """The textbook check: gradient, quotient and relative error."""
        columns = [
            Column("variable", "gradient"),
            Column("graph", "graph", "right"),
            Column("quotient", f"{self.wishes.scheme} difference, h = {self.wishes.step:g}"),
            Column("error", "relative error", "right"),
        ]
        found: list[list[Cell]] = []
        for each in self.check.variables:
            quotient = self.textbook[each.name]
            error = relative_error(each.graph, quotient)
            numbers = (say(each.graph, self.style), f"{quotient:.12g}", f"{error:.1e}")
            found.append([self.gradient(each.name), *map(digits, numbers)])
        return Table("textbook", columns, found)

    def summary(self) -> str:
        """The verdict in one line."""
        count = len(self.check.variables)
        good = sum(each.verdict == "agree" for each in self.check.variables)
        word = WORDS[self.check.verdict]
        if count == 0:
            return "nothing to check: the formula has no variables"
        if good == count and self.check.verdict == "agree":
            all_of_them = {1: "The gradient is right.", 2: "Both gradients are right."}
            return all_of_them.get(count, f"All {count} gradients are right.")
        for finding, part in ((self.check.value, "the value"), (self.check.joint, "the variables together")):
            if good == count and finding is not None and finding.verdict == self.check.verdict:
                agreed = {1: "The gradient agrees", 2: "Both gradients agree"}.get(
                    count, f"All {count} gradients agree"
                )
                return f"{agreed}; {part}: {word}."
        return f"{good} of {count} verified: {word}."

    # -- for machines ---------------------------------------------------------------------------------------------

    def tables(self) -> Mapping[str, Table]:
        """A row a variable; a row an inner node; a row a step of the curve."""
        names = [
            "variable", "graph", "symbolic", "difference", "error", "left", "right", "digits", "verdict", "reason",
            "explanation",
        ]  # fmt: skip
        found = {"inputs": _table("inputs", names, [self.row(each) for each in self.check.variables])}
        if self.check.nodes:
            found["nodes"] = _table("nodes", ["node", *names[1:]], [self.row(each) for each in self.check.nodes])
        if self.curves:
            rows: list[list[Cell]] = [
                [name, point.step, point.quotient, abs(point.quotient - self.slope(name))]
                for name, points in self.curves.items()
                for point in points
            ]
            found["curve"] = _table("curve", ["variable", "step", "quotient", "error"], rows)
        if self.textbook:
            rows = [[v.name, v.graph, q, relative_error(v.graph, q)] for v in self.check.variables
                    for q in [self.textbook[v.name]]]  # fmt: skip
            found["textbook"] = _table("textbook", ["variable", "graph", "quotient", "relative_error"], rows)
        return found

    def row(self, each: VariableCheck) -> list[Cell]:
        """One row of the data table."""
        symbolic = None if each.symbolic.value is None else float(each.symbolic.value)
        return [
            each.name, each.graph, symbolic, each.difference, each.error, each.left, each.right, each.digits,
            each.verdict, each.finding.reason, each.finding.explanation,
        ]  # fmt: skip

    def quantities(self) -> Mapping[str, Any]:
        """A variable's verdict, and `x.graph`, `x.symbolic`, `x.difference`, `x.reason`; `verdict` for all."""
        found: dict[str, Any] = {}
        for each in (*self.check.variables, *self.check.nodes):
            found[each.name] = each.verdict
            found[f"{each.name}.verdict"] = each.verdict
            found[f"{each.name}.reason"] = each.finding.reason
            found[f"{each.name}.graph"] = each.graph
            found[f"{each.name}.difference"] = each.difference
            found[f"{each.name}.symbolic"] = None if each.symbolic.value is None else float(each.symbolic.value)
        found.setdefault("verdict", self.check.verdict)
        return found

    def report(self) -> Report:
        """The report of a check at a point."""
        found = of_parts("check", self, self.trace.graph.source)
        return found._replace(unsaid=[note for note in self.trace.notes if note.kind not in SAID])


def _table(name: str, names: Sequence[str], rows: list[list[Cell]]) -> Table:
    return Table(name, [Column(each, each) for each in names], rows)
