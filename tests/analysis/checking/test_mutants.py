"""A broken rule is caught and named: every local derivative of every entry, multiplied, zeroed, shifted or swapped.

The slopes of the values do not change when a local derivative does, so that they are taken once an argument; every
mutant is then judged against them. Mutants that change the gradient by less than 1e-7 of it are no mutants.
"""

import math
from functools import cache

import pytest

from gradcli import check, ops, parse
from gradcli.analysis.checking import check as check_module
from gradcli.analysis.checking import judge
from gradcli.analysis.checking.evidence import Evidence, Moved
from gradcli.analysis.checking.sentences import domain
from gradcli.analysis.checking.slopes import slopes
from gradcli.graph import GraphBuilder
from gradcli.ops import OPERATIONS, library, special
from gradcli.passes import backward, forward
from gradcli.systems import FLOATS

FAST = ("add", "divide", "power", "sigmoid", "max", "where", "sin", "sqrt", "hypot", "abs", "logsumexp")
"""Where every mutant goes through the whole check in the ordinary suite; slow tests take the whole table."""

SLOW = {entry.name for entry in (*library.TABLE, *special.TABLE)}
"""Functions that take long in many digits."""

FRACTIONS = (0.37, 0.62, 0.81)
"""Where in its sample interval an operand is."""


def scaled(factor):
    """Every local derivative times a factor."""
    return lambda rules, k: lambda m, y, *a: m.number(rules[k](m, y, *a)) * m.number(factor)


def shifted(rules, k):
    """A thousandth too much: seen also where the derivative is 0."""
    return lambda m, y, *a: m.number(rules[k](m, y, *a)) + m.number(0.001)


def other_rule(rules, k):
    """The local derivative of the next argument."""
    return rules[(k + 1) % len(rules)]


def swapped(rules, k):
    """The right rule with the first two operands exchanged."""
    return lambda m, y, a, b, *rest: rules[k](m, y, b, a, *rest)


MUTANTS = {
    "times 1.0000001": scaled(1.0000001), "times 1.001": scaled(1.001), "sign": scaled(-1), "zeroed": scaled(0),
    "shifted": shifted, "other rule": other_rule, "swapped": swapped,
}  # fmt: skip


def as_rule(rule):
    """A constant local derivative as a rule."""
    return (lambda m, y, *a: m.number(rule)) if isinstance(rule, int) else rule


def mutant(entry, argument, kind):
    """The entry with one local derivative broken, in its textbook form and in its stable one."""

    def broken(rules):
        rules = [as_rule(rule) for rule in rules]
        return [MUTANTS[kind](rules, k) if k == argument else rules[k] for k in range(len(rules))]

    stable = (entry.stable_value(), *broken([entry.stable_local(k) for k in range(len(entry.locals))]))
    whole = {"vjps": tuple(broken(entry.vjps)), "jvps": tuple(broken(entry.jvps))}
    return entry._replace(locals=tuple(broken(entry.locals)), stable=stable, **whole)


def arguments(entry):
    """The arguments whose rule is used: not constant ones, nor the condition of `where` and what it closes."""
    return [1] if entry.branches else [k for k in range(len(entry.locals)) if k not in entry.constant]


def kinds(entry):
    """The mutants that make sense for an entry."""
    exchanged = len(entry.locals) > 1 and not entry.constant and not entry.branches
    return [k for k in MUTANTS if exchanged or k not in ("other rule", "swapped")]


@cache
def problem(entry):
    """The operation alone on variables, and its wrapping in an arctangent, at one point of its sample."""
    intervals = entry.sample
    numbers = [low + fraction * (high - low) for (low, high), fraction in zip(intervals, FRACTIONS, strict=False)]
    point = {name: math.ldexp(round(math.ldexp(x, 6)), -6) for name, x in zip("abc", numbers, strict=False)}
    graphs = []
    for wrapped in (False, True):
        builder = GraphBuilder()
        places = [
            builder.constant(str(point[name])) if k in entry.constant else builder.input(name)
            for k, name in enumerate("abc"[: entry.arity])
        ]
        node = builder.add(entry.name, tuple(places))
        graphs.append(builder.finish(builder.add("atan", (node,)) if wrapped else node))
    return (*graphs, {name: point[name] for name in graphs[0].inputs})


