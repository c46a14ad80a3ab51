"""The short form of a training: top to bottom, and to the digit what the recorded run computed."""

import ast
import csv
import re
import shutil
import sys
from collections import Counter

import numpy as np
import pytest

import fork_server
from apprenti.model.catalogue import FLAT_MODELS, NETWORKS
from apprenti.train.plan import plan

LONGEST_OF_ARRAYS = 95
LONGEST = 110
"""Of tables and of image files, whose columns or points are prepared one by one."""
LONGEST_WRITTEN = 147
"""Of tables with dates, groups, texts, and numbers written in several ways."""
ARRAYS = ("digits", "idx", "arrays-images", "arrays-columns")
AGAIN_AND_AGAIN = (
    *(ast.For, ast.While, ast.FunctionDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def essentials(scripts):
    """Yield the name and the text of each short form."""
    for name, text in scripts.items():
        if name.split("-")[-2] == "essential":
            yield name, text


def test_the_short_form_prints_the_recorded_history_to_the_digit(combination, twice, tmp_path):
    recorded, alone = twice(*combination)
    framework, model, data = combination
    script = recorded.folder / "essential.py"
    if not script.exists():
        # Texts, rows on disk and the longer networks have none
        deep = framework in NETWORKS and model not in FLAT_MODELS
        assert deep or data == "texts" or "streamed" in data
        return
    folder = shutil.copytree(alone, tmp_path / "essential")
    before = {path.name for path in folder.iterdir()}
    shutil.copyfile(script, folder / "essential.py")
    done = fork_server.run([sys.executable, "-I", "-X", "utf8", "essential.py"], cwd=folder)
    assert done.returncode == 0, done.stderr
    said = [dict(re.findall(r"(\w+_\w+) (\S+)", line)) for line in done.stdout.splitlines()]
    with open(recorded.folder / "history.csv", newline="", encoding="utf-8") as file:
        history = [
            {name: value for name, value in row.items() if name not in ("epoch", "seconds")}
            for row in csv.DictReader(file)
        ]
    assert [line for line in said if line] == history
    assert len(history[0]) == 4
    # It shows how training goes, and leaves nothing
    assert {path.name for path in folder.iterdir()} == before | {"essential.py"}


def test_the_short_form_is_short(scripts):
    lengths = {name: len(text.splitlines()) for name, text in essentials(scripts)}
    of_arrays = {name for name in lengths if any(f"-{data}-" in name for data in ARRAYS)}
    too_long = {
        n: size for n, size in lengths.items() if n in of_arrays and size > LONGEST_OF_ARRAYS
    }
    columns = ("-table-regression-", "-table-beside-")
    written = {name for name in lengths if any(one in name for one in columns)}
    too_long |= {
        name: size
        for name, size in lengths.items()
        if size > (LONGEST_WRITTEN if name in written else LONGEST)
    }
    assert len(of_arrays) > 30
    assert not too_long


@pytest.mark.parametrize("framework", NETWORKS)
def test_of_a_set_as_large_as_mnist_it_is_short_too(framework, idx_writer, make_project, tmp_path):
    folder, random = tmp_path / "mnist", np.random.default_rng(0)
    folder.mkdir()
    for part, count in (("train", 12_000), ("t10k", 100)):
        images = random.integers(0, 255, (count, 4, 4))
        idx_writer(folder / f"{part}-images-idx3-ubyte.gz", images)
        idx_writer(folder / f"{part}-labels-idx1-ubyte.gz", random.integers(0, 10, count))
    for kind in FLAT_MODELS:
        project = make_project(folder, framework=framework, kind=kind, epochs=5)
        script = plan(project).files["essential.py"]
        # A part of the training rows is measured, and the learning rate falls
        assert "10_000" in script
        assert "wave" in script
        assert len(script.splitlines()) <= 100, kind


def test_the_short_form_has_no_main_function_and_no_class_but_the_settings(scripts):
    for name, text in essentials(scripts):
        tree = ast.parse(text)
        assert "main" not in {getattr(node, "name", "") for node in tree.body}, name
        classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        assert classes == {"Config"}, name


def test_the_short_form_has_no_function_that_is_called_only_once(scripts):
    for name, text in essentials(scripts):
        tree = ast.parse(text)
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        places = Counter(
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )
        repeated = {
            inner.id
            for node in ast.walk(tree)
            if isinstance(node, AGAIN_AND_AGAIN)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Name)
        }
        once = {one for one in functions if places[one] == 1} - repeated
        assert not once, name


def test_the_short_form_has_its_sections(scripts):
    for name, text in essentials(scripts):
        if name.endswith("-en"):
            titles = re.findall(r"^# %% (\w+)", text, re.MULTILINE)
            assert titles[0] == "Settings", name
            expected = ["Split", "Preparation", "Model", "Training"]
            assert [title for title in titles if title in expected] == expected, name
            # A few lines, which go on with the preparation
            assert len(re.findall(r"^# Target: ", text, re.MULTILINE)) == 1, name


def test_the_short_form_has_the_settings_and_the_model_of_the_long_one(scripts):
    for name, text in essentials(scripts):
        long = scripts[name.replace("-essential-", "-train-")]
        assert settings(text).items() <= settings(long).items(), name
        _, computing = text.split("\nconfig = Config()\n")
        comments = re.findall(r"# (?!%%|Target|Cible)(.+)$", computing, re.MULTILINE)
        # Its own, and those that stand inside a function of the long one
        assert sum(comment in long for comment in comments) >= 0.6 * len(comments), name


def settings(text):
    (config,) = [n for n in ast.parse(text).body if getattr(n, "name", "") == "Config"]
    fields = [node for node in config.body if isinstance(node, ast.AnnAssign)]
    return {ast.unparse(node.target): ast.unparse(node.value) for node in fields}
