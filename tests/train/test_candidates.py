"""Every model that suits the data, and why others are left out."""

import pytest

from apprenti import optional
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.train import candidates as candidates_module
from apprenti.train.candidates import candidates, cost, expected_seconds, suitable
from apprenti.train.plan import plan

NO_NETWORK = {"trivial", "linear", "tree", "forest", "extra_trees", "boosting"} | {
    "stochastic_boosting",
    "svm",
    "knn",
}


def source_of(project):
    return open_source(project.choices.data, project.folder)


def chosen(project):
    return candidates(project, source_of(project))


def pairs(project):
    return [
        (one.choices.train.framework, one.choices.model.kind) for one in chosen(project).projects
    ]


def test_images_get_the_models_of_images_and_texts_those_of_texts(make_project, texts_csv):
    images = set(suitable(source_of(make_project("digits"))))
    assert images == {*NO_NETWORK, "mlp", "cnn", "resnet"}
    texts = set(suitable(source_of(make_project(texts_csv, target="opinion"))))
    assert texts == {*NO_NETWORK, "mlp", "gru", "conv1d"}
    assert set(suitable(source_of(make_project("iris")))) == {*NO_NETWORK, "mlp"}


@pytest.mark.slow
def test_each_network_is_trained_in_both_frameworks_its_own_first(make_project):
    made = pairs(make_project("iris", framework="tensorflow"))
    assert made[:2] == [("sklearn", "trivial"), ("sklearn", "linear")]
    assert made[-2:] == [("tensorflow", "mlp"), ("pytorch", "mlp")]
    assert len(made) == len(set(made)) == len(NO_NETWORK) + 2


@pytest.mark.slow
def test_without_a_framework_scikit_learn_trains_its_network(make_project, monkeypatch):
    there = optional.version
    monkeypatch.setattr(
        optional, "version", lambda name: there(name) if name == "sklearn" else None
    )
    assert pairs(make_project("iris"))[-1] == ("sklearn", "mlp")
    left_out = chosen(make_project("digits")).left_out
    assert [(one.model, one.reason) for one in left_out] == [
        ("cnn", "missing"),
        ("resnet", "missing"),
    ]


def test_what_would_take_too_long_is_left_out_and_says_how_long(make_project, monkeypatch):
    monkeypatch.setattr(candidates_module, "PATIENCE", 1e-4)
    found = chosen(make_project("iris"))
    # The first, which all must beat, is there whatever it takes
    assert found.projects[0].choices.model.kind == "trivial"
    slow = {one.model: one.seconds for one in found.left_out if one.reason == "slow"}
    assert {"forest", "mlp"} <= set(slow)
    assert all(seconds > 1e-4 for seconds in slow.values())


def test_more_rows_and_more_epochs_are_expected_to_take_longer(make_project):
    small, large = (source_of(make_project("digits")) for _ in range(2))
    large = large._replace(rows=100 * large.rows)
    for kind in suitable(small):
        choices = make_project("digits", kind=kind).choices
        seconds = [expected_seconds(source, choices) for source in (small, large)]
        assert kind == "trivial" or seconds[1] > 10 * seconds[0]


def test_a_script_of_a_framework_that_starts_slowly_costs_more(make_project):
    costs = {
        name: cost(plan(make_project("iris", framework=name))) for name in ("pytorch", "tensorflow")
    }
    assert costs["tensorflow"] > costs["pytorch"] > 0


def test_data_that_no_model_can_learn_from_are_refused(make_project):
    with pytest.raises(ApprentiError):
        chosen(make_project("iris", **{"data.split.valid": 149, "data.split.test": 1}))
