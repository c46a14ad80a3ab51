"""Many trials of a project: each as if it were alone, in the order in which they were asked for."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import apprenti
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import NETWORKS
from apprenti.train import trials as module

FRAMEWORKS = ("pytorch", "tensorflow", "sklearn")
DOCS = Path(__file__).parents[2] / "docs"


def alone(folder):
    """Run the script of a trial by itself, isolated, and return the history that it leaves."""
    (folder / "history.csv").unlink()
    subprocess.run([sys.executable, "-I", "train.py"], cwd=folder, check=True, capture_output=True)
    return measures(written(folder))


def written(folder):
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def measures(history):
    """Return a history as texts, without the seconds, which are never the same."""
    return [{name: str(row[name]) for name in row if name != "seconds"} for row in history]


@pytest.mark.parametrize(
    "framework", ["sklearn", *(pytest.param(name, marks=pytest.mark.slow) for name in NETWORKS)]
)
def test_the_first_trial_and_one_after_others_are_the_script_alone_digit_for_digit(
    framework, make_project, tmp_path
):
    project = make_project(framework=framework, epochs=2)
    settings = [
        {"seed": 1, "learning_rate": 0.01},
        {"seed": 2, "optimizer": "sgd", "hidden_units": [20, 10]},
        {"seed": 3, "split.seed": 5, "batch_size": 50},
        {"seed": 1, "learning_rate": 0.01},
    ]
    made = apprenti.trials(project, settings, workers=1, folder=tmp_path / "trials")
    assert [trial.status for trial in made] == ["finished"] * 4
    assert measures(made[0].history) == measures(made[3].history)
    assert len({str(measures(trial.history)) for trial in made}) == 3
    for trial in made:
        assert trial.folder == tmp_path / "trials" / f"{trial.number:03}"
        assert measures(written(trial.folder)) == measures(trial.history)
    assert alone(made[3].folder) == measures(made[0].history)


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_trials_stop_early_as_their_scripts_do_and_have_the_score_of_the_best_epoch(
    framework, make_project, tmp_path
):
    project = make_project(framework=framework, kind="mlp", epochs=30, learning_rate=0.05)
    settings = [
        {"early_stopping": 2, "activation": "tanh"},
        {"early_stopping": 0, "epochs": 3},
        {"early_stopping": 3, "activation": "sigmoid"},
    ]
    made = apprenti.trials(project, settings, workers=1, folder=tmp_path / "trials")
    without_folder = apprenti.trials(project, settings, workers=1)
    for trial, other in zip(made, without_folder, strict=True):
        assert measures(trial.history) == measures(other.history) == measures(written(trial.folder))
        lowest = min(row["valid_loss"] for row in trial.history)
        patience = trial.settings["train.early_stopping"]
        if patience:
            since = [row["valid_loss"] for row in trial.history].index(lowest) + 1
            assert len(trial.history) == since + patience < 30
            assert trial.kept["valid_loss"] == other.kept["valid_loss"] == lowest
        else:
            assert trial.kept == trial.history[-1]
    assert alone(made[2].folder) == measures(made[2].history)


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_hundred_trials_take_hardly_more_memory_than_ten(framework, make_project):
    project = make_project(framework=framework, epochs=2)
    made = apprenti.trials(project, [{"seed": seed} for seed in range(100)], workers=1)
    assert [trial.status for trial in made] == ["finished"] * 100
    assert [trial.seed for trial in made] == list(range(100))
    assert len({trial.history[-1]["valid_loss"] for trial in made}) > 90
    assert made[-1].memory <= 1.1 * made[9].memory


def test_trials_come_back_in_their_order_with_what_was_asked(make_project):
    project = make_project(framework="sklearn", epochs=1)
    given = [{"epochs": 30, "seed": 1}, {"epochs": 1}, {"train.epochs": 2}]
    made = apprenti.trials(project, given, workers=2)
    assert [trial.number for trial in made] == [0, 1, 2]
    assert [len(trial.history) for trial in made] == [30, 1, 2]
    assert [trial.seed for trial in made] == [1, 0, 0]
    assert made[0].settings == {"train.epochs": 30, "train.seed": 1}
    assert made[2].settings == {"train.epochs": 2}
    assert all(trial.folder is None and trial.error is None for trial in made)


def test_a_branch_stays_open_only_where_the_trials_vary_it(make_project, tmp_path):
    project = make_project(framework="pytorch", epochs=1)
    varied = [{"optimizer": "adam"}, {"optimizer": "sgd"}]
    made = apprenti.trials(project, varied, folder=tmp_path / "varied")
    script = (made[1].folder / "train.py").read_text(encoding="utf-8")
    assert "if config.optimizer ==" in script and 'optimizer: str = "sgd"' in script
    assert "config.schedule ==" not in script
    assert made[0].history[-1]["train_loss"] != made[1].history[-1]["train_loss"]


def test_a_callback_stops_a_trial(make_project):
    heard = []

    def stop(trial, history):
        heard.append((trial.number, trial.settings["train.seed"], trial.status, len(history)))
        return trial.seed == 7 and len(history) == 2

    project = make_project(framework="sklearn", epochs=3)
    made = apprenti.trials(project, [{"seed": 7}, {"seed": 8}], workers=1, on_epoch=stop)
    assert [(trial.status, len(trial.history)) for trial in made] == [
        ("stopped early", 2),
        ("finished", 3),
    ]
    assert heard[:2] == [(0, 7, "running", 1), (0, 7, "running", 2)]


def test_steps_too_large_are_said_to_diverge_and_the_others_go_on(make_project):
    project = make_project("diabetes", framework="pytorch", epochs=3, optimizer="sgd")
    rates = [{"learning_rate": 0.001}, {"learning_rate": 100.0}]
    good, bad = apprenti.trials(project, rates, workers=1)
    assert (good.status, good.diverged) == ("finished", False)
    assert (bad.status, bad.diverged) == ("diverged", True)


@pytest.mark.slow
def test_a_trial_that_takes_too_long_is_ended_and_says_so(make_project, tmp_path):
    project = make_project(framework="sklearn", epochs=1)
    long, short = apprenti.trials(
        project, [{"epochs": 100_000}, {}], workers=1, time_limit=3, folder=tmp_path / "trials"
    )
    assert (long.status, short.status) == ("timed out", "finished")
    assert 0 < len(long.history) < 100_000
    assert '"failed"' in (long.folder / "status.json").read_text()
    assert '"finished"' in (short.folder / "status.json").read_text()


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"learning_rat": 0.1}, "unknown_setting"),
        ({"learning_rate": -1}, "wrong_value"),
        ({"epochs": 2.5}, "wrong_value"),
        ({"kernel": "linear"}, "no_effect"),
        ({"framework": "sklearn"}, "fixed_in_trials"),
        ({"threads": 2}, "fixed_in_trials"),
        ({"split.valid": 5000}, "split_impossible"),
    ],
)
def test_wrong_settings_are_refused_before_anything_begins(
    settings, key, make_project, monkeypatch, tmp_path
):
    monkeypatch.setattr(module, "fit_all", lambda *_: pytest.fail("something was started"))
    with pytest.raises(ApprentiError) as caught:
        apprenti.trials(make_project(), [{"seed": 1}, settings], folder=tmp_path / "trials")
    assert caught.value.key == key
    assert not (tmp_path / "trials").exists()
    if key == "unknown_setting":
        assert caught.value.values["nearest"] == "learning_rate"
        assert "trials[1]" in str(caught.value)


def test_trials_that_need_different_scripts_are_refused(make_project, table_csv):
    project = make_project(table_csv, target="réponse")
    with pytest.raises(ApprentiError) as caught:
        apprenti.trials(project, [{}, {"group": "patient"}])
    assert caught.value.key == "other_script"
    assert caught.value.values["settings"] == "data.group"


def test_a_setting_of_the_data_varies_among_trials_that_share_a_script(make_project, table_csv):
    project = make_project(table_csv, target="réponse", framework="sklearn", epochs=1)
    given = [{}, {"ignore": ["poids"]}, {"split.valid": 0.3}, {}]
    made = apprenti.trials(project, given, workers=1)
    losses = [trial.history[-1]["valid_loss"] for trial in made]
    assert [trial.status for trial in made] == ["finished"] * 4
    assert losses[0] == losses[3] and len(set(losses)) == 3


def test_a_folder_with_something_in_it_is_refused(make_project, tmp_path):
    (tmp_path / "something").write_text("")
    with pytest.raises(ApprentiError) as caught:
        apprenti.trials(make_project(), [{}], folder=tmp_path)
    assert caught.value.key == "trials_folder_used"


def test_no_trials_are_no_trouble(make_project):
    assert apprenti.trials(make_project(), []) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", ["trials.md", "fr/essais.md"])
def test_the_example_of_the_page_runs(page, make_project, tmp_path):
    make_project(framework="sklearn", epochs=2, folder=tmp_path)
    text = (DOCS / page).read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    command = [sys.executable, "-c", example]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, encoding="utf-8", env=dict(os.environ)
    )
    assert not done.returncode, done.stderr
    assert len(done.stdout.splitlines()) == 6 and "finished" in done.stdout
