"""Would more data help: trainings on growing parts of the rows, never with a test row."""

import functools
import json
import math

import numpy as np
import pandas as pd
import pytest

import apprenti
from apprenti.cli import show, show_learning_curve
from apprenti.data.source import open_source
from apprenti.data.split.written import PART_NAMES, share_out
from apprenti.diagnose import learning_curve as curve
from apprenti.diagnose import learning_curve_picture
from apprenti.diagnose.continuation import Ahead, Continuation, Law
from apprenti.diagnose.learning_curve import LearningCurve, Part
from apprenti.errors import ApprentiError
from apprenti.language import LANGUAGES, speaking
from apprenti.measures import measure_named
from apprenti.project import changed
from apprenti.runs import Run
from apprenti.writing import plain


@pytest.fixture
def trained(tmp_path):
    """trained(rows, kind, ...): a run on a small table of two classes, or of numbers."""

    def make(rows=200, kind="linear", framework="sklearn", epochs=2, **data):
        random = np.random.default_rng(0)
        frame = pd.DataFrame(random.normal(size=(rows, 3)), columns=["a", "b", "c"]).round(3)
        wave = frame["a"] + frame["b"] + random.normal(size=rows) * 0.5
        frame["y"], frame["z"] = np.where(wave > 0, "yes", "no"), wave.round(3)
        frame["day"] = pd.date_range("2024-01-01", periods=rows).strftime("%Y-%m-%d")
        frame.to_csv(tmp_path / "t.csv", index=False)
        settings = {"source": "t.csv", "target": "y", "ignore": ["z"], **data}
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        model = f'[model]\nkind = "{kind}"\nhidden_units = [4]\n'
        train = f'[train]\nframework = "{framework}"\nepochs = {epochs}\n'
        text = "[data]\n" + "\n".join(lines) + f"\n{model}{train}"
        (tmp_path / "apprenti.toml").write_text(text, encoding="utf-8")
        return apprenti.train(tmp_path)

    return make


def test_the_parts_grow_each_within_the_next_and_hold_no_test_row(trained):
    made = trained()
    project = curve._project(made.run)
    asked = curve._ask(project, (0.2, 0.4, 0.6, 0.8, 1.0), 2)
    unseen = np.flatnonzero(parts_of(project, {}) == "test")
    for fold in (0, 1):
        before = set()
        for one in asked[5 * fold : 5 * fold + 5]:
            parts = parts_of(project, one.settings)
            rows = set(np.flatnonzero(parts == "train"))
            assert len(rows) == one.rows
            assert before < rows
            before = rows
            assert np.array_equal(np.flatnonzero(parts == "test"), unseen)


def parts_of(project, settings):
    data = changed(project, settings).choices.data
    return np.array(PART_NAMES)[share_out(open_source(data, project.folder), data).parts]


def test_a_table_is_trained_on_growing_parts_and_judged(trained):
    made, heard = trained(), []
    found = curve.learning_curve(made.run, repeats=3, on_trial=lambda *at: heard.append(at))
    assert [len(part.last) for part in found.parts] == [3] * 5
    assert found.parts[-1].mean("valid_accuracy")[0] > 0.75
    assert heard[-1] == (15, 15)
    assert found.verdict in ("helps", "little", "unknown")
    assert learning_curve_picture.draw(found, made.folder).stat().st_size > 1000
    assert json.dumps(plain(found.as_json()), allow_nan=False)


def test_small_parts_are_gone_through_more_often(trained):
    made = trained(kind="mlp", framework="pytorch", epochs=60)
    asked = curve._ask(curve._project(made.run), (0.2, 1.0), 2)
    few, every = asked[0], asked[1]
    assert every.epochs == 60
    steps = [one.epochs * math.ceil(one.rows / 32) for one in (few, every)]
    assert steps[0] >= 0.9 * min(400, steps[1])
    assert {one.settings["train.seed"] for one in asked} == {0, 1}


def test_in_the_order_of_time_the_seeds_differ_and_the_period_does_not(trained):
    made = trained(kind="mlp", framework="pytorch", time="day")
    asked = curve._ask(curve._project(made.run), (0.5, 1.0), 2)
    assert not any("data.split.folds" in one.settings for one in asked)
    assert [one.settings["train.seed"] for one in asked] == [0, 0, 1, 1]


