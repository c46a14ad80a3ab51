"""Functions of the workbench are short enough to be seen at once."""

import ast
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src" / "apprenti"
LONGEST = 45


def test_no_function_of_the_workbench_is_longer_than_a_screen():
    paths = [path for path in SOURCES.rglob("*.py") if "backends" not in path.parts]
    lengths = {
        f"{path.relative_to(SOURCES).as_posix()}:{node.name}": node.end_lineno - node.lineno + 1
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert len(lengths) > 800
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
