"""A smaller model: what makes each kind of model about four times smaller, or as much simpler."""

import importlib

import pytest

from apprenti import project as projects
from apprenti.backends.common.settings import Config
from apprenti.model.catalogue import MODELS, OFFERED
from apprenti.model.smaller import USUAL_LEAF, smaller


def choices(kind, framework="pytorch", **model):
    framework = framework if kind in OFFERED[framework] else "sklearn"
    train = {"framework": framework}
    return projects.check(
        {"data": {"source": "digits"}, "model": {"kind": kind, **model}, "train": train}
    )


def test_every_model_has_a_smaller_one_but_those_that_have_nothing_to_choose():
    without = {kind for kind in MODELS if smaller(choices(kind), "classification", 64) is None}
    assert without == {"trivial", "linear"}


@pytest.mark.parametrize("kind", MODELS)
def test_what_is_smaller_is_allowed_and_smaller_again_until_there_is_nothing_left(kind):
    chosen, steps = choices(kind), 0
    split = chosen.data.split.model_copy(update={"train": 1000})
    chosen = chosen.model_copy(update={"data": chosen.data.model_copy(update={"split": split})})
    while found := smaller(chosen, "classification", 64):
        content = chosen.model_dump()
        for key, value in found.items():
            projects.put(content, key, value)
        chosen, steps = projects.check(content), steps + 1
        assert steps < 30


def test_a_network_without_hidden_layers_or_with_one_neuron_is_the_smallest():
    assert smaller(choices("mlp", hidden_units=[]), "classification") is None
    assert smaller(choices("mlp", hidden_units=[1, 1]), "classification") is None
    assert smaller(choices("tree", max_depth=2), "classification") is None
    assert smaller(choices("boosting", n_estimators=1), "regression") is None


def test_one_layer_is_quartered_and_several_are_about_halved():
    assert smaller(choices("mlp"), "classification", 64) == {"model.hidden_units": (32,)}
    found = smaller(choices("mlp", hidden_units=[128, 64]), "classification", 784)
    (units,) = found.values()
    weights = 784 * units[0] + units[0] * units[1]
    assert weights == pytest.approx((784 * 128 + 128 * 64) / 4, rel=0.05)
    assert units[1] == pytest.approx(units[0] / 2, abs=1)
    (units,) = smaller(choices("mlp", hidden_units=[128, 128]), "classification", 4).values()
    assert units[0] == pytest.approx(64, abs=2)


def test_the_cost_of_an_error_is_that_of_classes_in_scikit_learn_alone():
    assert smaller(choices("svm", C=3.0), "regression") == {"model.C": 0.3}
    linear = choices("linear", "sklearn")
    assert smaller(linear, "classification") == {"model.C": 0.1}
    # It chooses its penalty by itself
    assert smaller(linear, "regression") is None


def test_a_depth_that_no_tree_reaches_is_none():
    chosen = choices("tree", max_depth=1000)
    split = chosen.data.split.model_copy(update={"train": 1000})
    chosen = chosen.model_copy(update={"data": chosen.data.model_copy(update={"split": split})})
    assert smaller(chosen, "classification") == {"model.max_depth": 8}


@pytest.mark.parametrize("kind", USUAL_LEAF)
@pytest.mark.parametrize("regression", [True, False])
def test_the_usual_leaf_is_that_of_the_model_and_another_replaces_it(kind, regression):
    build = importlib.import_module(f"apprenti.backends.sklearn.{kind}").build_model
    usual = build(Config(regression=regression), 100)
    other = build(Config(regression=regression, min_samples_leaf=7), 100)
    assert usual.min_samples_leaf == USUAL_LEAF[kind]
    assert type(other) is type(usual)
    changed = {**usual.get_params(), "min_samples_leaf": 7}
    assert other.get_params() == changed


RATIOS = {
    "mlp": (3.5, 4.5),
    "cnn": (3.0, 5.0),
    "resnet": (3.5, 4.5),
    "tree": (2.5, 6.0),
    # Digits are told apart so well that many leaves are large anyway
    "forest": (1.5, 6.0),
    "extra_trees": (2.0, 6.0),
    "boosting": (3.0, 5.0),
}


@pytest.mark.few(2)
@pytest.mark.parametrize("kind", RATIOS)
def test_it_has_about_a_quarter_of_the_parameters(kind, make_project, train):
    project = make_project("digits", kind=kind, epochs=1, n_estimators=20)
    found = smaller(project.choices, "classification", 64)
    before, after = (train(projects.changed(project, given)) for given in ({}, found))
    low, high = RATIOS[kind]
    assert low < before.parameters / after.parameters < high
