"""The rule table: every entry, in every number system, against witnesses that read only its value.

The witnesses are mpmath's numerical derivative of the value rule, SymPy's derivative of the exact value, and NumPy for
the values. Points are multiples of 1/64, so that every system stands at exactly the same place.
"""

import itertools
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache

import pytest

from gradcli import backward, forward, grammar, ops, parse
from gradcli.errors import ParseError, UsageError
from gradcli.graph import Graph, GraphBuilder
from gradcli.ops import OPERATIONS, PRIMITIVES, SUBJECTS, Operation, library, op
from gradcli.passes import corners
from gradcli.printers import ascii
from gradcli.printers.expression.rule_formulas import local_formula, value_formula
from gradcli.systems import FLOATS, System
from gradcli.systems.digits import Digits
from gradcli.systems.exact import Exact
from gradcli.systems.symbols import Symbols

nan, inf = math.nan, math.inf

DIGITS = Digits(50)
EXACT = Exact()
REFERENCE = Digits(60)
"""Where the witness differentiates: ten digits more than what it judges."""

FLOAT_TOLERANCE = 1e-13
"""A rule is some ten roundings of 1.1e-16 each, at points where nothing cancels much."""

DIGITS_TOLERANCE = 1e-45
EXACT_TOLERANCE = 1e-35

POINTS = 3
GRID = 64

Point = tuple[Fraction, ...]


def with_counts(entries: "list[Operation]") -> list:
    """(entry, number of arguments) as parameters; an entry of any number is tested with two and with three."""
    return [
        pytest.param(entry, count, id=f"{entry.name}-{count}")
        for entry in entries
        for count in ((2, 3) if entry.variadic else (entry.arity,))
    ]


ENTRIES = list(OPERATIONS.values())
every_entry = pytest.mark.parametrize(("entry", "count"), with_counts(ENTRIES))
every_name = pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in ENTRIES])


def inside(interval: tuple[float, float], place: Fraction) -> Fraction:
    """The number at `place` (0 to 1) of an interval, on the grid."""
    low, high = (Fraction(str(end)) for end in interval)
    return Fraction(round((low + place * (high - low)) * GRID), GRID)


@cache
def points(entry: Operation, count: int) -> tuple[Point, ...]:
    """Points of the sample intervals, in every order for an entry of any number of arguments.

    Their mirror images are added where the entry has a value and no corner, for the other side of abs, relu and <.
    """
    intervals = (entry.sample * 2)[:count] if entry.variadic else entry.sample
    orders = list(itertools.permutations(intervals)) if entry.variadic else [intervals]
    found = [
        tuple(inside(interval, Fraction(1 + (4 * i + 5 * k) % 14, 16)) for k, interval in enumerate(order))
        for order in orders
        for i in range(POINTS)
    ]
    mirrored = [tuple(-x for x in point) for point in found]
    return tuple(dict.fromkeys([*found, *(point for point in mirrored if is_smooth(entry, point))]))


def is_smooth(entry: Operation, point: Point) -> bool:
    """Whether there is a value and no corner."""
    operands = [DIGITS.number(x) for x in point]
    corner = entry.corner is not None and DIGITS.truth(entry.corner(DIGITS, *operands))
    return not corner and DIGITS.is_finite(entry.value(DIGITS, *operands))


def varying(entry: Operation, count: int) -> list[int]:
    """The arguments that have a local derivative; the others, such as the order of a Bessel function, are constant."""
    return [k for k in range(count) if k not in entry.constant]


def value_at(system: System, entry: Operation, point: Point):
    """The value as a pass in `system` computes it."""
    return system.rule(entry)(system, *[system.number(x) for x in point])


def local_at(system: System, entry: Operation, k: int, point: Point):
    """The local derivative with respect to argument `k` as a pass in `system` computes it, all arguments varying."""
    rule = system.local(entry, k)
    if isinstance(rule, int):
        return system.number(rule)
    return evaluated(system, entry, rule, k, point)


def evaluated(system: System, entry: Operation, rule: Callable, k: int, point: Point):
    """A given form of a local derivative in `system`."""
    if isinstance(rule, int):
        return system.number(rule)
    operands = [system.number(x) for x in point]
    which = (k, (False,) * len(point)) if entry.variadic else ()
    return system.number(rule(system, system.rule(entry)(system, *operands), *which, *operands))


@cache
def slope(value: Callable, k: int, point: Point):
    """mpmath's derivative of a value rule with respect to argument `k`; it reads nothing else of the entry."""
    before, after = ([REFERENCE.number(x) for x in part] for part in (point[:k], point[k + 1 :]))
    return REFERENCE.context.diff(
        lambda x: REFERENCE.number(value(REFERENCE, *before, x, *after)), REFERENCE.number(point[k])
    )


def close(found: object, expected: object, tolerance: float) -> bool:
    """Whether two numbers differ by at most `tolerance`, relative to the larger one; two zeros are the same."""
    a, b = REFERENCE.context.mpf(found), REFERENCE.context.mpf(expected)
    return bool(abs(a - b) <= tolerance * max(abs(a), abs(b)))


def disagreements(entry: Operation, count: int, system: System, tolerance: float) -> list[str]:
    """Where the local derivatives in `system` are not those of the value: the judge of this file."""
    return [
        f"{entry.name}({', '.join(map(str, point))}), argument {k}: {found} is not {expected}"
        for point in points(entry, count)
        for k in varying(entry, count)
        for found, expected in [(local_at(system, entry, k, point), slope(entry.value, k, point))]
        if not close(found, expected, tolerance)
    ]


# -- the rules are right ----------------------------------------------------------------------------------------------