@pytest.mark.slow
def test_where_nothing_varies_each_part_is_trained_on_once_and_has_no_interval(trained, capsys):
    made = trained(kind="knn", time="day")
    found = curve.learning_curve(made.run, shares=(0.25, 0.5, 0.75, 1.0))
    assert [len(part.last) for part in found.parts] == [1, 1, 1, 1]
    assert found.varied == [] and found.continuation is None and found.verdict == curve.UNKNOWN
    with speaking("en"):
        show_learning_curve.tell(found, show.console(), None)
    said = capsys.readouterr().out
    assert "A single training of each part" in said and "±" not in said


def test_a_model_without_a_seed_differs_by_the_fold_alone(trained):
    made = trained(kind="knn")
    asked = curve._ask(curve._project(made.run), (0.5, 1.0), 2)
    assert [one.settings[curve.FOLD] for one in asked] == [0, 0, 1, 1]
    assert not any(curve.SEED in one.settings for one in asked)


def test_rows_too_few_for_parts_are_refused(trained):
    made = trained(rows=24, kind="tree")
    with pytest.raises(ApprentiError) as caught:
        curve.learning_curve(made.run, shares=(0.1, 0.5, 1.0))
    assert caught.value.key == "curve_too_few_rows"


def judged(gain, low, high):
    ahead = Ahead(200, 0.1, 0.05, 0.15, gain, low, high)
    law = Continuation(Law(0.1, 0.1, 0.5, 100), (ahead, ahead), (np.ones(1),) * 3)
    parts = [Part(100, None, [{"valid_accuracy": 0.9}])]
    return LearningCurve(Run(None), parts, measure_named("accuracy"), law)


@pytest.mark.parametrize(
    ("gain", "low", "high", "verdict"),
    [
        (0.02, 0.01, 0.03, "helps"),
        (0.001, -0.001, 0.003, "little"),
        (0.0, 0.0, 0.0, "little"),
        (0.02, -0.01, 0.05, "unknown"),
        (0.003, 0.001, 0.02, "unknown"),
    ],
)
def test_the_verdict_goes_by_the_interval_of_the_gain(gain, low, high, verdict):
    assert judged(gain, low, high).verdict == verdict


def test_without_a_law_it_cannot_be_said():
    assert judged(0, 0, 0)._replace(continuation=None).verdict == "unknown"


def test_trainings_that_went_wrong_are_left_out_of_the_means():
    part = Part(100, 2, [{"valid_loss": 1.0}, {}, {"valid_loss": 3.0}, {"valid_loss": math.nan}])
    assert part.mean("valid_loss") == (2.0, pytest.approx(math.sqrt(2)))
    assert part.mean("valid_r2") == (None, None)


@pytest.mark.slow
def test_the_learning_curve_is_a_value_of_python_too(make_project, train, monkeypatch):
    measure = functools.partial(curve.learning_curve, repeats=2)
    monkeypatch.setattr(curve, "learning_curve", measure)
    project = make_project("iris", framework="sklearn", kind="tree")
    found = apprenti.learning_curve(train(project))
    assert found.verdict == found.found.verdict
    assert list(found.frame.index) == sorted(found.frame.index)
    assert {"valid_accuracy", "valid_accuracy_spread", "repetitions"} <= {*found.frame.columns}
    assert found.plot().axes and "<img" in found._repr_html_()
    assert len(found.ahead) in (0, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_figure_is_cut_where_the_terminal_is_narrow(tmp_path, capsys, monkeypatch, language):
    row = {"train_loss": 0.1, "train_accuracy": 1.0, "valid_loss": 3.3, "valid_accuracy": 0.5}
    parts = [Part(1000, 40, [row, {**row, "valid_loss": 2.0}])]
    text = '[model]\nkind = "mlp"\n[train]\nframework = "pytorch"\n'
    (tmp_path / "choices.toml").write_text(text)
    found = LearningCurve(Run(tmp_path), parts, measure_named("accuracy"), None)
    monkeypatch.setenv("COLUMNS", "62")
    with speaking(language):
        show_learning_curve.tell(found, show.console(), None)
    said = capsys.readouterr().out
    assert "…" not in said and max(map(len, said.splitlines())) <= 62
    assert {"en": "50.00%", "fr": "50,00"}[language] in said
