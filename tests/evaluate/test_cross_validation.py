"""Cross-validation: one run, and how good its model is on folds that it has not seen."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import apprenti
from apprenti.errors import ApprentiError
from apprenti.evaluate import cross_validated, cross_validation, fold_curves, intervals
from apprenti.runs import Run
from apprenti.writing import plain


@pytest.fixture
def project(tmp_path):
    """project(rows): a small table with classes, groups and days in a project of its own."""

    def make(rows=160, kind="linear", framework="sklearn", epochs=2, **data):
        random = np.random.default_rng(0)
        frame = pd.DataFrame(random.normal(size=(rows, 3)), columns=["a", "b", "c"]).round(3)
        frame["patient"] = random.integers(12, size=rows)
        frame["day"] = pd.date_range("2024-01-01", periods=rows).strftime("%Y-%m-%d")
        noise = random.normal(size=rows) * 0.5
        frame["y"] = np.where(frame["a"] + frame["b"] + noise > 0, "yes", "no")
        frame["z"] = (frame["a"] + noise).round(3)
        frame.to_csv(tmp_path / "t.csv", index=False)
        settings = {"source": "t.csv", "target": "y", "ignore": ["z"], **data}
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        model = f'[model]\nkind = "{kind}"\nhidden_units = [4]\n'
        train = f'[train]\nframework = "{framework}"\nepochs = {epochs}\n'
        text = "[data]\n" + "\n".join(lines) + f"\n{model}{train}"
        (tmp_path / "apprenti.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return make


def test_each_row_but_those_of_the_test_is_predicted_by_the_model_that_has_not_seen_it(project):
    made = apprenti.train(project(), folds=4)
    left = made.out_of_fold
    parts = pd.read_parquet(made.folder / "split.parquet").set_index("row")["part"]
    assert sorted(left.index) == sorted(parts.index[parts != "test"])
    assert left["fold"].value_counts().to_dict() == {0: 34, 1: 34, 2: 34, 3: 34}
    both = left["probability_no"] + left["probability_yes"]
    assert np.allclose(both, 1, atol=1e-5)
    # The score of each fold is that of its rows in the table
    shares = (left["truth"] == left["predicted"]).groupby(left["fold"]).mean()
    assert [fold.last("valid_accuracy") for fold in made.folds.folds] == pytest.approx([*shares])
    assert made.folds.score.mean == pytest.approx(shares.mean(), abs=1e-6)
    assert made.folds.score.spread == pytest.approx(shares.std(), abs=1e-6)


@pytest.mark.slow
def test_a_fold_is_what_its_settings_train_alone(project):
    folder = project(kind="mlp", framework="pytorch", epochs=3)
    together = apprenti.train(folder, folds=3).folds.folds[1]
    alone = apprenti.train(folder, **{"split.folds": 3, "split.fold": 1}).run.history
    for one, other in zip(together.history, alone, strict=True):
        for name in ("train_loss", "valid_loss", "valid_accuracy"):
            assert one[name] == other[name]


@pytest.mark.slow
def test_a_cross_validated_run_is_one_run_that_can_be_used(project):
    folder = project()
    made = apprenti.train(folder, folds=3)
    assert [run.name for run in apprenti.runs(folder)] == [made.name]
    frame = pd.read_csv(folder / "t.csv")
    assert len(apprenti.predict(made, frame)) == len(frame)
    assert not (made.folder / cross_validation.AT_WORK).exists()
    assert apprenti.train(folder).folds is None


@pytest.mark.slow
def test_groups_are_validated_by_models_that_have_seen_none_of_their_rows(project):
    folder = project(group="patient")
    made = apprenti.train(folder, folds=3)
    patients = pd.read_csv(folder / "t.csv")["patient"]
    left = made.out_of_fold
    assert (patients[left.index].groupby(left["fold"]).unique().map(len).sum()) == len(
        patients[left.index].unique()
    )
    assert made.folds.how == "groups"


def test_folds_of_times_learn_from_more_and_more(project):
    made = apprenti.train(project(time="day"), folds=3)
    assert [(f.train_rows, f.valid_rows) for f in made.folds.folds] == [
        (34, 34),
        (68, 34),
        (102, 34),
    ]


@pytest.mark.slow
def test_numbers_have_out_of_fold_predictions_too(project):
    made = apprenti.train(project(target="z", ignore=["y"]), folds=3)
    assert list(made.out_of_fold.columns) == ["fold", "truth", "predicted"]
    assert made.folds.measure.name == "r2"
    assert made.folds.score.low < made.folds.score.mean < made.folds.score.high


def test_folds_that_cannot_be_are_refused_before_anything_is_trained(project):
    folder = project(group="patient")
    for folds, key in ((1, "one_fold"), (11, "too_many_folds_of")):
        with pytest.raises(ApprentiError) as caught:
            apprenti.train(folder, folds=folds)
        assert caught.value.key == key
    assert not (folder / "runs").exists()
    with pytest.raises(ApprentiError) as caught:
        apprenti.train(folder, folds=3, script="mine.py")
    assert caught.value.key == "folds_need_settings"


def test_a_stop_during_the_folds_leaves_the_run_usable_and_no_fold(project, monkeypatch):
    folder = project()

    def stopped(*args, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr(cross_validation, "trials", stopped)
    with pytest.raises(ApprentiError) as caught:
        apprenti.train(folder, folds=3)
    assert (caught.value.key, caught.value.exit_status) == ("folds_interrupted", 130)
    (made,) = apprenti.runs(folder)
    assert (made.status, made.folds) == ("finished", None)


@pytest.fixture
def folded(tmp_path):
    """folded(0.8, 0.9): what came of folds with these scores, of a run of one call."""

    def make(*scores, rows=(80, 20), status="finished"):
        choices = (
            '[data]\nsource = "t.csv"\n[model]\nkind = "tree"\n[train]\nframework = "sklearn"\n'
        )
        (tmp_path / "choices.toml").write_text(choices)
        facts = {"train_rows": rows[0], "valid_rows": rows[1], "epoch": 1, "seconds": 1.0}
        folds = [{"fold": n, "status": status, **facts} for n in range(len(scores))]
        (tmp_path / "folds.json").write_text(json.dumps({"how": "random", "folds": folds}))
        lines = [f"{number},1,0.1,0.9,0.2,{score}" for number, score in enumerate(scores)]
        names = "fold,epoch,train_loss,train_accuracy,valid_loss,valid_accuracy"
        (tmp_path / "folds.csv").write_text("\n".join([names, *lines, ""]))
        return cross_validated.read(Run(tmp_path))

    return make


def test_the_interval_is_wider_than_students_by_what_the_folds_share(folded):
    scores = [0.8, 0.85, 0.9, 0.82, 0.88]
    mean = folded(*scores).score
    student = intervals.of_mean(np.array(scores))
    ratio = (mean.high - mean.low) / (student[1] - student[0])
    assert ratio == pytest.approx(((1 / 5 + 20 / 80) / (1 / 5)) ** 0.5)


@pytest.mark.parametrize("scores", [[], [0.9], [0.9, "nan"], [0.9, 0.9], [1.0, 1.0, 0.2]])
def test_few_folds_or_equal_ones_have_a_sensible_mean(folded, scores):
    found = folded(*scores)
    fewer = [score for score in scores if score != "nan"]
    assert (found.score.folds if found.score else 0) == len(fewer)
    if len(fewer) > 1:
        assert 0 <= found.score.low <= found.score.mean <= found.score.high <= 1
    elif fewer:
        assert found.score.low is None
    assert json.dumps(plain(found.as_json()), allow_nan=False)
    assert fold_curves.draw(found, found.run.folder).stat().st_size > 1000


def test_folds_that_did_not_end_are_not_counted(folded):
    assert folded(0.8, 0.9, status="failed").score is None


def test_the_interval_holds_what_the_model_reaches_about_as_often_as_it_says():
    # A nearest class mean in two dimensions: its true accuracy on 80 % of 100 rows is computed
    from scipy import stats

    random, held, narrow, every = np.random.default_rng(0), 0, 0, 400
    for _ in range(every):
        labels = np.arange(100) % 2
        points = random.normal(size=(100, 2)) + labels[:, None] * 1.0
        scores, true = [], []
        order = random.permutation(100)
        for fold in range(5):
            valid, train = order[fold::5], np.delete(order, np.s_[fold::5])
            means = [points[train][labels[train] == c].mean(0) for c in (0, 1)]
            apart, middle = means[1] - means[0], (means[0] + means[1]) / 2
            scores.append(
                ((points[valid] - middle) @ apart > 0).astype(int).__eq__(labels[valid]).mean()
            )
            ends = [((np.full(2, c) - middle) @ apart) / np.linalg.norm(apart) for c in (0.0, 1.0)]
            true.append((stats.norm.cdf(-ends[0]) + stats.norm.cdf(ends[1])) / 2)
        low, high = intervals.of_folds(np.array(scores), 0.25)
        held += low <= np.mean(true) <= high
        low, high = intervals.of_mean(np.array(scores))
        narrow += low <= np.mean(true) <= high
    assert held / every > 0.95
    assert held > narrow


@pytest.mark.slow
def test_the_command_line_tells_the_folds_once_trained_and_once_shown(project):
    folder = project()
    words = [sys.executable, "-m", "apprenti"]
    options = {"cwd": folder, "capture_output": True, "encoding": "utf-8"}
    told = subprocess.run([*words, "train", "--folds", "3", "--json"], **options, check=True)
    found = json.loads(told.stdout)
    assert [fold["fold"] for fold in found["folds"]["folds"]] == [0, 1, 2]
    shown = subprocess.run([*words, "runs", "show", "last", "--json", "--no-picture"], **options)
    assert json.loads(shown.stdout)["runs"][0]["folds"]["score"] == found["folds"]["score"]