@every_entry
def test_points_are_inside_the_sample(entry, count):
    """The sample intervals hold smooth points, all different: what the other tests stand on."""
    chosen = points(entry, count)
    assert len(chosen) >= POINTS
    assert len(set(chosen)) == len(chosen)
    assert [point for point in chosen if not is_smooth(entry, point)] == []


@every_entry
@pytest.mark.parametrize(
    ("system", "tolerance"), [(FLOATS, FLOAT_TOLERANCE), (DIGITS, DIGITS_TOLERANCE)], ids=["floats", "digits"]
)
def test_locals_are_the_slopes_of_the_value(entry, count, system, tolerance):
    """In floats and in 50 digits every local derivative is mpmath's numerical derivative of the value."""
    assert disagreements(entry, count, system, tolerance) == []


def exact_slope(entry: Operation, k: int, point: Point):
    """SymPy's derivative of the value in Exact at a symbol, the point put in afterwards.

    A whole part is constant around the point; SymPy would leave its derivative open.
    """
    x, here = EXACT.sympy.Symbol("x", real=True), EXACT.number(point[k])
    operands = [x if j == k else EXACT.number(number) for j, number in enumerate(point)]
    value = EXACT.number(entry.value(EXACT, *operands))
    value = value.replace(EXACT.sympy.floor, lambda part: EXACT.sympy.floor(part.subs(x, here)))
    return value.diff(x).subs(x, here)


@every_entry
def test_exact_locals_are_sympys_derivatives(entry, count):
    """In exact numbers every local derivative is SymPy's derivative of the value, to 35 digits."""
    wrong = [
        (point, k, found, expected)
        for point in points(entry, count)
        for k in varying(entry, count)
        for found, expected in [(local_at(EXACT, entry, k, point), exact_slope(entry, k, point))]
        if not close(found.evalf(50), expected.evalf(50), EXACT_TOLERANCE)
    ]
    assert wrong == []


@every_entry
@pytest.mark.parametrize("output", [None, "z"], ids=["over the arguments", "over the value too"])
def test_written_locals_read_back_as_the_rule(entry, count, output):
    """The formula of every local derivative, printed and parsed, has the value of the rule in floats."""
    names = list("abc"[:count])
    assert {local_formula(entry, k, names, ascii.DIALECT, output) for k in entry.constant} <= {"none"}
    for k in varying(entry, count):
        graph = parse(local_formula(entry, k, names, ascii.DIALECT, output))
        assert set(graph.inputs) <= {*names, output}
        for point in points(entry, count):
            numbers = {**dict(zip(names, point, strict=True)), "z": value_at(FLOATS, entry, point)}
            assert close(forward(graph, numbers).value, local_at(FLOATS, entry, k, point), FLOAT_TOLERANCE)


@every_entry
def test_written_values_read_back_as_the_rule(entry, count):
    """The formula of every value, printed and parsed, has the value of the rule in floats."""
    names = list("abc"[:count])
    graph = parse(value_formula(entry, names, ascii.DIALECT))
    for point in points(entry, count):
        found = forward(graph, dict(zip(names, point, strict=True))).value
        assert close(found, value_at(FLOATS, entry, point), FLOAT_TOLERANCE)


def test_a_written_local_takes_numbers_as_they_are():
    """A number among the names stands for itself: x**3 has the local derivative 3*x**2; a tie with it gives 0."""
    assert local_formula(OPERATIONS["power"], 0, ["x", "3"], ascii.DIALECT) == "3*x**2"
    graph = parse(local_formula(OPERATIONS["max"], 0, ["x", "1"], ascii.DIALECT))
    assert [forward(graph, {"x": x}).value for x in (2, 1, 0)] == [1, 0, 0]


@every_entry
def test_values_are_the_same_in_every_system(entry, count):
    """Floats, 50 digits and exact numbers agree on the value."""
    for point in points(entry, count):
        digits = value_at(DIGITS, entry, point)
        assert close(value_at(FLOATS, entry, point), digits, FLOAT_TOLERANCE)
        assert close(EXACT.number(value_at(EXACT, entry, point)).evalf(50), digits, EXACT_TOLERANCE)


@pytest.mark.parametrize(("entry", "count"), with_counts([entry for entry in ENTRIES if entry.stable]))
def test_stable_forms_are_the_textbook_forms(entry, count):
    """With 50 digits the stable value and local derivatives are those of the textbook form."""
    for point in points(entry, count):
        operands = [DIGITS.number(x) for x in point]
        assert close(entry.stable_value()(DIGITS, *operands), entry.value(DIGITS, *operands), DIGITS_TOLERANCE)
        for k in varying(entry, count):
            forms = (entry.stable_local(k), entry.local(k))
            stable, textbook = (evaluated(DIGITS, entry, form, k, point) for form in forms)
            assert close(stable, textbook, DIGITS_TOLERANCE)


# -- the judge is awake -----------------------------------------------------------------------------------------------


def mutants(rule: Callable | int) -> dict[str, Callable]:
    """Broken copies of the local derivative of an entry with a fixed number of arguments."""

    def right(m, y, *arguments):
        return rule if isinstance(rule, int) else rule(m, y, *arguments)

    return {
        "sign flipped": lambda m, y, *arguments: -1 * right(m, y, *arguments),
        "a little too large": lambda m, y, *arguments: right(m, y, *arguments) * m.divide(10_000_001, 10_000_000),
        "operands swapped": lambda m, y, *arguments: right(m, y, *arguments[::-1]),
        "zero": lambda _m, _y, *_arguments: 0,
        "value for derivative": lambda _m, y, *_arguments: y,
    }


