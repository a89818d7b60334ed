"""The report of `gradcli paths`: every path with its factors and its product, the sums, and what counting shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from gradcli.analysis.paths import Path, Paths
from gradcli.errors import UsageError
from gradcli.passes import Backward, Edge, Forward
from gradcli.printers import ascii, unicode
from gradcli.printers.expression import Piece, apply, atom
from gradcli.report import Cell, Column, Note, Report, Style, Table, Title, of_parts
from gradcli.report.counts import count_record, count_text
from gradcli.report.formulas import TO, Formula, Part, Writer, formula, phrase, words
from gradcli.report.passes.sentences import MANY, beside, title
from gradcli.report.passes.trace import Trace
from gradcli.report.plain_text import exact_number, plural

MOST_EDGES = 2_000_000
"""The paths that are listed have at most so many edges in all."""

LONG = 12
"""A longer path is shown to people with its first and last nodes only."""

ENDS = 4
"""So many nodes, or factors, of each end."""

NAMED = 3
"""How many closed edges, and how many arguments of one node, are named."""


class Listed(NamedTuple):
    """A path that is listed, with its product."""

    name: str
    path: Path
    product: Any


class Listing:
    """The paths of a backward pass: the first `limit` of them, in the order of the text or by the size of products.

    Raises UsageError when those would fill too many pages, OutOfRange when the number system gives up on a product.
    """

    def __init__(
        self,
        back: Backward,
        limit: int,
        *,
        by_size: bool = False,
        notes: Sequence[Note] = (),
        style: Style = Style(),  # noqa: B008  (immutable)
        truth: Forward | Backward | None = None,
    ) -> None:
        self.trace = Trace(back.forward, back, notes, style, truth)
        self.notes, self.exit_status = self.trace.notes, self.trace.exit_status
        self.back = back
        self.graph = back.graph
        self.paths = Paths(back, self.trace.edges)
        self.by_size = by_size
        self.count = self.paths.count
        self.listed = list(self._list(limit))
        self.spelling = self.trace.spelling
        self.output = self.graph.name(self.graph.output)
        self.plain_start = self.trace.starts_with_one()
        products: dict[str, list[Any]] = {name: [] for name in self.paths.counts}
        for each in self.listed:
            products[each.name].append(each.product)
        self.products = products
        whole = {name: found for name, found in products.items() if len(found) == self.paths.counts[name] > 0}
        self.sums = {name: self.paths.total(found) for name, found in whole.items()}

    def _list(self, limit: int) -> Iterator[Listed]:
        names = {index: name for name, index in self.paths.inputs.items()}
        room = MOST_EDGES
        every = self.paths.by_size() if self.by_size else self.paths.in_text()
        for position, path in enumerate(islice(every, limit)):
            room -= len(path.edges)
            if room < 0:
                what = f"the first {limit:,} paths have more than {MOST_EDGES:,} edges in all"
                raise UsageError(what, hint=f"--limit {position} lists fewer")
            yield Listed(names[path.start], path, self.paths.product(path))

    # -- JSON -----------------------------------------------------------------------------------------------------

    def facts(self) -> Mapping[str, Any]:
        """What the record says: every path that is listed, counts as exact integers."""
        graph, trace, written = self.graph, self.trace, self.spelling.record

        def of_input(name: str, index: int) -> dict[str, Any]:
            numbers = {
                **written("value", trace.run.values[index]),
                **written("gradient", trace.gradients[index]),
            }
            if name not in self.paths.counts:
                return {**numbers, "paths": 0, "listed": 0}
            listed = len(self.products[name])
            sums = written("sum", self.sums[name]) if name in self.sums else {}
            return {**numbers, "paths": count_record(self.paths.counts[name]), "listed": listed, **sums}

        texts: dict[tuple[int, int], str] = {}

        def expression(edge: Edge) -> str:
            key = (edge.target, edge.argument)
            if key not in texts:
                texts[key] = trace.write.local_text(*key)
            return texts[key]

        return {
            "number_system": trace.system.name,
            "output": {"node": self.output, **written("value", trace.run.value)},
            **written("upstream", self.back.upstream),
            "inputs": {name: of_input(name, index) for name, index in graph.inputs.items()},
            "sort": "size" if self.by_size else "text",
            "paths": [
                {
                    "input": each.name,
                    "nodes": [graph.name(node) for node in each.path.nodes],
                    "arguments": [edge.argument for edge in each.path.edges],
                    **self.spelling.records("locals", [edge.local for edge in each.path.edges]),
                    "local_expressions": [expression(edge) for edge in each.path.edges],
                    **written("product", each.product),
                }
                for each in self.listed
            ],
            "count": count_record(self.count),
            "left_out": count_record(self.count - len(self.listed)),
            "edges": self.paths.edges,
            "closed_edges": len(self.paths.closed),
            "multiplications": {"paths": count_record(self.paths.multiplications), "edges": self.paths.edges},
        }

    # -- for machines -----------------------------------------------------------------------------------------------

    def tables(self) -> Mapping[str, Table]:
        """The data tables: paths, and inputs with the number of their paths."""
        written, graph = self.trace.written, self.graph
        rows: list[list[Cell]] = [
            [
                each.name,
                " -> ".join(graph.name(node) for node in each.path.nodes),
                " ".join(str(edge.argument) for edge in each.path.edges),
                self._factors_text(each.path),
                written(each.product),
            ]
            for each in self.listed
        ]
        inputs: list[list[Cell]] = [
            [
                name,
                written(self.trace.run.values[index]),
                None if self.trace.gradients[index] is None else written(self.trace.gradients[index]),
                _count_cell(self.paths.counts.get(name, 0)),
            ]
            for name, index in graph.inputs.items()
        ]
        return {
            "paths": _data("paths", ["input", "path", "arguments", "factors", "product"], rows),
            "inputs": _data("inputs", ["node", "value", "gradient", "paths"], inputs),
        }

    def quantities(self) -> Mapping[str, Any]:
        """The gradient of an input, the value of the output, and counts: `y.paths`, `f.paths`, `f.edges`."""
        written, name = self.trace.written, self.graph.output_name()
        found: dict[str, Any] = {
            each: None if self.trace.gradients[index] is None else written(self.trace.gradients[index])
            for each, index in self.graph.inputs.items()
        }
        found[name] = written(self.trace.run.value)
        for each in self.graph.inputs:
            found[f"{each}.paths"] = str(count_record(self.paths.counts.get(each, 0)))
        found[f"{name}.paths"] = str(count_record(self.count))
        found[f"{name}.edges"] = str(self.paths.edges)
        return found

    # -- for people -------------------------------------------------------------------------------------------------

    def title(self) -> Title:
        """`f = (x + y)·y   at x = 2, y = 3`."""
        return title(self.trace)

    def screen(self, rows: int) -> Sequence[Table]:
        """The paths, the sums of their products, and what counting them shows."""
        wraps = self.spelling.long
        columns = [
            Column("path", "path", wrap=True),
            Column("chain", "chain rule", keep=3),
            Column("factors", "factors", keep=6),
            Column("product", "= product", "left" if self.spelling.formulas else "right", colour="red", wrap=wraps),
        ]
        drawn: list[list[Cell]] = [
            [
                phrase(self._route(each.path)),
                formula(self._chain(each.path)),
                formula(self._factors(each.path)),
                self._product(each),
            ]
            for each in self.listed[:rows]
        ]
        heads = [Column("sum", "", wrap=True), Column("true", ""), Column("remark", "", keep=5)]
        sums: list[list[Cell]] = list(islice(self._sums(), rows))
        shown = [i for i in range(len(heads)) if i == 0 or any(row[i] for row in sums)]
        sentences: list[list[Cell]] = [[sentence] for sentence in self._sentences()]
        return [
            Table("paths", columns, drawn, total=len(self.listed), caption="Paths from the inputs to the output"),
            Table(
                "sums",
                [heads[i] for i in shown],
                [[row[i] for i in shown] for row in sums],
                ruled=False,
                caption="The gradient is the sum of the products",
            ),
            Table("counts", [Column("sentence", "", wrap=True)], sentences, ruled=False, caption="Counting them"),
        ]

    def _route(self, path: Path) -> Formula:
        """`y → v1 → f`; where a node takes its neighbour twice, also as which argument: `x → f[2]`."""
        nodes = [self.trace.write.name(path.start), *map(self._arrival, path.edges)]
        if len(nodes) > LONG:
            between = len(nodes) - 2 * ENDS
            nodes = [*nodes[:ENDS], words(f"… {between:,} nodes …"), *nodes[-ENDS:]]
        return formula(nodes[0], *((TO, node) for node in nodes[1:]))

    def _arrival(self, edge: Edge) -> Writer:
        target = self.trace.write.name(edge.target)
        if not self._is_repeated(edge):
            return target
        return lambda dialect: atom(f"{target(dialect)[0]}{dialect.words(f'[{edge.argument + 1}]')}")

    def _is_repeated(self, edge: Edge) -> bool:
        """Whether the node takes this neighbour more than once."""
        return self.graph.arguments[edge.target].count(edge.source) > 1

    def _chain(self, path: Path) -> Writer:
        """`∂f/∂v1·∂v1/∂y`, from the output to the input, as the chain rule is written."""
        write = self.trace.write
        factors = [write.derivative(edge.source, edge.target) for edge in reversed(path.edges)]
        return write.product(*self._ends(factors)) if factors else write.derivative(self.graph.output)

    def _factors(self, path: Path) -> Writer:
        """`3·1`: the numbers in the same order; an upstream gradient of 1 is left out."""
        write = self.trace.write
        first, *rest = self._ends([write.number(value) for value in self._numbers(path)])
        for factor in rest:
            first = write.applied("multiply", [first, factor])
        return first

    def _ends(self, factors: list[Writer]) -> list[Writer]:
        """All factors; of many the first and the last ones."""
        return factors if len(factors) < LONG else [*factors[:ENDS], words("…"), *factors[-ENDS:]]

    def _numbers(self, path: Path) -> list[Any]:
        """The local derivatives from the output back, behind an upstream gradient that is not 1."""
        numbers = [edge.local for edge in reversed(path.edges)]
        return numbers if self.plain_start and numbers else [self.back.upstream, *numbers]

    def _factors_text(self, path: Path) -> str:
        """The same for machines, with all digits."""
        first, *rest = map(self._piece, self._numbers(path))
        for piece in rest:
            first = apply("multiply", [first, piece], ascii.DIALECT)
        return first[0]

    def _product(self, each: Listed) -> Cell:
        """The product; a formula of many factors is only counted."""
        factors = len(each.path.edges)
        if self.spelling.formulas and factors > LONG:
            return f"a product of {factors:,} factors"
        return formula(self.trace.write.number(each.product))

    def _piece(self, value: Any) -> Piece:
        """A factor with all digits, as a part of a product."""
        written = self.trace.written(value)
        text = exact_number(written) if isinstance(written, float) else str(written)
        return atom(text if text.replace(".", "").isalnum() else f"({text})")

    def _sums(self) -> Iterator[list[Cell]]:
        """`∂f/∂y = 3 + 5 = 8`: a row an input; what rounding has changed beside it."""
        trace, write = self.trace, self.trace.write
        for name, index in self.paths.inputs.items():
            gradient, count, products = trace.gradients[index], self.paths.counts[name], self.products[name]
            whole, remark = write.both_forms(gradient), list[Part]()
            if count == 0:
                remark = ["no path leads from ", write.just(index), " to ", write.just(self.graph.output)]
            elif name not in self.sums or not 1 < count <= MANY:
                remark = [f"the sum over {count_text(count)} paths"] if count > 1 else []
            elif self.spelling.formulas:
                added = write.number(self.sums[name])
                known = formula(write.number(gradient), *whole[1:]).line(unicode.DIALECT)
                if not known.startswith(trace.say(self.sums[name])):
                    whole = [added, *whole]
            else:
                found = self.sums[name]
                if trace.say(found) != trace.say(gradient):
                    remark = ["rounded otherwise in the backward pass: ", formula(write.number(gradient))]
                    whole = [write.number(found)]
                whole = [write.total([write.number(product) for product in products]), *whole]
            left = write.derivative(index) if self.plain_start else write.name(index)
            lead = [] if self.plain_start else ["gradient of "]
            yield [
                phrase(*lead, formula(left, *whole)),
                beside(trace, trace.true_gradient(index)),
                phrase(*remark) if remark else "",
            ]

    def _sentences(self) -> Iterator[str]:
        """How many paths there are, how many are listed, what both ways cost, and what was left out."""
        paths, listed = self.paths, len(self.listed)
        if not self.count:
            yield f"There is no path from an input to {self.output}."
        else:
            here = "1 path" if self.count == 1 else f"{count_text(self.count)} paths"
            which = f"{listed:,} with the largest products" if self.by_size else f"first {listed:,}"
            told = f"; the {which} listed" if listed else "; none listed"
            yield f"{here} over {plural(paths.edges, 'edge', 'edges')}{told if listed < self.count else ''}."
        if self.count and paths.edges:
            along = count_text(paths.multiplications)
            yield f"Multiplications along every path: {along}; in the backward pass: {paths.edges:,}."
            yield "Backpropagation multiplies once per edge, not once per path."
        if paths.closed:
            name = self.graph.name
            some = [f"{name(edge.source)} → {name(edge.target)}" for edge in paths.closed[:NAMED]]
            more = f" and {len(paths.closed) - NAMED:,} more" if len(paths.closed) > NAMED else ""
            yield f"Closed (a branch not taken, a condition), so on no path: {', '.join(some)}{more}."
        repeated = next((e for each in self.listed for e in each.path.edges if self._is_repeated(e)), None)
        if repeated is not None:
            target, source = self.graph.name(repeated.target), self.graph.name(repeated.source)
            yield f"{target}[2]: into {target} as its argument 2; {target} takes {source} more than once."
        if not self.plain_start:
            yield f"Every product begins with the upstream gradient {self.trace.say(self.back.upstream)}."
        shortened = self.spelling.shortened()
        if shortened:
            yield f"{shortened}."

    def report(self) -> Report:
        """The report."""
        return of_parts("paths", self, self.graph.source)


def _count_cell(count: int) -> Cell:
    """A count in a data table, with all its digits."""
    written = count_record(count)
    return float(written) if isinstance(written, int) else written


def _data(name: str, columns: list[str], rows: list[list[Cell]]) -> Table:
    return Table(name, [Column(each, each) for each in columns], rows)
