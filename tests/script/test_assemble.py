"""The assembler, on blocks made up here: what it keeps, what it writes, what it refuses."""

import ast
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from tempfile import mkdtemp

import pytest

from apprenti.model.catalogue import Material, blocks
from apprenti.script.assemble import assemble

SETTINGS = '''
"""Settings: every choice."""

from typing import NamedTuple


class Config(NamedTuple):
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
        paths, folder = [], Path(mkdtemp(dir=tmp_path))
        for name, text in texts.items():
            path = folder / f"{name}.py"
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
    assert '    label: str = "first"  # What it is called\n' in script.text
    assert "unused" not in script.text


def test_the_script_says_which_of_the_offered_settings_it_uses(made):
    assert made({"label": "x", "unused": 2}).used_settings == {"label"}


def test_comments_stay_and_sections_take_the_titles_of_their_blocks(made):
    text = made().text
    assert "# %% Settings: every choice.\nclass Config(NamedTuple):" in text
    assert "# %% Work: what is done.\n# How far it goes\nLIMIT" in text
    assert "    # The comment stays with its line\n" in text
    assert text.count("# %% ") == 3
    assert text.startswith(
        '"""A title."""\n\nfrom math import floor\nfrom typing import NamedTuple\n'
    )


def test_what_prepares_the_environment_comes_before_the_packages_that_read_it(made):
    work = WORK.replace("import numpy", '# Quiet\nos.environ["LOUD"] = "0"\n\nimport numpy')
    text = made(work=work.replace("[np.pi]", "[1]").replace("+ LIMIT", "+ int(np.pi)")).text
    standard = "import os\nfrom math import floor\nfrom typing import NamedTuple\n\n"
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


def test_three_columns_of_dates_make_a_formatted_script(tmp_path):
    dates = tuple((f'date {n}, d\'été "{n}" 🎈', "%d/%m/%Y") for n in range(3))
    paths = blocks("pytorch", "mlp", Material("csv_table", (9,)))
    text = assemble(paths, {"data": "a.csv", "dates": dates}, "T").text
    assert values(text)["dates"] == dates
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    for task in (["check"], ["format", "--check"]):
        command = [ruff, *task, "--isolated", "--line-length", "100", "--no-cache", "-"]
        done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout


# What is decided


BRANCHES = '''
"""Work: what is done."""

import json

import numpy as np

from apprenti.backends.common.settings import Config


def area(config: Config) -> int:
    # Not for everybody
    if config.label == "numbers":
        return np.pi
    if config.unused > 1 and config.share:
        return json.dumps(config.sizes)
    return 0
'''


def test_a_branch_that_a_setting_decides_is_not_in_the_script(made):
    text = made({"label": "words"}, work=BRANCHES).text
    for absent in (
        "numpy",
        "json",
        "numbers",
        "everybody",
        "sizes",
        "share",
        "unused",
        "if config",
    ):
        assert absent not in text, absent
    text = made({"label": "numbers"}, work=BRANCHES).text
    assert "    # Not for everybody\n    print(config.label, np.pi)\n" in text
    assert "return 0" not in text


def test_a_setting_that_decided_a_branch_has_an_effect(made):
    script = made({"label": "words", "unused": 1, "share": 0.5, "sizes": (1,)}, work=BRANCHES)
    # One of the two settings is enough to decide; both are among those that were asked
    assert {"label", "unused"} <= script.used_settings
    assert "sizes" not in script.used_settings


def test_the_branches_of_a_setting_that_is_left_open_stay(write):
    paths = write(settings=SETTINGS, work=BRANCHES, main=MAIN.replace("made_up", "apprenti"))
    text = assemble(paths, {"label": "words", "unused": 2}, "T", left_open=["label"]).text
    assert 'if config.label == "numbers":\n        return np.pi' in text
    assert values(text)["label"] == "words"
    # The others are decided
    assert "unused" not in text
    assert "json.dumps(config.sizes)\n\n" in text


def test_every_setting_of_the_blocks_can_be_left_open():
    paths = blocks("pytorch", "mlp", Material("csv_table", (9,)))
    given = {"data": "a.csv", "train": 20_000, "optimizer": "sgd"}
    closed = assemble(paths, given, "T").text
    opened = assemble(paths, given, "T", left_open=["optimizer", "schedule", "train"]).text
    for branch in ('config.optimizer == "adam"', 'config.schedule == "cosine"', "config.train >"):
        assert f"if {branch}" in opened
        assert f"if {branch}" not in closed


# What reaches the data

DATA = '''
"""Data: read."""

from apprenti.backends.common.settings import Config


def load_data(config: Config):
    if config.unused:
        return read(config.label)
    return []


def read(name: str):
    return [name]


def area(config: Config):
    return load_data(config), config.sizes
'''


def test_the_script_says_which_settings_reach_the_data(made):
    script = made({"label": "x", "sizes": (1,)}, work=DATA)
    # What decided a branch reaches them as well as what is read
    assert script.data_settings == {"label", "unused"}
    assert made().data_settings == frozenset()


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow", "sklearn"])
def test_the_settings_of_the_training_do_not_reach_the_data(framework):
    material = Material("csv_table", (9,))
    script = assemble(blocks(framework, "mlp", material), {"data": "a.csv", "dates": ()}, "T")
    reaching = script.data_settings
    assert {"data", "target", "split_seed", "train", "valid", "test", "dates"} <= reaching
    assert not reaching & {"epochs", "seed", "learning_rate", "hidden_units", "batch_size"}
    texts = material._replace(texts=True)
    words = assemble(blocks("pytorch", "gru", texts), {"data": "a.csv"}, "T").data_settings
    assert {"vocabulary", "max_tokens", "text"} <= words
    assert "embedding_size" not in words


# The language


def test_sentences_are_replaced_before_their_places_are_chosen(write):
    paths = write(settings=SETTINGS, work=WORK, main=MAIN.replace("made_up", "apprenti"))
    words = {"What it is called": "Son nom", "How many, and": "x" * 90, "Work: what is done.": "W."}
    text = assemble(paths, {}, "T", words=words).text
    assert '    label: str = "first"  # Son nom\n' in text
    assert f"    # {'x' * 90}\n    # how large\n" in text
    assert "# %% W.\n" in text


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