def broken_copies(entry: Operation, count: int) -> Iterator[tuple[str, Operation]]:
    """Copies of an entry with one local derivative broken so that it really has another value somewhere."""
    for k, rule in enumerate(entry.locals):
        if k in entry.constant:
            continue
        if entry.variadic:
            variants = {f"{name} of all": variadic for name, variadic in variadic_mutants(rule).items()}
        else:
            variants = mutants(rule)
        for name, wrong in variants.items():
            broken = entry._replace(locals=(*entry.locals[:k], wrong, *entry.locals[k + 1 :]), stable=())
            if any(
                not close(local_at(DIGITS, broken, j, point), local_at(DIGITS, entry, j, point), DIGITS_TOLERANCE)
                for point in points(entry, count)
                for j in varying(entry, count)
            ):
                yield f"argument {k}, {name}", broken


def variadic_mutants(rule: Callable) -> dict[str, Callable]:
    """The same for an entry of any number of arguments; "swapped" takes the next argument for its own."""

    def mutant(name: str) -> Callable:
        def wrong(m, y, k, fixed, *arguments):
            if name == "operands swapped":
                return rule(m, y, (k + 1) % len(arguments), fixed, *arguments)
            return mutants(lambda m, y, *arguments: rule(m, y, k, fixed, *arguments))[name](m, y, *arguments)

        return wrong

    return {name: mutant(name) for name in mutants(0)}


@every_entry
def test_broken_rules_are_detected(entry, count):
    """Every broken copy of an entry is caught by the judge, in floats and in many digits."""
    copies = dict(broken_copies(entry, count))
    always_zero = all(rule == 0 for rule in entry.locals)
    assert always_zero or {"sign flipped", "a little too large", "zero"} <= {
        name.split(", ")[1].removesuffix(" of all") for name in copies
    }
    judges = ((FLOATS, FLOAT_TOLERANCE), (DIGITS, DIGITS_TOLERANCE))
    missed = [name for name, broken in copies.items() for judge in judges if not disagreements(broken, count, *judge)]
    assert missed == []


# -- the values are those of the name ---------------------------------------------------------------------------------

SPECIALS = (0.0, -0.0, 1.0, -1.0, 0.75, -2.5, 3.0, 1e-300, 5e-324, 800.0, -800.0, 1e308, -1e308, inf, -inf, nan)
"""Edges of IEEE 754. (Not 0.5: NumPy's power is a square root there, and says (-0.0)**0.5 is -0.0, C's pow 0.0.)"""

CHOOSE_WITH_NAN = {
    "less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_and", "logical_or", "logical_not",
    "where",
}  # fmt: skip
"""Conditions: NumPy takes nan for a true one and a comparison with nan for false; here nan stays nan (DESIGN §9)."""

NAMESAKES: dict[str, Callable] = {
    "copy": lambda c, a: a,
    "where": lambda c, a, b, d: b if a else d,
    "sigmoid": lambda c, a: 1 / (1 + c.exp(-a)),
    "logsigmoid": lambda c, a: -c.log1p(c.exp(-a)),
    "softplus": lambda c, a: c.log1p(c.exp(a)),
    "relu": lambda c, a: max(0, a),
    "leaky_relu": lambda c, a: max(a, c.mpf(0.01) * a),
    "prelu": lambda c, a, b: max(0, a) + b * min(0, a),
    "elu": lambda c, a: max(0, a) + c.expm1(min(0, a)),
    "selu": lambda c, a: c.mpf(1.0507009873554805) * (max(0, a) + c.mpf(1.6732632423543772) * c.expm1(min(0, a))),
    "silu": lambda c, a: a / (1 + c.exp(-a)),
    "gelu": lambda c, a: a * c.ncdf(a),
    "gelu_tanh": lambda c, a: a / (1 + c.exp(-2 * c.sqrt(2 / c.pi) * (a + c.mpf(0.044715) * a**3))),
    "mish": lambda c, a: a * c.tanh(c.log1p(c.exp(a))),
    "softsign": lambda c, a: a / (1 + abs(a)),
    "hardtanh": lambda c, a: min(1, max(-1, a)),
    "squareplus": lambda c, a: (a + c.sqrt(a * a + 4)) / 2 if a >= 0 else 2 / (c.sqrt(a * a + 4) - a),
    "clip": lambda c, a, b, d: min(max(a, b), d),
    "step": lambda c, a: (1 + c.sign(a)) / 2,
    "logsumexp": lambda c, *a: c.log(c.fsum(map(c.exp, a))),
    "xlogy": lambda c, a, b: a * c.log(b) if a else 0,
    "log_base": lambda c, a, b: c.log(a, b),
    "sinc": lambda c, a: c.sinc(a),
    **{
        name: lambda c, *arguments, name=name: getattr(c, name)(*arguments)
        for name in "sec csc cot erf erfc erfinv gamma loggamma digamma beta".split()
    },
}
"""What the names mean that are not NumPy's: by mpmath, in its context c."""


def numpy_function(entry: Operation) -> Callable | None:
    """NumPy's function of that name, or of an alias; None when there is none."""
    numpy = pytest.importorskip("numpy", reason="NumPy says what the values of its functions are")
    for name in (entry.name, *entry.aliases):
        found = getattr(numpy, name, None)
        if isinstance(found, numpy.ufunc) and found.nin == entry.arity:
            return found
    return None


def number_text(value: float) -> str:
    """A float so that nan equals nan and -0.0 differs from 0.0."""
    return repr(float(value))


OF_OURS = [entry for entry in ENTRIES if entry not in library.TABLE]
"""The functions of SymPy's library have that library's values."""


def test_every_operation_of_ours_has_a_namesake():
    """Every value is compared with NumPy's or with a formula of this file; none of these is left over."""
    strangers = {entry.name for entry in OF_OURS if numpy_function(entry) is None}
    assert strangers - {"less", "greater"} == set(NAMESAKES)


