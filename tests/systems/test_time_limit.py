"""A time limit that holds whatever computes, and leaves nothing half done behind."""

import threading
import time
from functools import cached_property

import mpmath
import pytest
import sympy

from gradcli import check, parse
from gradcli.analysis.checking.evidence import reference
from gradcli.systems.time_limit import Clock, TimeUp, within

PATIENCE = 20
"""Seconds that a busy machine may take to break off what has no end."""


def endless():
    """Work without an end."""
    while True:
        pass


def stubborn():
    """Work that swallows whatever is raised in it, for a while."""
    swallowed = 0
    while swallowed < 2:
        try:
            endless()
        except:  # noqa: E722  (libraries have such places)
            swallowed += 1
    endless()


def many_digits():
    """A function of mpmath's that is inside one call for minutes."""
    with mpmath.workdps(200_000):
        return mpmath.gamma(mpmath.mpf("0.3"))


def long_sum():
    """A value that SymPy writes out as a sum of a million terms."""
    return sympy.polygamma(0, 10**6)


def integral():
    """An integral that SymPy looks for in vain."""
    x = sympy.Symbol("x")
    return sympy.integrate(sympy.exp(sympy.sin(x) * sympy.log(x + sympy.cos(x))) / (1 + x**x), (x, 0, 1))


@pytest.mark.parametrize("work", [endless, stubborn, many_digits, long_sum, integral])
def test_it_holds_whatever_computes(work):
    """Pure Python, what swallows exceptions, mpmath and SymPy."""
    began = time.monotonic()
    with pytest.raises(TimeUp):
        within(0.2, work)
    assert time.monotonic() - began < PATIENCE


def test_what_is_done_in_time_is_returned_and_raised():
    """Results and errors come through; without an end of time nothing is watched."""
    assert within(PATIENCE, lambda: 7) == 7
    assert within(float("inf"), lambda: 8) == 8
    with pytest.raises(KeyError):
        within(PATIENCE, lambda: {}["missing"])


def test_one_inside_another():
    """The inner limit is its own; where the outer one passes first, no inner work goes on."""

    def inner():
        with pytest.raises(TimeUp):
            within(0.1, endless)
        return "the outer work goes on"

    assert within(PATIENCE, inner) == "the outer work goes on"
    with pytest.raises(TimeUp, match=r"0\.1"):
        within(0.1, lambda: within(PATIENCE, endless))


