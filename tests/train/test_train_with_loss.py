"""A training with the binary cross-entropy: resumed, repeated, short, opened again, refused."""

import csv
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scripts_alone import (
    STOPPED,
    as_recorded,
    execute,
    history_of,
    left_by,
    losses_in,
    script_of,
)
from sklearn.datasets import load_digits

from apprenti import language
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import NETWORKS, OF_TEXTS, OFFERED
from apprenti.new import change as changes
from apprenti.project import changed
from apprenti.runs import ESSENTIAL, SCRIPT
from apprenti.script.translate import sentences
from apprenti.train.plan import plan
from apprenti.train.trials import trials

BINARY = {"loss": "binary_cross_entropy"}
SMALL = {"epochs": 4, "hidden_units": [24], "learning_rate": 0.01, "data.split.train": 300}
REMEDIES = {"label_smoothing": 0.1, "class_weights": "balanced", "mixup": 0.2}
EVERY = {**BINARY, **REMEDIES, "record_updates": True, "early_stopping": 3}


@pytest.fixture(
    scope="module", params=["pytorch", pytest.param("tensorflow", marks=pytest.mark.slow)]
)
def framework(request):
    return request.param


@pytest.fixture(scope="module")
def made(framework, make_project, tmp_path_factory):
    """A project with this loss, and the folder in which its script ran."""
    project = make_project("digits", framework=framework, **SMALL, **BINARY)
    folder = script_of(project, tmp_path_factory.mktemp("whole") / "run")
    execute(folder, "train.py")
    return project, folder


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def told_by(row):
    return [float(value) for name, value in row.items() if name.startswith("probability_")]


def test_the_short_form_prints_the_same_losses(made, tmp_path):
    project, whole = made
    said = execute(script_of(project, tmp_path, "essential.py"), "essential.py")
    assert losses_in(said) == [
        {k: v for k, v in r.items() if k != "epoch"} for r in history_of(whole)
    ]


def test_predictions_sum_to_one_and_have_the_loss_that_is_recorded(made):
    _, whole = made
    rows = rows_of(whole / "predictions.csv")
    told = np.array([told_by(row) for row in rows])
    assert np.abs(told.sum(axis=1) - 1).max() < 1e-5
    of_the_truth = told[np.arange(len(rows)), [int(row["truth"]) for row in rows]]
    recorded = float(history_of(whole)[-1]["valid_loss"])
    assert -np.log(of_the_truth).mean() == pytest.approx(recorded, abs=1e-3)