@cache
def varied(entry):
    """The inputs to look at by the argument whose rule is broken; for the one rule of `max` the largest argument."""
    graph, _, point = problem(entry)
    if entry.variadic:
        back = backward(forward(graph, point))
        return {0: max(graph.inputs.values(), key=lambda index: abs(back.gradients[index]))}
    return {k: graph.inputs["abc"[k]] for k in arguments(entry)}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_mutant_is_judged_wrong(name, monkeypatch):
    """Every mutant of every rule: the gradient that it spoils is judged "disagree", the others are not."""
    entry = OPERATIONS[name]
    graph, _, point = problem(entry)
    right = Evidence(backward(forward(graph, point)), tuple(graph.inputs))
    seen = {}
    for k, index in varied(entry).items():
        seen[k] = slopes(Moved(right, {index: 1}, float(right.back.forward.values[index])))
        assert judge.judge(right, index, seen[k]).verdict == "agree"
    exact = {k: float(right.precise.gradients[index]) for k, index in varied(entry).items()}
    caught = 0
    for k, index in varied(entry).items():
        for kind in kinds(entry):
            monkeypatch.setitem(ops._operations, name, mutant(entry, k, kind))
            wrong = Evidence(backward(forward(graph, point)), tuple(graph.inputs))
            wrong._runs = right._runs
            told = float(wrong.precise.gradients[index])
            if abs(told - exact[k]) >= 1e-7 * abs(exact[k]) and told != exact[k]:
                finding = judge.judge(wrong, index, seen[k])
                assert (finding.verdict, finding.reason) == ("disagree", "rule"), (k, kind)
                caught += 1
            monkeypatch.undo()
    assert caught >= len(varied(entry))


def blamed(name, kinds_of):
    """Break a rule and run the whole check on its wrapping: what is found."""
    entry = OPERATIONS[name]
    _, graph, point = problem(entry)
    for k, index in varied(entry).items():
        exact = float(backward(forward(graph, point)).gradients[index])
        for kind in kinds_of:
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(ops._operations, name, mutant(entry, k, kind))
                told = float(backward(forward(graph, point)).gradients[index])
                if told != exact and abs(told - exact) >= 1e-7 * abs(exact):
                    found = check(graph, point)
                    yield next(each for each in found.variables if each.at == index), found


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in SLOW])
def test_the_broken_rule_is_named(name):
    """One mutant an argument through the whole check: "disagree", exit status 1, and node and operation are named."""
    assert_named(name, ["shifted"])


@pytest.mark.parametrize("name", FAST)
def test_every_mutant_is_named(name):
    """Every mutant of some operations."""
    assert_named(name, kinds(OPERATIONS[name]))


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_mutant_of_the_table_is_named(name):
    """Every mutant of every operation."""
    assert_named(name, kinds(OPERATIONS[name]))


def assert_named(name, kinds_of):
    """The broken operation is named, and the node that has it: in an arctangent of an arctangent the outer one."""
    count = 0
    for each, found in blamed(name, kinds_of):
        count += 1
        assert (each.verdict, each.finding.reason, found.exit_status) == ("disagree", "rule", 1)
        assert each.finding.cause.operation == name
        assert each.finding.cause.node == ("f" if name == "atan" else "v1")
        assert f"({name}) is wrong" in each.finding.explanation
    assert count >= len(arguments(OPERATIONS[name]))


