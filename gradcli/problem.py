"""What the user asked: the formula and the values on the command line, read and checked against each other.

Every name is accounted for: a value without a variable, a variable without a value, a name given twice or misspelt is
an error with what to write instead (DESIGN §6).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import typer

from gradcli.command_line import TYPED, Typed
from gradcli.errors import EnvironmentFault, ParseError, UsageError, closest
from gradcli.graph import Graph
from gradcli.language.limits import ARGUMENT, FILE
from gradcli.language.parser import parse
from gradcli.language.spelling import plain_name
from gradcli.language.values import Value, read_value
from gradcli.numbers import Numbers
from gradcli.ops.unspecified import ENDING, is_unspecified
from gradcli.passes import NO_PINS, Backward, Forward, backward, forward
from gradcli.report import Note
from gradcli.systems import FLOATS, System


class Problem(NamedTuple):
    """A formula with a value for every variable.

    wrt is None for all variables; constants are taken out of it. `values` keeps what was typed. `pins` are the values
    set for operations, by position; `truth` is the same question in floats where the answer departs from it.
    `other` is the second formula, where there are two.
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

    def forward(self) -> Forward:
        """The value of every node. Raises OutOfRange when the number system gives up."""
        return forward(self.graph, self.point, self.system, self.pins)

    def backward(self) -> Backward:
        """The gradient of every node. Raises OutOfRange when the number system gives up."""
        return backward(self.forward(), self.wrt, self.upstream)


class Asked(NamedTuple):
    """What stands on the command line: the options of `gradcli.options`, as they were typed.

    partial   variables may be left without a value; the point then lacks them
    same_as   a second formula, whose variables count as well
    """

    formula: str | None
    file: str | None = None
    each: str | None = None
    at: Sequence[str] | None = None
    name: Sequence[str] | None = None
    wrt: str | None = None
    const: Sequence[str] | None = None
    upstream: str = "1"
    numbers: Numbers = Numbers()
    reading: str = "gradcli"
    partial: bool = False
    same_as: str | None = None


def read(ctx: typer.Context, asked: Asked, row: Mapping[str, str] | None = None) -> Problem:
    """The problem as typed; `row` holds more values, by name, of one row of a file.

    Raises ParseError, UsageError or EnvironmentFault.
    """
    command_line: Typed = ctx.meta.get(TYPED, Typed())
    text, limits = source(ctx, asked.formula, asked.file)
    at, const, wrt, numbers = asked.at or (), asked.const or (), asked.wrt, asked.numbers
    filed = {**from_files(at), **{plain_name(each): read_value(each, value) for each, value in (row or {}).items()}}
    typed = [*command_line.values, *assignments("--at", (a for a in at if "=" in a or not a), bare=False)]
    constants = assignments("--const", const, bare=True)
    given = [(plain_name(each), value) for each, value in [*typed, *(pair for pair in constants if pair[1])]]
    names = [each for each, _ in given]
    declared = [
        plain_name(each.strip()) for group in [*(asked.name or ()), wrt or ""] for each in group.split(",") if each
    ]
    fixed = [plain_name(each) for each, _ in constants]
    known_names = {*names, *filed, *declared, *fixed}
    letters = numbers.symbolic or not (names or filed or asked.partial)
    graph = formula = parse(text, names=known_names, limits=limits, unspecified=letters)
    other = None
    if asked.same_as is not None:
        other = parse(asked.same_as, names={*known_names, *graph.inputs}, limits=limits)
        graph = with_inputs_of(graph, other)
    check_names(command_line, graph, names, filed)
    if row is None:
        check_words(graph, asked.name or ())
    values = {each: read_value(each, value) for each, value in given}
    values = {**{each: value for each, value in filed.items() if each in graph.inputs}, **values}
    for each in fixed:
        if each not in graph.inputs:
            raise UsageError(f"--const {each}: the formula has no variable {each}", hint=known(graph))
    chosen = with_respect_to(graph, wrt, fixed)
    notes = [Note("reading", each, value.note) for each, value in values.items() if value.note]
    unknown = [each for each in filed if each not in graph.inputs]
    if unknown:
        notes.append(Note("unused", unknown[0], f"the file also has {', '.join(unknown)}: not in the formula"))
    if asked.reading == "sympy":
        from gradcli.reading import as_sympy

        defaults = graph.defaults
        graph, remark = as_sympy(graph, known_names)
        notes.append(Note(*remark))
        values = {**{each: read_value(each, text) for each, text in defaults.items()}, **values}
        chosen = None if chosen is None else tuple(each for each in chosen if each in graph.inputs)
    missing = [each for each in graph.inputs if each not in values and each not in graph.defaults]
    weight = read_value("upstream", asked.upstream)
    if missing and (numbers.symbolic or not (values or numbers.needs_values)) and not asked.partial:
        return symbolic_problem(graph, values, chosen, weight, notes, numbers.pin)
    if missing and not asked.partial:
        raise no_value(graph, missing)
    for each in graph.operations:
        if is_unspecified(each):
            function = each.removesuffix(ENDING)
            raise UsageError(f"{function} is not specified: it has no values", hint=f"define it: {function}(u) = u²; …")

    def in_system(system: System, pin: Sequence[str]) -> Problem:
        point = {each: value.number(system) for each, value in values.items()}
        pins = pinned(graph, pin, system)
        return Problem(
            formula if other else graph, system, point, values, chosen, weight.number(system), notes, pins, None, other
        )

    problem = in_system(numbers.system(), numbers.pin)
    return problem._replace(truth=in_system(FLOATS, ())) if numbers.departs else problem


