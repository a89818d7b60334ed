"""`--read-as sympy`: SymPy's reading as a graph, with the typed text, its names and places, in every command."""

import json

import pytest
import sympy

from gradcli import backward, forward, ops, parse
from gradcli.asking.read_as import as_sympy
from gradcli.commands import NAMES
from gradcli.errors import ParseError
from gradcli.graph import Graph
from gradcli.language.sympy.graph_reading import reading
from gradcli.printers import ascii
from gradcli.printers.expression import program
from gradcli.systems.digits import Digits

X, Y, T = sympy.symbols("x y t", real=True)
DIGITS = Digits(40)


def read(text: str, names: tuple[str, ...] = ()) -> Graph:
    """SymPy's reading of a text."""
    return as_sympy(parse(text, names=names))[0]


def sentence(text: str, names: tuple[str, ...] = ()) -> str:
    """What is said of it, without the text that SymPy prints."""
    return as_sympy(parse(text, names=names))[1][0].message.partition(": ")[2]


# -- the graph --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(x+y)*y", "y*(x + y)"),
        ("2*(x+y)", "2*x + 2*y"),
        ("x - y", "x - y"),
        ("x - y - t", "-t + x - y"),
        ("x/y/t", "x/(t*y)"),
        ("x*x", "x**2"),
        ("x**0.5", "x**0.5"),
        ("0.1*x", "0.1*x"),
        ("sqrt(x)/y", "sqrt(x)/y"),
        ("relu(x)", "relu(x)"),
        ("max(0, x)", "relu(x)"),
        ("relu(x - y)*t", "t*relu(x - y)"),
        ("abs(x)", "abs(x)"),
        ("leaky_relu(x)", "leaky_relu(x)"),
        ("leaky_relu(x, 0.2)", "leaky_relu(x, 0.2)"),
        ("clip(x, -1, 1)", "clip(x, -1, 1)"),
        ("ceil(x) + step(x)", "step(x) + ceil(x)"),
        ("mod(x, 3)", "mod(x, 3)"),
        ("log(x, 2)", "log(x)/log(2)"),
        ("cbrt(x)", "cbrt(x)"),
        ("(x > 0)*x", "x*where(x > 0, 1, 0)"),
        ("x if x > 0 and not y == 1 else t", "where(x > 0 and not y == 1, x, t)"),
        ("x² y", "x**2*y"),
        (r"\frac{x}{y}", "x/y"),
        ("a = x*y; f = 2*a", "a = x*y; f = 2*a"),
        ("a = x*y; b = a + 1; f = b*a", "a = x*y; b = a + 1; f = a*b"),
        ("a = x*y; a = a + x; a += 1", "a = x*y; a = a + x; a = a + 1"),
        ("g(u) = u² + u; f = g(x*y)", None),
        ("f(x, y) = y x", "f = x*y"),
        ("x = 2; f = x*y", "x = 2; f = x*y"),
    ],
)
def test_graphs(text: str, expected: str | None) -> None:
    """The operations that SymPy prints, under the names that were typed; the text is the typed one."""
    typed = parse(text)
    found = read(text)
    if expected:
        assert program(found, ascii.DIALECT) == expected
    assert found.source == text
    assert list(found.inputs) == list(typed.inputs)
    assert found.defaults == typed.defaults
    assert list(found.bindings.values()) == list(typed.bindings.values())


def test_an_input_that_sympy_drops_is_still_an_input(gradcli) -> None:
    """x - x is 0 to SymPy; the gradient of x is 0."""
    assert (
        gradcli("backward", "x - x + 2*y", "--x", "2", "--y", "3", "--read-as", "sympy", "--get", "x,y").out == "0\n2\n"
    )


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("(x+y)*y", {"add": "x+y", "multiply": "(x+y)*y"}),
        ("2*(x + y)", {"multiply": "2*(x + y)", "add": "2*(x + y)"}),
        ("exp(x) - sin(y*x)", {"exp": "exp(x)", "sin": "sin(y*x)", "multiply": "y*x", "subtract": "exp(x) - sin(y*x)"}),
        ("a = y + x; f = sigmoid(a)", {"add": "y + x", "exp": "sigmoid(a)", "divide": "sigmoid(a)"}),
        ("x/y/2", {"multiply": "x/y/2", "divide": "x/y/2"}),
    ],
)
def test_places(text: str, places: dict[str, str]) -> None:
    """A node stands where the same stands in the text, in whatever order; else where its whole statement stands."""
    found = read(text)
    shown = {node.operation: text[slice(*node.span)] for node in reversed([*found.nodes()])}
    assert {name: shown[name] for name in places} == places
    for name, index in found.inputs.items():
        assert text[slice(*found.span(index))] == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y", "the operations as typed"),
        ("(x+y)*y", "the operations as typed, in another order"),
        ("b + a*c", "the operations as typed, in another order"),
        ("x*x", "typed: 1 operations; SymPy's: 1, without multiply, with square"),
        ("2*(x+y)", "typed: 2 operations; SymPy's: 3"),
        ("x - x", "typed: 1 operations; SymPy's: 0, without subtract"),
    ],
)
def test_what_is_said(text: str, expected: str) -> None:
    """It is said when only the order differs."""
    assert sentence(text) == expected


