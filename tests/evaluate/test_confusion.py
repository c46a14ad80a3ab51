"""The confusion matrix: counted by hand, and a picture that stays whole with many classes."""

import pytest

from apprenti.evaluate.confusion import confusion_matrix, draw, figure
from apprenti.evaluate.mistakes import Prediction


def made(*pairs):
    return [Prediction(str(row), *pair, 0.9, 0.1) for row, pair in enumerate(pairs)]


def test_rows_are_counted_by_their_true_and_their_predicted_class():
    said = made(("a", "a"), ("a", "b"), ("a", "b"), ("b", "b"), ("c", "a"))
    matrix = confusion_matrix(said, ["a", "b", "c"])
    assert matrix.counts == ((1, 2, 0), (0, 1, 0), (1, 0, 0))


def numbers_in(drawn):
    return [text.get_text() for text in drawn.axes[0].texts]


def test_the_picture_has_the_number_of_each_cell_that_has_one():
    drawn = figure(confusion_matrix(made(("a", "a"), ("a", "b"), ("b", "b")), ["a", "b"]))
    assert numbers_in(drawn) == ["1", "1", "1"]
    names = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
    assert names == ["a", "b"]


@pytest.mark.few(2)
@pytest.mark.parametrize("classes", [1, 2, 30, 100])
def test_a_picture_is_drawn_of_any_number_of_classes(tmp_path, classes):
    names = [f"a class with a long name {number}" for number in range(classes)]
    matrix = confusion_matrix(made(*zip(names, reversed(names), strict=True)), names)
    assert draw(matrix, tmp_path / "confusion.png").stat().st_size > 1000
    drawn = figure(matrix)
    assert max(drawn.get_size_inches()) < 14
    assert bool(numbers_in(drawn)) == (classes <= 20)


def test_a_name_of_a_class_begins_no_formula(tmp_path):
    matrix = confusion_matrix(made(("$x^", "\\frac{"), ("\\frac{", "$x^")), ["$x^", "\\frac{"])
    assert draw(matrix, tmp_path / "confusion.png").exists()