def pinned(graph: Graph, pin: Sequence[str], system: System) -> dict[int, Any]:
    """The values set with --pin, by position. Raises UsageError for a name that is no operation, or stands twice."""
    places = {graph.name(i): i for i in range(len(graph)) if not graph.is_leaf(i)}
    pins: dict[int, Any] = {}
    for typed, text in assignments("--pin", pin, bare=False):
        name = plain_name(typed)
        if name in graph.inputs:
            raise UsageError(f"--pin {name}: {name} is a variable, not a node", hint=f"use --{name} {text}")
        if name not in places:
            near = closest(name, places)
            some = [*islice(places, 10), *(["…"] if len(places) > 10 else [])]
            hint = f"did you mean {near[0]}?" if near else f"its nodes: {', '.join(some)}" if some else None
            raise UsageError(f"--pin {name}: the formula has no node {name}", hint=hint)
        if places[name] in pins:
            raise UsageError(f"--pin {name} is given twice", hint="give one value")
        try:
            pins[places[name]] = read_value(name, text).number(system)
        except UsageError as error:
            raise UsageError(error.message, hint=f"write --pin {name}=2 or --pin {name}=1/3") from None
    return pins


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


def node_named(graph: Graph, option: str, typed: str) -> int:
    """The operation that an option names. Raises UsageError when the output is computed from none of that name."""
    name = plain_name(typed.strip())
    places = {graph.name(i): i for i in sorted(graph.behind([graph.output])) if not graph.is_leaf(i)}
    if name in graph.inputs and name not in places:
        raise UsageError(
            f"{option} {name}: {name} is a variable, not an operation", hint=f"for {name} only: --wrt {name}"
        )
    if name not in places:
        near = closest(name, places)
        some = [*islice(places, 10), *(["…"] if len(places) > 10 else [])]
        hint = f"did you mean {near[0]}?" if near else f"its nodes: {', '.join(some)}" if some else known(graph)
        raise UsageError(f"{option} {name}: the output is computed from no node {name}", hint=hint)
    return places[name]