def value_mutant(entry, change):
    """The entry with another value and consistent local derivatives: its gradient is right, of another function."""

    def value(rule):
        return lambda m, *a: change(m, rule(m, *a))

    stable = (value(entry.stable_value()), *(entry.stable_local(k) for k in range(len(entry.locals))))
    return entry._replace(value=value(entry.value), stable=stable)


READ_BY_SYMPY = (
    "divide power sqrt exp log log1p expm1 log2 log10 sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh "
    "atanh sigmoid softplus logsigmoid silu gelu relu abs max min floor sign sinc erf gamma loggamma digamma hypot "
    "besselj airyai"
).split()


@pytest.mark.parametrize("name", READ_BY_SYMPY)
def test_a_wrong_value_is_seen_by_the_second_reading(name, monkeypatch):
    """A value rule that is off by a constant has the right derivative; SymPy's reading has another value."""
    from gradcli.printers import ascii
    from gradcli.printers.expression import in_full

    entry = OPERATIONS[name]
    graph, _, point = problem(entry)
    text = in_full(graph, graph.output, ascii.DIALECT)
    assert check(parse(text), point).reading.verdict == "agree"
    monkeypatch.setitem(ops._operations, name, value_mutant(entry, lambda m, y: y + m.number(0.001)))
    found = check(parse(text), point)
    assert (found.reading.verdict, found.reading.reason, found.exit_status) == ("disagree", "value", 1)
    assert "SymPy's reading" in found.reading.explanation


def test_sine_computed_as_cosine(monkeypatch):
    """Value and derivative both those of the cosine: no difference of values can see it, the second reading can."""
    monkeypatch.setitem(ops._operations, "sin", OPERATIONS["cos"]._replace(name="sin"))
    found = check(parse("sin(x)*y"), {"x": 1.0, "y": 2.0})
    assert [each.verdict for each in found.variables] == ["agree", "agree"]
    assert (found.reading.reason, found.exit_status) == ("value", 1)


class Broken:
    """Floats in which one rule of one operation is off by a thousandth; in many digits it is right."""

    def __init__(self, name, *, value):
        self.name, self.value = name, value
        self.rule, self.local = FLOATS.rule, FLOATS.local

    def broken_rule(self, operation):
        """The value rule."""
        rule = self.rule(operation)
        return (lambda m, *a: rule(m, *a) * 1.001) if self.value and operation.name == self.name else rule

    def broken_local(self, operation, k):
        """The local derivative."""
        rule = self.local(operation, k)
        if self.value or operation.name != self.name:
            return rule
        return lambda m, *a: as_rule(rule)(m, *a) * 1.001


@pytest.mark.parametrize("value", [False, True], ids=["local", "value"])
@pytest.mark.parametrize("name", ["sigmoid", "tanh", "log", "exp", "sqrt", "softplus", "gelu", "sin", "divide", "power",
                                  "multiply", "atan2", "expm1", "sinc", "logaddexp"])  # fmt: skip
def test_wrong_float_code_is_told_from_rounding(name, value, monkeypatch):
    """Only the float form is wrong: not called rounding, and the node is named."""
    broken = Broken(name, value=value)
    monkeypatch.setattr(FLOATS, "rule", broken.broken_rule, raising=False)
    monkeypatch.setattr(FLOATS, "local", broken.broken_local, raising=False)
    monkeypatch.setattr(check_module, "_reading", lambda *_: check_module.AGREE)
    graph, _, point = problem(OPERATIONS[name])
    found = check(graph, point)
    finding = found.value if value else found.variables[0].finding
    assert (found.verdict, finding.reason, finding.cause.node) == ("disagree", "float_value", "f")
    assert finding.cause.operation == name


def test_every_domain_has_words():
    """What an operation takes is said in words, not as a formula over a and b."""
    for entry in OPERATIONS.values():
        assert bool(entry.takes) == bool(entry.domain), entry.name
        assert bool(domain(entry)) == bool(entry.domain)
    assert domain(OPERATIONS["log"]) == "log takes numbers larger than 0"
