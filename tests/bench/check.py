"""Time of one check inside a process, and false verdicts, beside other gradient checkers on the same points.

    python tests/bench/check.py [ROUNDS]

The points are those of tests/numerics_cases.json. Every checker is given the same function, the graph in floats, and
three kinds of gradient: the right one, the right one times 1.01, and the graph's own where there is no derivative. The
first it should pass, the others not. PyTorch, JAX, HIPS autograd and SciPy are used where they are installed, as their
documentation calls them, in float64; SciPy's check_grad returns a distance and passes here below 1e-6.

Times are of the processor. Importing SymPy and the first check of all are not timed. Goals: a median of at most 10 ms
over the points, at most 1 s for a chain of a thousand operations.
"""

import contextlib
import importlib
import json
import math
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gradcli import check, parse
from gradcli.analysis.checking import check as check_module
from gradcli.analysis.checking import evidence as evidence_module
from gradcli.graph import Graph, GraphBuilder
from gradcli.passes import Backward, backward, forward

CASES = json.loads((Path(__file__).parents[1] / "numerics_cases.json").read_text(encoding="utf-8"))["cases"]
ROUNDS = 5
WRONG = 1.01
SCIPY_TOLERANCE = 1e-6

Point = dict[str, float]
Function = Callable[[Sequence[float]], float]
Checker = Callable[[Function, Sequence[float], Sequence[float]], bool]
"""Whether a checker passes a gradient of a function at a point."""


class Task(NamedTuple):
    """A point with its function, the right gradient (None where there is none), and the graph's own."""

    graph: Graph
    point: Point
    right: list[float] | None
    own: list[float]

    def function(self, numbers: Sequence[float]) -> float:
        """The output in floats."""
        return float(forward(self.graph, dict(zip(self.point, map(float, numbers), strict=True))).value)


def tasks() -> Iterator[Task]:
    """The points at which everything agrees, and those without a derivative."""
    for case in CASES:
        graph = parse(case["formula"])
        point = {name: float(case["point"][name]) for name in graph.inputs}
        expected = [case["variables"][name] for name in point]
        own = [float(backward(forward(graph, point)).gradient(name)) for name in point]
        verdicts = {each["verdict"] for each in expected}
        if verdicts == {"agree"}:
            yield Task(graph, point, [float(each["expected_gradient"]) for each in expected], own)
        elif "not_differentiable" in verdicts and all(map(math.isfinite, own)):
            yield Task(graph, point, None, own)


# -- the checkers -----------------------------------------------------------------------------------------------------


def torch_gradcheck() -> Checker:
    """`torch.autograd.gradcheck`, eps 1e-6, atol 1e-5, rtol 1e-3: its defaults."""
    torch = importlib.import_module("torch")

    def passes(function: Function, at: Sequence[float], gradient: Sequence[float]) -> bool:
        class Node(torch.autograd.Function):
            @staticmethod
            def forward(context: Any, x: Any) -> Any:  # noqa: ARG004
                return x.new_tensor(function(x.tolist()))

            @staticmethod
            def backward(context: Any, upstream: Any) -> Any:  # noqa: ARG004
                return upstream * upstream.new_tensor(gradient)

        x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
        return bool(torch.autograd.gradcheck(Node.apply, (x,), raise_exception=False))

    return passes


def jax_check_grads() -> Checker:
    """`jax.test_util.check_grads`, reverse mode, order 1."""
    jax = importlib.import_module("jax")
    check_grads = importlib.import_module("jax.test_util").check_grads
    jax.config.update("jax_enable_x64", True)
    numpy = jax.numpy

    def passes(function: Function, at: Sequence[float], gradient: Sequence[float]) -> bool:
        @jax.custom_vjp
        def node(x: Any) -> Any:
            shape = jax.ShapeDtypeStruct((), numpy.float64)
            return jax.pure_callback(lambda x: numpy.float64(function(x.tolist())), shape, x)

        node.defvjp(lambda x: (node(x), None), lambda _, upstream: (upstream * numpy.array(gradient),))
        check_grads(node, (numpy.array(at, dtype=numpy.float64),), order=1, modes=["rev"])
        return True

    return passes


def hips_check_grads() -> Checker:
    """`autograd.test_util.check_grads` of HIPS, reverse mode, order 1."""
    numpy = importlib.import_module("autograd.numpy")
    extend = importlib.import_module("autograd.extend")
    check_grads = importlib.import_module("autograd.test_util").check_grads

    def passes(function: Function, at: Sequence[float], gradient: Sequence[float]) -> bool:
        node = extend.primitive(lambda x: numpy.float64(function(x)))
        extend.defvjp(node, lambda answer, x: lambda upstream: upstream * numpy.array(gradient))
        check_grads(node, modes=["rev"], order=1)(numpy.array(at))
        return True

    return passes


def scipy_check_grad() -> Checker:
    """`scipy.optimize.check_grad`."""
    numpy = importlib.import_module("numpy")
    optimize = importlib.import_module("scipy.optimize")

    def passes(function: Function, at: Sequence[float], gradient: Sequence[float]) -> bool:
        distance = optimize.check_grad(function, lambda _: numpy.array(gradient), numpy.array(at))
        return bool(distance < SCIPY_TOLERANCE)

    return passes