def test_sympy_is_given_the_reading_that_was_made() -> None:
    """wx is w·x because w and x are names; SymPy is told so."""
    graph, remarks = as_sympy(parse("wx+b", names=("w", "x", "b")))
    assert program(graph, ascii.DIALECT) == "b + w*x"
    assert [remark.message for remark in remarks] == [
        "SymPy reads b + w*x: the operations as typed, in another order",
        "SymPy is given the text as it was read: w·x + b",
    ]
    assert [remark.message for remark in graph.remarks] == ["wx is read as w·x"]


def test_what_sympy_does_not_know_is_said() -> None:
    """The function stays a node, with its corner."""
    assert as_sympy(parse("mish(x)*selu(y)"))[1][-1].message == (
        "SymPy does not know mish, selu: left as gradcli has it"
    )


def test_what_sympy_cannot_hold_is_refused() -> None:
    """By the reader that refuses it; nothing hangs."""
    for text in ("9**9**9", "gamma(10**8)", "1/0 + x"):
        with pytest.raises(ParseError):
            read(text)


# -- the numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("(x+y)*y", (X + Y) * Y),
        ("x*sin(x*y) - y/x", X * sympy.sin(X * Y) - Y / X),
        ("a = sigmoid(x*y); L = (a - 1)**2", (1 / (1 + sympy.exp(-X * Y)) - 1) ** 2),
        ("relu(x - 1)*y + max(x, y, 0)", (X - 1) * Y + X),
        ("log(x, 2)*cbrt(y)", sympy.log(X) / sympy.log(2) * sympy.cbrt(Y)),
        ("leaky_relu(-x) + ceil(y) + mod(x, 1)", -X / 100 + 1 + X - 2),
        ("gelu(x) + softplus(y)", X * (1 + sympy.erf(X / sympy.sqrt(2))) / 2 + sympy.log(1 + sympy.exp(Y))),
        ("besselj(0, x) + gamma(y)", sympy.besselj(0, X) + sympy.gamma(Y)),
        ("x if x > y else y²", X),
        ("x^y + e^x - √y", X**Y + sympy.exp(X) - sympy.sqrt(Y)),
        ("g(u) = u² + u; f = g(x*y) - g(x)", (X * Y) ** 2 + X * Y - X**2 - X),
    ],
)
def test_numbers(text: str, expression: sympy.Expr) -> None:
    """Value and gradient are those of SymPy's own evaluation, to 30 digits."""
    point = {X: sympy.Rational(9, 4), Y: sympy.Rational(5, 8)}
    run = backward(forward(read(text), {str(name): DIGITS.number(value) for name, value in point.items()}, DIGITS))
    expected = [expression, *(expression.diff(name) for name in (X, Y))]
    found = [run.forward.value, *(run.gradient(str(name)) for name in (X, Y))]
    for ours, theirs in zip(found, expected, strict=True):
        assert abs(sympy.Float(str(ours), 36) - theirs.evalf(36, subs=point)) < 1e-30


def calls() -> list[str]:
    """A text for every operation of the table."""
    found = []
    for entry in ops.OPERATIONS.values():
        letters = "xyz"[: entry.arity]
        arguments = ["1" if place in entry.constant else letter for place, letter in enumerate(letters)]
        if entry.symbol and entry.symbol.isalpha():
            text = f" {entry.symbol} ".join(f"({each} > 0)" for each in arguments)
            found.append(text if entry.arity == 2 else f"{entry.symbol} {text}")
        elif entry.symbol:
            found.append(f" {entry.symbol} ".join(arguments) if entry.arity == 2 else f"{entry.symbol}{arguments[0]}")
        else:
            found.append(f"{entry.typed}({', '.join(arguments)})")
    return found


