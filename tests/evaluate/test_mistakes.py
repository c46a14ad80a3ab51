"""Where a model is wrong: from the predictions of real runs, and from tables that are wrong."""

import csv
import math

import numpy as np
import pytest

from apprenti.errors import RunDamaged
from apprenti.evaluate.mistakes import Confusion, confusions, mistakes, predictions
from apprenti.runs import Run


@pytest.fixture(scope="module")
def trained(make_project, train):
    """A weak model of the digits, which is often wrong."""
    return train(make_project("digits", framework="sklearn", kind="tree", max_depth=4))


def own_run(folder, rows):
    """Return a run that left these predictions, and nothing else."""
    with open(folder / "predictions.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return Run(folder)


def test_each_validation_row_is_told_with_the_probability_of_its_truth(trained):
    told = predictions(trained)
    correct = sum(one.is_right for one in told) / len(told)
    assert correct == pytest.approx(trained.history[-1]["valid_accuracy"], abs=1e-6)
    assert all(one.of_truth == one.confidence for one in told if one.is_right)
    assert all(one.of_truth <= one.confidence for one in told)


def test_the_surest_mistakes_come_first(trained):
    wrong = mistakes(predictions(trained))
    assert len(wrong) > 20
    assert not any(one.is_right for one in wrong)
    assert wrong == sorted(wrong, key=lambda one: one.confidence, reverse=True)


def test_the_most_confused_classes_come_first(trained):
    told = predictions(trained)
    pairs = confusions(told)
    assert sum(pair.rows for pair in pairs) == len(mistakes(told))
    assert [pair.rows for pair in pairs] == sorted((p.rows for p in pairs), reverse=True)
    first = pairs[0]
    same = [one for one in told if (one.truth, one.predicted) == (first.truth, first.predicted)]
    assert len(same) == first.rows
    assert first.of_class == sum(one.truth == first.truth for one in told)


def test_one_class_taken_for_another_is_not_the_other_taken_for_it(tmp_path):
    answers = [("a", "b"), ("a", "b"), ("b", "a"), ("a", "a")]
    rows = [
        {"row": n, "truth": t, "predicted": p, "confidence": 1} for n, (t, p) in enumerate(answers)
    ]
    told = confusions(predictions(own_run(tmp_path, rows)))
    assert told == [Confusion("a", "b", 2, 3), Confusion("b", "a", 1, 1)]


def test_probabilities_of_many_classes_are_read_from_their_file(make_project, train, tmp_path):
    random = np.random.default_rng(0)
    labels = random.integers(30, size=600)
    source = tmp_path / "many.npz"
    np.savez(source, x=random.normal(size=(600, 3)) + labels[:, None] % 7, y=labels)
    run = train(make_project(source, framework="sklearn", kind="linear"))
    assert (run.folder / "predictions.npz").exists()
    told = predictions(run)
    right = [one for one in told if one.is_right]
    assert right
    assert all(one.of_truth == pytest.approx(one.confidence, abs=1e-6) for one in right)
    assert all(0 <= one.of_truth < one.confidence for one in mistakes(told))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "other shape"])
def test_a_damaged_file_of_probabilities_is_told(tmp_path, content):
    run = own_run(tmp_path, [{"row": 0, "truth": 1, "predicted": 2, "confidence": 0.5}])
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.json").write_text('{"classes": [1, 2]}', encoding="utf-8")
    if content == "other shape":
        np.savez_compressed(tmp_path / "predictions.npz", probabilities=np.ones((3, 2)))
    else:
        (tmp_path / "predictions.npz").write_bytes(content)
    with pytest.raises(RunDamaged):
        predictions(run)


def test_a_regression_and_a_script_that_tells_other_things_have_no_mistakes(tmp_path):
    run = own_run(tmp_path, [{"row": 0, "truth": 1.5, "predicted": 2.5}])
    assert predictions(run) == []
    assert predictions(Run(tmp_path / "nowhere")) == []


def test_a_model_that_is_sure_of_nothing_has_no_surest_mistakes(tmp_path):
    run = own_run(tmp_path, [{"row": 0, "truth": 1, "predicted": 2, "confidence": "nan"}])
    (told,) = predictions(run)
    assert math.isnan(told.of_truth)
    assert mistakes([told]) == []
