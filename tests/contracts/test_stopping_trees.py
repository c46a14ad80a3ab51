"""Boosting that stops early keeps its best iteration: to the bit, the model of so many iterations.

What it is to predict decides nothing: two classes, more of them, or a number.
"""

import json
import re
import sys
from types import ModuleType

import numpy as np
import pytest

import fork_server
from apprenti import project as projects
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import BOOSTING, OFFERED, can_stop_early, longest_history
from apprenti.train.plan import plan

PATIENCE = 4
DATA = ("breast_cancer", "iris", "diabetes")
MODELS = tuple(BOOSTING)
SETTINGS = {"n_estimators": 60, "shrinkage": 0.3, "early_stopping": PATIENCE}
FLAGS = (sys.executable, "-I", "-X", "utf8")


class Killed(BaseException):
    """What ends a script at once."""


def module_of(project):
    """Return the functions of the script of a project, and what it is to learn from."""
    made = ModuleType("train")
    exec(compile(plan(project).files["train.py"], "train.py", "exec"), made.__dict__)
    config = made.Config()
    return made, config, made.load_data(config)


@pytest.fixture(scope="module", params=[(m, d) for m in MODELS for d in DATA], ids="-".join)
def fitted(request, make_project, tmp_path_factory):
    """A project, the functions of its script, and what a training with them left."""
    model, data = request.param
    project = make_project(data, framework="sklearn", kind=model, **SETTINGS)
    made, config, rows = module_of(project)
    folder = tmp_path_factory.mktemp("fitted")
    history = made.fit(config, rows, folder, lambda history: False)
    return project, made, config, rows, folder, history


def without_times(history):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in history]


def best_of(history):
    losses = [row["valid_loss"] for row in history]
    return max(n for n, loss in enumerate(losses, 1) if loss == min(losses))


def opened(project, folder):
    """Return the model that was left, opened as `predict.py` opens it."""
    made = ModuleType("predict")
    exec(compile(plan(project).files["predict.py"], "predict.py", "exec"), made.__dict__)
    return made.open_model(made.Config(), folder / "model")


def test_it_ends_when_the_loss_has_not_been_lower_for_so_many_iterations(fitted):
    project, _, _, _, folder, history = fitted
    losses = [row["valid_loss"] for row in history]
    lowest = losses.index(min(losses)) + 1
    assert len(losses) == lowest + PATIENCE < longest_history(project.choices.model_dump())
    status = json.loads((folder / "status.json").read_text())
    assert status == {"status": "stopped early", "epochs": len(losses)}
    assert [row["epoch"] for row in history] == [*range(1, len(history) + 1)]
    times = [row["seconds"] for row in history]
    assert times == sorted(times)


def test_what_is_left_is_to_the_bit_the_model_of_so_many_iterations(fitted):
    project, made, config, rows, folder, history = fitted
    best = best_of(history)
    left, description = opened(project, folder)
    assert description["epoch"] == best < len(history)
    plain = made.build_model(config, len(rows.train_targets))
    most = "max_iter" if hasattr(plain, "max_iter") else "n_estimators"
    plain.set_params(**{most: best}).fit(rows.train_inputs, rows.train_targets.ravel())
    assert np.array_equal(
        made.predict(left, rows.valid_inputs), made.predict(plain, rows.valid_inputs)
    )
    told = made.measure("valid", made.predict(plain, rows.valid_inputs), rows.valid_targets)
    told |= made.measure("train", made.predict(plain, rows.train_inputs), rows.train_targets)
    assert told == {name: history[best - 1][name] for name in told}


