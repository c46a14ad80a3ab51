"""The scores of an epoch and what a run leaves behind, against figures worked out by hand."""

import csv
import json
import math
import os

import numpy as np
import pytest

from apprenti.backends.common import (
    describe_arrays,
    measure_regression,
    report,
    report_classification,
    report_regression,
)
from apprenti.backends.common import measure as epochs
from apprenti.backends.common import measure_classification as measure
from apprenti.backends.common.data import Data


@pytest.fixture
def data():
    inputs = np.zeros((2, 1, 1), np.float32)
    known = {"scale": np.float32(16)}
    rows = np.array([4, 9])
    return Data(
        inputs,
        np.array([0, 1]),
        inputs,
        np.array([1, 0]),
        rows,
        {"classes": ["ça", "b"], "outputs": 2},
        known,
    )


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_loss_and_accuracy_by_hand():
    probabilities = np.array([[0.5, 0.5, 0.0], [0.1, 0.2, 0.7], [0.25, 0.5, 0.25]])
    scores = measure.measure("valid", probabilities, np.array([0, 2, 0]))
    loss = -(math.log(0.5) + math.log(0.7) + math.log(0.25)) / 3
    assert scores == {"valid_loss": round(loss, 6), "valid_accuracy": round(2 / 3, 6)}


def test_a_certain_mistake_costs_much_but_not_infinitely():
    scores = measure.measure("train", np.array([[1.0, 0.0]]), np.array([1]))
    assert scores == {"train_loss": round(-math.log(1e-7), 6), "train_accuracy": 0}


def test_the_measures_are_those_of_scikit_learn():
    from sklearn.metrics import accuracy_score, log_loss

    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.ones(5), size=200)
    targets = random.integers(5, size=200)
    scores = measure.measure("valid", probabilities, targets)
    assert scores["valid_loss"] == pytest.approx(log_loss(targets, probabilities), abs=1e-6)
    predicted = probabilities.argmax(axis=1)
    assert scores["valid_accuracy"] == pytest.approx(accuracy_score(targets, predicted), abs=1e-6)


def test_an_epoch_is_measured_on_at_most_ten_thousand_learned_rows_always_the_same(data):
    seen = []

    def predict(inputs):
        seen.append(len(inputs))
        return np.full((len(inputs), 2), 0.5)

    many = data._replace(
        train_inputs=np.zeros((12_000, 1), np.float32), train_targets=np.zeros(12_000, int)
    )
    row = epochs.measure_epoch(3, predict, many, 1.23456)
    assert seen == [10_000, 2]
    assert [*row] == [
        "epoch",
        "train_loss",
        "train_accuracy",
        "valid_loss",
        "valid_accuracy",
        "seconds",
    ]
    assert (row["epoch"], row["seconds"]) == (3, 1.235)


def test_predictions_name_the_row_the_truth_and_the_best_class(data):
    report.write_table(
        "predictions.csv",
        report_classification.predictions(np.array([[0.3, 0.7], [0.25, 0.75]]), data),
    )
    with open("predictions.csv", newline="", encoding="utf-8") as file:
        assert [*csv.DictReader(file)] == [
            {"row": "4", "truth": "b", "predicted": "b", "confidence": "0.700000"},
            {"row": "9", "truth": "ça", "predicted": "b", "confidence": "0.750000"},
        ]


def test_a_missing_prediction_is_not_passed_over(data):
    with pytest.raises(ValueError, match="shorter"):
        report.write_table(
            "predictions.csv", report_classification.predictions(np.array([[0.3, 0.7]]), data)
        )


def test_the_history_is_replaced_whole_and_printed(capsys):
    history = [{"epoch": 1, "valid_loss": 0.5}, {"epoch": 2, "valid_loss": 0.25}]
    report.report_epoch(history[:1])
    report.report_epoch(history)
    with open("history.csv", encoding="utf-8") as file:
        assert file.read().splitlines() == ["epoch,valid_loss", "1,0.5", "2,0.25"]
    assert capsys.readouterr().out.splitlines()[-1] == "epoch 2  valid_loss 0.25"
    assert os.listdir() == ["history.csv"]


def test_progress_goes_no_further_than_the_last_step():
    # Keras counts the steps of its last jump beyond the end
    for step in (50, 100):
        report.report_progress(2, step, 63, 0.12345)
    with open("progress.csv", encoding="utf-8") as file:
        assert file.read().splitlines() == ["2,50,63,0.1235", "2,63,63,0.1235"]


def test_the_model_is_described_for_whoever_uses_it_later(data):
    os.mkdir("model")
    describe_arrays.describe_model(data, 12)
    with open("model/model.json", encoding="utf-8") as file:
        assert json.load(file) == {
            "classes": ["ça", "b"],
            "outputs": 2,
            "input_shape": [1, 1],
            "preparation": {"scale": 16.0},
            "parameters": 12,
        }


def test_a_regression_is_measured_as_scikit_learn_does():
    from sklearn.metrics import mean_squared_error, r2_score

    random = np.random.default_rng(0)
    targets = random.normal(size=(200, 1)).astype(np.float32)
    estimates = targets + random.normal(size=(200, 1)).astype(np.float32)
    scores = measure_regression.measure("valid", estimates, targets)
    assert scores["valid_loss"] == pytest.approx(mean_squared_error(targets, estimates), abs=1e-5)
    assert scores["valid_r2"] == pytest.approx(r2_score(targets, estimates), abs=1e-5)


def test_estimates_are_written_in_the_unit_of_the_data(data):
    targets = np.array([[0.5], [-1]], np.float32)
    known = {"mean": 10.0, "deviation": 4.0, "outputs": 1}
    data = data._replace(valid_targets=targets, target=known)
    report.write_table(
        "predictions.csv", report_regression.predictions(np.array([[0.25], [0]], np.float32), data)
    )
    with open("predictions.csv", newline="", encoding="utf-8") as file:
        assert [*csv.DictReader(file)] == [
            {"row": "4", "truth": "12", "predicted": "11"},
            {"row": "9", "truth": "6", "predicted": "10"},
        ]
