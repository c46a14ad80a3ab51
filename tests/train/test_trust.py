"""A script in a run folder is executed if it was written here, or does what this version writes."""

import json
import shutil

import pytest

from apprenti import language, runs
from apprenti.errors import ApprentiError
from apprenti.runs import Run
from apprenti.train import one_run, recipe, trust
from apprenti.writing import write_json


@pytest.fixture(scope="module")
def trained(make_project, train):
    project = make_project("digits", kind="mlp", framework="sklearn", epochs=1)
    return project, train(project)


@pytest.fixture
def run(trained, tmp_path):
    """A run that came from elsewhere: it bears no seal of this machine."""
    made = Run(shutil.copytree(trained[1].folder, tmp_path / "run"))
    record(made, seal="0" * 64)
    return made


def record(run, **changes):
    write_json(run.folder / "environment.json", {**run.environment, **changes})


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(run, name="predict.py", **more):
    with pytest.raises(ApprentiError) as caught:
        trust.check(run, name, **more)
    assert caught.value.key == "script_unknown"
    assert str(run.folder / name) in caught.value.parts()[0]
    return True


@pytest.mark.parametrize("name", ["predict.py", "evaluate.py", "train.py"])
@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_a_run_from_elsewhere_is_trusted_if_its_scripts_are_ours(run, name, spoken):
    language.choose(spoken)
    trust.check(run, name)


def test_words_in_a_script_do_not_make_it_another(run):
    edit(run.folder / "predict.py", "# %% Settings", "# My own words\n# %% Settings")
    edit(run.folder / "predict.py", "Apprenti", "Somebody")
    trust.check(run, "predict.py")


@pytest.mark.parametrize("new", ["import os  # sys", "import sys\n\nprint('mine')\nimport os"])
def test_a_script_that_does_something_else_is_refused_unless_it_is_trusted(run, new):
    edit(run.folder / "predict.py", "import sys", new)
    assert refused(run)
    trust.check(run, "predict.py", trusted=True)


def test_settings_in_the_recipe_cannot_make_a_script_ours(run):
    edit(run.folder / "predict.py", "threads: int = 1", 'threads: int = __import__("os").getpid()')
    told = json.loads((run.folder / "recipe.json").read_text())
    told["settings"]["threads"] = '__import__("os").getpid()'
    write_json(run.folder / "recipe.json", told)
    assert refused(run)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("material", "reading"), "../../../tmp/evil"),
        (("material", "reading"), "evaluate"),
        (("material", "split"), "/etc/passwd"),
        (("material", "task"), "control"),
        (("material", "shape"), [-1]),
        (("material", "shape"), ["a"]),
        (("settings", "epochs"), "many"),
        (("settings", "nobody_knows_it"), 1),
        (("settings", "hidden_units"), {"a": 1}),
        (("settings",), []),
        (("material",), None),
    ],
)
def test_nothing_in_a_recipe_chooses_code(run, place, value):
    told = json.loads((run.folder / "recipe.json").read_text())
    within = told
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = value
    write_json(run.folder / "recipe.json", told)
    with pytest.raises(ApprentiError) as caught:
        recipe.read(run)
    assert caught.value.key == "no_recipe"
    assert refused(run)


def test_what_was_written_here_is_trusted_whatever_it_does(run):
    edit(run.folder / "predict.py", "import sys", "import sys\n\nprint('an older version')")
    record(run, seal=trust.seal(run))
    trust.check(run, "predict.py")
    edit(run.folder / "evaluate.py", "import json", "import json\n\nprint('changed since')")
    assert refused(run)


def test_without_a_place_for_a_key_only_what_this_version_writes_is_trusted(run, monkeypatch):
    monkeypatch.setattr(trust, "_key", lambda: None)
    assert trust.seal(run) is None
    record(run, seal=None)
    trust.check(run, "train.py")
    edit(run.folder / "train.py", "import csv", "import csv\n\nprint('mine')")
    assert refused(run, "train.py")


def test_a_stopped_run_from_elsewhere_with_code_of_its_own_is_not_resumed(trained, run, silent):
    project, _ = trained
    edit(run.script, "import csv", "import csv\n\nopen('mark', 'w')")
    hashes = {**run.environment["hashes"], "train.py": one_run.digest(run.script)}
    record(run, status=runs.INTERRUPTED, hashes=hashes)
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent())
    assert caught.value.key == "script_unknown"
    assert not (run.folder / "mark").exists()
    one_run.resume(run, project, silent(), trusted=True)
    assert (run.folder / "mark").exists()
