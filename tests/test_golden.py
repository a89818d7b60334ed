"""What people see is what the golden files hold; `python tests/regenerate.py` writes them, to be read by eye."""

import golden
import pytest


@pytest.mark.parametrize(("name", "args"), golden.questions().items(), ids=list(golden.questions()))
def test_what_people_see(name, args):
    """The same picture as in the file."""
    assert golden.page(args) == (golden.FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(golden.questions().keys() - golden.EXPORTS.keys()))
def test_no_line_is_wider_than_its_terminal(name):
    """At 60, 80 and 140 columns the tables fit; what is to be pasted elsewhere is not folded."""
    text = (golden.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    for section in text.split("=== ")[1:]:
        place, _, rest = section.partition(" ===\n")
        if place.endswith("columns"):
            lines = [line for line in rest.splitlines() if not line.startswith(("gradcli: note", "="))]
            assert max(map(len, lines)) <= int(place.split()[0])


def test_no_file_is_left_over():
    """Every golden file belongs to a question."""
    assert {path.stem for path in golden.FOLDER.iterdir()} == set(golden.questions())
