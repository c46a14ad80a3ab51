"""The measures of an epoch and what a run leaves behind, against figures worked out by hand."""

import csv
import math
import os

import numpy as np
import pytest

from apprenti.backends.common import (
    answers_classification,
    answers_regression,
    classification,
    measure_regression,
    regression,
    report,
    report_classification,
    report_regression,
)
from apprenti.backends.common import measure_classification as measure
from apprenti.backends.common.settings import Config

NAMES, LABELS = np.array([4, 9]), ["b", "ça"]
TARGET = {"classes": ["ça", "b"], "outputs": 2}
OUTPUTS = np.array([[0.3, 0.7], [0.25, 0.75]])


def lines_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [*csv.DictReader(file)]


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


# What is left


def written(tmp_path, outputs=OUTPUTS, target=TARGET, **settings):
    path = tmp_path / "predictions.csv"
    given = (NAMES, LABELS), outputs, target, Config(**settings)
    report_classification.write_predictions(path, *given)
    return lines_of(path)


def test_predictions_name_the_row_the_truth_the_best_class_and_each_probability(tmp_path):
    assert written(tmp_path) == [
        {
            "row": "4",
            "truth": "b",
            "predicted": "b",
            "confidence": "0.700000",
            "probability_ça": "0.300000",
            "probability_b": "0.700000",
        },
        {
            "row": "9",
            "truth": "ça",
            "predicted": "b",
            "confidence": "0.750000",
            "probability_ça": "0.250000",
            "probability_b": "0.750000",
        },
    ]
    assert os.listdir(tmp_path) == ["predictions.csv"]


def test_the_probabilities_of_many_classes_have_a_file_of_their_own(tmp_path):
    outputs = np.random.default_rng(0).dirichlet(np.ones(30), 2).astype(np.float32)
    target = {"classes": [f"c{n}" for n in range(30)], "outputs": 30}
    lines = written(tmp_path, outputs, target, many_classes=True)
    assert [*lines[0]] == ["row", "truth", "predicted", "confidence"]
    assert [line["predicted"] for line in lines] == [f"c{n}" for n in outputs.argmax(axis=1)]
    with np.load(tmp_path / "predictions.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["probabilities"], outputs)
    assert not (tmp_path / "predictions.tmp").exists()


def test_a_missing_prediction_is_not_passed_over(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        written(tmp_path, OUTPUTS[:1])


def test_predictions_of_a_number_are_in_the_unit_of_the_data(tmp_path):
    target = {"mean": 10.0, "deviation": 4.0, "outputs": 1}
    outputs, labels = np.array([[0.25], [0]], np.float32), [12.5, 1234567]
    path = tmp_path / "predictions.csv"
    report_regression.write_predictions(path, (NAMES, labels), outputs, target, Config())
    # The truth is that of the data, to the last of seven digits
    assert lines_of(path) == [
        {"row": "4", "truth": "12.5", "predicted": "11"},
        {"row": "9", "truth": "1234567", "predicted": "10"},
    ]


def test_the_history_is_replaced_whole_and_printed(tmp_path, capsys):
    history = [{"epoch": 1, "valid_loss": 0.5}, {"epoch": 2, "valid_loss": 0.25}]
    report.report_epoch(tmp_path, history[:1])
    report.report_epoch(tmp_path, history)
    text = (tmp_path / "history.csv").read_text(encoding="utf-8")
    assert text.splitlines() == ["epoch,valid_loss", "1,0.5", "2,0.25"]
    assert capsys.readouterr().out.splitlines()[-1] == "epoch 2  valid_loss 0.25"
    assert os.listdir(tmp_path) == ["history.csv"]


# New rows


def test_new_rows_get_the_best_class_and_each_probability(tmp_path):
    path = tmp_path / "answers.csv"
    answers_classification.write_answers(
        path, ["x", "y"], OUTPUTS, TARGET, Config(many_classes=False)
    )
    assert lines_of(path)[0] == {
        "row": "x",
        "predicted": "b",
        "confidence": "0.700000",
        "probability_ça": "0.300000",
        "probability_b": "0.700000",
    }
    many = {"classes": list(range(21))}
    probabilities = np.full((2, 21), 1 / 21)
    answers_classification.write_answers(
        path, ["x", "y"], probabilities, many, Config(many_classes=True)
    )
    assert [*lines_of(path)[0]] == ["row", "predicted", "confidence"]


def test_new_rows_get_a_number_in_the_unit_of_the_data(tmp_path):
    path = tmp_path / "answers.csv"
    target = {"mean": 10.0, "deviation": 4.0, "outputs": 1}
    answers_regression.write_answers(path, ["x"], np.array([[0.25]], np.float32), target, Config())
    assert lines_of(path) == [{"row": "x", "predicted": "11"}]


# The test rows


def test_a_class_that_the_training_never_saw_is_always_wrong():
    outputs = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    targets, measured = classification.code_test(["ça", "new"], outputs, TARGET)
    assert (targets.tolist(), measured.shape) == ([0, 2], (2, 3))
    scores = measure.measure("test", measured, targets)
    assert scores["test_accuracy"] == 0.5
    by_hand = (-math.log(0.9) - math.log(1e-7)) / 2
    assert scores["test_loss"] == pytest.approx(by_hand, abs=1e-5)


def test_test_rows_are_measured_on_the_scale_of_the_training():
    target, _ = regression.code_labels(np.array([1.0, 3.0, 5.0]), np.arange(2), np.arange(1, 3))
    outputs = np.array([[0.5]], np.float32)
    targets, measured = regression.code_test([4.0], outputs, target)
    assert (targets.tolist(), measured is outputs) == ([[2.0]], True)


# Numbers


def test_a_regression_is_measured_as_scikit_learn_does():
    from sklearn.metrics import mean_squared_error, r2_score

    random = np.random.default_rng(0)
    targets = random.normal(size=(200, 1)).astype(np.float32)
    estimates = targets + random.normal(size=(200, 1)).astype(np.float32)
    scores = measure_regression.measure("valid", estimates, targets)
    assert scores["valid_loss"] == pytest.approx(mean_squared_error(targets, estimates), abs=1e-5)
    assert scores["valid_r2"] == pytest.approx(r2_score(targets, estimates), abs=1e-5)
