"""The settings of a run: under one name whoever wrote its script, and what tells runs apart."""

import pytest
import tomlkit

from apprenti import runs
from apprenti.project import TrainSettings
from apprenti.run_settings import changes, differences, is_own_script, settings_of, value
from apprenti.runs import Run

DATA = {"source": "digits", "ignore": [], "muted": []}
SPLIT = {"train": 1257, "valid": 270, "test": 270, "seed": 0}
MODEL = {"kind": "mlp", "hidden_units": [128], "max_depth": 6}
TRAIN = {"framework": "sklearn", "epochs": 5, "learning_rate": 0.001, "seed": 0}


@pytest.fixture
def run_of(tmp_path):
    """run_of(epochs=10): a run of Apprenti's own script; run_of(script={...}): of another."""

    def make(script=None, **changed):
        run = runs.create(tmp_path / "runs", "mlp", "sklearn")
        split = {**SPLIT, **{n: v for n, v in changed.items() if n == "valid"}}
        content = {"data": {**DATA, "split": split}, "model": MODEL, "train": {**TRAIN, **changed}}
        if script is not None:
            model = {"kind": "mine"}
            content = {"data": DATA, "model": model, "train": {"framework": "sklearn"}}
            content["script"] = script
        (run.folder / "choices.toml").write_text(tomlkit.dumps(content), encoding="utf-8")
        return run

    return make


def test_settings_have_their_full_names(run_of):
    found = settings_of(run_of(epochs=7))
    assert (found["train.epochs"], found["data.split.seed"], found["train.seed"]) == (7, 0, 0)
    assert found["model.hidden_units"] == [128]


def test_what_stands_at_the_top_of_an_own_script_has_the_same_names(run_of):
    own = run_of({"split_seed": 3, "epochs": 9, "patience": 2, "valid": 100})
    found = settings_of(own)
    assert (found["data.split.seed"], found["train.epochs"], found["patience"]) == (3, 9, 2)
    assert found["data.split.valid"] == 100
    assert is_own_script(own) and not is_own_script(run_of())


def test_a_setting_is_found_by_its_short_name_too(run_of):
    run = run_of(epochs=7)
    assert (value(run, "epochs"), value(run, "train.epochs")) == (7, 7)
    assert value(run, "nothing") is None


def test_only_what_differs_tells_runs_apart(run_of):
    found = differences([run_of(), run_of(epochs=9), run_of(seed=1)])
    assert [(one.name, one.values) for one in found] == [
        ("train.epochs", (5, 9, 5)),
        ("train.seed", (0, 0, 1)),
    ]


def test_a_setting_that_did_not_exist_then_had_its_default(run_of):
    every = TrainSettings().model_dump(mode="json", exclude_none=True)
    old, new = run_of(), run_of(**{**every, **TRAIN})
    assert differences([old, new]) == [] and changes(old, [new]) == [{}]
    clipped = run_of(clip_norm=1.0)
    assert [(one.name, one.values) for one in differences([old, clipped])] == [
        ("train.clip_norm", (0.0, 1.0))
    ]


def test_what_an_own_script_does_not_have_at_its_top_is_no_difference_from_it(run_of):
    own = run_of({"epochs": 9, "learning_rate": 0.001, "patience": 2})
    assert [one.name for one in differences([run_of(), own])] == ["train.epochs"]
    assert [one.name for one in differences([own, run_of({"epochs": 8, "patience": 2})])] == [
        "train.epochs"
    ]


def test_changes_are_told_against_the_first_under_the_names_they_are_set_by(run_of):
    first, second = run_of(), run_of(epochs=9, seed=1)
    told = changes(first, [first, second])
    assert told == [{}, {"epochs": 9, "seed": 1}]
    other_rows = run_of({**SPLIT, "split_seed": 4, "epochs": 5})
    assert changes(first, [Run(other_rows.folder)]) == [{"data.split.seed": 4}]