@pytest.mark.parametrize("entry", [pytest.param(e, id=e.name) for e in OF_OURS if e.name in NAMESAKES])
def test_values_in_floats_are_what_the_name_means(entry):
    """From 5e-324 to 800 the value in floats is mpmath's; nan is nan."""
    context = REFERENCE.context
    for operands in itertools.product([x for x in SPECIALS if abs(x) <= 800], repeat=entry.arity):
        found = FLOATS.rule(entry)(FLOATS, *operands)
        with context.extradps(350):
            try:
                expected = NAMESAKES[entry.name](context, *map(context.mpf, operands))
            except (ZeroDivisionError, ValueError):
                continue
        if context.isfinite(expected) and isinstance(expected, (int, context.mpf)):
            near = close(found, expected, 1e-13) or abs(float(expected) - found) < 1e-300
            assert near or float(expected) == found, operands
    if entry.name != "where":
        assert math.isnan(FLOATS.rule(entry)(FLOATS, *(nan for _ in range(entry.arity))))


@every_name
def test_values_in_floats_are_numpys_at_the_edges_too(entry):
    """IEEE 754: at zeros of both signs, infinities, nan, huge and tiny numbers the values are NumPy's, no exception."""
    function = numpy_function(entry)
    if function is None:
        return
    numpy = pytest.importorskip("numpy", reason="NumPy says what the values of its functions are")
    for operands in itertools.product(SPECIALS, repeat=entry.arity):
        if entry.name in CHOOSE_WITH_NAN and any(map(math.isnan, operands)):
            continue
        found = FLOATS.rule(entry)(FLOATS, *operands)
        with numpy.errstate(all="ignore"):
            expected = float(function(*operands))
        if math.isfinite(expected) and expected:
            assert found == pytest.approx(expected, rel=1e-15, abs=5e-324), operands
        elif entry.variadic and expected == 0:
            assert found == 0, operands  # which of two zeros is chosen is nobody's promise
        else:
            assert number_text(found) == number_text(expected), operands


@pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=entry.name) for entry in ENTRIES if entry not in library.TABLE]
)
def test_values_in_floats_are_floats(entry):
    """A pass over floats holds floats only, never a rule's own integer, which has no -0 and outgrows every float."""
    graph = single(entry, entry.arity)
    for operands in itertools.product(SPECIALS, repeat=entry.arity):
        found = forward(graph, dict(zip(graph.inputs, operands, strict=True))).value
        assert type(found) is float, operands


FAR_AND_WIDE = """
from itertools import product
from gradcli.ops import library
from gradcli.systems import FLOATS
for entry in library.TABLE:
    for order, size, sign in product((0.75, 1.0), (1e6, 1e9, 1e30, 1e100), (1.0, -1.0)):
        FLOATS.rule(entry)(FLOATS, *(order, sign * (size + 0.5))[-entry.arity :])
"""


def test_functions_of_the_library_do_not_take_forever():
    """At large arguments of both signs each has a value, or nan, at once. (A process of its own can be stopped.)"""
    assert subprocess.run([sys.executable, "-c", FAR_AND_WIDE], timeout=15, check=False).returncode == 0


@every_entry
@pytest.mark.parametrize(
    ("system", "kind"), [(DIGITS, DIGITS.context.mpf), (EXACT, EXACT.sympy.Basic)], ids=["digits", "exact"]
)
def test_values_are_numbers_of_their_system(entry, count, system, kind):
    """The same in the other systems: a rule's own 0 is a number of the system when a pass has computed it."""
    graph = single(entry, count)
    for point in points(entry, count):
        for value in forward(graph, dict(zip(graph.inputs, point, strict=True)), system).values:
            assert isinstance(value, kind), point


# -- the form of the table --------------------------------------------------------------------------------------------


class Recorded:
    """A number that knows only + - × and unary minus; everything else a rule does with it is an error.

    It can be called, as it also stands for the functions of the system.
    """

    def __call__(self, *_: object) -> "Recorded":
        """The result of a function."""
        return self

    def __bool__(self) -> bool:
        raise TypeError("a rule asks Python whether a number is true")

    def __add__(self, other: object) -> "Recorded":
        return self

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __add__

    def __neg__(self) -> "Recorded":
        return self

    def __eq__(self, other: object) -> bool:
        raise TypeError("a rule compares with Python's own sign")

    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
    __hash__ = None


