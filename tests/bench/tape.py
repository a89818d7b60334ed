"""Time of a forward and a backward pass per node, on graphs of 1,000 to 100,000 nodes.

    python tests/bench/tape.py

Two kinds of graph: a chain of cheap operations, and a random graph of layers with the mix of a neural network. The
first pass over a kind of graph may compile it; its time is shown on its own. Goals: forward at most 150 ns a node,
backward at most 300, both linear in the number of nodes.
"""

import random
import statistics
import time
from collections.abc import Callable

from gradcli.graph import Graph, GraphBuilder
from gradcli.passes import backward, forward

MIX = ("add", "multiply", "subtract", "add", "multiply", "tanh", "sigmoid", "relu", "sin", "square")
SIZES = (1_000, 10_000, 100_000)
ROUNDS = 7


def chain(size: int) -> Graph:
    """x = sin(x) + x*0.5 … as one long chain."""
    builder = GraphBuilder()
    node = builder.input("x")
    weight = builder.input("w")
    for i in range(size):
        node = builder.add(*((("multiply", (node, weight))), ("add", (node, weight)), ("tanh", (node,)))[i % 3])
    return builder.finish(node)


def network(size: int, seed: int = 0) -> Graph:
    """A random graph: every node uses the one before it, and perhaps one of the last fifty."""
    draw = random.Random(seed)
    builder = GraphBuilder()
    nodes = [builder.input(f"x{i}") for i in range(20)]
    for _ in range(size):
        operation = draw.choice(MIX)
        arity = 2 if operation in ("add", "multiply", "subtract") else 1
        nodes.append(builder.add(operation, (nodes[-1], draw.choice(nodes[-50:]))[:arity]))
    return builder.finish(nodes[-1])


def median_time(function: Callable[[], object], repeat: int) -> float:
    """Median over several rounds of the time of one call, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(repeat):
            function()
        times.append((time.perf_counter() - start) / repeat)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    print(f"{'graph':<10}{'nodes':>9}{'first ms':>10}{'forward ns':>12}{'backward ns':>13}{'ratio':>7}")
    for make in (chain, network):
        for size in SIZES:
            graph = make(size)
            point = {name: 0.1 + 0.01 * i for i, name in enumerate(graph.inputs)}
            start = time.perf_counter()
            run = forward(graph, point)
            backward(run)
            first = time.perf_counter() - start
            repeat = max(1, 20_000 // size)
            ahead = median_time(lambda graph=graph, point=point: forward(graph, point), repeat) / size
            back = median_time(lambda run=run: backward(run), repeat) / size
            row = f"{make.__name__:<10}{size:>9,}{first * 1e3:>10.1f}{ahead * 1e9:>12.0f}{back * 1e9:>13.0f}"
            print(f"{row}{back / ahead:>7.1f}")


if __name__ == "__main__":
    main()
