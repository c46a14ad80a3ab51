"""Precision, recall, F1 and the area under ROC, against figures worked out by hand."""

import numpy as np
import pytest

from apprenti.evaluate import class_measures, probabilities
from apprenti.evaluate.mistakes import predictions
from apprenti.evaluate.verdict import verdicts
from apprenti.runs import read_rows
from apprenti.writing import write_json


def measured(run):
    rows = read_rows(run.folder / "predictions.csv")
    return class_measures.measure(predictions(run), probabilities.read(run, rows))


@pytest.fixture
def animals(left, sure):
    """Four cats of which one is taken for a dog, two dogs of which one is taken for a cat."""
    return left(
        [
            sure("cat", "cat", cat=0.9, dog=0.1),
            sure("cat", "cat", cat=0.8, dog=0.2),
            sure("cat", "cat", cat=0.6, dog=0.4),
            sure("cat", "dog", cat=0.3, dog=0.7),
            sure("dog", "dog", cat=0.2, dog=0.8),
            sure("dog", "cat", cat=0.55, dog=0.45),
        ]
    )


def test_precision_recall_and_f1_of_each_class(animals):
    cat, dog = measured(animals).classes
    assert (cat.name, cat.precision, cat.recall, cat.f1) == ("cat", 0.75, 0.75, 0.75)
    assert (dog.name, dog.precision, dog.recall, dog.f1) == ("dog", 0.5, 0.5, 0.5)
    assert (cat.rows, cat.taken, dog.rows, dog.taken) == (4, 4, 2, 2)


def test_the_averages_count_each_class_the_same_or_by_its_rows(animals):
    found = measured(animals)
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.macro == pytest.approx((0.625, 0.625, 0.625))
    assert found.weighted == pytest.approx((4 / 6, 4 / 6, 4 / 6))


def test_the_area_under_roc_is_how_often_the_right_one_is_surer(animals):
    # Of the eight pairs of a dog and a cat, the dog is given more in seven
    assert measured(animals).auc == pytest.approx(7 / 8)


def test_of_two_classes_the_confidence_says_the_probabilities(animals, left):
    rows = read_rows(animals.folder / "predictions.csv")
    names = ("row", "truth", "predicted", "confidence")
    short = left([{name: row[name] for name in names} for row in rows])
    assert measured(short).auc == pytest.approx(7 / 8)
    trivial = [{**row, "predicted": "cat", "confidence": 0.6} for row in rows]
    simple = left(trivial, model={"kind": "trivial"})
    assert measured(short).auc == pytest.approx(verdicts([short, simple])[0].auc)


def test_of_several_classes_the_area_is_the_mean_of_each_against_the_others(left, sure):
    found = measured(
        left(
            [
                sure("a", "a", a=0.8, b=0.1, c=0.1),
                sure("a", "b", a=0.3, b=0.4, c=0.3),
                sure("b", "b", a=0.4, b=0.5, c=0.1),
                sure("c", "c", a=0.1, b=0.2, c=0.7),
            ]
        )
    )
    assert [one.auc for one in found.classes] == pytest.approx([0.75, 1, 1])
    assert found.auc == pytest.approx(2.75 / 3)


def test_a_class_that_nothing_is_taken_for_has_no_precision_and_counts_as_nought(left, sure):
    found = measured(left([sure("a", "a", a=0.9, b=0.1), sure("b", "a", a=0.8, b=0.2)]))
    assert found.classes[1].precision is None
    assert (found.classes[1].recall, found.classes[1].f1) == (0, 0)
    assert found.macro.precision == 0.25


def test_a_class_without_rows_here_has_neither_recall_nor_area(left, sure):
    found = measured(left([sure("a", "a", a=0.9, b=0.1), sure("a", "b", a=0.4, b=0.6)]))
    assert (found.classes[1].recall, found.classes[1].auc, found.auc) == (None, None, None)


def test_a_run_that_is_sure_of_nothing_has_no_area(left, sure):
    nan = float("nan")
    rows = [sure("a", "a", a=nan, b=nan), sure("b", "a", a=nan, b=nan)]
    assert measured(left(rows)).auc is None


def test_classes_keep_the_order_of_the_model_and_numbers_their_size(left, sure):
    ordered = left([sure("low", "high", low=0.1, high=0.9), sure("high", "low", low=0.6, high=0.4)])
    assert [one.name for one in measured(ordered).classes] == ["low", "high"]
    bare = {"row": 0, "confidence": 1}
    numbers = left(
        [{**bare, "truth": "10", "predicted": "9"}, {**bare, "truth": "9", "predicted": "9"}]
    )
    assert [one.name for one in measured(numbers).classes] == ["9", "10"]


def test_of_many_classes_the_probabilities_are_in_a_file(left):
    names = [f"kind {number:02}" for number in range(30)]
    sure = np.eye(30) * 0.9 + 0.1 / 30
    rows = [
        {"row": n, "truth": name, "predicted": name, "confidence": 0.9}
        for n, name in enumerate(names)
    ]
    run = left(rows)
    np.savez(run.folder / "predictions.npz", probabilities=sure)
    (run.folder / "model").mkdir()
    write_json(run.folder / "model" / "model.json", {"classes": names})
    found = measured(run)
    assert len(found.classes) == 30
    assert found.auc == 1