class Recorder:
    """A number system that notes which names a rule takes from it."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Recorded:
        self.names.add(name)
        return Recorded()


def names_called(entry: Operation, count: int) -> set[str]:
    """Every name the rules of an entry take from the number system."""
    m, y, arguments = Recorder(), Recorded(), [Recorded() for _ in range(count)]
    for value in filter(None, (entry.value, entry.stable_value(), entry.corner)):
        value(m, *arguments)
    for k in varying(entry, count):
        for rule in (entry.local(k), entry.stable_local(k)):
            if entry.variadic:
                for fixed in itertools.product((False, True), repeat=count):
                    rule(m, y, k, fixed, *arguments)
            elif not isinstance(rule, int):
                rule(m, y, *arguments)
    return m.names


@every_entry
def test_rules_use_the_table_and_the_primitives_only(entry, count):
    """The set is closed: every name called on the number system is an entry or a primitive, every sign + - ×."""
    assert names_called(entry, count) - PRIMITIVES - set(OPERATIONS) == set()


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (lambda m, a: m.gamma(a), None),
        (lambda m, a: a / 2, TypeError),
        (lambda m, a: a**2, TypeError),
        (lambda m, a: a if a > 0 else -a, TypeError),
        (lambda m, a: a if a else 0, TypeError),
    ],
    ids=["foreign name", "division", "power", "comparison", "truth"],
)
def test_rules_outside_the_set_are_noticed(value, error):
    """The recorder tells a foreign name, and refuses the signs that a rule must not use."""
    entry = op("foreign", "None.", value, 1)
    if error is None:
        assert names_called(entry, 1) == {"gamma"}
    else:
        with pytest.raises(error):
            names_called(entry, 1)


@pytest.mark.parametrize("primitive", sorted(PRIMITIVES))
@pytest.mark.parametrize("system", [FLOATS, DIGITS, EXACT, Symbols()], ids=lambda system: system.name)
def test_every_system_supplies_the_primitives(system, primitive):
    """Floats, Digits, Exact and Symbols have every primitive."""
    assert hasattr(system, primitive)


def test_names_are_unique_and_resolve():
    """No two entries share a name or an alias; each is found by all of its own and has its symbol."""
    spelled = [(name, entry) for entry in ENTRIES for name in (entry.name, *entry.aliases)]
    assert sorted(name for name, _ in spelled) == sorted(ops.names())
    assert len({name for name, _ in spelled}) == len(spelled)
    assert [name for name, entry in spelled if ops.find(name) is not entry] == []
    signs = [entry for entry in ENTRIES if entry.symbol]
    assert [entry.name for entry in signs if ops.with_symbol(entry.symbol, entry.arity) is not entry] == []
    known = {1: grammar.PREFIX, 2: grammar.BINARY}
    assert {(entry.symbol, entry.arity) for entry in signs} == {(s, n) for n, table in known.items() for s in table}
    assert ops.find("nothing") is None


def test_the_table_is_the_sum_of_its_subjects():
    """Every entry stands in one subject file and the table has no other."""
    assert [entry.name for subject in SUBJECTS for entry in subject.TABLE] == list(OPERATIONS)
    assert [name for name, entry in OPERATIONS.items() if entry.name != name] == []


@every_name
def test_entries_are_described(entry):
    """One line of documentation with a full stop; a convention, and what others say, exactly where corners are."""
    assert entry.doc.strip() == entry.doc
    assert entry.doc.endswith(".")
    assert "\n" not in entry.doc
    assert [bool(entry.convention), bool(entry.elsewhere)] == [entry.corner is not None] * 2
    assert all(low < high for low, high in entry.sample)


@every_name
def test_a_gradient_is_distributed_by_constant_locals(entry):
    """The pattern distribute is said of a copy, of entries with two arguments and locals 1 or -1, and of no others."""
    passes_on = set(entry.locals) <= {1, -1} and (len(entry.locals) == 2 or entry.name == "copy")
    assert (entry.pattern == "distribute") == passes_on


@every_entry
def test_patterns_say_what_the_locals_do(entry, count):
    """swap: the local is the other argument; route: locals are 0 or 1 and one argument at most wins; gate: 0 or 1."""
    for point in points(entry, count):
        found = [local_at(EXACT, entry, k, point) for k in varying(entry, count)]
        if entry.pattern == "swap":
            assert found == [EXACT.number(x) for x in point[::-1]]
        if entry.pattern in ("route", "gate"):
            assert set(found) <= {0, 1}
            assert sum(found) <= 1


CONTINUED = {"beta", "log_base"}
"""Functions whose formula has values, here and there, beyond the domain that is theirs: beta(-3, 1), log(2, 0)."""

GRID_OF_DOMAIN = (-3, -2.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3)


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in OF_OURS])
def test_the_domain_is_where_there_is_a_value(entry):
    """The domain is a formula over a, b, c; where it holds, and nowhere else, the value is a finite number."""
    letters = "abc"[: entry.arity]
    for operands in itertools.product(GRID_OF_DOMAIN, repeat=entry.arity):
        point = dict(zip(letters, operands, strict=True))
        inside = True
        if entry.domain:
            graph = parse(entry.domain, names=letters)
            inside = forward(graph, {name: point[name] for name in graph.inputs}).value != 0
        finite = math.isfinite(FLOATS.rule(entry)(FLOATS, *map(float, operands)))
        assert finite == inside or (finite and entry.name in CONTINUED), operands


@every_name
def test_entries_stand_in_a_group(entry):
    """The group is what the file says of itself."""
    assert ops.group(entry) in {subject.__doc__.partition("\n")[0].rstrip(".") for subject in SUBJECTS}


def test_a_call_chooses_its_entry_by_the_number_of_arguments():
    """log(x, 2) is log_base, leaky_relu(x, s) prelu; others keep their own entry and its complaint."""
    log, leaky = OPERATIONS["log"], OPERATIONS["leaky_relu"]
    assert ops.with_arguments(log, 2) is OPERATIONS["log_base"]
    assert ops.with_arguments(log, 1) is ops.with_arguments(log, 3) is log
    assert ops.with_arguments(leaky, 2) is OPERATIONS["prelu"]
    with pytest.raises(ParseError, match="log takes one argument, not 3"):
        parse("log(x, 2, 3)")
    taken = op("mistake", "A call.", one, one, one, called="log")
    with pytest.raises(ValueError, match="log is already an operation"):
        ops.register(taken)
    assert "mistake" not in OPERATIONS


def one(_m, *_arguments):
    """A rule for entries that are never evaluated."""
    return 1


@pytest.mark.parametrize(
    ("locals_", "options"),
    [
        ((one,), {"sample": ((0, 1), (0, 1))}),
        ((one, one), {"sample": ((0, 1),)}),
        ((one,), {"stable": (one,)}),
        ((one,), {"stable": (one, one, one)}),
        ((one, one), {"variadic": True}),
        ((), {"variadic": True}),
        ((one,), {"variadic": True, "sample": ((0, 1),)}),
        ((one,), {"variadic": True, "stable": (one, one, one)}),
    ],
)
def test_entries_that_do_not_fit_together_are_refused(locals_, options):
    """As many sample intervals as arguments, as many stable forms as rules, one rule for any number of arguments."""
    with pytest.raises(ValueError, match=r"^mistake: "):
        op("mistake", "None.", one, *locals_, **options)


@pytest.mark.parametrize(
    "taken",
    [
        op("sigmoid", "A name.", one, one),
        op("σ", "An alias as a name.", one, one),
        op("mistake", "A name as an alias.", one, one, aliases=("add",)),
        op("mistake", "An alias.", one, one, aliases=("ln",)),
        op("mistake", "A symbol.", one, one, one, symbol="+"),
    ],
    ids=lambda entry: entry.doc,
)
def test_what_is_taken_cannot_be_registered(taken, monkeypatch):
    """A name, an alias or a symbol of an entry cannot be given away; the table is as before."""
    tables = {name: dict(getattr(ops, name)) for name in ("_operations", "_names", "_symbols", "_overloads")}
    for name, table in tables.items():
        monkeypatch.setattr(ops, name, dict(table))
    with pytest.raises(ValueError, match="already"):
        ops.register(taken)
    assert {name: getattr(ops, name) for name in tables} == tables


# -- conventions (DESIGN §2.4, §2.6, §9; reference numerics §5.2) -----------------------------------------------------


def single(entry: Operation, count: int) -> Graph:
    """The graph of one operation on variables a, b, …"""
    builder = GraphBuilder()
    return builder.finish(builder.add(entry.name, tuple(builder.input(name) for name in "abcdefghij"[:count])))


def answer(formula: str | Graph, point: dict[str, float], wrt: list[str] | None = None) -> dict[str, str]:
    """The value and the gradients of a formula in floats, as text, so that nan equals nan."""
    graph = parse(formula) if isinstance(formula, str) else formula
    back = backward(forward(graph, point), wrt)
    gradients = {name: back.gradient(name) for name in graph.inputs if wrt is None or name in wrt}
    return {name: f"{number + 0.0:.17g}" for name, number in {"value": back.forward.value, **gradients}.items()}


def numbers(**expected: float) -> dict[str, str]:
    """What `answer` gives for these numbers; zeros of both signs are the same."""
    return {name: f"{number + 0.0:.17g}" for name, number in expected.items()}


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("relu(x)", {"x": 0.0}, numbers(value=0, x=0)),
        ("relu(x)", {"x": -0.0}, numbers(value=0, x=0)),
        ("relu(x)", {"x": -1.0}, numbers(value=0, x=0)),
        ("abs(x)", {"x": 0.0}, numbers(value=0, x=0)),
        ("abs(x)", {"x": -2.0}, numbers(value=2, x=-1)),
        ("max(x, y)", {"x": 1, "y": 1}, numbers(value=1, x=1 / 2, y=1 / 2)),
        ("min(x, y)", {"x": 1, "y": 1}, numbers(value=1, x=1 / 2, y=1 / 2)),
        ("max(x, y)", {"x": 0.0, "y": -0.0}, numbers(value=0, x=1 / 2, y=1 / 2)),
        ("max(x, y)", {"x": inf, "y": inf}, numbers(value=inf, x=1 / 2, y=1 / 2)),
        ("max(x, x)", {"x": 1}, numbers(value=1, x=1)),
        ("max(x, y, z)", {"x": 1, "y": 1, "z": 0}, numbers(value=1, x=1 / 2, y=1 / 2, z=0)),
        ("min(x, y, z)", {"x": 1, "y": 0, "z": 0}, numbers(value=0, x=0, y=1 / 2, z=1 / 2)),
        ("max(x, 0)", {"x": 0}, numbers(value=0, x=0)),
        ("max(0, x)", {"x": 0}, numbers(value=0, x=0)),
        ("max(x, 1)", {"x": 1}, numbers(value=1, x=0)),
        ("max(1, x)", {"x": 1}, numbers(value=1, x=0)),
        ("min(x, 0)", {"x": 0}, numbers(value=0, x=0)),
        ("min(0, x)", {"x": 0}, numbers(value=0, x=0)),
        ("max(x, y, 1)", {"x": 1, "y": 1}, numbers(value=1, x=0, y=0)),
        ("max(x, y, 1)", {"x": 2, "y": 2}, numbers(value=2, x=1 / 2, y=1 / 2)),
        ("min(1, x, 2 - 1)", {"x": 1}, numbers(value=1, x=0)),
        ("where(c, x, y)", {"c": 1, "x": 2, "y": 3}, numbers(value=2, c=0, x=1, y=0)),
        ("where(c, x, y)", {"c": -1, "x": 2, "y": 3}, numbers(value=2, c=0, x=1, y=0)),
        ("where(c, x, y)", {"c": 0, "x": 2, "y": 3}, numbers(value=3, c=0, x=0, y=1)),
        ("where(c, x, y)", {"c": nan, "x": 2, "y": 3}, numbers(value=nan, c=0, x=nan, y=nan)),
        ("x < y", {"x": 1, "y": 2}, numbers(value=1, x=0, y=0)),
        ("x < y", {"x": 2, "y": 2}, numbers(value=0, x=0, y=0)),
        ("x <= y", {"x": 2, "y": 2}, numbers(value=1, x=0, y=0)),
        ("x > y", {"x": 2, "y": 1}, numbers(value=1, x=0, y=0)),
        ("x >= y", {"x": 2, "y": 2}, numbers(value=1, x=0, y=0)),
        ("x == y", {"x": 2, "y": 2}, numbers(value=1, x=0, y=0)),
        ("x != y", {"x": 2, "y": 2}, numbers(value=0, x=0, y=0)),
        ("(x > 0)*x", {"x": 3}, numbers(value=3, x=1)),
        ("x and y", {"x": 1, "y": 0}, numbers(value=0, x=0, y=0)),
        ("x or y", {"x": 0, "y": 3}, numbers(value=1, x=0, y=0)),
        ("not x", {"x": 0}, numbers(value=1, x=0)),
        ("x**0", {"x": 0}, numbers(value=1, x=0)),
        ("x**2.0", {"x": 0}, numbers(value=0, x=0)),
        ("x**1", {"x": 0}, numbers(value=0, x=1)),
        ("x**0.5", {"x": 0}, numbers(value=0, x=inf)),
        ("0**y", {"y": 2}, numbers(value=0, y=0)),
        ("0**y", {"y": 0.5}, numbers(value=0, y=0)),
        ("0**y", {"y": 0}, numbers(value=1, y=-inf)),
        ("x**y", {"x": 0, "y": 2}, numbers(value=0, x=0, y=0)),
        ("x**y", {"x": 0, "y": 0}, numbers(value=1, x=0, y=-inf)),
        ("x**y", {"x": -2, "y": 3.0}, numbers(value=-8, x=12, y=nan)),
        ("x**3", {"x": -2}, numbers(value=-8, x=12)),
        ("x**y", {"x": -2, "y": 0.5}, numbers(value=nan, x=nan, y=nan)),
        ("log(x)", {"x": -1}, numbers(value=nan, x=nan)),
        ("log(x)", {"x": 0}, numbers(value=-inf, x=inf)),
        ("sqrt(x)", {"x": 0}, numbers(value=0, x=inf)),
        ("sqrt(x)", {"x": -1}, numbers(value=nan, x=nan)),
        ("x/y", {"x": 1, "y": 0}, numbers(value=inf, x=inf, y=-inf)),
        ("x/y", {"x": -1, "y": 0.0}, numbers(value=-inf, x=inf, y=inf)),
        ("x/y", {"x": 1, "y": -0.0}, numbers(value=-inf, x=-inf, y=-inf)),
        ("x/y", {"x": 0, "y": 0}, numbers(value=nan, x=inf, y=nan)),
        ("sigmoid(x)", {"x": -1000}, numbers(value=0, x=0)),
        ("sigmoid(x)", {"x": 1000}, numbers(value=1, x=0)),
        ("sigmoid(x)", {"x": 40}, numbers(value=1, x=4.248354255291589e-18)),  # exp(-40)/(1 + exp(-40))**2 by mpmath
        ("exp(x)", {"x": 1000}, numbers(value=inf, x=inf)),
    ],
)  # fmt: skip
def test_conventions(formula, point, expected):
    """What is said at corners, at poles and outside the domain; a zero is a zero, whatever its sign."""
    assert answer(formula, point) == expected


def test_tanh_keeps_its_slope_where_it_is_flat():
    """tanh'(25) is 1/cosh(25)**2, not the 0 of 1 - tanh(25)**2."""
    assert float(answer("tanh(x)", {"x": 25})["x"]) == pytest.approx(1 / math.cosh(25) ** 2, rel=1e-15, abs=0)


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("count", range(2, 10))
def test_a_tie_of_k_variables_gives_each_its_part(name, count):
    """k equal variables receive 1/k each; the losers nothing."""
    graph = single(OPERATIONS[name], count + 1)
    loser = {"max": 1.0, "min": 3.0}[name]
    point = dict.fromkeys(graph.inputs, 2.0) | {"b": loser}
    expected = numbers(value=2, **dict.fromkeys(graph.inputs, 1 / count) | {"b": 0})
    assert answer(graph, point) == expected


