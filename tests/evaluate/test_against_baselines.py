"""Whether a model beats the simple ones on the test set, and where their predictions come from."""

import numpy as np
import pytest
from tests.evaluate.conftest import table

from apprenti.evaluate.against_baselines import against_baselines


@pytest.fixture
def made(left, sure):
    """made(model, wrong): a run of which so many of 200 rows are wrong, on both sets."""

    def make(model, wrong, evaluated=True, constant=False):
        def rows(first):
            truth = ["dog", "cat", "cat", "cat"] * 50
            other = {"dog": "cat", "cat": "dog"}
            said = [other[t] if n < wrong else t for n, t in enumerate(truth)]
            told = ["cat"] * 200 if constant else said
            made = [sure(t, s, **{s: 0.8}) for t, s in zip(truth, told, strict=True)]
            names = ("truth", "predicted", "confidence")
            return [{"row": first + n, **{k: r[k] for k in names}} for n, r in enumerate(made)]

        run = left(rows(0), model={"kind": model})
        if evaluated:
            table(run.folder / "test_predictions.csv", rows(1000))
        return run

    return make


def test_baselines_that_were_evaluated_are_held_against_by_their_own_predictions(made):
    run, linear, trivial = made("mlp", 10), made("linear", 30), made("trivial", 0, constant=True)
    found = against_baselines(run, [run, linear, trivial])
    assert [(one.baseline, one.how) for one in found] == [
        ("trivial", "evaluated"),
        ("linear", "evaluated"),
    ]
    assert found[1].verdict.difference == pytest.approx(10)
    assert found[1].verdict.outcome == "better"
    assert found[1].as_json()["verdict"]["outcome"] == "better"


def test_a_constant_baseline_need_not_be_evaluated(made):
    run = made("mlp", 10)
    trivial = made("trivial", 0, evaluated=False, constant=True)
    linear = made("linear", 30, evaluated=False)
    (found,) = against_baselines(run, [trivial, linear])
    assert (found.baseline, found.how, found.predicted) == ("trivial", "constant", "cat")
    assert found.verdict.difference == pytest.approx(20)


def test_without_such_a_run_the_validation_targets_stand_for_it_and_it_is_said(made):
    (found,) = against_baselines(made("mlp", 10), [])
    assert (found.how, found.predicted, found.verdict.other) == ("from_validation", "cat", "")


def test_a_baseline_of_other_rows_or_a_damaged_one_is_not_held_against(made):
    run, other = made("mlp", 10), made("trivial", 0, constant=True)
    row = {"row": 5, "truth": "cat", "predicted": "cat", "confidence": 1}
    table(other.folder / "predictions.csv", [row])
    assert [one.how for one in against_baselines(run, [other])] == ["from_validation"]
    table(other.folder / "predictions.csv", [{**row, "confidence": "high"}, row])
    assert [one.how for one in against_baselines(run, [other])] == ["from_validation"]


def test_of_numbers_the_mean_is_the_constant(left):
    random = np.random.default_rng(0)
    truth = random.normal(size=80).round(4)
    rows = [{"row": n, "truth": t, "predicted": t + 0.1} for n, t in enumerate(truth)]
    run = left(rows)
    table(run.folder / "test_predictions.csv", rows)
    (found,) = against_baselines(run, [])
    assert float(found.predicted) == pytest.approx(truth.mean(), abs=1e-5)
    assert found.verdict.outcome == "unknown" or found.verdict.low > 0


def test_a_baseline_or_a_run_that_was_not_evaluated_is_held_against_nothing(made):
    assert against_baselines(made("mlp", 10, evaluated=False), []) == []
    assert against_baselines(made("trivial", 10), []) == []
