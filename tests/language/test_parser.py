"""The parser against Python's own (`ast`) on explicit formulas, and against fixtures; errors point at their place."""

import ast
import random
from pathlib import Path

import pytest

from gradcli import parse
from gradcli.errors import ParseError, visible
from gradcli.graph import CONSTANT, Graph
from gradcli.language.limits import ARGUMENT, Limits
from gradcli.printers import ascii
from gradcli.printers.expression import program

HERE = Path(__file__).parents[1]
BINARY = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.Pow: "power"}
COMPARE = {
    ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater", ast.GtE: "greater_equal", ast.Eq: "equal",
    ast.NotEq: "not_equal",
}  # fmt: skip


def tree_of_python(node):
    """Python's syntax tree as nested tuples over the table's names; signs are operations, x**2 is a square."""
    match node:
        case ast.Constant(value):
            return repr(float(value))
        case ast.Name(name):
            return name
        case ast.BinOp(left, ast.Pow(), ast.UnaryOp(ast.UAdd(), exponent)):
            return tree_of_python(ast.BinOp(left, ast.Pow(), exponent))
        case ast.BinOp(left, ast.Pow(), ast.Constant(int(2))):
            return ("square", tree_of_python(left))
        case ast.BinOp(left, sign, right):
            return (BINARY[type(sign)], tree_of_python(left), tree_of_python(right))
        case ast.UnaryOp(ast.USub(), operand):
            return ("negate", tree_of_python(operand))
        case ast.UnaryOp(ast.UAdd(), operand):
            return tree_of_python(operand)
        case ast.UnaryOp(ast.Not(), operand):
            return ("logical_not", tree_of_python(operand))
        case ast.Compare(left, [sign], [right]):
            return (COMPARE[type(sign)], tree_of_python(left), tree_of_python(right))
        case ast.BoolOp(sign, [first, *rest]):
            result = tree_of_python(first)
            for operand in rest:
                name = "logical_and" if isinstance(sign, ast.And) else "logical_or"
                result = (name, result, tree_of_python(operand))
            return result
        case ast.IfExp(condition, chosen, otherwise):
            return ("where", *map(tree_of_python, (condition, chosen, otherwise)))
        case ast.Call(ast.Name(name), arguments):
            return (name, *map(tree_of_python, arguments))
    raise AssertionError(ast.dump(node))


def tree_of_graph(graph: Graph, index: int | None = None):
    """The graph as nested tuples of the same form."""
    index = graph.output if index is None else index
    if graph.is_leaf(index):
        text = graph.texts[index]
        if graph.operations[index] != CONSTANT:
            return text
        return ("negate", repr(float(text[1:]))) if text.startswith("-") else repr(float(text))
    return (graph.operations[index], *(tree_of_graph(graph, a) for a in graph.arguments[index]))


def random_formula(draw: random.Random, depth: int) -> str:
    """A random explicit formula, also with needless brackets, blanks and signs."""
    if depth == 0 or draw.random() < 0.1:
        return draw.choice(["x", "y", "z_1", "w", "beta", "λ", "3", "0.5", "1e-3", "2", "7."])
    part = lambda: random_formula(draw, depth - 1)  # noqa: E731
    blank = draw.choice(["", " "])
    kind = draw.randrange(12)
    if kind < 5:
        return f"{part()}{blank}{draw.choice(['+', '-', '*', '/', '**'])}{blank}{part()}"
    if kind == 5:
        return f"({blank}{part()}{blank})"
    if kind == 6:
        return f"{draw.choice(['-', '+', '- ', '--', '-+'])}{part()}"
    if kind == 7:
        return f"{draw.choice(['sin', 'exp', 'log', 'sqrt', 'tanh', 'abs'])}({part()})"
    if kind == 8:
        return f"({part()} {draw.choice(['<', '<=', '>', '>=', '==', '!='])} {part()})"
    if kind == 9:
        return f"({part()} {draw.choice(['and', 'or'])} {part()})"
    if kind == 10:
        return f"({part()} if {part()} else {part()})"
    return f"(not {part()})"


def test_explicit_formulas_are_read_as_python_reads_them():
    """10,000 random explicit formulas have the tree that Python's own parser gives them, `^` being `**`."""
    draw = random.Random(20261120)
    for _ in range(10_000):
        text = random_formula(draw, draw.randrange(1, 5))
        expected = tree_of_python(ast.parse(text, mode="eval").body)
        assert tree_of_graph(parse(text)) == expected, text
        assert tree_of_graph(parse(text.replace("**", "^"))) == expected, text


def test_what_is_printed_reads_back():
    """Printing a random formula and reading it gives the same graph."""
    draw = random.Random(7)
    for _ in range(3_000):
        graph = parse(random_formula(draw, draw.randrange(1, 6)))
        assert parse(program(graph, ascii.DIALECT)) == graph