def test_a_run_that_was_killed_begins_again_and_ends_as_one_that_never_was(fitted, tmp_path):
    _, made, config, rows, folder, history = fitted

    def killed(history):
        if len(history) == 3:
            raise Killed

    with pytest.raises(Killed):
        made.fit(config, rows, tmp_path, killed)
    again = made.fit(config, rows, tmp_path, lambda history: False)
    nowhere = made.fit(config, rows, None, lambda history: False)
    assert without_times(again) == without_times(nowhere) == without_times(history)
    for name in ("predictions.csv", "status.json", "model/model.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_who_watches_can_end_it_and_has_the_best_iteration_until_then(fitted, tmp_path):
    _, made, config, rows, _, whole = fitted
    history = made.fit(config, rows, tmp_path, lambda history: len(history) == 2)
    assert without_times(history) == without_times(whole[:2])
    assert json.loads((tmp_path / "status.json").read_text())["status"] == "stopped early"
    description = json.loads((tmp_path / "model" / "model.json").read_text())
    assert description["epoch"] == best_of(history)


def test_the_short_form_prints_the_same_history(fitted, tmp_path):
    project, _, _, _, _, history = fitted
    (tmp_path / "essential.py").write_text(plan(project).files["essential.py"], encoding="utf-8")
    done = fork_server.run([*FLAGS, "essential.py"], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = [dict(re.findall(r"(\w+_\w+) (\S+)", line)) for line in done.stdout.splitlines()]
    kept = [
        {name: str(value) for name, value in row.items() if name not in ("epoch", "seconds")}
        for row in history
    ]
    assert said == kept


@pytest.mark.parametrize("model", MODELS)
def test_weights_of_the_classes_change_what_is_learned_and_stop_it_by_the_same_loss(
    model, make_project
):
    given = {"framework": "sklearn", "kind": model, **SETTINGS}
    ends = []
    for weights in ("none", "balanced"):
        made, config, rows = module_of(
            make_project("iris", class_weights=weights, **given, train=60)
        )
        ends.append(without_times(made.fit(config, rows, None, lambda history: False)))
        losses = [row["valid_loss"] for row in ends[-1]]
        assert len(losses) == losses.index(min(losses)) + 1 + PATIENCE
    assert ends[0] != ends[1]


@pytest.mark.parametrize("model", MODELS)
def test_with_more_patience_than_iterations_it_goes_on_to_the_last_and_keeps_the_best(
    model, make_project, tmp_path
):
    given = {**SETTINGS, "n_estimators": 12, "early_stopping": 100}
    project = make_project("diabetes", framework="sklearn", kind=model, **given)
    made, config, rows = module_of(project)
    history = made.fit(config, rows, tmp_path, lambda history: False)
    assert len(history) == 12 * BOOSTING[model]
    assert json.loads((tmp_path / "status.json").read_text())["status"] == "finished"
    assert best_of(history) < len(history)
    assert opened(project, tmp_path)[1]["epoch"] == best_of(history)


@pytest.mark.parametrize("model", MODELS)
def test_a_script_that_does_not_stop_early_says_nothing_of_it(model, make_project):
    files = plan(make_project(framework="sklearn", kind=model)).files
    for text in files.values():
        assert not re.search(r"early_stopping|patience|_trees|stages|best", text)


ONE_CALL = [name for name in OFFERED["sklearn"] if not can_stop_early("sklearn", name)]


@pytest.mark.parametrize("model", ONE_CALL)
def test_a_model_without_iterations_or_epochs_refuses_to_stop_early(model, make_project):
    project = make_project(framework="sklearn", kind=model)
    asked = projects.changed(project, {"train.early_stopping": PATIENCE})
    with pytest.raises(ApprentiError) as caught:
        plan(asked, {"train.early_stopping"})
    assert caught.value.key == "no_effect"
    # In a file it stands for the other models of the project: this one goes its own way
    assert plan(asked).files == plan(project).files


def test_without_it_all_rows_are_learned_from_however_many_they_are():
    from apprenti.backends.common.settings import Config
    from apprenti.backends.sklearn.boosting import build_model

    random = np.random.default_rng(0)
    inputs, targets = random.normal(size=(10_500, 2)), random.integers(0, 2, 10_500)
    model = build_model(Config(train=10_500, n_estimators=30), 10_500).fit(inputs, targets)
    # Of more than 10,000 rows scikit-learn would set a tenth aside, and stop by them
    assert (model.do_early_stopping_, model.n_iter_) == (False, 30)
