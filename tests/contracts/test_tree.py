"""What both READMEs show is there: the tree of files, and the heart of a script."""

import re
from itertools import product
from pathlib import Path

import pytest

from apprenti import language
from apprenti.train.plan import plan

ROOT = Path(__file__).parents[2]
READMES = {"README.md": "en", "README.fr.md": "fr"}
LINE = re.compile(r"((?:│   |    )*)(?:├── |└── )(\S+)(?:  +(\S.*))?")


def code_blocks(readme, kind=""):
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [block for name, block in blocks if name == kind]


def lines_of_the_tree(readme):
    """Yield the path and the words of each line; `{a,b}/` stands for two folders."""
    (tree,) = (block for block in code_blocks(readme) if block.startswith("apprenti/\n"))
    above = [""]
    for line in tree.splitlines()[1:]:
        found = LINE.fullmatch(line)
        assert found, f"not a line of a tree: {line}"
        depth = len(found[1]) // 4
        above[depth + 1 :] = [above[depth] + found[2]]
        yield above[depth + 1], found[3]


def spread(path):
    """Return the paths that `x/{a,b}/y` stands for."""
    pieces = [piece.split(",") for piece in re.split(r"[{}]", path)]
    return ["".join(chosen) for chosen in product(*pieces)]


@pytest.fixture(params=READMES)
def readme(request):
    return request.param


@pytest.fixture
def shown(readme):
    return [path for line, _ in lines_of_the_tree(readme) for path in spread(line)]


def test_what_the_tree_shows_is_there(shown):
    missing = [path for path in shown if not (ROOT / path).exists()]
    assert not missing
    assert [path for path in shown if path.endswith("/") != (ROOT / path).is_dir()] == []


def test_the_tree_shows_nothing_twice(shown):
    assert len(shown) == len(set(shown))


def test_every_file_of_the_tool_is_in_the_tree(shown):
    files = [path for path in (ROOT / "src" / "apprenti").rglob("*") if path.is_file()]
    # An empty __init__.py only says that its folder is a package
    told = [path for path in files if path.suffix != ".pyc" and path.stat().st_size]
    assert {path.relative_to(ROOT).as_posix() for path in told} - set(shown) == set()


def test_every_folder_of_tests_is_in_the_tree(shown):
    files = (ROOT / "tests").rglob("*.py")
    folders = {path.parent.relative_to(ROOT).as_posix() + "/" for path in files} - {"tests/"}
    assert folders - set(shown) == set()


def test_every_line_of_the_tree_says_what_it_is(readme):
    assert [path for path, words in lines_of_the_tree(readme) if not words] == []


def test_both_trees_are_the_same_but_for_the_words():
    english, french = ([path for path, _ in lines_of_the_tree(readme)] for readme in READMES)
    assert english == french


def test_the_lines_of_a_script_are_those_of_a_script(readme, make_project):
    (told,) = code_blocks(readme, "python")
    language.choose(READMES[readme])
    script = plan(make_project("digits")).script.text
    for piece in told.strip().split("\n\n\n"):
        assert piece in script
