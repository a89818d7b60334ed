"""Every name is accounted for.

A value without a variable, a variable without a value, a name given twice or misspelt is an error with what to write
instead (DESIGN §6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from gradcli.asking.command_line import Typed, elsewhere
from gradcli.errors import UsageError, closest
from gradcli.graph import Graph
from gradcli.language.spelling import plain_name, same_name
from gradcli.language.values import read_value
from gradcli.systems import System


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


def listed(texts: Iterable[str]) -> list[str]:
    """The names in `wx,b` and `c`."""
    return [plain_name(name.strip()) for text in texts for name in text.split(",") if name]


def check_names(line: Typed, graph: Graph, names: Sequence[str], filed: Collection[str]) -> None:
    """Every value has its variable, once; no option hides a variable. Raises UsageError otherwise."""
    for name in names:
        if name not in graph.inputs:
            raise no_variable(line, graph, name)
        if names.count(name) > 1:
            raise UsageError(f"--{name} is given twice", hint="give one value")
    for option in line.used:
        name = option.removeprefix("--")
        if name in graph.inputs and name not in names and name not in filed:
            raise hidden(option)


def no_variable(line: Typed, graph: Graph, name: str) -> UsageError:
    """The error for a value whose name is no variable of the formula."""
    if name in graph.bindings.values() or any(bound.startswith(f"{name}@") for bound in graph.bindings.values()):
        return UsageError(f"{name} is computed in the formula and takes no value", hint=f"remove --{name}")
    word = next((bound for bound in graph.bindings.values() if len(name) == 1 and name in bound), None)
    if word is not None and word.isalpha():
        hint = f"{word} is one name in this formula; write {'*'.join(word)} for a product"
        return UsageError(f"the formula has no variable {name}", hint=hint)
    near_options = closest(f"--{name}", line.declared)
    near_variables = closest(name, graph.inputs)
    other = elsewhere(line.others, f"--{name}") if len(name) > 1 else None
    if other and not (near_variables and name.casefold() == near_variables[0].casefold()):
        return UsageError(f"gradcli {line.command} has no option --{name}", hint=other)
    if near_variables:
        hint = f"did you mean --{near_variables[0]}?"
    elif near_options:
        hint = f"did you mean {near_options[0]}?"
    else:
        hint = known(graph)
    return UsageError(f"the formula has no variable {name}", hint=hint)


def check_words(graph: Graph, words: Iterable[str]) -> None:
    """Every name in `words`, as --name gives them, stands in the formula. Raises UsageError for one that does not."""
    present = {*graph.inputs, *graph.bindings.values(), *(name.partition("@")[0] for name in graph.bindings.values())}
    for word in listed(words):
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
    options = " ".join(f"--{each} {'e' if each == 'E' else 'VALUE'}" for each in missing)
    return UsageError(
        f"no value for {words}",
        hint=f"add {options}, or --symbolic to leave it open",
        source=graph.source,
        span=graph.span(graph.inputs[name]),
    )


def with_respect_to(
    graph: Graph, wrt: str | None, constants: Collection[str], told: Collection[str] = ()
) -> tuple[str, ...] | None:
    """The variables to differentiate with respect to; None for all.

    `constants` are typed as such; `told` are those that the text says are constant, where --wrt says nothing else.
    """
    if wrt is None:
        fixed = {*constants, *told}
        return tuple(name for name in graph.inputs if name not in fixed) if fixed else None
    names = [plain_name(name.strip()) for name in wrt.split(",")]
    names = [same_name(name, graph.inputs) for name in names]
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


def pinned(graph: Graph, pin: Sequence[str], system: System) -> dict[int, Any]:
    """The values set with --pin, by position. Raises UsageError for a name that is no operation, or stands twice."""
    places = operations(graph, range(len(graph)))
    pins: dict[int, Any] = {}
    for typed, text in assignments("--pin", pin, bare=False):
        name = plain_name(typed)
        if name in graph.inputs:
            raise UsageError(f"--pin {name}: {name} is a variable, not a node", hint=f"use --{name} {text}")
        place = place_of(name, places, f"--pin {name}: the formula has no node {name}")
        if place in pins:
            raise UsageError(f"--pin {name} is given twice", hint="give one value")
        try:
            pins[place] = read_value(name, text).number(system)
        except UsageError as error:
            raise UsageError(error.message, hint=f"write --pin {name}=2 or --pin {name}=1/3") from None
    return pins


def node_named(graph: Graph, option: str, typed: str) -> int:
    """The operation that an option names. Raises UsageError when the output is computed from none of that name."""
    name = plain_name(typed.strip())
    places = operations(graph, sorted(graph.behind([graph.output])))
    if name in graph.inputs and name not in places:
        raise UsageError(
            f"{option} {name}: {name} is a variable, not an operation", hint=f"for {name} only: --wrt {name}"
        )
    return place_of(name, places, f"{option} {name}: the output is computed from no node {name}", known(graph))


def operations(graph: Graph, among: Iterable[int]) -> dict[str, int]:
    """The positions of the operations among these nodes, by name."""
    return {graph.name(i): i for i in among if not graph.is_leaf(i)}


def place_of(name: str, places: Mapping[str, int], refusal: str, otherwise: str | None = None) -> int:
    """The position of the node `name`.

    Raises UsageError with `refusal` where there is none, and the nearest name, a few names or `otherwise` as its hint.
    """
    if name not in places:
        near = closest(name, places)
        some = [*islice(places, 10), *(["…"] if len(places) > 10 else [])]
        raise UsageError(
            refusal, hint=f"did you mean {near[0]}?" if near else f"its nodes: {', '.join(some)}" if some else otherwise
        )
    return places[name]
