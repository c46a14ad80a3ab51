"""Runs that change their training rows: in short form, resumed, refused, in both languages."""

import csv
import os
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import fork_server
from apprenti import language
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import NETWORKS
from apprenti.train.plan import plan

IMAGES = {"shift": 0.1, "rotation": 10.0, "zoom": 0.1, "flip": True, "noise": 0.05, "mixup": 0.2}
COLUMNS = {"noise": 0.1, "mixup": 0.2}
SMALL = {"epochs": 4, "hidden_units": [8], "filters": [4], "data.split.train": 120}
KINDS = {
    "images": ("mlp", "digits", IMAGES),
    "colours": ("cnn", "photos", {**IMAGES, "data.split.train": None}),
    "colours on disk": ("cnn", "photos", {**IMAGES, "streamed": True, "data.split.train": None}),
    "columns": ("mlp", "table_csv", {**COLUMNS, "target": "réponse"}),
    "columns on disk": ("mlp", "table_parquet", {**COLUMNS, "target": "réponse", "streamed": True}),
    "a number": ("linear", "french_csv", {**COLUMNS, "target": "prix"}),
    "words": ("mlp", "texts_csv", {**COLUMNS, "word_dropout": 0.2, "target": "opinion"}),
    "words beside": (
        "mlp",
        "reviews_csv",
        {"word_dropout": 0.3, "target": "stars", "data.split.train": None},
    ),
    "tokens": ("gru", "texts_csv", {"word_dropout": 0.2, "target": "opinion"}),
}

FEW_FAST = ["images", *(pytest.param(kind, marks=pytest.mark.slow) for kind in [*KINDS][1:])]

# Ctrl-C after two epochs, as far as fit can tell; started again it goes on
INTERRUPTED = """
import importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("train", "train.py")
train = importlib.util.module_from_spec(spec)
sys.modules["train"] = train
spec.loader.exec_module(train)

def stop(history):
    if len(history) == 2:
        raise KeyboardInterrupt
    return False

history = train.fit(train.Config(), train.load_data(train.Config()), Path(), stop)
print(len(history), "epochs")
"""


@pytest.fixture(scope="module")
def reviews_csv():
    """120 reviews, each with its shop and its hour."""
    return Path(__file__).parents[1] / "cases" / "text_beside_other_columns.csv"


@pytest.fixture(scope="module")
def project(make_project, request):
    def make(framework, kind, **more):
        model, data, settings = KINDS[kind]
        source = data if data == "digits" else request.getfixturevalue(data)
        given = {"framework": framework, "kind": model, **SMALL, **settings, **more}
        return make_project(source, **{k: v for k, v in given.items() if v is not None})

    return make


@pytest.fixture(scope="module")
def recorded(project, train):
    made = {}

    def run(framework, kind):
        if (framework, kind) not in made:
            made[framework, kind] = train(project(framework, kind))
        return made[framework, kind]

    return run


def history_of(folder):
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def execute(name, folder, project):
    data = {"APPRENTI_DATA": str((project.folder / project.choices.data.source).parent)}
    command = [sys.executable, "-I", "-X", "utf8", name]
    done = fork_server.run(command, cwd=folder, env={**os.environ, **data})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("kind", FEW_FAST)
def test_the_short_form_prints_the_recorded_history_to_the_digit(
    framework, kind, project, recorded
):
    run = recorded(framework, kind)
    if run.essential is None:
        # Texts and rows on disk have none
        assert kind in ("words", "tokens") or "disk" in kind
        return
    lines = execute("essential.py", run.folder, project(framework, kind)).splitlines()
    said = [dict(re.findall(r"(\w+_\w+) (\S+)", line)) for line in lines]
    history = [{k: v for k, v in row.items() if k != "epoch"} for row in history_of(run.folder)]
    assert [line for line in said if line] == history
    assert len(history) == SMALL["epochs"]


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("kind", FEW_FAST)
def test_an_interrupted_run_ends_like_one_that_never_stopped(
    framework, kind, project, recorded, tmp_path
):
    run = recorded(framework, kind)
    folder = tmp_path / "again"
    folder.mkdir()
    shutil.copyfile(run.folder / "train.py", folder / "train.py")
    (folder / "resumed.py").write_text(INTERRUPTED, encoding="utf-8")
    for epochs in (2, 4):
        said = execute("resumed.py", folder, project(framework, kind))
        assert said.splitlines()[-1] == f"{epochs} epochs"
    assert history_of(folder) == history_of(run.folder)
    for name in ("predictions.csv", "model/model.json", f"model/{run.weights.name}"):
        assert (folder / name).read_bytes() == (run.folder / name).read_bytes()


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("kind", FEW_FAST)
def test_each_setting_changes_what_is_learned(framework, kind, project, recorded, train):
    off = {name: False if name == "flip" else 0.0 for name in {*IMAGES, "word_dropout"}}
    plain = train(project(framework, kind, **off))
    losses = [row["train_loss"] for row in history_of(plain.folder)]
    assert losses != [row["train_loss"] for row in history_of(recorded(framework, kind).folder)]
    text = (plain.folder / "train.py").read_text(encoding="utf-8")
    assert "augment" not in text.lower()


@pytest.mark.few(6)
@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_scripts_that_change_rows_are_the_same_program_in_french(framework, kind, project):
    made, programs = project(framework, kind), []
    for tongue in language.LANGUAGES:
        language.choose(tongue)
        text = plan(made).files["train.py"]
        assert max(map(len, text.splitlines())) <= 100
        programs.append(text)
    language.choose(None)
    french, english = sorted(programs, key=lambda text: "# %% Réglages" not in text)
    assert french.count("\n# %% ") == english.count("\n# %% ")
    assert "graine propre" in french and "comes from a seed" in english


REFUSED = {
    "rotation on columns": ("columns", "rotation", 10.0),
    "rotation on words": ("words", "rotation", 10.0),
    "words in columns": ("columns", "word_dropout", 0.1),
    "words in images": ("images", "word_dropout", 0.1),
    "noise in tokens": ("tokens", "noise", 0.1),
    "blends of tokens": ("tokens", "mixup", 0.1),
}


@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("what", REFUSED)
def test_what_changes_nothing_on_these_data_is_refused(framework, what, project):
    kind, name, value = REFUSED[what]
    with pytest.raises(ApprentiError) as caught:
        plan(project(framework, kind, **{name: value}), [f"train.{name}"])
    assert caught.value.key == "no_effect"


def test_models_of_scikit_learn_have_none_of_it(make_project):
    made = make_project("digits", framework="sklearn", kind="mlp", shift=0.1)
    with pytest.raises(ApprentiError) as caught:
        plan(made, ["train.shift"])
    assert caught.value.key == "no_effect"


@pytest.mark.parametrize("framework", NETWORKS)
def test_frameworks_are_compared_on_rows_as_they_are(framework, project):
    script = plan(project(framework, "images"), agreement=True).script
    assert "mixup" not in script.text and "augment" not in script.text
    assert not {*IMAGES} & script.used_settings


@pytest.mark.slow
def test_both_frameworks_learn_alike_from_the_same_changed_rows(recorded):
    losses = [
        [float(row["train_loss"]) for row in history_of(recorded(framework, "images").folder)]
        for framework in NETWORKS
    ]
    assert np.abs(np.diff(losses, axis=0)).max() < 0.3
