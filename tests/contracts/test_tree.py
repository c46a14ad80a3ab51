"""docs/tree.md has a line for each file, from that file; `--rewrite-docs` writes it anew."""

import ast
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tree.md"
READMES = ("README.md", "README.fr.md")
FOLDERS = ("src", "tests", "benchmarks", "docs")
WITHOUT_FILES = ("tests/golden", "tests/machine/machines", "src/apprenti/texts/fr", "docs/images")
"""Folders of files that are all of one kind, or the twins of others."""
WIDEST = 100
HEAD = """<!-- python -m pytest tests/contracts/test_tree.py --rewrite-docs -->

# The tree

A line for each file: the first one of what it says of itself. The steps are in the order of
`apprenti.flow`; which way imports point is in [CONTRIBUTING.md](../CONTRIBUTING.md).

"""


def of_python(text):
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def of_markdown(text):
    found = re.search(r"^# (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def of_toml(text):
    return text.partition("\n")[0].removeprefix("# ") if text.startswith("# ") else ""


def of_json(text):
    content = json.loads(text)
    return re.split(r"(?<=\.) ", content.get("about", content.get("title", "")))[0]


WORDS = {".py": of_python, ".md": of_markdown, ".toml": of_toml, ".json": of_json}


def words_of(path):
    """Return what a file or a folder says of itself, if anything."""
    if path.is_dir():
        inside = (path / name for name in ("__init__.py", "conftest.py", "README.md"))
        return next((words for one in inside if one.is_file() and (words := words_of(one))), "")
    reader = WORDS.get(path.suffix)
    return reader(path.read_text(encoding="utf-8")) if reader else ""


def is_shown(path):
    made = ("__pycache__", "__init__.py")
    return path.name[0] != "." and path.name not in made and not path.name.endswith("-info")


def tree(folder, depth=0):
    """Yield the paths below a folder with their depth, folders after files."""
    name = folder.relative_to(ROOT).as_posix()
    if name in WITHOUT_FILES:
        return
    for path in sorted(filter(is_shown, folder.iterdir()), key=lambda p: (p.is_dir(), p.name)):
        yield path, depth
        if path.is_dir():
            yield from tree(path, depth + 1)


def lines():
    for name in FOLDERS:
        yield f"{name}/"
        for path, depth in tree(ROOT / name, 1):
            start = "    " * depth + path.name + "/" * path.is_dir()
            yield f"{start:<36}  {words_of(path)}".rstrip()


def test_the_tree_says_what_the_files_say(request):
    made = HEAD + "```\n" + "\n".join(lines()) + "\n```\n"
    if request.config.getoption("--rewrite-docs", default=False):
        PAGE.write_text(made, encoding="utf-8", newline="\n")
    kept = PAGE.read_text(encoding="utf-8")
    assert kept == made, "to accept: python -m pytest tests/contracts/test_tree.py --rewrite-docs"


def everything():
    return [path for name in FOLDERS for path, _ in tree(ROOT / name)]


def test_every_file_of_the_tool_and_every_test_says_what_it_is():
    silent = [path for path in everything() if path.suffix in WORDS and not words_of(path)]
    assert silent == []


def test_every_package_says_what_it_is():
    packages = {path.parent for path in (ROOT / "src" / "apprenti").rglob("*.py")}
    assert [package for package in packages if not words_of(package)] == []


def test_what_a_module_says_first_is_one_whole_line():
    for path in everything():
        if path.suffix == ".py":
            first = words_of(path)
            assert len(first) <= WIDEST, path
            assert first.endswith((".", "?", ":", "]")), path


def test_both_readmes_lead_to_the_tree():
    for readme in READMES:
        assert "(docs/tree.md)" in (ROOT / readme).read_text(encoding="utf-8")
