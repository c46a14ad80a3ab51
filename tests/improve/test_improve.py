"""Remedies on real projects: chosen by the diagnosis, trained in pairs, kept, judged, applied."""

import json
import subprocess
import sys
import time

import pytest

import apprenti
from apprenti import improve as module
from apprenti.errors import ApprentiError, Interrupted
from apprenti.improve import Wishes, curve, remedies, training
from apprenti.improve.kept import FILE, FOLDER, keeping
from apprenti.improve.study import AS_IS, Study, kept_epoch
from apprenti.measures import of_task
from apprenti.train.trials import look

FEW = ("lower_rate", "larger_model")


@pytest.fixture(scope="module")
def made(make_project, train):
    """A project with a short run of a perceptron of scikit-learn, which starts fast."""
    project = make_project(framework="sklearn", kind="mlp", epochs=3, train=200)
    return project, train(project)


def improved(made, **wishes):
    project, run = made
    return module.improve(project, run, Wishes(**{"pairs": 3, "only": FEW, **wishes}))


def lines(project):
    return (project.folder / FOLDER / FILE).read_text(encoding="utf-8").splitlines()


def test_each_remedy_is_held_against_the_project_as_it_is_in_the_same_pairs(made):
    found = improved(made)
    assert [one.arm.name for one in found.judged] == [*FEW]
    assert {(name, pair) for name, pair in found.study.results} == {
        (name, pair) for name in ("as_is", *FEW) for pair in (1, 2, 3)
    }
    assert all(one.measure.pairs == 3 for one in found.judged)
    assert found.trainer.varied == ("data.split.draw", "train.seed")
    told = [json.loads(line) for line in lines(made[0])]
    seeds = {(one["settings"]["data.split.draw"], one["settings"]["train.seed"]) for one in told}
    assert {(1, 1), (2, 2), (3, 3)} <= seeds
    assert json.dumps(found.as_json(), allow_nan=False)


def test_what_is_kept_is_not_trained_again_and_gives_the_same(made):
    first, again = improved(made), improved(made)
    assert (again.trainer.done, again.trainer.reused) == (0, 9)
    assert again.as_json()["remedies"] == first.as_json()["remedies"]


@pytest.mark.slow
def test_a_remedy_more_trains_that_one_alone(made):
    improved(made)
    more = improved(made, only=(*FEW, "optimizer"))
    assert (more.trainer.done, more.trainer.reused) == (3, 9)


def test_a_trial_that_was_kept_is_the_script_alone_digit_for_digit(made, train):
    improved(made)
    project, _ = made
    told = next(one for one in map(json.loads, lines(project)) if one["arm"] == "lower_rate")
    alone = train(apprenti.project.changed(project, told["settings"])).history
    for row, kept in zip(alone, told["history"], strict=True):
        assert {**row, "seconds": 0} == pytest.approx({**kept, "seconds": 0}, abs=0)


def test_half_a_line_counts_for_nothing_and_hurts_nobody(made):
    improved(made)
    project, _ = made
    path = project.folder / FOLDER / FILE
    of_these = [one for one in lines(project) if json.loads(one)["arm"] in ("as_is", *FEW)]
    path.write_text("\n".join(of_these)[:-40], encoding="utf-8")
    again = improved(made)
    assert (again.trainer.done, again.trainer.reused) == (1, 8)
    sound = {json.loads(line)["key"] for line in lines(project) if line.endswith("}")}
    assert sound == {json.loads(line)["key"] for line in of_these}


KILLED = """
import sys
from pathlib import Path
import apprenti
from apprenti.improve import Wishes, improve
from apprenti.listing import find
project = apprenti.load(Path(sys.argv[1]))
improve(project, find(project.runs_folder, "last"), Wishes(pairs=40, only=("higher_rate",)))
"""


@pytest.mark.slow
def test_it_goes_on_after_being_killed(make_project, train):
    project = make_project(framework="sklearn", kind="mlp", epochs=2, train=200)
    run = train(project)
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(project.folder)])
    path, end = project.folder / FOLDER / FILE, time.monotonic() + 60
    while time.monotonic() < end and not (path.exists() and path.read_bytes().count(b"\n") > 4):
        time.sleep(0.05)
    process.kill()
    process.wait()
    before = len(lines(project))
    found = module.improve(project, run, Wishes(pairs=40, only=("higher_rate",)))
    assert found.trainer.reused >= before - 1 >= 4
    assert found.trainer.done + found.trainer.reused == 80