@pytest.mark.parametrize("name", ["max", "min"])
def test_a_tie_with_a_variable_kept_fixed_gives_nothing(name):
    """What is not differentiated is as fixed as a constant; without a tie it does not matter."""
    assert answer(f"{name}(x, y)", {"x": 1, "y": 1}, ["x"]) == numbers(value=1, x=0)
    assert answer(f"{name}(x, y, z)", {"x": 1, "y": 1, "z": 1}, ["x", "z"]) == numbers(value=1, x=0, z=0)
    winner = {"max": 2, "min": 0}[name]
    assert answer(f"{name}(x, y)", {"x": winner, "y": 1}, ["x"]) == numbers(value=winner, x=1)


@pytest.mark.parametrize(
    ("formula", "variables"),
    [
        ("max(x, y)", "xy"), ("min(x, y)", "xy"), ("max(x, y, z)", "xyz"), ("min(x, y, z)", "xyz"),
        ("relu(x)", "x"), ("abs(x)", "x"), ("x < y", "xy"), ("x <= y", "xy"), ("x > y", "xy"), ("x >= y", "xy"),
        ("x == y", "xy"), ("x != y", "xy"), ("not x", "x"), ("x and y", "x"), ("x or y", "x"),
        ("y if x else z", "x"), ("x if y else z", "x"), ("z if 0*y else x", "x"),
    ],
)  # fmt: skip
def test_nan_goes_through_every_choice(formula, variables):
    """One operand nan, in any place: the value is nan, never the other operand by accident of the order."""
    for broken in variables:
        assert answer(formula, {"x": 1.0, "y": 1.0, "z": 1.0} | {broken: nan})["value"] == "nan", broken