@pytest.mark.parametrize(
    ("entry", "text"),
    list(zip(ops.OPERATIONS.values(), calls(), strict=True)),
    ids=lambda each: each if isinstance(each, str) else each.name,
)
@pytest.mark.parametrize("form", ["{}", "a = {}; f = a*y"])
def test_every_function_of_the_table_goes_through(entry, text: str, form: str) -> None:
    """In a formula and in a program: the same value and gradient as gradcli's own reading has."""
    graph = parse(form.format(text))
    middle = {"x": 0, "y": 1, "z": 2}
    point = {
        name: (3 * low + 2 * high) / 5
        for name, place in middle.items()
        for low, high in [entry.sample[place] if place < entry.arity else (1, 2)]
        if name in graph.inputs
    }
    ours, theirs = (backward(forward(each, point)) for each in (graph, read(graph.source)))
    assert theirs.forward.value == pytest.approx(ours.forward.value, rel=1e-12)
    assert [theirs.gradient(name) for name in point] == pytest.approx(
        [ours.gradient(name) for name in point], rel=1e-11
    )


# -- the commands -----------------------------------------------------------------------------------------------------


def test_the_record_is_that_of_the_text(gradcli) -> None:
    """JSON has the typed text, SymPy's beside it, and places in it."""
    done = gradcli("backward", "(x+y)*y", "--x", "2", "--y", "3", "--read-as", "sympy", "--json")
    record = json.loads(done.out)
    assert record["formula"] == "(x+y)*y"
    assert list(record["inputs"]) == ["x", "y"]
    assert [node["span"] for node in record["nodes"]] == [[1, 4], [0, 7]]
    assert record["notes"][0]["message"].startswith("SymPy reads y*(x + y): ")


@pytest.mark.parametrize("command", sorted(set(NAMES) & {"backward", "forward", "explain", "export", "paths"}))
def test_every_command_takes_it(gradcli, command: str) -> None:
    """A program whose names it keeps, in every command that reads a formula."""
    line = [command, "z = wx; L = relu(z + b)²", "--read-as", "sympy"]
    values = ["--w", "1", "--x", "2", "--b", "-1"]
    done = gradcli(
        *line, *(values if command != "export" else ["--to", "python", "--name", "w", "--w", "1", "--x", "2"])
    )
    assert done.status == 0, done.err
    assert "SymPy reads z = w*x; L = Max(0, b + z)**2" in done.err


def test_a_corner_has_its_note(gradcli) -> None:
    """relu is Max, whose corner is relu's."""
    for text in ("relu(x)", "max(0, x)", "leaky_relu(x)", "abs(x)", "max(x, y)"):
        values = ["--x", "0"] + (["--y", "0"] if "y)" in text and "," in text else [])
        done = gradcli("backward", text, *values, "--read-as", "sympy")
        assert "is at a corner" in done.err, text


def test_only_the_value_that_is_missing_is_asked_for(gradcli) -> None:
    """The caret stands under the typed name."""
    done = gradcli("backward", "y*(x + y)", "--y", "1", "--read-as", "sympy")
    assert done.status == 2
    assert "no value for the variable x" in done.err
    assert "  y*(x + y)\n     ^\n" in done.err


def test_rows_of_a_file(gradcli, tmp_path) -> None:
    """Every row has its own reading."""
    path = tmp_path / "q.csv"
    path.write_text("id,formula,x,y\na,(x+y)*y,2,3\nb,a = x*y; f = a - y,2,3\n", encoding="utf-8")
    done = gradcli("backward", "--each", str(path), "--read-as", "sympy", "--get", "x,y")
    assert done.out == "a\t3\t8\nb\t3\t1\n"


def test_reading_says_whether_the_text_itself_was_given() -> None:
    """One formula with explicit signs is given as it stands."""
    assert reading(parse("x*y + 1")).as_typed
    assert not reading(parse("x y + 1")).as_typed
    assert not reading(parse("a = x*y; a + 1")).as_typed


def test_unspecified_functions_stay(gradcli) -> None:
    """f(g(x)) has no values; SymPy leaves it as it is."""
    assert "f'(g(x))·g'(x)" in gradcli("backward", "f(g(x))", "--read-as", "sympy").out


def test_a_library_that_is_missing_is_named(gradcli, monkeypatch) -> None:
    """Not a fault of gradcli's own."""
    monkeypatch.setitem(__import__("sys").modules, "sympy", None)
    done = gradcli("backward", "x*y", "--x", "1", "--y", "2", "--read-as", "sympy")
    assert (done.status, done.err) == (74, "gradcli: error: sympy is not installed\n  pip install sympy\n")
