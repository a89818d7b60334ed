"""The backward pass as a stream of steps: what arrived at a node, what one use passed on, what the sum is now.

Tables of edges, the worked solution, and whatever shows a pass as it happens, read this stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from gradcli.passes.step import Forward, Passed, passed_on
from gradcli.systems.contribution import added, settled, whole

Combine = Callable[[Any, Any], Any]
"""How a contribution joins the sum so far at a node: `combine(contribution, so_far)`."""


def add(contribution: Any, so_far: Any) -> Any:
    """Contributions are added; later uses come first, so that the sum reads in the order of the text."""
    return added(contribution, so_far)


class Edge(NamedTuple):
    """One use of a node by another, as the backward pass goes over it: contribution = upstream · local.

    `source` is used by `target` as its argument number `argument`. A closed branch of `where` is not active: it
    contributes nothing. `local` is None for an operation on whole arrays, whose local derivative is no number.
    """

    source: int
    target: int
    argument: int
    upstream: Any
    local: Any
    contribution: Any
    active: bool


class Step(NamedTuple):
    """One contribution on its way: from node `target` to its argument number `argument`, the node `source`.

    upstream      what arrived at `target`: its gradient, complete
    local         the local derivative, None for an operation on whole arrays
    contribution  what is passed on; None where a branch is closed
    before        the sum at `source` before it, None where nothing had arrived
    gradient      the sum at `source` after it
    """

    source: int
    target: int
    argument: int
    upstream: Any
    local: Any
    contribution: Any
    before: Any
    gradient: Any


def steps(run: Forward, depends: Sequence[bool], upstream: Any, combine: Combine = add) -> Iterator[Step]:
    """The backward pass over `run`, one contribution after the other: from the output back, the last argument first.

    `depends` tells which nodes are differentiated, `upstream` is the gradient that arrives at the output. `combine`
    is how a contribution joins the sum so far, for passes that are wrong on purpose.
    """
    system, arguments = run.system, run.graph.arguments
    gradients: list[Any] = [None] * len(arguments)
    if depends[run.graph.output]:
        gradients[run.graph.output] = upstream
    for target, passed in _in_order(run, depends, gradients):
        source = arguments[target][passed.argument]
        before = gradients[source]
        if passed.contribution is not None:
            first = before is None
            gradients[source] = passed.contribution if first else settled(system, combine(passed.contribution, before))
        yield Step(source, target, *passed, before, gradients[source])


def _in_order(run: Forward, depends: Sequence[bool], gradients: Sequence[Any]) -> Iterator[tuple[int, Passed]]:
    """What every node passes on when its gradient is complete, from the output back."""
    for target in range(run.graph.output, -1, -1):
        upstream = gradients[target]
        if upstream is not None and run.graph.arguments[target]:
            for passed in passed_on(run, depends, target, upstream):
                yield target, passed


def edges(run: Forward, depends: Sequence[bool], reached: Sequence[Any]) -> Iterator[Edge]:
    """The contributions of a finished pass as edges: output first, the arguments of a node in their order.

    `reached` are the gradients of the nodes, all sums complete. What is masked is written out.
    """
    system, number, arguments = run.system, run.system.number, run.graph.arguments
    for target, group in groupby(_in_order(run, depends, reached), key=itemgetter(0)):
        for _, (k, upstream, local, contribution) in reversed(list(group)):
            active, source = contribution is not None, arguments[target][k]
            yield Edge(
                source,
                target,
                k,
                number(whole(upstream)),
                None if local is None else number(local),
                number(whole(contribution)) if active else system.zero(run.values[source]),
                active,
            )