@pytest.mark.parametrize("formula", ["max(x, y)", "min(x, y)", "max(x, y, z)", "relu(x)", "abs(x)"])
def test_nan_has_no_slope(formula):
    """Where the choice is unknown the gradient is nan as well."""
    assert answer(formula, {"x": nan, "y": 1.0, "z": 2.0})["x"] == "nan"


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("relu(x)", {"x": 0}, ["f"]),
        ("relu(x)", {"x": 1}, []),
        ("abs(x) + relu(y)", {"x": 0, "y": 0}, ["v1", "v2"]),
        ("max(x, y, z)", {"x": 1, "y": 1, "z": 0}, ["f"]),
        ("max(x, y, z)", {"x": 1, "y": 0, "z": 0}, []),
        ("min(x, y, z)", {"x": 1, "y": 0, "z": 0}, ["f"]),
        ("max(x, x)", {"x": 1}, []),
        ("x < x", {"x": 1}, []),
        ("max(2, 2) + x", {"x": 1}, []),
        ("x < y", {"x": 1, "y": 1}, ["f"]),
        ("x == y", {"x": 1, "y": 2}, []),
        ("x >= 1", {"x": 1}, ["f"]),
    ],
)
def test_corners_are_found(formula, point, expected):
    """Exactly the nodes without a derivative are named, equal constants and a node tied with itself are not."""
    run = forward(parse(formula), point)
    assert [run.graph.name(index) for index in corners(run)] == expected


