"""R04: no better than a baseline."""

import pytest
from known_runs import HEALTHY, answers

from apprenti.data.findings import words

SIMPLE = {"train_loss": 0.3, "valid_loss": 0.3, "train_accuracy": 0.9, "valid_accuracy": 0.9}


@pytest.mark.parametrize(
    ("simple", "share", "sentence"),
    [("linear", 0.7, "worse"), ("linear", 0.9, "level"), ("trivial", 0.9, "same")],
)
def test_models_are_held_against_baselines_row_by_row(left, told, simple, share, sentence):
    left(**SIMPLE, **answers(0.9), model=simple, framework="sklearn")
    found = told("R04", left(**HEALTHY, **answers(share)))
    assert found.sentence == sentence and found.values["rows"] == 400
    assert found.severity == ("note" if sentence == "level" else "warning")


def test_how_far_they_are_apart_is_told_in_points(left, told):
    left(**SIMPLE, **answers(0.9), model="linear", framework="sklearn")
    found = words.tell(told("R04", left(**HEALTHY, **answers(0.7))))
    assert "logistic regression is better by +20.00 percentage points" in found.what
    assert found.what.endswith("percentage points).") and "%" not in found.what.split("interval")[1]


def test_a_model_that_beats_the_baselines_is_not_told(left, told):
    left(**SIMPLE, **answers(0.6), model="linear", framework="sklearn")
    assert not told("R04", left(**HEALTHY, **answers(0.9)))


def test_other_rows_are_no_baseline(left, told):
    left(**SIMPLE, **answers(0.99, rows=50), model="linear", framework="sklearn")
    assert not told("R04", left(**HEALTHY, **answers(0.5)))