def symbolic_problem(
    graph: Graph,
    values: Mapping[str, Value],
    wrt: tuple[str, ...] | None,
    upstream: Value,
    notes: Sequence[Note],
    pin: Sequence[str] = (),
) -> Problem:
    """The problem with variables that stand for themselves where they have no value."""
    from gradcli.systems.symbols import Symbols

    system = Symbols()
    point = {
        name: values[name].number(system) if name in values else system.variable(name)
        for name in graph.inputs
        if name in values or name not in graph.defaults
    }
    return Problem(graph, system, point, values, wrt, upstream.number(system), notes, pinned(graph, pin, system))


def source(ctx: typer.Context, formula: str | None, file: str | None) -> tuple[str, Any]:
    """The text of the formula, from the argument, a file or standard input, and its limits."""
    if file is not None and formula is not None:
        raise UsageError("a formula and --file were given", hint="give one of them")
    if file is not None:
        return read_file(file), FILE
    if formula == "-":
        return read_stdin(), FILE
    if formula is None:
        name = ctx.info_name
        raise UsageError("there is no formula", hint=f"for example: gradcli {name} '(x+y)*y' --x 2 --y 3")
    return formula, ARGUMENT


def read_stdin() -> str:
    """The text on standard input. Raises EnvironmentFault when it is closed or cannot be read."""
    if sys.stdin is None:
        raise EnvironmentFault("standard input is closed")
    try:
        return read_text(sys.stdin.buffer.read(FILE.characters + 1), "standard input")
    except OSError as error:
        raise EnvironmentFault(f"cannot read standard input: {error.strerror}") from None