class Stopping(training.Nobody):
    def ended(self, at):
        if at.done == 4:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(make_project, train):
    project = make_project(framework="sklearn", kind="mlp", epochs=2, train=200)
    run = train(project)
    wishes = Wishes(pairs=5, only=("higher_rate",), words=("improve", "--only", "higher_rate"))
    with pytest.raises(Interrupted) as caught:
        module.improve(project, run, wishes, Stopping())
    assert (caught.value.values["done"], caught.value.values["all"]) == (4, 10)
    assert "apprenti improve --only higher_rate" in str(caught.value)
    assert len(lines(project)) == 4
    assert module.improve(project, run, wishes).trainer.reused == 4


def test_nobody_else_tries_remedies_meanwhile(made):
    with keeping(made[0].folder), pytest.raises(ApprentiError) as caught:
        improved(made)
    assert caught.value.key == "improve_under_way"


@pytest.mark.parametrize("framework", ["pytorch", "sklearn"])
def test_early_stopping_is_that_of_the_script_without_being_trained(framework, make_project, train):
    settings = {"framework": framework, "kind": "mlp", "learning_rate": 0.02, "train": 100}
    project = make_project(epochs=40, **settings)
    (trial, stopped) = apprenti.trials(project, [{}, {"early_stopping": 2}], workers=1)
    kept, last = kept_epoch(trial.history, 2)
    known = [{**row, "seconds": 0} for row in trial.history[: last + 1]]
    assert [{**row, "seconds": 0} for row in stopped.history] == known
    assert last < 39 and kept == kept_epoch(stopped.history, len(stopped.history))[0]


@pytest.mark.slow
def test_boosting_is_trained_to_stop_early_for_its_history_has_one_row(make_project, train):
    few = {"n_estimators": 40, "shrinkage": 0.5}
    project = make_project("diabetes", framework="sklearn", kind="boosting", **few)
    found = improved((project, train(project)), only=("early_stopping",))
    (one,) = found.judged
    assert one.arm.settings == {"train.early_stopping": remedies.PATIENCE_OF_BOOSTING}
    assert len(found.study.results) == 6
    kept = [found.study.rows(one.arm, pair) for pair in (1, 2, 3)]
    whole = [found.study.rows(AS_IS, pair) for pair in (1, 2, 3)]
    assert all(new["valid_loss"] < old["valid_loss"] for old, new in zip(whole, kept, strict=True))


