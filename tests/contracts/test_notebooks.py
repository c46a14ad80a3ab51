"""The notebook of every short form: clean, and its added cells leave the others as they are."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apprenti import language
from apprenti.export.notebook import Notebook, sections, to_play_with
from apprenti.model.catalogue import FLAT_MODELS, notebook_blocks
from apprenti.train.flat_settings import flat_settings
from apprenti.train.plan import plan

WIDEST_LINE = 100


@pytest.fixture(scope="module")
def notebooks(combinations, covering, tiny_project):
    """The short forms in both languages with the notebooks made of them, by name.

    Every framework with every kind of data, and every model of a framework, that has one.
    """
    cover, *_ = covering
    short = [c for c in combinations if c[0] == "sklearn" or c[1] in FLAT_MODELS]
    made = {}
    for lang in language.LANGUAGES:
        language.choose(lang)
        for framework, model, data in cover(short, (0, 1), (0, 2)):
            planned = plan(tiny_project(framework, model, data))
            if script := planned.files.get("essential.py"):
                blocks = notebook_blocks(framework, model, planned.material)
                source = str(flat_settings(planned.choices, planned.source)["data"])
                notebook = to_play_with(script, blocks, source)
                made[f"{framework}-{model}-{data}-{lang}"] = script, notebook
    language.choose(None)
    return made


def split(script, notebook):
    """Return the cells of a notebook that come from the script, and those that were added."""
    own = [cell.code for cell in sections(script).cells]
    ours = [cell for cell in notebook.cells if cell.code.removesuffix(";") in own]
    return ours, [cell for cell in notebook.cells if cell not in ours]


@pytest.mark.slow
def test_added_cells_are_as_a_formatter_would_have_them(notebooks, tmp_path):
    for name, (script, notebook) in notebooks.items():
        _, added = split(script, notebook)
        text = Notebook(notebook.title, added).text
        (tmp_path / f"{name}.ipynb").write_text(text, encoding="utf-8")
    assert ruff(tmp_path, "format", "--check") == ""


def test_a_linter_finds_nothing_in_a_notebook(notebooks, tmp_path):
    for name, (_, notebook) in notebooks.items():
        (tmp_path / f"{name}.ipynb").write_text(notebook.text, encoding="utf-8")
    assert ruff(tmp_path, "check") == ""


def ruff(folder, *task):
    """Return what ruff has to say of the notebooks in a folder, nothing where all is well."""
    program = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    options = ("--isolated", "--no-cache", "--line-length", str(WIDEST_LINE))
    command = [program, *task, *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    return done.stdout if done.returncode else ""


def test_a_notebook_is_the_script_with_cells_between(notebooks):
    for name, (script, notebook) in notebooks.items():
        ours, added = split(script, notebook)
        body = ast.parse(script).body[1:]
        assert ast.dump(ast.parse("\n".join(cell.code for cell in ours))) == ast.dump(
            ast.Module(body, type_ignores=[])
        ), name
        assert len(added) == 4, name
        assert all(cell.heading for cell in added), name


def test_the_cells_come_in_the_order_in_which_one_needs_them(notebooks):
    for name, (script, notebook) in notebooks.items():
        _, added = split(script, notebook)
        setting_up, samples, curve, predictions = map(notebook.cells.index, added)
        history = next(i for i, cell in enumerate(notebook.cells) if "history" in cell.names)
        assert setting_up == 0, name
        assert samples < history < curve < predictions == len(notebook.cells) - 1, name


def test_an_added_cell_takes_no_name_that_the_script_has(notebooks):
    """What stands in the script can be run again, after them too."""
    for name, (script, notebook) in notebooks.items():
        ours, added = split(script, notebook)
        theirs = set().union(*(cell.names for cell in added))
        modules = {"os", "shutil", "Path", "np"}
        shared = set().union(*(cell.names for cell in ours)) & theirs
        assert not shared - modules, name


def test_only_data_from_elsewhere_are_asked_for(notebooks):
    for name, (_, notebook) in notebooks.items():
        assert ("source" in notebook.cells[0].names) == ("digits" not in name), name
