"""No circles between the files of gradcli: a file does not import, over however many others, what imports it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import gradcli

PACKAGE = Path(gradcli.__file__).parent


def module(path: Path) -> str:
    """The name of a file's module below gradcli."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(text: str, known: set[str]) -> Iterator[str]:
    """The modules of gradcli that a file names in an import anywhere, in a function or for types alone as well."""
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            first, _, found = name.partition(".")
            while first == "gradcli" and found and found not in known:
                found = found.rpartition(".")[0]
            if first == "gradcli" and found:
                yield found


def circles(imports: dict[str, set[str]]) -> list[set[str]]:
    """The largest sets of modules each of which reaches all the others, by their first names."""
    reached = {}
    for name in imports:
        reached[name], stack = set(), [name]
        while stack:
            new = imports[stack.pop()] - reached[name]
            reached[name] |= new
            stack += new
    around = {frozenset(other for other in reached[name] if name in reached[other]) for name in imports}
    return sorted((set(each) for each in around if each), key=min)


def test_circles_are_found():
    """Long ones, joined ones, and a module that imports itself."""
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d", "f"}, "f": set(), "g": {"a", "g"}}
    assert circles(imports) == [{"a", "b", "c"}, {"d", "e"}, {"g"}]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    text = "import gradcli.a.b\ndef f():\n    from gradcli.a import b, name\n    from gradcli import c\nimport os"
    assert sorted(imported(text, {"a", "a.b", "c"})) == ["a", "a.b", "a.b", "c"]


def test_no_circles_between_files():
    """There is none."""
    texts = {module(path): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    imports = {name: set(imported(text, texts.keys())) - {name} for name, text in texts.items()}
    assert sum(map(len, imports.values())) > 300
    assert circles(imports) == []
