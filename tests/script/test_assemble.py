"""The assembler, on blocks made up here: what it keeps, what it writes, what it refuses."""

import ast
import textwrap

import pytest

from apprenti.model.catalogue import Material, blocks
from apprenti.script.assemble import assemble, literal

SETTINGS = '''
"""Settings: every choice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    # What it is called
    label: str = "first"
    # How many, and
    # how large
    sizes: tuple[int, ...] = (128,)
    share: float = 0.15
    unused: int = 1
'''

WORK = '''
"""Work: what is done."""

import json
import os
from math import floor, sqrt

import numpy as np

from apprenti.backends.common.settings import Config

# How far it goes
LIMIT = 3
FORGOTTEN = 4


def area(config: Config) -> int:
    # The comment stays with its line
    return floor(sum(config.sizes) * config.share) + LIMIT


def nobody_calls_this() -> str:
    return json.dumps(FORGOTTEN) + os.sep + str(sqrt(2))


def shadowed() -> list:
    area = [np.pi]
    return area
'''

MAIN = '''
"""The end."""

from made_up.work import area


def main(config: Config) -> None:
    print(config.label, area(config))


if __name__ == "__main__":
    main(Config())
'''


@pytest.fixture
def write(tmp_path):
    """write(name=text): blocks in files, in the order given."""

    def make(**texts):
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name}.py"
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
            paths.append(path)
        return paths

    return make


@pytest.fixture
def made(write):
    """made(settings, work=...): the text of the script of the blocks above, or of others."""

    def script(settings=None, *, title="A title.", **changed):
        texts = {"settings": SETTINGS, "work": WORK, "main": MAIN.replace("made_up", "apprenti")}
        return assemble(write(**{**texts, **changed}), settings or {}, title)

    return script


def values(text):
    """Run a script's settings and return them."""
    (config,) = [n for n in ast.parse(text).body if getattr(n, "name", "") == "Config"]
    return {n.target.id: ast.literal_eval(n.value) for n in config.body if hasattr(n, "target")}


# What is kept


def test_only_what_main_reaches_is_kept(made):
    text = made().text
    assert "def area" in text
    assert "LIMIT = 3" in text
    for absent in ("nobody_calls_this", "FORGOTTEN", "shadowed", "np", "json", "sqrt", "import os"):
        assert absent not in text, absent
    assert "from math import floor\n" in text


def test_a_local_variable_does_not_keep_a_function_of_the_same_name(made):
    work = '"""Work: w."""\n\n\ndef area(config):\n    total = config.share\n    return total\n'
    text = made(work=work + "\n\ndef total():\n    return 1\n").text
    assert "def total" not in text


def test_only_settings_that_are_read_are_kept_with_their_comments(made):
    script = made()
    assert list(values(script.text)) == ["label", "sizes", "share"]
    assert "    # How many, and\n    # how large\n    sizes" in script.text
    assert "unused" not in script.text


def test_the_script_says_which_of_the_offered_settings_it_uses(made):
    assert made({"label": "x", "unused": 2}).used_settings == {"label"}


def test_comments_stay_and_sections_take_the_titles_of_their_blocks(made):
    text = made().text
    assert "# %% Settings: every choice.\n@dataclass" in text
    assert "# %% Work: what is done.\n# How far it goes\nLIMIT" in text
    assert "    # The comment stays with its line\n" in text
    assert text.count("# %% ") == 3
    assert text.startswith('"""A title."""\n\nfrom dataclasses import dataclass\n')


def test_what_prepares_the_environment_comes_before_the_packages_that_read_it(made):
    work = WORK.replace("import numpy", '# Quiet\nos.environ["LOUD"] = "0"\n\nimport numpy')
    text = made(work=work.replace("[np.pi]", "[1]").replace("+ LIMIT", "+ int(np.pi)")).text
    standard = "import os\nfrom dataclasses import dataclass\nfrom math import floor\n\n"
    assert f'{standard}# Quiet\nos.environ["LOUD"] = "0"\n\nimport numpy as np\n' in text


def test_statements_that_are_there_for_their_effect_stay(made):
    effect = 'warnings.simplefilter("ignore")\n'
    text = made(work=WORK.replace("# How far", f"{effect}# How far")).text
    assert effect in text


def test_two_assemblies_give_the_same_bytes(made):
    assert made().text == made().text
    paths = blocks("pytorch", "mlp", Material("idx", (28, 28)))
    assert len({assemble(paths, {"epochs": 3}, "T").text for _ in range(3)}) == 1


# What is written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", '"plain"'),
        ('say "hi"', r'"say \"hi\""'),
        ("it's", '"it\'s"'),
        ("back\\slash", r'"back\\slash"'),
        ("été", '"été"'),
        ("two\nlines", r'"two\nlines"'),
        ("a\u2028b", r'"a\u2028b"'),
        ((64,), "(64,)"),
        ([64, 32], "(64, 32)"),
        ((), "()"),
        (0.001, "0.001"),
        (1e-05, "1e-05"),
        (1.0, "1.0"),
        (10_000, "10000"),
    ],
)
def test_values_are_written_as_a_person_would_and_read_back(value, written):
    assert literal(value) == written
    read = ast.literal_eval(written)
    assert read == (tuple(value) if isinstance(value, list) else value)
    assert type(read) is (tuple if isinstance(value, list) else type(value))


def test_chosen_values_replace_the_defaults(made):
    text = made({"label": 'the "other"', "sizes": (7,), "share": 0.5}).text
    assert values(text) == {"label": 'the "other"', "sizes": (7,), "share": 0.5}
    assert values(made().text) == {"label": "first", "sizes": (128,), "share": 0.15}


def test_a_list_too_long_for_one_line_has_one_item_a_line(made):
    sizes = tuple(range(100, 150))
    text = made({"sizes": sizes}).text
    assert values(text)["sizes"] == sizes
    assert max(map(len, text.splitlines())) <= 100
    assert "    sizes: tuple[int, ...] = (\n        100,\n        101,\n" in text


@pytest.mark.parametrize(
    "name", ['x"""\nimport os\n"""', "ends with \\", 'ends with "', "tab\tand\u2028line"]
)
def test_a_name_in_the_title_stays_inside_the_docstring(made, name):
    tree = ast.parse(made(title=f"Learn {name}").text)
    assert ast.get_docstring(tree).startswith("Learn")
    assert not [a.name for n in tree.body if isinstance(n, ast.Import) for a in n.names]


# What is refused


def test_a_name_defined_in_two_blocks_is_refused_and_both_are_named(made):
    again = MAIN + "\n\ndef area():\n    pass\n"
    with pytest.raises(ValueError, match=r"area is defined in .*work\.py and again in .*main\.py"):
        made(main=again)


@pytest.mark.parametrize("other", ["import cmath as np", "from made_up import sqrt"])
def test_two_meanings_of_one_import_are_refused(made, other):
    main = MAIN.replace("from made_up.work import area", other)
    with pytest.raises(ValueError, match=r"main\.py: .* clashes with .*"):
        made(main=main)


def test_a_setting_that_exists_nowhere_is_refused(made):
    with pytest.raises(ValueError, match="no setting is named colour, shape"):
        made({"shape": 1, "colour": 2, "label": "x"})


def test_a_script_that_python_cannot_read_is_not_made(made):
    with pytest.raises(SyntaxError):
        made({"share": "x"}, work=WORK.replace("LIMIT = 3", "LIMIT = yield"))
