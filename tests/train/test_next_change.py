"""The change that is proposed after a run is one that its script would obey."""

import json

import pytest
import tomlkit

from apprenti import project
from apprenti.model.catalogue import RECIPES
from apprenti.project import load
from apprenti.runs import Run
from apprenti.train.next_change import _used, next_change, words_again, words_to_try, words_with
from apprenti.writing import write_json


@pytest.fixture
def run_of(tmp_path):
    def make(framework, model, **chosen):
        content = {"model": {"kind": model}, "train": {"framework": framework}}
        for key, value in chosen.items():
            section, name = project.full_name(key).split(".")
            content[section][name] = value
        (tmp_path / "choices.toml").write_text(tomlkit.dumps(content), encoding="utf-8")
        return Run(tmp_path)

    return make


@pytest.mark.parametrize(("framework", "model"), RECIPES)
def test_every_model_has_a_change_of_its_own(framework, model, run_of):
    name, value = project.parse_override(next_change(run_of(framework, model)))
    assert (name == "train.learning_rate") == (framework != "sklearn" or model == "mlp")
    data = {"source": "digits"}
    section, field = name.split(".")
    project.check({"data": data, section: {field: value}})


def test_what_the_run_had_is_not_proposed_again(run_of):
    assert next_change(run_of("pytorch", "mlp", learning_rate=0.01)) == "learning_rate=0.001"
    assert next_change(run_of("sklearn", "forest", n_estimators=300)) == "n_estimators=100"


def history(run, losses):
    lines = ["epoch,valid_loss", *(f"{number},{loss}" for number, loss in enumerate(losses, 1))]
    (run.folder / "history.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_network_that_was_still_learning_is_given_more_epochs(run_of):
    run = run_of("pytorch", "mlp")
    history(run, [1.8, 1.2, 0.9, 0.75, 0.7])
    assert next_change(run) == "epochs=10"
    history(run, [0.5, 0.3, 0.2, 0.25, 0.3])
    assert next_change(run) == "learning_rate=0.01"
    history(run, [1.0 - 0.001 * epoch for epoch in range(50)])
    assert next_change(run) == "learning_rate=0.01"


def test_what_is_proposed_keeps_the_model_that_the_run_had(make_project, train):
    project = make_project("iris", framework="pytorch", kind="mlp")
    changed = {"train.framework": "sklearn", "model.kind": "knn"}
    run = train(load(project.folder, changed))
    words = words_to_try(run)
    assert words == [
        "train",
        "--framework",
        "sklearn",
        "--set",
        "kind=knn",
        "--set",
        "n_neighbors=15",
    ]


def test_what_is_proposed_keeps_what_was_given_for_the_run(make_project, train):
    project = make_project("iris", framework="sklearn", kind="mlp", epochs=3)
    run = train(load(project.folder, {"train.batch_size": 16, "model.hidden_units": [4, 2]}))
    given = ["--set", "hidden_units=[4, 2]", "--set", "batch_size=16"]
    assert words_with(run, "epochs=20") == ["train", *given, "--set", "epochs=20"]
    # What is changed is given once
    assert words_with(run, "batch_size=8")[-2:] == ["--set", "batch_size=8"]
    assert words_with(run, "batch_size=8").count("--set") == 2
    # Another kind of model may have no such setting
    assert words_with(run, "kind=forest") == ["train", "--set", "kind=forest"]


def test_what_the_script_of_the_run_does_not_use_is_not_given(make_project, train):
    project = make_project("iris", framework="sklearn", kind="tree")
    run = train(project)
    make_project("iris", folder=project.folder, framework="sklearn", kind="tree", epochs=7)
    assert words_again(run) == ["train"]
    assert words_to_try(run) == ["train", "--set", "max_depth=3"]


def test_what_a_script_uses_is_noted_and_found_out_again_where_it_is_not(make_project, train):
    project = make_project("digits", framework="pytorch", kind="mlp", epochs=1)
    run = train(load(project.folder, {"train.learning_rate": 0.01, "model.dropout": 0.1}))
    words = words_again(run)
    assert words == ["train", "--set", "dropout=0.1", "--set", "learning_rate=0.01"]
    told = json.loads((run.folder / "recipe.json").read_text())
    noted = frozenset(told.pop("used"))
    write_json(run.folder / "recipe.json", told)
    assert _used(run, 1) == noted
    assert words_again(run) == words