OTHERS: dict[str, Callable[[], Checker]] = {
    "torch.autograd.gradcheck": torch_gradcheck,
    "jax.test_util.check_grads": jax_check_grads,
    "HIPS autograd check_grads": hips_check_grads,
    "scipy.optimize.check_grad": scipy_check_grad,
}


@contextlib.contextmanager
def given(gradient: Sequence[float], graph: Graph) -> Iterator[None]:
    """gradcli's backward pass with other gradients of the variables than it found."""
    right = check_module.backward
    told = dict(zip(graph.inputs.values(), gradient, strict=True))

    def wrong(*arguments: Any) -> Backward:
        back = right(*arguments)
        number = back.forward.system.number
        return back._replace(reached=[number(told[i]) if i in told else g for i, g in enumerate(back.reached)])

    check_module.backward = evidence_module.backward = wrong
    try:
        yield
    finally:
        check_module.backward = evidence_module.backward = right


def ours(task: Task, gradient: Sequence[float] | None) -> bool:
    """Whether gradcli passes its own gradient, or another."""
    with contextlib.nullcontext() if gradient is None else given(gradient, task.graph):
        return all(each.verdict == "agree" for each in check(task.graph, task.point).variables)


def theirs(checker: Checker, task: Task, gradient: Sequence[float]) -> bool:
    """Whether another checker passes a gradient; one that raises does not."""
    try:
        return checker(task.function, list(task.point.values()), list(gradient))
    except Exception:  # noqa: BLE001  (AssertionError, ValueError, ZeroDivisionError: each fails in its own way)
        return False


class Score(NamedTuple):
    """False verdicts, and the times of checking the right gradient, in seconds."""

    failed: int
    passed: int
    corners: int
    times: list[float]


def score(passes: Callable[[Task, Sequence[float] | None], bool], all_tasks: Sequence[Task]) -> Score:
    """Judge the right gradient, a wrong one, and the one at a corner, at every point."""
    failed = passed = corners = 0
    times = []
    for task in all_tasks:
        if task.right is None:
            corners += passes(task, None)
            continue
        start = time.process_time()
        failed += not passes(task, None)
        times.append(time.process_time() - start)
        if any(abs(g) > 1e-300 for g in task.right):
            passed += passes(task, [g * WRONG for g in task.right])
    return Score(failed, passed, corners, times)


# -- times ------------------------------------------------------------------------------------------------------------


def chain(size: int) -> Graph:
    """A chain of operations with two variables."""
    builder = GraphBuilder()
    node = builder.input("x")
    weight = builder.input("w")
    for i in range(size):
        node = builder.add(*(("multiply", (node, weight)), ("add", (node, weight)), ("tanh", (node,)))[i % 3])
    return builder.finish(node)


def timed(rounds: int) -> list[float]:
    """The median time of a check for each of the 120 cases."""
    found = []
    for case in CASES:
        graph = parse(case["formula"])
        point = {name: float(case["point"][name]) for name in graph.inputs}
        times = []
        for _ in range(rounds):
            start = time.process_time()
            check(graph, point)
            times.append(time.process_time() - start)
        found.append(statistics.median(times))
    return found


def main() -> None:
    """Print the tables."""
    warnings.simplefilter("ignore")
    check(parse("sin(x)*y"), {"x": 1.0, "y": 2.0})
    times = sorted(timed(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
    print(f"a check of {len(times)} points    ms")
    print(f"  median             {statistics.median(times) * 1e3:>8.1f}   goal 10")
    print(f"  95th percentile    {times[int(0.95 * len(times))] * 1e3:>8.1f}")
    print(f"  slowest            {times[-1] * 1e3:>8.1f}")
    for size in (10, 100, 1_000):
        graph = chain(size)
        start = time.process_time()
        check(graph, {"x": 0.1, "w": 0.2}, time_limit=60)
        goal = "   goal 1000" if size == 1_000 else ""
        print(f"  chain of {size:>5,}     {(time.process_time() - start) * 1e3:>8.1f}{goal}")

    points = list(tasks())
    right = [task for task in points if task.right]
    wrong = sum(any(abs(g) > 1e-300 for g in task.right or ()) for task in right)
    print(f"\n{'':<28}{'fails a right':>15}{'passes 1 %':>12}{'passes a':>11}{'median':>9}{'gradcli /':>11}")
    print(f"{'':<28}{'gradient of':>15}{'wrong of':>12}{'corner of':>11}{'ms':>9}{'this':>11}")
    print(f"{'':<28}{len(right):>15}{wrong:>12}{len(points) - len(right):>11}")
    own = score(ours, points)
    middle = statistics.median(own.times)
    print(f"{'gradcli check':<28}{own.failed:>15}{own.passed:>12}{own.corners:>11}{middle * 1e3:>9.2f}{1:>11.1f}")
    for name, make in OTHERS.items():
        try:
            checker = make()
        except ImportError:
            print(f"{name:<28}  not installed")
            continue

        def passes(task: Task, gradient: Sequence[float] | None, checker: Checker = checker) -> bool:
            return theirs(checker, task, gradient or task.right or task.own)

        theirs(checker, points[0], points[0].own)
        told = score(passes, points)
        time_ms = statistics.median(told.times) * 1e3
        numbers = f"{told.failed:>15}{told.passed:>12}{told.corners:>11}{time_ms:>9.2f}"
        print(f"{name:<28}{numbers}{middle * 1e3 / time_ms:>11.1f}")


if __name__ == "__main__":
    main()