def fixtures(name: str, parts: int):
    """The lines of a fixture file, split at ` | `; blank lines and comments are left out."""
    found = []
    for line in (HERE / "formulas" / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("##"):
            fields = [field.strip() for field in line.split(" | ")]
            assert len(fields) == parts, line
            found.append(pytest.param(*fields, id=fields[0]))
    return found


@pytest.mark.parametrize(("typed", "expected"), fixtures("normal.txt", 2))
def test_normal_form(typed, expected):
    """A formula is read as its normal form says."""
    assert program(parse(typed.replace("⏎", "\n")), ascii.DIALECT) == expected


@pytest.mark.parametrize(("typed", "marked", "message"), fixtures("errors.txt", 3))
def test_errors_point_at_their_place(typed, marked, message):
    """A formula that cannot be read: the marked piece of the text and the message."""
    with pytest.raises(ParseError) as caught:
        parse(typed)
    error = caught.value
    assert message in f"{error.message} / {error.hint}"
    assert error.span is not None
    assert typed[slice(*error.span)] == ("" if marked == "END" else marked)


def test_spans_are_those_of_the_text_typed():
    """Every node knows its place, brackets included where they belong to an operand."""
    text = "(x+y) * sin( 2*x )"
    graph = parse(text)
    places = {graph.name(i): text[slice(*graph.span(i))] for i in range(len(graph)) if not graph.is_leaf(i)}
    assert places == {"v1": "x+y", "v2": "2*x", "v3": "sin( 2*x )", "f": text}


@pytest.mark.parametrize(
    ("limits", "inside", "outside"),
    [
        (Limits(characters=9, nodes=99, depth=9), "x + y + z", "x + y + zz"),
        (Limits(characters=99, nodes=5, depth=9), "x + y + z", "x + y + z + x"),
        (Limits(characters=99, nodes=99, depth=3), "(((x)))", "((((x))))"),
    ],
)
def test_limits_hold_exactly(limits, inside, outside):
    """A text at a limit is read, one beyond it is refused with the limit named."""
    parse(inside, limits=limits)
    with pytest.raises(ParseError, match=str(min(limits))):
        parse(outside, limits=limits)


@pytest.mark.parametrize("opening", ["(", "-", "sin(", "2**", "not ", "x if x else "])
def test_deep_nesting_is_refused_not_overflowed(opening):
    """Nesting far over the limit is an error of ours, never a RecursionError."""
    with pytest.raises(ParseError, match="levels"):
        parse(opening * 1_500 + "x")
    parse(opening * (ARGUMENT.depth - 1) + "x" + ")" * opening.count("(") * (ARGUMENT.depth - 1))


def test_long_sums_need_no_depth():
    """5,000 terms are one loop."""
    assert len(parse("+".join(["x"] * 4_999))) == 4_999


def test_programs_name_their_nodes():
    """Assignments name nodes; after a second assignment the last one keeps the name; an input keeps its own."""
    graph = parse("a = x*y; a = a + 1; x = a*x; b = x; b*2", names=["x"])
    assert [node.name for node in graph.nodes()] == ["a@1", "a", "x@1", "b", "f"]
    assert list(graph.inputs) == ["x", "y"]


def test_a_plain_number_before_use_is_an_input_with_a_default():
    """`t = 5; x - t` makes t an input; a number assigned after use is a constant."""
    assert parse("t = 5; x - t").defaults == {"t": "5"}
    assert parse("x*y; y = 2; x*y", names=["y"]).defaults == {}


def test_constants_give_way_to_variables():
    """e and pi are constants until a value is given or they are assigned."""
    assert list(parse("e*pi").inputs) == []
    assert list(parse("e*pi", names=["pi"]).inputs) == ["pi"]
    assert list(parse("e = 3; e*x").inputs) == ["e", "x"]
    assert tree_of_graph(parse("e**x")) == ("exp", "x")
    assert tree_of_graph(parse("e**x", names=["e"])) == ("power", "e", "x")


def test_every_character_is_read_or_refused():
    """No character of the first 0x3000 code points, nor a surrogate, brings anything but a graph or a ParseError."""
    for code in [*range(0x3000), 0xD800, 0xDCFF, 0xFEFF, 0xFFFF, 0x1D431]:
        text = f"x {chr(code)} y"
        try:
            parse(text)
        except ParseError as error:
            assert all(visible(line) == line for line in error.lines())


def test_token_soup_brings_no_other_exception():
    """20,000 random sequences of pieces of formulas: a graph or a ParseError with its place inside the text."""
    draw = random.Random(3)
    pieces = "x y 2 0.5 1e3 + - * / ** ^ ( ) , ; = == < and or not if else sin max e pi \n # . _ ² ! x1 [ ]".split(" ")
    for _ in range(20_000):
        text = "".join(draw.choice(["", " "]) + draw.choice(pieces) for _ in range(draw.randrange(1, 12)))
        try:
            parse(text)
        except ParseError as error:
            if error.span is not None:
                assert 0 <= error.span[0] <= error.span[1] <= len(text)
