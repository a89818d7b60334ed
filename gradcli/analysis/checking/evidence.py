"""What a check looks at: one graph at one point, in floats, in as many digits as it takes, and moved about the point.

Every number of the point is the exact value of its double, in all of them.
"""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property, lru_cache
from math import inf
from typing import Any

from gradcli.graph import Graph
from gradcli.passes import Backward, Forward, backward, forward, resume
from gradcli.systems.digits import Digits
from gradcli.systems.time_limit import Clock, forgotten_when_stopped

DIGITS = (60, 150, 400, 1000)
"""Digits of the reference run, raised until two runs agree."""

ALIKE = 1e-25
"""How closely they must agree."""

NARROW = 15
"""Decimal digits of a 53-bit number: the same precision as the floats, with exponents of any size."""


def reference(digits: int, *, binary: bool = True) -> Digits:
    """The number system with so many digits; a context of mpmath's takes longer to make than a small check.

    Every thread has its own: mpmath's functions raise the precision of their context for a while.
    """
    return _reference(digits, binary, get_ident())


@lru_cache(maxsize=64)
def _reference(digits: int, binary: bool, thread: int) -> Digits:  # noqa: ARG001  (part of the key)
    return Digits(digits, binary=binary)


forgotten_when_stopped(_reference.cache_clear)


class Evidence:
    """A graph at a point, read in several number systems; each reading is made once.

    wrt    the variables that are differentiated, as in the backward pass
    clock  the time limit of the check: every further evaluation looks at it and raises TimeUp
    """

    def __init__(self, back: Backward, wrt: Sequence[str], clock: Clock | None = None) -> None:
        self.back = back
        self.graph: Graph = back.graph
        self.wrt = tuple(wrt)
        self.clock = clock or Clock(inf)
        self.point = {name: back.forward.values[index] for name, index in self.graph.inputs.items()}
        self._runs: dict[int, Forward] = {}

    def run(self, system: Digits) -> Forward:
        """The forward pass in a system, made once for every number of digits."""
        if system.digits not in self._runs:
            self.clock.look()
            self._runs[system.digits] = forward(self.graph, self.point, system)
        return self._runs[system.digits]

    def backward(self, digits: int) -> Backward:
        """Both passes with so many digits."""
        self.clock.look()
        return backward(self.run(reference(digits)), self.wrt, self.back.upstream)

    @cached_property
    def precise(self) -> Backward:
        """Both passes with as many digits as it takes for the value and all gradients to settle."""
        before = self.backward(DIGITS[0])
        for digits in DIGITS[1:]:
            after = self.backward(digits)
            if all(_settled(a, b) for a, b in zip(_results(before), _results(after), strict=True)):
                return after
            before = after
        return before

    @cached_property
    def narrow(self) -> Backward:
        """Both passes with the precision of the floats and exponents without a limit."""
        return self.backward(NARROW)

    @cached_property
    def mass(self) -> Sequence[Any]:
        """Per node, the sum of the magnitudes of everything that was added up to its gradient.

        The rounding of a gradient is in proportion to it, and mass/|gradient| is how much cancelled (numerics: the
        condition number of the sum).
        """
        masses: list[Any] = [0] * len(self.graph)
        masses[self.graph.output] = abs(self.precise.upstream)
        for edge in self.precise.edges():
            if edge.active:
                masses[edge.source] = masses[edge.source] + abs(edge.local) * masses[edge.target]
        return masses


def _results(back: Backward) -> list[Any]:
    return [back.forward.value, *(back.gradients[index] for index in back.graph.inputs.values())]


def _settled(a: Any, b: Any) -> bool:
    if a is None or b is None or a == b:
        return True
    if a != a or b != b:
        return bool(a != a and b != b)
    return bool(abs(a - b) <= ALIKE * max(abs(a), abs(b)))


class Moved:
    """The output, times the upstream gradient, as a function of how far some nodes are moved from their values.

    It is a `slopes.Function`.

    `speeds` gives each node, by position, how far it moves for one unit of the offset. A moved variable moves all that
    depends on it; a moved inner node moves what comes after it only, so that the slope is the node's gradient.
    """

    def __init__(self, evidence: Evidence, speeds: Mapping[int, Any], x: float) -> None:
        self.evidence = evidence
        self.speeds = speeds
        self.x = x
        self.node = evidence.graph.output
        self._moved: dict[tuple[int, Any], Sequence[Any]] = {}

    def seen_at(self, node: int) -> Moved:
        """The same for the value of another node than the output; both look at the same runs."""
        other = copy(self)
        other.node = node
        return other

    def system(self, digits: int) -> Digits:
        """The number system with so many digits."""
        return reference(digits)

    def at(self, system: Digits, offset: Any) -> Any:
        """The output there."""
        run = self.evidence.run(system)
        upstream = system.number(self.evidence.back.upstream)
        if offset == 0:
            return run.values[self.node] * upstream
        key = system.digits, offset
        if key not in self._moved:
            self.evidence.clock.look()
            changed = {i: run.values[i] + offset * speed for i, speed in self.speeds.items()}
            self._moved[key] = resume(run, changed).values
        return self._moved[key][self.node] * upstream

    def size(self, system: Digits) -> Any:
        """The largest magnitude of a node's value at the point."""
        largest = max((abs(v) for v in self.evidence.run(system).values if system.is_finite(v)), default=1)
        return largest * abs(system.number(self.evidence.back.upstream))
