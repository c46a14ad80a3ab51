"""The same project as each contestant sees it."""

import pytest

from apprenti import optional
from apprenti.train.comparison import contestants, variant
from apprenti.train.effects import check_effects
from apprenti.train.plan import plan


def seen(project, *arguments):
    made = contestants(project, *arguments)
    return [(one.choices.train.framework, one.choices.model.kind) for one in made]


BASELINES = [("sklearn", "trivial"), ("sklearn", "linear")]


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow", "sklearn"])
def test_baselines_come_first_and_both_networks_follow(make_project, framework):
    project = make_project(framework=framework)
    assert seen(project) == [*BASELINES, ("pytorch", "mlp"), ("tensorflow", "mlp")]


def test_a_simple_model_is_compared_in_all_three(make_project):
    project = make_project(kind="linear")
    assert seen(project) == [*BASELINES, ("pytorch", "linear"), ("tensorflow", "linear")]


def test_a_model_that_no_network_offers_leaves_the_baselines(make_project):
    assert seen(make_project(kind="trivial", framework="sklearn")) == BASELINES


def test_only_the_frameworks_asked_for_take_part(make_project):
    assert seen(make_project(), ("tensorflow",)) == [*BASELINES, ("tensorflow", "mlp")]


def test_a_framework_that_is_not_installed_is_left_out(make_project, monkeypatch):
    monkeypatch.setattr(optional, "version", lambda name: None if name == "tensorflow" else "1.0")
    assert seen(make_project()) == [*BASELINES, ("pytorch", "mlp")]


def test_nothing_else_differs(make_project):
    project = make_project(epochs=3, seed=7, hidden_units=[5], valid=0.3)
    for one in contestants(project):
        back = variant(one, "pytorch", "mlp")
        assert back == project
        assert one.choices.data == project.choices.data
    assert project.choices.train.framework == "pytorch"


def test_all_contestants_see_the_same_rows(make_project):
    plans = [plan(one) for one in contestants(make_project(valid=0.3, epochs=2))]
    splits = {tuple(planned.choices.data.split) for planned in plans}
    assert len(splits) == 1
    assert len({planned.source.rows for planned in plans}) == 1


def test_a_setting_must_have_an_effect_in_one_of_them_at_least(make_project):
    from apprenti.errors import ApprentiError

    plans = [plan(one) for one in contestants(make_project())]
    # The trivial model uses none of these, the others do
    check_effects(["train.epochs", "train.iterations", "model.hidden_units"], plans)
    with pytest.raises(ApprentiError) as caught:
        check_effects(["train.epochs"], plans[:2])
    assert caught.value.key == "no_effect"
    assert caught.value.values["framework"] == "sklearn"
    assert caught.value.values["model"] == "linear, trivial"


def test_the_cost_of_an_error_that_was_chosen_for_another_model_is_not_that_of_a_baseline(
    make_project,
):
    project = make_project("iris", kind="svm", framework="sklearn", C=50.0)
    costs = {one.choices.model.kind: one.choices.model.C for one in contestants(project)}
    assert costs == {"trivial": 50.0, "linear": 1.0, "svm": 50.0}
    own = make_project("iris", kind="linear", framework="sklearn", C=50.0)
    assert variant(own, "sklearn", "linear").choices.model.C == 50.0
