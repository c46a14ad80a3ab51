"""Values of settings, however long and strange: valid, formatted, and read back as they were."""

import ast
import shutil
import subprocess
import sys
import tomllib

import pytest

from apprenti.script.literals import WIDTH, declaration, lines_of, literal, toml_literal

SIGNS = (
    "plain",
    'say "hi"',
    "it's",
    "a, b",
    "back\\slash",
    "ends with \\",
    "été",
    "emoji 🎈 and 👩‍👩‍👧",
    "two\nlines",
    "a\ttab",
    "return\r",
    "bell\a and nothing\0",
    "\x1b[31m",
    "\x7f",
    "\u2028\u2029\x85",
    "\u202e right to left",
    "\ufeffmark",
    "{braces} %s",
    "#hash",
    "'''",
    '"""',
    "",
)
"""Names that somebody has once given to a column."""

NAMES = tuple(f"{sign} {number}" for number in range(10) for sign in SIGNS)[:200]

WIDE = {
    "str": ("str", "x" * 60),
    "strange": ("str", "".join(SIGNS)),
    "names": ("tuple[str, ...]", NAMES),
    "one": ("tuple[str, ...]", ("y" * 90,)),
    "pairs": ("tuple[tuple[str, str], ...]", tuple(zip(NAMES, reversed(NAMES), strict=True))),
    "three": ("tuple[tuple[str, str], ...]", tuple((n, "%d/%m/%Y") for n in ("a", "b", "jour né"))),
    "wide_pairs": ("tuple[tuple[str, str], ...]", (("a" * 60, "b" * 60), ("c", "d"))),
    "numbers": ("tuple[int, ...]", tuple(range(2000))),
    "floats": ("tuple[float, ...]", tuple(10.0**-n for n in range(20))),
    "nothing": ("tuple[str, ...]", ()),
    "nested": ("tuple", (("a" * 40, ("b" * 40, ("c" * 40, ()))), 1)),
    "whole": ("int", 10**40),
    "real": ("float", 1e-05),
    "truth": ("bool", True),
}
"""A wide value of every type of setting, and the short ones beside it."""


def config(fields, comments=("What it is for",)):
    """Return a class of settings with these fields."""
    lines = [
        line
        for name, (kind, value) in fields.items()
        for line in declaration(name, kind, value, [*comments])
    ]
    title = '"""Settings."""\n\nfrom typing import NamedTuple\n\n\nclass Config(NamedTuple):\n'
    return title + "\n".join(lines) + "\n"


def ruff(tmp_path, text, *task):
    (tmp_path / "settings.py").write_text(text, encoding="utf-8")
    command = shutil.which("ruff", path=str(shutil.os.path.dirname(sys.executable))) or "ruff"
    return subprocess.run(
        [command, *task, "--isolated", "--line-length", str(WIDTH), "--no-cache", "settings.py"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("comments", [(), ("What it is for",), ("é" * 80,), ("Two", "lines")])
def test_settings_are_written_as_a_formatter_would_and_read_back(tmp_path, comments):
    text = config(WIDE, comments)
    done = ruff(tmp_path, text, "format", "--diff")
    assert done.returncode == 0, done.stdout
    (made,) = [n for n in ast.parse(text).body if isinstance(n, ast.ClassDef)]
    read = {node.target.id: ast.literal_eval(node.value) for node in made.body}
    assert read == {name: value for name, (_, value) in WIDE.items()}
    assert text.count("# ") == len(comments) * len(WIDE)


def test_nothing_but_a_text_that_cannot_be_cut_is_wider_than_a_line():
    names = tuple(name for name in NAMES if len(name) < 40)
    for value in (names, tuple(zip(names, names, strict=True)), tuple(range(500))):
        assert max(map(len, lines_of("setting: tuple = ", value))) <= WIDTH


@pytest.mark.parametrize("sign", ["a", "é", "🎈", "日", "e\u0301", "\xad", "ﷺ", '"'])
def test_a_value_goes_over_several_lines_where_it_would_be_too_wide_and_not_before(tmp_path, sign):
    values = {f"names_{n}": ("tuple[str, ...]", (sign * n, "b" * 8)) for n in range(15, 75)}
    values |= {f"name_{n}": ("str", sign * n) for n in range(15, 100)}
    done = ruff(tmp_path, config(values, ()), "format", "--diff")
    assert done.returncode == 0, done.stdout
    done = ruff(tmp_path, config(values, ("Short",)), "format", "--diff")
    assert done.returncode == 0, done.stdout


def test_a_comment_stands_beside_its_setting_where_there_is_room():
    assert declaration("n", "int", 1, ["Why"]) == ["    n: int = 1  # Why"]
    assert declaration("n", "int", 1, []) == ["    n: int = 1"]
    assert declaration("n", "int", 1, ["a", "b"]) == ["    # a", "    # b", "    n: int = 1"]
    room = WIDTH - len("    n: int = 1  # ")
    assert len(declaration("n", "int", 1, ["x" * room])) == 1
    assert declaration("n", "int", 1, ["x" * (room + 1)])[0] == f"    # {'x' * (room + 1)}"


@pytest.mark.parametrize("value", [*SIGNS, *NAMES[-5:], 1, -1, 0.001, 1e-05, 1.0, 10_000])
def test_a_value_is_read_back_by_python_and_by_toml(value):
    written = literal(value)
    assert "\n" not in written
    assert written.isprintable()
    assert ast.literal_eval(written) == value
    assert tomllib.loads(f"x = {toml_literal(value)}")["x"] == value
    assert type(ast.literal_eval(written)) is type(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ('it\'s "hi"', "'it\\'s \"hi\"'"),
        ("it's a \"", '"it\'s a \\""'),
        ("it's", '"it\'s"'),
        ("back\\slash", r'"back\\slash"'),
        ("été", '"été"'),
        ("two\nlines", r'"two\nlines"'),
        ("a\u2028b", r'"a\u2028b"'),
        ((64,), "(64,)"),
        ([64, 32], "(64, 32)"),
        ((), "()"),
        ((("a", 1), ("b", 2)), '(("a", 1), ("b", 2))'),
        (0.001, "0.001"),
        (1e-05, "1e-05"),
        (1.0, "1.0"),
        (10_000, "10000"),
        (True, "True"),
    ],
)
def test_values_are_written_as_a_person_would(value, written):
    assert literal(value) == written
    read = ast.literal_eval(written)
    assert read == (tuple(value) if isinstance(value, list) else value)
    assert type(read) is (tuple if isinstance(value, list) else type(value))


def test_lists_and_truths_are_written_as_toml_has_them():
    value = (("a", 'b "c"'), True, 1.5, ())
    assert toml_literal(value) == r'[["a", "b \"c\""], true, 1.5, []]'
    assert tomllib.loads(f"x = {toml_literal(NAMES)}")["x"] == [*NAMES]