def test_a_model_predicts_from_its_file_as_it_did_when_it_was_trained(made, tmp_path):
    project, whole = made
    folder = shutil.copytree(whole, tmp_path / "run")
    for name in ("predict.py", "evaluate.py"):
        script_of(project, folder, name)
    np.savez(folder / "all.npz", x=load_digits().images)
    command = [sys.executable, "predict.py", "all.npz", "all.csv"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    again = {row["row"]: row for row in rows_of(folder / "all.csv")}
    for row in rows_of(folder / "predictions.csv"):
        assert told_by(again[row["row"]]) == pytest.approx(told_by(row), abs=2e-6)
    assert "test_accuracy" in execute(folder, "evaluate.py")
    told = [told_by(row) for row in rows_of(folder / "test_predictions.csv")]
    assert np.abs(np.sum(told, axis=1) - 1).max() < 1e-5


@pytest.mark.parametrize("data", ["digits", pytest.param("streamed", marks=pytest.mark.slow)])
def test_a_run_with_every_remedy_that_was_stopped_ends_as_one_that_was_not(
    framework, data, make_project, table_parquet, tmp_path
):
    given = {"framework": framework, **SMALL, **EVERY}
    if data == "streamed":
        given |= {"target": "réponse", "streamed": True, "data.split.train": 200}
    project = make_project("digits" if data == "digits" else table_parquet, **given)
    whole, stopped = (script_of(project, tmp_path / name) for name in ("whole", "stopped"))
    execute(whole, "train.py")
    (stopped / "stopped.py").write_text(STOPPED, encoding="utf-8")
    execute(stopped, "stopped.py")
    assert [row["epoch"] for row in history_of(stopped)] == ["1", "2"]
    execute(stopped, "train.py")
    assert left_by(stopped) == left_by(whole)
    assert (stopped / "updates.csv").read_bytes() == (whole / "updates.csv").read_bytes()
    if data == "digits":
        said = execute(script_of(project, tmp_path / "short", "essential.py"), "essential.py")
        assert losses_in(said) == [
            {k: v for k, v in row.items() if k != "epoch"} for row in history_of(whole)
        ]


def test_trials_with_either_loss_are_those_of_scripts_with_these_alone(made):
    project, whole = made
    plain = {"loss": "cross_entropy"}
    alone = [{name: value} for name, value in REMEDIES.items()]
    asked = [*alone, plain, *({**plain, **one} for one in alone), {}]
    ended = trials(project, asked, workers=1)
    assert [one.status for one in ended] == ["finished"] * 8
    found = [as_recorded(one.history) for one in ended]
    assert found[-1] == history_of(whole)
    # Each does something, and not what another does
    assert len({str(one) for one in found}) == 8
    (usual,) = trials(changed(project, {"train.loss": "cross_entropy"}), [{}])
    assert found[3] == as_recorded(usual.history)


def test_it_learns_what_there_is_to_learn(made):
    project, _ = made
    # More slowly at first than with the cross-entropy: of each class most answers are "no"
    (ended,) = trials(project, [{"epochs": 30}], workers=1)
    assert ended.kept["valid_accuracy"] > 0.85


# ---- The scripts


@pytest.mark.slow
def test_scripts_with_it_are_hardly_longer_well_formed_and_the_same_in_french(
    framework, make_project, texts_csv, tmp_path
):
    shutil.copyfile(Path(__file__).parents[2] / "pyproject.toml", tmp_path / "pyproject.toml")
    place = tmp_path / "src" / "apprenti" / "backends"
    place.mkdir(parents=True)
    french = set(language.subject("script", "fr")["words"])
    for kind, lang in product(OFFERED[framework], language.LANGUAGES):
        texts = kind in OF_TEXTS
        given = {"framework": framework, "kind": kind, **({"target": "opinion"} if texts else {})}
        language.choose(lang)
        made = [
            plan(make_project(texts_csv if texts else "digits", **given, **loss)).files
            for loss in ({}, BINARY)
        ]
        language.choose(None)
        for name, text in made[1].items():
            grown = len(text.splitlines()) - len(made[0][name].splitlines())
            assert grown <= (19 if name in (SCRIPT, ESSENTIAL) else 8), (kind, name, grown)
            (place / f"{framework}_{kind}_{lang}_{name}").write_text(text, encoding="utf-8")
            said = {sentence.words for sentence in sentences(text)}
            assert bool(said & french) == (lang == "en"), (kind, name)
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    for task in (("check",), ("format", "--check")):
        command = [ruff, *task, "--no-cache", "."]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout


# ---- Where it has no place


@pytest.mark.parametrize("framework", [*NETWORKS, "sklearn"])
def test_it_is_refused_where_a_number_is_predicted(framework, make_project):
    project = make_project("diabetes", framework=framework, kind="linear")
    with pytest.raises(ApprentiError) as caught:
        plan(changed(project, {"train.loss": BINARY["loss"]}))
    assert caught.value.key == "only_for_classes"
    with pytest.raises(ApprentiError) as caught:
        changes.change(project.folder, {"train.loss": BINARY["loss"]})
    assert caught.value.key == "only_for_classes"
    assert "apprenti set loss=" in str(caught.value)
    # Nor does the usual one seem to have been obeyed there
    with pytest.raises(ApprentiError) as caught:
        plan(project, ["train.loss", "train.framework"])
    assert caught.value.key == "no_effect"


@pytest.mark.parametrize("kind", ["linear", "mlp", "forest"])
def test_scikit_learn_has_losses_of_its_own(kind, make_project):
    project = make_project("iris", framework="sklearn", kind=kind, **BINARY)
    with pytest.raises(ApprentiError) as caught:
        plan(project, ["train.loss", "train.framework"])
    assert caught.value.key == "no_effect"
