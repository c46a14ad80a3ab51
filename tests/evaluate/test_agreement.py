"""The agreement of the frameworks: an experiment on classes, one on numbers, one a network."""

import contextlib
import json
import resource

import pytest

from apprenti.data.source import open_source
from apprenti.evaluate import agreement, agreement_picture, agreement_sample


def measured(project, silent, **more):
    def watch(framework, steps):
        return contextlib.nullcontext(silent())

    return agreement.measure(project, watch, **more)


@pytest.fixture(scope="module")
def project(make_project):
    return make_project("digits", epochs=3, hidden_units=[32])


@pytest.fixture(scope="module")
def found(project, silent):
    return measured(project, silent)


@pytest.fixture(scope="module")
def of_numbers(make_project, silent):
    return measured(make_project("diabetes", epochs=12, hidden_units=[16]), silent)


@pytest.fixture(params=["found", "of_numbers"])
def either(request):
    return request.getfixturevalue(request.param)


def test_both_frameworks_begin_with_the_same_weights(either):
    for name in ("chosen", "sgd", "float64"):
        first = either.ways[name][0]
        assert (first.step, first.weights) == (0, 0)
        assert first.predictions < 1e-5


def test_the_report_looks_after_1_step_100_steps_and_at_the_end(found):
    # 1797 digits, of which 15 % are checked with and 15 % put aside: 40 batches an epoch
    assert [gap.step for gap in found.ways["chosen"]] == [0, 1, 100, 120]


def test_with_sgd_nothing_but_rounding_separates_the_frameworks(either):
    assert either.ways["sgd"][-1].weights < 1e-6
    assert either.ways["sgd"][-1].predictions < 1e-5


def test_with_adam_some_weights_part_and_the_predictions_hardly(found):
    assert found.last.weights > 1e-4
    assert found.last.same_class > 0.98
    assert abs(found.last.score) < 2


def test_the_losses_of_a_regression_agree_within_the_bound_that_is_told(of_numbers):
    last = of_numbers.last
    assert (of_numbers.task, last.same_class) == ("regression", None)
    assert abs(last.loss) < agreement.CLOSE_LOSS * last.tensorflow_loss
    assert last.close
    # Another seed is much further away than another framework
    assert abs(last.loss) < 0.005
    assert "accuracy" not in of_numbers.as_json()["ways"]["chosen"][-1]
    assert of_numbers.as_json()["ways"]["chosen"][-1]["r2"] == last.score


def test_models_that_do_not_do_the_same_are_told_apart(either):
    assert either.last.close
    assert not either.last._replace(loss=0.03 * either.last.tensorflow_loss + 0.001).close
    assert not either.last._replace(loss=float("nan")).close
    assert not either.last._replace(same_class=0.97).close


def test_the_place_of_epsilon_is_the_cause_and_rounding_the_rest(either):
    # In 64 bits, where rounding counts for nothing, moving epsilon removes the whole difference
    ways = either.ways
    assert ways["keras_adam_float64"][-1].weights < 1e-11
    assert ways["keras_adam"][-1].weights < 1e-4
    assert ways["float64"][-1].weights > 1000 * ways["keras_adam_float64"][-1].weights


def test_only_what_was_measured_is_told(found):
    told = [name for name, _ in agreement.reasons(found)]
    assert told == ["sgd", "float64", "keras_adam", "keras_adam_float64"]
    fewer = {name: found.ways[name] for name in ("chosen", "sgd")}
    assert [name for name, _ in agreement.reasons(found._replace(ways=fewer))] == ["sgd"]


