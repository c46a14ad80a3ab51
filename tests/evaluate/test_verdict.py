"""Whether a model beats the simple ones: decided on paired rows, never by a lucky difference."""

import csv
import json

import numpy as np
import pytest
import tomlkit

from apprenti.evaluate.verdict import diverged, verdicts
from apprenti.runs import Run

random = np.random.default_rng(0)
TRUTH = random.choice(["no", "yes"], size=400, p=[0.8, 0.2])


@pytest.fixture
def run_of(tmp_path):
    """run_of("mlp", rows): a run folder with these predictions."""

    def make(model, rows, framework="sklearn"):
        folder = tmp_path / f"2026-01-01-{model}-{framework}"
        folder.mkdir()
        status = {"status": "finished", "process": 0}
        (folder / "environment.json").write_text(json.dumps(status), encoding="utf-8")
        choices = {"model": {"kind": model}, "train": {"framework": framework}}
        (folder / "choices.toml").write_text(tomlkit.dumps(choices), encoding="utf-8")
        with open(folder / "predictions.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return Run(folder)

    return make


def classes(predicted, confidence=0.9):
    sure = np.broadcast_to(confidence, len(predicted))
    return [
        {"row": row, "truth": truth, "predicted": answer, "confidence": c}
        for row, (truth, answer, c) in enumerate(zip(TRUTH, predicted, sure, strict=True))
    ]


def test_a_model_that_is_right_far_more_often_beats_the_trivial_one(run_of):
    wrong = random.random(400) < 0.05
    predicted = np.where(wrong, np.where(TRUTH == "yes", "no", "yes"), TRUTH)
    runs = [run_of("trivial", classes(["no"] * 400)), run_of("mlp", classes(predicted), "pytorch")]
    (found,) = verdicts(runs)
    assert (found.measure, found.outcome) == ("accuracy", "better")
    expected = 100 * ((predicted == TRUTH).mean() - (TRUTH == "no").mean())
    assert found.difference == pytest.approx(expected)
    assert found.low < found.difference < found.high


def test_a_model_that_says_the_same_does_not_beat_it(run_of):
    runs = [run_of(name, classes(["no"] * 400)) for name in ("trivial", "mlp")]
    (found,) = verdicts(runs)
    assert (found.outcome, found.difference) == ("same", 0)
    assert found.low == pytest.approx(-found.high)
    assert found.high == pytest.approx(0.95, abs=0.01)


def test_a_lucky_difference_of_a_few_rows_is_not_a_victory(run_of):
    predicted = np.full(400, "no")
    predicted[np.flatnonzero(TRUTH == "yes")[:3]] = "yes"
    predicted[np.flatnonzero(TRUTH == "no")[:1]] = "yes"
    runs = [run_of("trivial", classes(["no"] * 400)), run_of("mlp", classes(predicted))]
    assert verdicts(runs)[0].outcome == "same"


def test_the_auc_of_guesses_is_a_half_and_of_knowledge_1(run_of):
    guessed = classes(["no"] * 400, random.random(400))
    known = classes(TRUTH)
    trivial = run_of("trivial", classes(["no"] * 400))
    assert verdicts([trivial, run_of("mlp", guessed)])[0].auc == pytest.approx(0.5, abs=0.08)
    assert verdicts([trivial, run_of("forest", known)])[0].auc == 1


def test_the_auc_is_that_of_scikit_learn_where_rows_are_as_sure_as_each_other(run_of):
    from sklearn.metrics import roc_auc_score

    predicted, sure = random.choice(["no", "yes"], 400), random.random(400).round(1)
    runs = [run_of("trivial", classes(["no"] * 400)), run_of("mlp", classes(predicted, sure))]
    scores = np.where(predicted == "yes", sure, 1 - sure)
    assert verdicts(runs)[0].auc == pytest.approx(roc_auc_score(TRUTH == "yes", scores), abs=1e-6)


def test_a_model_that_is_sure_of_nothing_is_compared_with_none(run_of):
    nothing = classes(["no"] * 400, np.where(np.arange(400) % 2, np.nan, 0.5))
    runs = [run_of("trivial", classes(["no"] * 400)), run_of("mlp", nothing)]
    assert not verdicts(runs)
    assert [run.model for run in diverged(runs)] == ["mlp"]


def test_numbers_are_compared_by_what_they_explain(run_of):
    truth = random.normal(size=300)

    def rows(estimates):
        pairs = zip(truth, estimates, strict=True)
        return [{"row": i, "truth": t, "predicted": e} for i, (t, e) in enumerate(pairs)]

    runs = [
        run_of("trivial", rows(np.full(300, truth.mean()))),
        run_of("linear", rows(truth + 0.1)),
        run_of("mlp", rows(truth + random.normal(size=300) * 0.5)),
    ]
    over_trivial, over_linear = verdicts(runs)
    assert (over_trivial.measure, over_trivial.auc) == ("r2", None)
    assert (over_trivial.outcome, over_linear.outcome) == ("better", "worse")
    assert over_trivial.difference == pytest.approx(0.75, abs=0.1)


def test_runs_that_checked_with_other_rows_are_not_compared(run_of):
    fewer = classes(["no"] * 400)[1:]
    assert verdicts([run_of("trivial", fewer), run_of("mlp", classes(TRUTH))]) == []


def numbers(truth, estimates):
    pairs = zip(truth, estimates, strict=True)
    return [{"row": i, "truth": t, "predicted": e} for i, (t, e) in enumerate(pairs)]


def test_of_few_rows_an_interval_that_holds_0_says_nothing(run_of):
    runs = [run_of(name, classes(["no"] * 400)[:26]) for name in ("trivial", "mlp")]
    (found,) = verdicts(runs)
    assert (found.outcome, found.difference) == ("unknown", 0)
    assert (found.low, found.high) == pytest.approx((-12.87, 12.87), abs=0.01)


def test_of_few_rows_a_large_gain_is_one_all_the_same(run_of):
    half = np.where(TRUTH == "yes", "yes", np.where(np.arange(400) % 2, "yes", "no"))
    runs = [run_of("trivial", classes(half)[:40]), run_of("mlp", classes(TRUTH)[:40])]
    assert verdicts(runs)[0].outcome == "better"


@pytest.mark.parametrize("rows", [10, 26, 300])
def test_no_gain_goes_beyond_an_r2_of_1(run_of, rows):
    truth = np.random.default_rng(4).lognormal(size=rows)
    mean = np.full(rows, truth.mean())
    runs = [run_of("trivial", numbers(truth, mean)), run_of("mlp", numbers(truth, truth + 0.01))]
    (found,) = verdicts(runs)
    assert found.high <= 1.000001
    assert found.difference <= found.high


def test_a_model_that_has_diverged_is_compared_with_nothing(run_of):
    truth = random.normal(size=200)
    good = numbers(truth, truth + 0.1)
    trivial, lost = run_of("trivial", numbers(truth, 0 * truth)), numbers(truth, np.nan * truth)
    runs = [trivial, run_of("mlp", lost), run_of("forest", good), run_of("linear", lost)]
    assert [(one.run, one.other) for one in verdicts(runs)] == [(runs[2].name, trivial.name)]
    assert diverged(runs) == [runs[1], runs[3]]


def test_a_bound_that_there_is_not_is_null_in_json(run_of):
    truth = np.array([0.0, 0, 0, 0, 9])
    runs = [
        run_of("trivial", numbers(truth, [0.0, 0, 0, 0, 0])),
        run_of("mlp", numbers(truth, [1.0, 1, 1, 1, 1])),
    ]
    (found,) = verdicts(runs)
    assert found.as_json()["low"] is None
    assert found.outcome == "unknown"