def read_file(path: str) -> str:
    """The text of a formula file. Raises EnvironmentFault when it cannot be read."""
    try:
        with open(path, "rb") as stream:
            return read_text(stream.read(FILE.characters + 1), path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise EnvironmentFault(f"cannot read {path}: {reason}") from None


def read_text(data: bytes, name: str) -> str:
    """UTF-8, with a byte-order mark at the start or without.

    Raises ParseError with the place of a wrong byte, and for more bytes than a file may have: nothing is cut.
    """
    if len(data) > FILE.characters:
        raise ParseError(f"{name} is too large: the most is {FILE.characters // 1_000_000} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ParseError(f"{name} is not UTF-8 text: line {line}, byte {error.start}") from None


def from_files(at: Iterable[str]) -> dict[str, Value]:
    """The values in the JSON files among the arguments of --at: `--at point.json`, an object of names and numbers.

    Raises EnvironmentFault for a file that cannot be read, UsageError for one that holds something else.
    """
    found: dict[str, Value] = {}
    for path in at:
        if "=" in path or not path:
            continue
        if not path.endswith(".json"):
            raise UsageError(f"--at {path}: {path} is not NAME=VALUE", hint="write --at x=2,y=3 or --at point.json")
        from json import JSONDecodeError, loads

        try:
            record = loads(read_file(path), parse_float=str, parse_int=str, object_pairs_hook=no_repeats)
        except JSONDecodeError as error:
            raise UsageError(f"{path} is not JSON: line {error.lineno}, {error.msg}") from None
        except RecursionError:
            raise UsageError(f"{path} is nested too deeply", hint='write {"x": 2, "y": 3}') from None
        if not isinstance(record, dict):
            raise UsageError(f"{path} holds no object", hint='write {"x": 2, "y": 3}')
        for name, value in record.items():
            if not isinstance(value, str):
                raise UsageError(f"{path}: the value of {name} is no number")
            if plain_name(name) in found:
                raise UsageError(f"{name} has a value in two files", hint="give one value")
            found[plain_name(name)] = read_value(name, value)
    return found


def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; raises UsageError when a name stands in it twice."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise UsageError(f"{name} stands twice in the file", hint="give one value")
        found[name] = value
    return found


def assignments(option: str, texts: Iterable[str], *, bare: bool) -> list[tuple[str, str]]:
    """`x=2,y=3` as pairs; a name alone is a pair with an empty value where `bare` allows it."""
    pairs = []
    for text in texts:
        for piece in text.split(","):
            name, sign, value = (part.strip() for part in piece.partition("="))
            if not name or (not sign and not bare):
                hint = "write decimal numbers with a point" if name[:1].isdigit() else f"write {option} x=2,y=3"
                raise UsageError(f"{option} {text}: {piece.strip() or 'nothing'} is not NAME=VALUE", hint=hint)
            if sign and not value:
                raise UsageError(f"{option} {text}: no value for {name}", hint=f"write {option} {name}=2")
            pairs.append((name, value))
    return pairs


def check_names(typed: Typed, graph: Graph, names: Sequence[str], filed: Iterable[str]) -> None:
    """Every value has its variable, once; no option hides a variable."""
    for name in names:
        if name in graph.inputs:
            if names.count(name) > 1:
                raise UsageError(f"--{name} is given twice", hint="give one value")
            continue
        if name in graph.bindings.values() or any(b.startswith(f"{name}@") for b in graph.bindings.values()):
            raise UsageError(f"{name} is computed in the formula and takes no value", hint=f"remove --{name}")
        near_options = closest(f"--{name}", typed.declared)
        near_variables = closest(name, graph.inputs)
        if near_variables:
            hint = f"did you mean --{near_variables[0]}?"
        elif near_options:
            hint = f"did you mean {near_options[0]}?"
        else:
            hint = known(graph)
        raise UsageError(f"the formula has no variable {name}", hint=hint)
    for option in typed.used:
        name = option.removeprefix("--")
        if name in graph.inputs and name not in names and name not in filed:
            raise hidden(option)


def check_words(graph: Graph, words: Iterable[str]) -> None:
    """Every name given with --name stands in the formula. Raises UsageError for one that does not."""
    present = {*graph.inputs, *graph.bindings.values(), *(name.partition("@")[0] for name in graph.bindings.values())}
    for word in (plain_name(each.strip()) for group in words for each in group.split(",") if each):
        if word not in present:
            near = closest(word, present)
            hint = f"did you mean {near[0]}?" if near else known(graph)
            raise UsageError(f"--name {word}: the formula has no {word}", hint=hint)


def hidden(option: str) -> UsageError:
    """The error for an option that has the name of a variable of the formula."""
    name = option.removeprefix("--")
    what = f"{option} is an option, and {name} is a variable of this formula"
    return UsageError(what, hint=f"write --at {name}=3 for its value")


def known(graph: Graph) -> str:
    """The variables of the formula, as a hint."""
    return f"its variables: {', '.join(graph.inputs)}" if graph.inputs else "it has no variables"


def no_value(graph: Graph, missing: Sequence[str]) -> UsageError:
    """The error for variables without a value."""
    name = missing[0]
    words = "the variable " + name if len(missing) == 1 else "the variables " + ", ".join(missing)
    options = " ".join(f"--{each} VALUE" for each in missing)
    return UsageError(
        f"no value for {words}",
        hint=f"add {options}, or --symbolic to leave it open",
        source=graph.source,
        span=graph.span(graph.inputs[name]),
    )


def with_respect_to(graph: Graph, wrt: str | None, constants: Sequence[str]) -> tuple[str, ...] | None:
    """The variables to differentiate with respect to; None for all."""
    if wrt is None:
        return tuple(name for name in graph.inputs if name not in constants) if constants else None
    names = [plain_name(name.strip()) for name in wrt.split(",")]
    for name in names:
        if name not in graph.inputs:
            near = closest(name, graph.inputs)
            raise UsageError(
                f"--wrt {name}: the formula has no variable {name}",
                hint=f"did you mean {near[0]}?" if near else known(graph),
            )
        if name in constants:
            raise UsageError(f"{name} stands in --wrt and in --const", hint="leave it out of one")
    return tuple(dict.fromkeys(names))
