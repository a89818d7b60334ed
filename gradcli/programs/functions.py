"""A formula as a program of functions: f(x, y), its gradient beside it, and the functions that the language lacks.

A function of the table is written from its rule by the writing system; one that no rule says in what the language has
is part of the language's runtime.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from gradcli.graph import Graph
from gradcli.ops import OPERATIONS
from gradcli.ops.operation import Rule
from gradcli.printers.expression import Line, statements, suited
from gradcli.programs.backward import BackwardPass
from gradcli.programs.language import Language, Statements, Variant
from gradcli.programs.writer import Name, Use, Writer

LETTERS = "abcdefgh"
"""Parameters of a function that is written from its rule; one with more of them numbers them."""


def module(graph: Graph, language: Language, gradient: Sequence[str] | None = None) -> str:
    """The program: the functions it needs, `f(x, y)`; with the names in `gradient` also `gradient(x, y)`.

    Raises UsageError for an operation that the language cannot say.
    """
    written = _written(language)
    for index in graph.parameters:
        if graph.operations[index] not in language.has:
            raise language.refusal(graph.operations[index])  # a function beside it has arguments only
    named = suited(graph, language.dialect).name
    own = "f" if graph.is_leaf(graph.output) else named(graph.name(graph.output).split("@")[0])
    parameters = list(_parameters(graph, language, named))
    nodes = zip(graph.operations[: graph.output + 1], graph.arguments, strict=False)
    used = {(name, len(arguments)) for name, arguments in nodes if arguments and name not in language.has}
    body = [written.assign(left, text) if left else written.result(text) for left, text in _value(graph, language)]
    parts = [written.function(own, "", [(parameters, body)])]
    if gradient is not None:
        backward = BackwardPass(graph, gradient, language, named)
        doc = f"The derivatives of {own} with respect to {', '.join(map(named, gradient))}: the backward pass."
        parts.append(written.function("gradient", doc if gradient else "", [(parameters, backward.lines())]))
        used |= backward.writer.used
    parts = [*functions(used, language), *parts]
    text = "\n".join(parts)
    constants = language.texts().constants
    return written.module([line for name, line in constants.items() if _occurs(name, text)], parts)


def _written(language: Language) -> Statements:
    """How functions are written in a language that has them."""
    if language.statements is None:
        raise AssertionError("a language of expressions has no functions")
    return language.statements


def _parameters(graph: Graph, language: Language, named: Callable[[str], str]) -> Iterator[str]:
    """The inputs; those with a value of their own come last."""
    for each in sorted(graph.inputs, key=lambda each: each in graph.defaults):
        if each in graph.defaults:
            value = language.dialect.constant(graph.defaults[each])[0]
            yield _written(language).parameter(named(each), value)
        else:
            yield named(each)


def _value(graph: Graph, language: Language) -> Sequence[Line]:
    """The statements of the function; the last one, or the name it binds, is returned."""
    found = statements(graph, language.dialect, _written(language).longest)[len(graph.defaults) :]
    if found[-1][0]:
        found[-1] = ("", found[-1][1])
    return found


def _occurs(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<![.\w]){name}\b", text) is not None


# -- the functions that are called ------------------------------------------------------------------------------------


def functions(used: Iterable[Use], language: Language) -> Sequence[str]:
    """The texts of functions and of those that they call in turn, the called ones first.

    Raises UsageError for one that neither a rule nor the runtime says in what the language has.
    """
    runtime = language.texts().functions
    texts: dict[str, str] = {}
    variants: dict[str, dict[int, Variant]] = {}
    seen: set[Use] = set()
    waiting = sorted(used, reverse=True)
    while waiting:
        function, count = use = waiting.pop()
        if use in seen:
            continue
        seen.add(use)
        texts.setdefault(function, runtime.get(language.spelled(function), ""))
        if not texts[function]:
            variant, calls = _variant(function, count, language)
            variants.setdefault(function, {})[count] = variant
            waiting += sorted(calls)
    for function, found in variants.items():
        each = [variant for _, variant in sorted(found.items())]
        texts[function] = _written(language).function(language.spelled(function), OPERATIONS[function].doc, each)
    return list(reversed(texts.values()))


def _variant(function: str, count: int, language: Language) -> tuple[Variant, set[Use]]:
    """A function of so many arguments from its rule, and the functions that it calls.

    It is the form that floats use; where that one is the function itself (log1p), the textbook form.
    """
    if function not in OPERATIONS:
        raise language.refusal(function.removesuffix("()"))
    entry = OPERATIONS[function]
    for rule in (entry.stable_value(), entry.value):
        variant, calls = _from_rule(rule, count, language)
        if (function, count) not in calls:
            return variant, calls
    raise language.refusal(function)


def _from_rule(rule: Rule, count: int, language: Language) -> tuple[Variant, set[Use]]:
    writer, written = Writer(language), _written(language)
    names = list(LETTERS[:count]) if count <= len(LETTERS) else [f"a{k}" for k in range(1, count + 1)]
    result = writer.expression(rule(writer, *(Name(writer, name) for name in names)))
    lines = [written.assign(name, expression) for name, expression in writer.taken()]
    return (names, [*lines, written.result(result)]), writer.used
