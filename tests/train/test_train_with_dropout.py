"""A training with dropout and batch normalisation: resumed, repeated, short, beside others."""

import csv
import re
import shutil
import sys

import numpy as np
import pytest

import apprenti
import fork_server
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import NETWORKS
from apprenti.train.plan import plan
from apprenti.train.trials import trials

REMEDIES = {"dropout": 0.3, "batch_norm": True}
SMALL = {
    "epochs": 4,
    "hidden_units": [32, 16],
    "learning_rate": 0.01,
    "data.split.train": 300,
}

# A run stopped by Ctrl-C in the middle of its third epoch
STOPPED = """
import sys
from pathlib import Path
sys.path.insert(0, "")
sys.argv = ["train.py"]
import train
times = []
measure = train.measure

def stops(*given):
    times.append(given[0])
    if times.count("train") == 3:
        raise KeyboardInterrupt
    return measure(*given)

train.measure = stops
train.fit(train.Config(), train.load_data(train.Config()), Path(), lambda history: False)
"""


def script_of(project, folder, name="train.py"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(plan(project).files[name], encoding="utf-8")
    return folder


def execute(folder, script):
    done = fork_server.run([sys.executable, "-I", "-X", "utf8", script], cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def history_of(folder):
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def left_by(folder):
    kept = ["predictions.csv", "model/model.json"]
    kept += [path.relative_to(folder).as_posix() for path in folder.glob("model/*.pt")]
    kept += [path.relative_to(folder).as_posix() for path in folder.glob("model/*.h5")]
    assert len(kept) == 4
    return history_of(folder), {name: (folder / name).read_bytes() for name in kept}


@pytest.fixture(scope="module", params=NETWORKS)
def made(request, make_project, tmp_path_factory):
    """A project with both remedies, and the folder in which its script ran without a stop."""
    project = make_project("digits", framework=request.param, **SMALL, **REMEDIES)
    folder = script_of(project, tmp_path_factory.mktemp("whole") / "run")
    execute(folder, "train.py")
    return project, folder


def test_a_run_that_was_stopped_ends_in_the_same_bytes_as_one_that_was_not(made, tmp_path):
    project, whole = made
    folder = script_of(project, tmp_path / "stopped")
    (folder / "stopped.py").write_text(STOPPED, encoding="utf-8")
    assert "2" in execute(folder, "stopped.py")
    assert [row["epoch"] for row in history_of(folder)] == ["1", "2"]
    execute(folder, "train.py")
    assert left_by(folder) == left_by(whole)


def test_the_short_form_prints_the_same_losses(made, tmp_path):
    project, whole = made
    said = execute(script_of(project, tmp_path, "essential.py"), "essential.py")
    lines = [dict(re.findall(r"(\w+_\w+) (\S+)", line)) for line in said.splitlines()]
    recorded = [{k: v for k, v in row.items() if k != "epoch"} for row in history_of(whole)]
    assert [line for line in lines if line] == recorded


def test_a_trial_does_not_depend_on_those_before_it(made):
    project, whole = made
    settings = [{"dropout": 0.6, "seed": 5}, {"dropout": 0.0}, {"batch_norm": False}, {}]
    ended = trials(project, settings, workers=1)
    assert [one.status for one in ended] == ["finished"] * 4
    ended = [
        [{k: str(v) for k, v in row.items() if k != "seconds"} for row in one.history]
        for one in ended
    ]
    assert ended[3] == history_of(whole)
    assert len({str(one) for one in ended}) == 4


def test_the_model_predicts_from_its_file_as_it_did_when_it_was_trained(made, tmp_path):
    project, whole = made
    folder = shutil.copytree(whole, tmp_path / "run")
    script_of(project, folder, "evaluate.py")
    one, other = (execute(folder, "evaluate.py") for _ in range(2))
    assert one == other
    assert float(re.search(r"test_accuracy (\S+)", one)[1]) > 0.3


@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_a_last_batch_of_one_row_is_refused_with_a_size_that_is_not(framework, kind, make_project):
    project = make_project("digits", framework=framework, kind=kind, batch_norm=True)
    given = {"train.batch_size": 32, "data.split.train": 33}
    with pytest.raises(ApprentiError) as caught:
        plan(apprenti.project.changed(project, given))
    assert caught.value.key == "batch_norm_of_one"
    other = caught.value.values["other"]
    assert f"--set batch_size={other}" in str(caught.value)
    assert plan(apprenti.project.changed(project, {**given, "train.batch_size": other}))
    assert plan(apprenti.project.changed(project, {**given, "model.batch_norm": False}))


def test_the_size_that_is_proposed_leaves_no_row_alone():
    sizes = [(rows, size) for rows in range(2, 200) for size in range(1, 70)]
    for rows, size in sizes:
        if (rows % size or size) == 1:
            other = next((n for n in range(size + 1, size + 9) if rows % n != 1), rows)
            assert (rows % other or other) != 1


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("linear", {"dropout": 0.2}),
        ("mlp", {"dropout": 0.2, "hidden_units": []}),
        ("linear", {"batch_norm": True}),
        ("resnet", {"batch_norm": True}),
        ("forest", {"dropout": 0.2}),
        ("knn", {"min_samples_leaf": 3}),
        ("mlp", {"min_samples_leaf": 3}),
        ("mlp", {"C": 3.0}),
    ],
)
def test_a_remedy_that_a_model_has_no_place_for_is_refused(kind, settings, make_project):
    name = next(iter(settings))
    key = f"model.{name}"
    with pytest.raises(ApprentiError) as caught:
        plan(make_project("digits", kind=kind, **settings), [key])
    assert (caught.value.key, caught.value.values["key"]) == ("no_effect", key)
    # Which models use it is said
    assert caught.value.values["help"] in str(caught.value)


def test_a_linear_regression_finds_its_own_penalty(make_project):
    project = make_project("diabetes", framework="sklearn", kind="linear", C=0.1)
    with pytest.raises(ApprentiError) as caught:
        plan(project, ["model.C"])
    assert caught.value.key == "no_effect"


def test_a_smaller_c_keeps_the_weights_of_a_logistic_regression_small(make_project):
    project = make_project("iris", framework="sklearn", kind="linear")
    few, many = trials(project, [{"C": 0.001}, {"C": 1.0}], workers=1)
    assert few.history[-1]["train_loss"] > 2 * many.history[-1]["train_loss"]


def test_what_is_off_is_not_in_a_script(make_project):
    for framework in NETWORKS:
        project = make_project("digits", framework=framework, **SMALL)
        for text in plan(project).files.values():
            assert not re.search("dropout|batch_?norm", text, re.IGNORECASE)


def test_rows_that_train_under_dropout_still_learn(make_project):
    project = make_project("digits", framework="pytorch", epochs=8, hidden_units=[64])
    settings = [{"dropout": 0.5}, {"batch_norm": True}]
    for one in trials(project, settings, workers=1):
        losses = [row["train_loss"] for row in one.history]
        assert losses[-1] < 0.7 * losses[0]
        assert np.isfinite(losses).all()
