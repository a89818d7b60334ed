"""The graph's own walks and columns."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradcli import backward, forward, parse
from gradcli.graph import GraphBuilder


def drawn(seed):
    """A random graph of sixty nodes, of which many do not reach the output."""
    draw = random.Random(seed)
    builder = GraphBuilder()
    nodes = [builder.input(name) for name in "abcd"]
    for _ in range(60):
        count = draw.choice((1, 2, 2, 3))
        nodes.append(builder.add(("sin", "add", "where")[count - 1], tuple(draw.choices(nodes, k=count))))
    return builder.finish(draw.choice(nodes))


def reaches(graph, index, target):
    """Whether there is a path from a node down to another, by looking at every one."""
    return index == target or any(reaches(graph, a, target) for a in set(graph.arguments[index]))


@pytest.mark.parametrize("seed", range(3))
def test_behind_and_depending_on_are_each_others_mirror(seed):
    """Node b is behind a exactly when a depends on b, and both when there is a path."""
    graph = drawn(seed)
    behind = {a: graph.behind([a]) for a in range(0, len(graph), 7)}
    for b in range(len(graph)):
        depending = graph.depending_on([b])
        for a, found in behind.items():
            assert (b in found) == depending[a] == reaches(graph, a, b)
    assert graph.behind([5, 9]) == graph.behind([5]) | graph.behind([9])
    assert graph.behind([]) == set()
    assert graph.depending_on([]) == [False] * len(graph)


def test_walks_through_some_nodes_only():
    """Behind: what a node goes on to can be chosen; depending on: a path leads through the nodes that count."""
    graph = parse("a = sin(x); b = cos(x); c = a + b; c*y")
    x, a, b, c = (graph.names().index(name) for name in ("x", "a", "b", "c"))
    assert graph.behind([c], lambda i: graph.arguments[i][:1]) == {c, a, x}
    assert graph.depending_on([x], through={b, graph.output})[graph.output] is False
    assert graph.depending_on([x], through={b, c, graph.output})[graph.output] is True


def test_what_is_derived_is_kept_and_never_seen_half():
    """Threads that ask at the same time all get one finished column."""
    started = threading.Barrier(8)
    calls = []

    def column(graph):
        calls.append(threading.get_ident())
        found = []
        for index in range(len(graph)):
            found.append(index)
            time.sleep(0)
        return found

    graph = drawn(1)

    def ask(_):
        started.wait()
        return graph.derived(column)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(ask, range(8)))
    assert all(each is results[0] for each in results)
    assert results[0] == list(range(len(graph)))
    before = len(calls)
    assert graph.derived(column) is results[0]
    assert len(calls) == before <= 8


def test_passes_over_one_large_graph_in_threads():
    """Dependence and compiled loops are derived by whoever comes first; all results are the same."""
    builder = GraphBuilder()
    node = builder.input("x")
    for _ in range(2_000):
        node = builder.add("sin", (builder.add("add", (node, node)),))
    graph = builder.finish(node)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: backward(forward(graph, {"x": 0.3})).gradient("x"), range(16)))
    assert len(found) == 1