def test_in_any_thread_and_many_at_once():
    """Each thread has its own limit; what one of them is stopped for does not touch the others."""
    ended = []

    def run(limited):
        try:
            within(0.2 if limited else PATIENCE, endless if limited else lambda: time.sleep(0.5))
        except TimeUp:
            ended.append("stopped")
        else:
            ended.append("done")

    threads = [threading.Thread(target=run, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(ended) == ["done"] * 4 + ["stopped"] * 4


def test_nothing_comes_afterwards():
    """The exception belongs to its call: after many narrow ends nothing is raised outside."""
    for number in range(200):
        wait = number / 200 * 0.02
        try:
            within(0.01, lambda wait=wait: time.sleep(wait))
        except TimeUp:
            continue
    time.sleep(0.05)
    assert sum(range(100_000)) == 4999950000


def test_an_import_is_not_broken_off(tmp_path, monkeypatch):
    """A module is loaded whole or not at all, whatever the time."""
    source = "import time\nbegan = time.monotonic()\nwhile time.monotonic() - began < 0.5: pass\nwhole = True\n"
    (tmp_path / "slow_to_load.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)

    def load():
        import slow_to_load

        assert slow_to_load.whole
        endless()

    with pytest.raises(TimeUp):
        within(0.1, load)
    import slow_to_load

    assert slow_to_load.whole


def test_precisions_are_as_before():
    """mpmath's functions raise the precision of their context for a while."""
    before, system = mpmath.mp.prec, reference(1000)
    with pytest.raises(TimeUp):
        within(0.1, many_digits)
    assert mpmath.mp.prec == before
    assert reference(1000) is not system
    assert reference(1000).context.dps == 1000


def test_a_clock_has_one_limit_for_all():
    """What is left of the time is for the next piece of work."""
    clock = Clock(0.2)
    assert clock.within(lambda: 1) == 1
    with pytest.raises(TimeUp):
        clock.within(endless)
    with pytest.raises(TimeUp):
        clock.within(lambda: 1)
    with pytest.raises(TimeUp):
        clock.look()


@pytest.mark.slow
def test_libraries_are_right_after_a_thousand_stops():
    """SymPy and mpmath, stopped at any place, compute afterwards as if nothing had been."""
    x = sympy.Symbol("x", real=True)

    def busy():
        for number in range(10**9):
            made = sympy.sin(number * x) * sympy.log(x**2 + number) / sympy.sqrt(1 + x**number % 7)
            made.diff(x).subs(x, sympy.Rational(1, 3)).evalf(30 + number % 400)
            with mpmath.workdps(20 + number % 900):
                mpmath.gamma(mpmath.mpf(number) / 7), mpmath.besselj(number % 5, 3), +mpmath.pi, +mpmath.euler

    for number in range(1000):
        with pytest.raises(TimeUp):
            within(0.001 + number % 37 / 1000, busy)
    assert mpmath.mp.dps == 15
    for digits in (50, 300, 1500):
        with mpmath.workdps(digits):
            tiny = mpmath.mpf(10) ** (5 - digits)
            assert abs(mpmath.sin(mpmath.pi)) < tiny
            assert abs(mpmath.log(2) * 3 - mpmath.log(8)) < tiny
            assert abs(mpmath.gamma(mpmath.mpf(1) / 2) ** 2 - mpmath.pi) < tiny * 10
    assert sympy.simplify(sympy.sin(x) ** 2 + sympy.cos(x) ** 2) == 1
    assert sympy.sqrt(x**2) == sympy.Abs(x)
    assert sympy.diff(sympy.exp(x) * sympy.log(x), x) == sympy.exp(x) * sympy.log(x) + sympy.exp(x) / x


@pytest.mark.parametrize(
    ("formula", "point", "slope"),
    [
        ("digamma(x)", 100_000, mpmath.psi(1, 100_000)),
        ("digamma(x)", 2_000_001, mpmath.psi(1, 2_000_001)),
        ("polygamma(2, x)", 50_000, mpmath.psi(3, 50_000)),
        ("loggamma(x)", 30_000, mpmath.psi(0, 30_000)),
        ("beta(x, 3)", 5_000, mpmath.diff(lambda x: mpmath.beta(x, 3), 5_000)),
        ("x*digamma(x + 1)", 12_345, mpmath.psi(0, 12_346) + 12_345 * mpmath.psi(1, 12_346)),
        ("(100/x)**y", 1 / 3, mpmath.diff(lambda x: (100 / x) ** (mpmath.mpf(1) / 3), mpmath.mpf(1) / 3)),
        ("x**0.1 + (3*x)**0.7", 12345.6789, mpmath.diff(lambda x: x**0.1 + (3 * x) ** 0.7, 12345.6789)),
        ("cbrt(x/7)", 0.1, mpmath.diff(lambda x: mpmath.cbrt(x / 7), 0.1)),
    ],
)
def test_sympy_is_asked_for_digits_not_for_exact_results(formula, point, slope):
    """No sum of a hundred thousand terms, no root of a fraction of long numbers: an answer, and at once."""
    found = check(parse(formula), {"x": point, **({"y": 1 / 3} if "y" in formula else {})})
    (variable, *_) = found.variables
    assert variable.verdict == "agree"
    assert float(variable.symbolic.value) == pytest.approx(float(slope), rel=1e-9)


@pytest.mark.parametrize("where", ["expression", "value", "_derivative"])
def test_a_check_keeps_what_it_knows_when_sympy_does_not_end(where, monkeypatch):
    """SymPy is a witness, not the judge: without it the slopes of the values decide, and the report says so."""
    from gradcli.analysis.checking.witness import Witness
    from gradcli.report import Style
    from gradcli.report.checking.verdicts import Verdicts, Wishes

    never = cached_property(lambda _: endless())
    never.__set_name__(Witness, where)
    monkeypatch.setattr(Witness, where, never)
    if where == "_derivative":
        monkeypatch.setattr(Witness, "_at_the_point", lambda *_: None)
    found = check(parse("x*y"), {"x": 2.0, "y": 3.0}, time_limit=3)
    assert [(each.verdict, each.graph, each.symbolic.value) for each in found.variables] == [
        ("agree", 3.0, None),
        ("agree", 2.0, None),
    ]
    said = list(Verdicts(found, (), Style(), Wishes()).agreements())
    assert "SymPy had not answered when the time limit had passed." in said


def test_what_is_not_known_when_the_time_has_passed_is_inconclusive(monkeypatch):
    """The referee itself does not end: no verdict, and a reason."""
    from gradcli.analysis.checking import check as module

    monkeypatch.setattr(module, "slopes", lambda *_: endless())
    found = check(parse("x*y"), {"x": 2.0, "y": 3.0}, time_limit=0.2)
    assert [each.finding.reason for each in found.variables] == ["time_limit", "time_limit"]
    assert (found.verdict, found.exit_status) == ("inconclusive", 3)
