"""Scores of predictions for new rows: by hand on a few, and with intervals that hold the truth."""

import json

import numpy as np
import pandas as pd
import pytest

from apprenti.evaluate.new_rows import score
from apprenti.predict.known_rows import Known
from apprenti.predict.predictions import Predictions


def made(predicted, truth, classes=None, parts=None, shares=None, deviation=1.0):
    answers = pd.DataFrame({"row": range(1, len(predicted) + 1)})
    answers["predicted"] = pd.Series(predicted, dtype=object if classes else float)
    if truth is not None:
        answers["truth"] = pd.Series(truth, dtype=object)
    probabilities = pd.DataFrame(dict(zip(classes, shares, strict=True))) if shares else None
    return Predictions(
        run="run",
        task="classification" if classes else "regression",
        target="y",
        classes=classes,
        deviation=deviation,
        written={},
        decimal=".",
        parts=(),
        answers=answers,
        probabilities=probabilities,
        notes=(),
        doubts=[()] * len(predicted),
        known=Known(parts) if parts else Known(None, "gone"),
    )


def test_without_a_truth_there_is_no_score():
    assert score(made(["a"], None, ["a", "b"])) is None


def test_classes_are_right_or_wrong_and_those_never_seen_are_wrong():
    truth = ["a", "b", "c", None]
    found = score(made(["a", "a", "a", "a"], truth, ["a", "b"], shares=[[0.5] * 4, [0.5] * 4]))
    assert (found.all["rows"], found.without_target, found.unknown_classes) == (3, 1, 1)
    assert found.all["accuracy"] == 1 / 3
    assert found.all["loss"] == pytest.approx((2 * np.log(2) - np.log(1e-7)) / 3)
    # Wilson's interval for one of three
    assert found.all["intervals"]["accuracy"] == pytest.approx([0.0615, 0.7923], abs=1e-4)
    assert found.parts == {}


def test_numbers_are_off_by_so_much():
    found = score(
        made([1.0, 2.0, 5.0], [1.0, 3.0, 3.0], parts=["train", "test", None], deviation=2)
    )
    assert found.all["mae"] == 1
    assert found.all["rmse"] == pytest.approx(np.sqrt(5 / 3))
    assert found.all["r2"] == pytest.approx(1 - (5 / 3) / (8 / 9))
    assert found.all["loss"] == pytest.approx(5 / 12)
    # What was in the test set is as new to the model as what it never saw
    assert {name: part["rows"] for name, part in found.parts.items()} == {"train": 1, "new": 2}
    # Where all are the same, there is nothing to explain
    assert found.parts["train"]["r2"] is None


def test_the_errors_of_few_rows_have_no_interval():
    random = np.random.default_rng(0)
    for rows, names in ((9, set()), (10, {"mae", "rmse", "r2"})):
        truth = random.normal(size=rows)
        found = score(made(truth + random.normal(size=rows) / 9, truth.tolist()))
        assert {*found.all["intervals"]} == names
        for name in names:
            low, high = found.all["intervals"][name]
            assert low < found.all[name] < high


def test_a_score_is_plain_json():
    found = score(made([1.0, 2.0, 5.0], [1.0, 3.0, 3.0], parts=["train", "test", None]))
    assert json.loads(json.dumps(found.as_json(), allow_nan=False)) == found.as_json()