def test_boosting_with_a_history_is_offered_fewer_or_more_trees(make_project, train):
    few = {"n_estimators": 30, "shrinkage": 0.5, "early_stopping": 30}
    project = make_project("iris", framework="sklearn", kind="stochastic_boosting", **few)
    seen = module._seen(project, train(project))
    kept = kept_epoch(seen.history, 60)[0] + 1
    assert 1 < kept < len(seen.history) == 60
    only = ("early_stopping", "fewer_epochs", "more_trees")
    offer = remedies.offer(project, seen, [], only)
    assert {arm.name: dict(arm.settings) for arm in offer.arms} == {
        "fewer_epochs": {"model.n_estimators": -(-kept // 2)},
        "more_trees": {"model.n_estimators": 90},
    }
    assert [(one.name, one.reason) for one in offer.left_out] == [("early_stopping", "already")]


def test_a_budget_of_trainings_takes_pairs_first_then_remedies(made):
    arms = remedies.offer(made[0], module._seen(*made), [], (*FEW, "optimizer")).arms
    with keeping(made[0].folder) as kept:

        def afford(trials):
            wishes = Wishes(8, trials=trials)
            trainer = training.Trainer(made[0], kept, wishes, training.Nobody(), 1.0)
            chosen, pairs = trainer.afford(arms)
            assert training.trainings(chosen, pairs) <= trials
            return len(chosen), pairs

        assert [afford(48), afford(30), afford(16), afford(9)] == [(3, 8), (3, 5), (1, 8), (1, 4)]
        with pytest.raises(ApprentiError) as caught:
            afford(7)
    assert caught.value.key == "budget_too_small"


class Listening(training.Nobody):
    def begins(self, extent):
        self.extent = extent
        raise KeyboardInterrupt


@pytest.mark.slow
def test_what_learns_from_more_rows_or_longer_is_expected_to_take_longer(make_project, train):
    project = make_project("digits", framework="sklearn", kind="mlp", epochs=2, train=100)
    only, weights, pairs = ("more_data", "more_epochs", "higher_rate"), {}, {}
    offer = remedies.offer(project, module._seen(project, train(project)), [], only)
    with keeping(project.folder) as kept:
        for arm in offer.arms:
            heard = Listening()
            trainer = training.Trainer(project, kept, Wishes(9, minutes=1), heard, 1.0)
            trainer._workers = 2
            trainer.know(offer.looks)
            weights[arm.name] = trainer.weight(arm)
            pairs[arm.name] = trainer.afford([arm], confirm=False)[1]
            with pytest.raises(KeyboardInterrupt):
                trainer.train(Study([arm], range(1, 5), of_task("classification"), False))
            each = (1 + weights[arm.name]) * (1 + training.BETWEEN)
            told = heard.extent.seconds - training.STARTING
            assert told == pytest.approx(4 * each / 2)
    # 1257 rows in place of 100, more epochs, and another rate
    assert weights["more_data"] == pytest.approx(1257 / 100)
    assert weights["more_epochs"] >= 2 and weights["higher_rate"] == 1
    assert pairs["more_data"] < pairs["higher_rate"] == 9


@pytest.mark.slow
def test_minutes_end_it(make_project, train):
    project = make_project(framework="sklearn", kind="mlp", epochs=5)
    found = module.improve(
        project, train(project), Wishes(pairs=1000, minutes=0.3, only=("higher_rate",))
    )
    assert found.trainer.spent < 90 and found.trainer.done < 2000


@pytest.mark.slow
def test_those_that_help_are_tried_together_on_other_pairs(make_project, train):
    settings = {"learning_rate": 0.0003, "train": 300}
    project = make_project(framework="sklearn", kind="mlp", epochs=2, **settings)
    only = ("higher_rate", "more_epochs", "lower_rate")
    found = module.improve(project, train(project), Wishes(pairs=6, only=only))
    assert sum(one.verdict == "helps" for one in found.judged) >= 2
    together = found.together
    assert together and together.verdict == "helps" and len(together.arm.settings) >= 2
    pairs = {pair for name, pair in found.study.results}
    assert pairs == set(range(1, 7)) and together.measure.pairs == 6
    assert found.best is together and found.command.startswith("apprenti set ")
    apprenti.set(project.folder, **found.applied)
    applied = apprenti.load(project.folder).choices.train
    assert applied.learning_rate == 0.0009 and applied.epochs == 4


@pytest.mark.few(1)
@pytest.mark.parametrize(
    ("kind", "framework", "expected"),
    [
        ("tree", "sklearn", {"smaller_model", "deeper"}),
        ("linear", "sklearn", {"smaller_model", "higher_cost"}),
        ("knn", "sklearn", {"smaller_model", "fewer_neighbours"}),
        ("mlp", "pytorch", {"lower_rate", "higher_rate", "more_epochs", "larger_model"}),
    ],
)
def test_what_is_offered_has_an_effect(kind, framework, expected, make_project):
    project = make_project(kind=kind, framework=framework)
    (seen,) = look(project, [{}])
    offer = remedies.offer(
        project, remedies.Seen(seen.version.choices, seen.version.material, []), []
    )
    assert expected <= {arm.name for arm in offer.arms}
    assert all(one.reason != "refused" for one in offer.left_out)
    assert not [one for one in look(project, [arm.settings for arm in offer.arms]) if one.error]


def test_every_remedy_has_settings_of_this_version_and_words(make_project):
    from apprenti import language, project

    known = {setting.key for setting in project.settings()}
    (seen,) = look(make_project(framework="pytorch"), [{}])
    history = [{"valid_loss": 1.0}, {"valid_loss": 0.5}, {"valid_loss": 0.7}]
    for one in remedies.REMEDIES:
        said = one.sets(remedies.Seen(seen.version.choices, seen.version.material, history))
        assert isinstance(said, str) or set(said) <= known, one.name
        for lang in language.LANGUAGES:
            assert one.name in language.subject("improve", lang)["remedies"]


def test_findings_choose_the_remedies_and_usual_ones_follow_where_they_are_few(made):
    arms = remedies.offer(made[0], module._seen(*made), ["R05"]).arms
    assert (arms[0].name, arms[0].codes) == ("lower_rate", ("R05",))
    assert len(arms) >= 3 and all(arm.codes == () for arm in arms[1:])


@pytest.mark.slow
@pytest.mark.parametrize(("activation", "suited"), [("relu", "he"), ("sigmoid", "glorot")])
def test_other_initial_weights_are_tried_where_they_began_large(make_project, activation, suited):
    def offered(codes, **settings):
        project = make_project(framework="pytorch", activation=activation, **settings)
        (seen,) = look(project, [{}])
        known = remedies.Seen(seen.version.choices, seen.version.material, [])
        arms = remedies.offer(project, known, codes).arms
        return {arm.name: (arm.settings, arm.codes) for arm in arms}.get("initial_weights")

    setting = {"model.initial_weights": suited}
    assert offered(["R02"], initial_weights="normal") == (setting, ())
    assert offered(["R19"]) == (setting, ("R19",))
    assert offered(["R02"]) is offered(["R19"], initial_weights=suited) is None


def test_a_remedy_that_does_not_exist_is_refused_with_the_nearest(made):
    with pytest.raises(ApprentiError) as caught:
        improved(made, only=("droput",))
    assert (caught.value.key, caught.value.values["nearest"]) == ("unknown_remedy", "dropout")


def test_a_run_with_other_settings_is_improved_as_it_was_trained(make_project, train):
    project = make_project(framework="sklearn", kind="mlp", epochs=2, train=200)
    other = apprenti.project.changed(project, {"train.epochs": 4, "train.learning_rate": 0.05})
    found = module.improve(project, train(other), Wishes(pairs=3, only=("higher_rate",)))
    assert found.elsewhere == {"train.epochs": 4, "train.learning_rate": 0.05}
    assert len(found.study.results["as_is", 1].history) == 4


def test_the_validation_curve_of_a_setting(made):
    project, run = made
    found = curve.validation_curve(
        project, run, "train.learning_rate", [0.1, 0.01], Wishes(pairs=3)
    )
    assert [one.value for one in found.points] == [0.001, 0.01, 0.1]
    assert [one.judged is None for one in found.points] == [True, False, False]
    assert all(one.valid.pairs == 3 and one.train.low <= one.train.mean for one in found.points)
    assert json.dumps(found.as_json(), allow_nan=False)
    assert AS_IS.name == "as_is"


def test_a_validation_curve_needs_no_run(make_project):
    project = make_project(framework="sklearn", kind="tree")
    found = curve.validation_curve(project, None, "model.max_depth", [2, 30, 31], Wishes(pairs=3))
    assert [one.value for one in found.points] == [2, 6, 30, 31]
    by_value = {one.value: one.judged for one in found.points}
    assert by_value[2].verdict == "harms"
    # No tree is that deep: the curves are the same, bit for bit
    assert by_value[31].twin == "30"


@pytest.mark.parametrize(
    ("given", "key", "values"),
    [
        ("epochs=1,2", "train.epochs", [1, 2]),
        ("hidden_units=[32],[64, 32],8", "model.hidden_units", [[32], [64, 32], [8]]),
        ("schedule=cosine,constant", "train.schedule", ["cosine", "constant"]),
        ("split.train=0.1,0.5", "data.split.train", [0.1, 0.5]),
    ],
)
def test_values_are_read_as_they_are_given(given, key, values):
    assert curve.read_values(given) == (key, values)


@pytest.mark.parametrize(
    ("given", "key"), [("epochs", "one_usage"), ("epochs=", "one_usage"), ("epoch=1", None)]
)
def test_values_that_are_none_are_refused(given, key):
    if key is None:
        with pytest.raises(ApprentiError) as caught:
            curve.read_values(given)
        assert caught.value.key == "unknown_setting" and caught.value.values["place"] == "--one"
        return
    with pytest.raises(ApprentiError) as caught:
        curve.read_values(given)
    assert caught.value.key == key


def test_a_value_that_cannot_be_is_refused_before_anything_is_trained(made):
    with pytest.raises(ApprentiError) as caught:
        curve.validation_curve(*made, "train.epochs", [2, -1], Wishes(pairs=3))
    assert caught.value.key == "wrong_value"


def test_a_model_that_no_seed_changes_varies_by_the_split_alone(make_project):
    project = make_project(framework="sklearn", kind="knn")
    found = curve.validation_curve(project, None, "model.n_neighbors", [50], Wishes(pairs=3))
    assert found.trainer.varied == ("data.split.draw",)