def test_the_report_and_both_scripts_stay_in_the_project(project, found):
    folder = project.folder / agreement.FOLDER
    written = json.loads((folder / "agreement.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(found.as_json()))
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    assert left == ["agreement.json", "pytorch/agreement.py", "tensorflow/agreement.py"]


def test_the_picture_has_each_way_and_both_losses(either, tmp_path):
    weights, losses = agreement_picture.figure(either).axes
    assert len(weights.lines) == len(either.ways) == 5
    assert len(losses.lines) == 2
    assert agreement_picture.draw(either, tmp_path / "agreement.png").stat().st_size > 10_000


# How much is learned from


def extent(project, whole=False):
    return agreement_sample.limit(project, open_source(project.choices.data, project.folder), whole)


def test_small_data_are_learned_from_as_they_are(project):
    limited, small = extent(project)
    assert not small.partial
    assert small == (1257, 1257, 120, 120, 270)
    assert limited.choices.train.epochs == 3


@pytest.mark.parametrize(
    "settings",
    [{"epochs": 1000}, {"hidden_units": [4000, 4000]}, {"batch_size": 1}, {"epochs": 10**5}],
)
def test_what_would_take_long_is_a_sample_of_rows_and_steps(make_project, settings):
    project = make_project("digits", **{"kind": "mlp", **settings})
    limited, small = extent(project)
    assert small.partial
    assert 1 <= small.steps <= agreement_sample.MOST_STEPS
    assert limited.choices.data.split.train == small.rows <= small.all_rows
    assert not extent(project, whole=True)[1].partial


@pytest.mark.slow
def test_a_wide_network_ends_within_a_minute(make_project, silent):
    # In time of the processor: others may be at work on it
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    found = measured(make_project("digits", kind="mlp", hidden_units=[3000, 3000]), silent)
    assert found.extent.partial
    assert sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before < 60


@pytest.mark.slow
def test_another_model_stands_in_for_one_that_only_scikit_learn_has(make_project, silent):
    heard = []
    found = measured(
        make_project("digits", kind="forest", epochs=1, hidden_units=[8]),
        silent,
        begun=lambda *given: heard.append(given),
    )
    assert (found.own_model, found.model) == ("forest", "mlp")
    assert heard == [("mlp", found.extent)]


# Every network: its weights are laid side by side


REVIEWS = ["a fine film", "bad, so bad!", "fine acting", "a bad end", "good", "no good at all :("]


@pytest.fixture(scope="module")
def reviews(tmp_path_factory):
    path = tmp_path_factory.mktemp("texts") / "reviews.csv"
    lines = [
        f'"{REVIEWS[i % 6]} {i % 7} {"really " * (i % 4)}",{i % 6 in (0, 2, 4)}' for i in range(120)
    ]
    path.write_text("\n".join(["text,good", *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "kind",
    ["cnn", "conv1d", *(pytest.param(one, marks=pytest.mark.slow) for one in ("resnet", "gru"))],
)
def test_each_network_learns_the_same_in_both_frameworks(kind, make_project, silent, reviews):
    images = {"filters": [3, 4], "split.train": 90}
    texts = {"target": "good", "text": "text", "embedding_size": 5, "hidden_units": [6, 4]}
    source, settings = ("digits", images) if kind in ("cnn", "resnet") else (reviews, texts)
    if kind == "cnn":
        settings = {**settings, "hidden_units": [6]}
    found = measured(make_project(source, kind=kind, epochs=2, batch_size=16, **settings), silent)
    assert found.model == kind
    for gaps in found.ways.values():
        assert gaps[0].weights < 1e-7
        assert gaps[0].predictions < 1e-5
    # Without rounding, with one formula, no weight differs, wherever a framework keeps it
    exact = found.ways["keras_adam_float64"]
    assert exact[-1].step > 5
    assert exact[-1].weights < 1e-11
    told = [name for name, _ in agreement.reasons(found)]
    assert ("batch_normalisation" in told) == (kind == "resnet")


@pytest.mark.slow
def test_both_learn_the_same_with_the_binary_cross_entropy(make_project, silent):
    given = {"kind": "cnn", "filters": [3], "hidden_units": [6], "split.train": 80, "epochs": 2}
    project = make_project("digits", **given, loss="binary_cross_entropy")
    found = measured(project, silent, overridden=["train.loss"])
    assert found.ways["keras_adam_float64"][-1].weights < 1e-11
    assert found.ways["chosen"][0].weights < 1e-7


@pytest.mark.few(1)
@pytest.mark.parametrize("kind", ["cnn", "conv1d"])
def test_batch_normalisation_learns_the_same_and_what_is_drawn_is_left_out(
    kind, make_project, silent, reviews
):
    """The running variance alone differs, by n / (n - 1)."""
    images = {"filters": [3], "hidden_units": [6], "split.train": 80}
    texts = {"target": "good", "text": "text", "embedding_size": 5, "hidden_units": [6]}
    source, settings = ("digits", images) if kind == "cnn" else (reviews, texts)
    given = {"kind": kind, "epochs": 2, "batch_size": 16, "batch_norm": True}
    drawn = {"dropout": 0.5, "initial_weights": "normal"}
    project = make_project(source, **given, **drawn, **settings)
    overridden = [f"model.{name}" for name in ("batch_norm", *drawn)]
    found = measured(project, silent, overridden=overridden)
    assert found.ways["keras_adam_float64"][-1].weights < 1e-11
    assert found.ways["chosen"][0].weights < 1e-7
    assert found.as_json()["left_out"] == overridden[1:]
    told = [name for name, _ in agreement.reasons(found)]
    assert told[-3:] == ["batch_normalisation", *drawn]
