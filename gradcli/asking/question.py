"""The question: a formula and a value for every variable, read and checked against each other.

A command takes what was typed as `Asked` from its options; an engine, a marker or a notebook makes one itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.asking import names
from gradcli.asking.arriving import Arriving, arriving
from gradcli.asking.command_line import Typed
from gradcli.asking.files import from_files, read_file, read_stdin, waiting
from gradcli.asking.number_system import Numbers
from gradcli.errors import UsageError
from gradcli.graph import Graph
from gradcli.language.limits import ARGUMENT, FILE, Limits
from gradcli.language.parser import parse
from gradcli.language.spelling import plain_name, same_name
from gradcli.language.values import Value, read_value
from gradcli.ops.unspecified import function_of, is_unspecified
from gradcli.passes import NO_PINS, Backward, Forward, backward, forward
from gradcli.report import Note
from gradcli.systems import FLOATS, System


class Problem(NamedTuple):
    """A formula with a value for every variable.

    wrt is None for all variables; constants are taken out of it. `values` keeps what was typed. `pins` are the values
    set for operations, by position; `truth` is the same question in floats where the answer departs from it.
    `other` is the second formula, where there are two; `answers` are somebody's own, as typed.
    """

    graph: Graph
    system: System
    point: Mapping[str, Any]
    values: Mapping[str, Value]
    wrt: tuple[str, ...] | None
    upstream: Any
    notes: Sequence[Note]
    pins: Mapping[int, Any] = NO_PINS
    truth: Problem | None = None
    other: Graph | None = None
    answers: Sequence[tuple[str, str]] = ()

    def forward(self) -> Forward:
        """The value of every node. Raises OutOfRange when the number system gives up."""
        return forward(self.graph, self.point, self.system, self.pins)

    def backward(self) -> Backward:
        """The gradient of every node. Raises OutOfRange when the number system gives up."""
        return backward(self.forward(), self.wrt, self.upstream)


class Asked(NamedTuple):
    """A question as it was typed: the options of `gradcli.asking.groups`, in the spelling of the command line.

    values    values of variables as (name, text)
    partial   variables may be left without a value; the point then lacks them
    strict    a choice made in reading is an error
    same_as   a second formula, whose variables count as well
    answers   somebody's own answers as (name, text), to be judged; None where nothing is judged
    line      the command line, for errors that name its options
    """

    formula: str | None = None
    file: str | None = None
    each: str | None = None
    values: Sequence[tuple[str, str]] = ()
    at: Sequence[str] = ()
    name: Sequence[str] = ()
    wrt: str | None = None
    const: Sequence[str] = ()
    upstream: str = "1"
    numbers: Numbers = Numbers()
    read_as: str = "gradcli"
    strict: bool = False
    partial: bool = False
    same_as: str | None = None
    answers: Sequence[tuple[str, str]] | None = None
    line: Typed = Typed()


class Given(NamedTuple):
    """The names and values of a question before its formula is read.

    typed     values as (name, text), from the line, --at and --const
    filed     values from files and from a row, by name; those of a row as text, for nobody knows yet what they are
    fixed     the names of constants
    declared  names that are one word, and those to differentiate with respect to
    """

    typed: Sequence[tuple[str, str]]
    filed: Mapping[str, Value | str]
    fixed: Sequence[str]
    declared: Sequence[str]

    @property
    def names(self) -> set[str]:
        """Every name that is known."""
        return {*(name for name, _ in self.typed), *self.filed, *self.declared, *self.fixed}

    def spelled(self, graph: Graph) -> Given:
        """The same with names as the formula spells them: theta names θ there, and θ names theta."""
        return self._replace(
            typed=[(same_name(name, graph.inputs), text) for name, text in self.typed],
            filed={same_name(name, graph.inputs): value for name, value in self.filed.items()},
            fixed=[same_name(name, graph.inputs) for name in self.fixed],
        )


def read(asked: Asked, row: Mapping[str, str] | None = None) -> Problem:
    """The problem as typed; `row` holds more values, by name, of one row of a file.

    Raises ParseError, UsageError or EnvironmentFault.
    """
    text, limits = source(asked)
    given = given_values(asked, row)
    formula, other = formulas(asked, given, text, limits)
    graph = formula if other is None else with_inputs_of(formula, other)
    given = given.spelled(graph)
    came = arriving(asked.upstream, graph, given.names)
    every = with_names(graph, came.names) if came.names else graph
    given = given.spelled(every)
    given = given._replace(filed=in_case_of(every, given))
    names.check_names(asked.line, every, [name for name, _ in given.typed], given.filed)
    if row is None:
        names.check_words(graph, asked.name)
    values = values_of(every, given)
    wrt = names.with_respect_to(graph, asked.wrt, given.fixed, formula.constants)
    notes = [*reading_notes(every, given, values), *claim_notes(formula, values)]
    if asked.read_as == "sympy":
        from gradcli.asking import read_as

        formula, remarks = read_as.as_sympy(formula)
        graph = formula if other is None else with_inputs_of(formula, other)
        notes += [Note(*remark) for remark in remarks]
    problem = Problem(formula, FLOATS, {}, values, wrt, came, notes, other=other, answers=asked.answers or ())
    missing = [name for name in graph.inputs if name not in values and name not in graph.defaults]
    refuse_open_upstream(asked, came, values, missing)
    if missing and not asked.partial:
        if not (asked.numbers.symbolic or not (values or asked.numbers.needs_values)):
            raise names.no_value(graph, missing)
        return symbolic(problem, asked.numbers.pin)
    refuse_unspecified(graph)
    answer = in_system(problem, graph, asked.numbers.system(), asked.numbers.pin)
    return answer._replace(truth=in_system(problem, graph, FLOATS, ())) if asked.numbers.departs else answer


def source(asked: Asked) -> tuple[str, Limits]:
    """The text of the formula, from the argument, a file or standard input, and its limits."""
    if asked.file is not None and asked.formula is not None:
        raise UsageError("a formula and --file were given", hint="give one of them")
    if asked.file is not None:
        return read_file(asked.file), FILE
    if asked.formula == "-":
        return read_stdin(), FILE
    if asked.formula is None:
        hint = f"for example: gradcli {asked.line.command} '(x+y)*y' --x 2 --y 3"
        if waiting():
            hint = f"a formula from a pipe is written -: … | gradcli {asked.line.command} - --x 2"
        raise UsageError("there is no formula", hint=hint)
    return asked.formula, ARGUMENT


def given_values(asked: Asked, row: Mapping[str, str] | None) -> Given:
    """The names and values of the command line, of files, and of a row."""
    filed: dict[str, Value | str] = {**from_files(asked.at), **(row or {})}
    at = names.assignments("--at", (text for text in asked.at if "=" in text or not text), bare=False)
    constants = names.assignments("--const", asked.const, bare=True)
    typed = [*asked.values, *at, *(pair for pair in constants if pair[1])]
    return Given(
        [(plain_name(name), text) for name, text in typed],
        filed,
        [plain_name(name) for name, _ in constants],
        names.listed([*asked.name, asked.wrt or ""]),
    )


def formulas(asked: Asked, given: Given, text: str, limits: Limits) -> tuple[Graph, Graph | None]:
    """The formula, and the second one where there are two."""
    letters = asked.numbers.symbolic or not (given.typed or given.filed or asked.partial)
    graph = parse(text, names=given.names, limits=limits, unspecified=letters, strict=asked.strict)
    if asked.same_as is None:
        return graph, None
    known = {*given.names, *graph.inputs}
    return graph, parse(asked.same_as, names=known, limits=limits, strict=asked.strict)


def with_inputs_of(graph: Graph, other: Graph) -> Graph:
    """`graph` with the variables that only `other` has besides: what names on the command line are held against."""
    return Graph(
        operations=graph.operations,
        arguments=graph.arguments,
        texts=graph.texts,
        bindings=graph.bindings,
        inputs={**other.inputs, **graph.inputs},
        defaults={**other.defaults, **graph.defaults},
        output=graph.output,
        source=graph.source,
    )


def with_names(graph: Graph, more: Sequence[str]) -> Graph:
    """`graph` with variables that only the upstream gradient has."""
    end = len(graph)
    inputs = {**graph.inputs, **{name: end + place for place, name in enumerate(more)}}
    return Graph(
        operations=graph.operations,
        arguments=graph.arguments,
        texts=graph.texts,
        bindings=graph.bindings,
        inputs=inputs,
        defaults=graph.defaults,
        output=graph.output,
        source=graph.source,
    )


def values_of(graph: Graph, given: Given) -> dict[str, Value]:
    """The value of every variable that has one; what was typed wins over a file."""
    typed = {name: read_value(name, text) for name, text in given.typed}
    for name in given.fixed:
        if name not in graph.inputs:
            raise UsageError(f"--const {name}: the formula has no variable {name}", hint=names.known(graph))
    filed = {
        name: read_value(name, value) if isinstance(value, str) else value
        for name, value in given.filed.items()
        if name in graph.inputs and name not in typed
    }
    return {**filed, **typed}


def in_case_of(graph: Graph, given: Given) -> dict[str, Value | str]:
    """The values of files under the names of variables: the column `X` is for x where there is no X."""
    taken = {*given.names, *graph.inputs.keys() - {name.lower() for name in given.filed}}
    return {
        name.lower()
        if name not in graph.inputs and name.lower() in graph.inputs and name.lower() not in taken
        else name: value
        for name, value in given.filed.items()
    }


def reading_notes(graph: Graph, given: Given, values: Mapping[str, Value]) -> list[Note]:
    """How values were read, and what a file holds besides."""
    notes = [Note("reading", name, value.note) for name, value in values.items() if value.note]
    unknown = [name for name in given.filed if name not in graph.inputs]
    if unknown:
        notes.append(Note("unused", unknown[0], f"the file also has {', '.join(unknown)}: not in the formula"))
    return notes


def claim_notes(graph: Graph, values: Mapping[str, Value]) -> list[Note]:
    """What the text says about its values, compared with them: a note each, of kind claim where it is wrong."""
    if graph.claims is None:
        return []
    from gradcli.analysis.claims import judged

    point = {name: value.number(FLOATS) for name, value in values.items()}
    found = judged(graph, point)
    return [Note("claim" if each.holds is False else "reading", None, each.sentence()) for each in found]


def refuse_open_upstream(asked: Asked, came: Arriving, values: Mapping[str, Value], missing: Sequence[str]) -> None:
    """Raise UsageError where the gradient that arrives is a formula, and its names have no values."""
    if missing and asked.partial and came.formula.inputs:
        raise UsageError(f"--upstream {asked.upstream}: a number is wanted here", hint="write --upstream 2")
    without = [name for name in came.names if name not in values]
    if without and not missing and (values or asked.numbers.needs_values) and not asked.numbers.symbolic:
        options = " ".join(f"--{name} VALUE" for name in without)
        raise UsageError(f"--upstream {asked.upstream}: no value for {', '.join(without)}", hint=f"add {options}")


def refuse_unspecified(graph: Graph) -> None:
    """Raise UsageError for a function that has no values."""
    for operation in graph.operations:
        if is_unspecified(operation):
            function = function_of(operation)
            raise UsageError(f"{function} is not specified: it has no values", hint=f"define it: {function}(u) = u²; …")


def in_system(problem: Problem, graph: Graph, system: System, pin: Sequence[str]) -> Problem:
    """The problem with its values, upstream and pins (names of `graph`) as numbers of a system."""
    own = {name for name in problem.values if name in graph.inputs or problem.other is not None}
    point = {name: value.number(system) for name, value in problem.values.items() if name in own}
    return problem._replace(
        system=system,
        point=point,
        pins=names.pinned(graph, pin, system),
        upstream=problem.upstream.number(system, graph, point, problem.values),
    )


def symbolic(problem: Problem, pin: Sequence[str]) -> Problem:
    """The problem with variables that stand for themselves where they have no value."""
    from gradcli.systems.symbols import Symbols

    system = Symbols()
    graph, values = problem.graph, problem.values
    point = {
        name: values[name].number(system) if name in values else system.variable(name)
        for name in graph.inputs
        if name in values or name not in graph.defaults
    }
    return problem._replace(
        system=system,
        point=point,
        upstream=problem.upstream.number(system, graph, point, values),
        pins=names.pinned(graph, pin, system),
    )