@pytest.mark.parametrize("system", [FLOATS, DIGITS, EXACT], ids=lambda system: system.name)
def test_comparisons_of_equal_numbers(system):
    """Equal numbers are equal, not less, not greater, in every system."""
    graph = parse("(x < y) + 2*(x <= y) + 4*(x == y) + 8*(x != y) + 16*(x >= y) + 32*(x > y)")
    assert forward(graph, {"x": 2, "y": 2}, system).value == 2 + 4 + 16


# -- a new entry ------------------------------------------------------------------------------------------------------

CUBE = op(
    "cube", "Cube: a·a·a.", lambda m, a: a * a * a, lambda m, y, a: 3 * m.square(a), aliases=("kub",)
)  # fmt: skip
TWICE = op("cube", "Twice.", lambda m, a: 2 * a, 2, aliases=("kub",))


@pytest.fixture
def registered():
    """A function that adds an entry for the time of the test."""
    added = []

    def register(entry: Operation) -> Operation:
        ops.register(entry)
        added.append(entry)
        return entry

    yield register
    for entry in added:
        if OPERATIONS.get(entry.name) is entry:
            ops.unregister(entry.name)


def test_a_new_entry_is_known_everywhere(registered, gradcli):
    """One entry added at run time: parser, aliases, every number system, `gradcli ops` and the JSON record know it."""
    entry = registered(CUBE)
    graph = parse("kub(x) + 1")
    for system in (FLOATS, DIGITS, EXACT):
        back = backward(forward(graph, {"x": 2}, system))
        assert (back.forward.value, back.gradient("x")) == (9, 12)
    assert disagreements(entry, 1, FLOATS, FLOAT_TOLERANCE) == []
    assert local_formula(entry, 0, ["x"], ascii.DIALECT) == "3*x**2"
    assert "cube" in gradcli("ops").out
    assert json.loads(gradcli("ops", "cube", "--json").out)["operations"][0]["locals"] == ["3*a**2"]
    result = gradcli("backward", "cube(x)", "--x", "2", "--json")
    node, edge = json.loads(result.out)["nodes"][0], json.loads(result.out)["edges"][0]
    assert (result.status, node["operation"], node["expression"], node["value"]) == (0, "cube", "cube(x)", 8.0)
    assert (edge["contribution"], edge["local_expression"]) == (12.0, "3*x**2")


def test_locals_are_asked_for_what_is_differentiated_only(registered):
    """A rule is not called for an argument that is fixed, nor behind a closed branch: this one would fail."""

    def unwanted(m, y, *arguments):
        raise AssertionError("this local derivative is not needed")

    registered(op("trap", "Sum with a trap.", lambda m, a, b: a + b, 1, unwanted))
    for formula, wrt, expected in (
        ("trap(x, 2)", None, 1.0),
        ("trap(x, y)", ["x"], 1.0),
        ("trap(x, x*y) if x > 9 else 3*x", None, 3.0),
    ):
        back = backward(forward(parse(formula), {"x": 1, "y": 2}), wrt)
        assert (back.gradient("x"), len(list(back.edges())) > 0) == (expected, True)


def test_an_argument_without_a_local_must_be_constant():
    """The order of a Bessel function can be a number or a variable kept fixed; to differentiate it is an error."""
    run = forward(parse("besselj(n, x)"), {"n": 1, "x": 2})
    assert backward(run, ["x"]).locals(2)[0] is None
    with pytest.raises(UsageError, match="besselj has no derivative with respect to its first argument"):
        backward(run)


def test_an_entry_taken_out_is_gone_everywhere(registered, gradcli):
    """After `unregister` nothing remembers the entry, although every part of the program has used it."""
    names = ops.names()
    registered(CUBE)
    assert [system.cube(system.number(2)) for system in (FLOATS, DIGITS, EXACT)] == [8, 8, 8]
    backward(forward(parse("cube(x)"), {"x": 2}))
    ops.unregister("cube")
    assert (ops.names(), ops.find("kub"), "cube" in OPERATIONS) == (names, None, False)
    with pytest.raises(ParseError, match="unknown function cube"):
        parse("cube(x)")
    assert "cube" not in gradcli("ops", "--json").out
    assert gradcli("ops", "cube")[:2] == (2, "")
    assert [hasattr(system, "cube") for system in (FLOATS, DIGITS, EXACT)] == [False] * 3


def test_a_name_can_be_given_to_another_entry(registered):
    """A second entry of the same name is read by its own rules everywhere in the core; no cache keeps the first."""
    for entry, value, gradient in ((CUBE, 8, 12), (TWICE, 4, 2)):
        registered(entry)
        assert [system.cube(system.number(2)) for system in (FLOATS, DIGITS, EXACT)] == [value] * 3
        assert answer("cube(x)", {"x": 2}) == numbers(value=value, x=gradient)
        ops.unregister("cube")


def test_a_report_of_another_entry_has_its_formulas(registered, gradcli):
    """The same for the formulas of a report, which are kept once they have been made."""
    for entry, formula in ((CUBE, "3*x**2"), (TWICE, "2")):
        registered(entry)
        record = json.loads(gradcli("backward", "cube(x)", "--x", "2", "--json").out)
        assert record["edges"][0]["local_expression"] == formula
        ops.unregister("cube")
