"""MAE, RMSE and R², against figures worked out by hand, and the worst errors."""

import pytest

from apprenti.evaluate import regression_measures as numbers


def rows(*pairs):
    return [{"row": n, "truth": t, "predicted": p} for n, (t, p) in enumerate(pairs)]


@pytest.fixture
def prices(left):
    return numbers.estimates(left(rows((10, 12), (20, 20), (30, 26), (40, 44))))


def test_errors_are_told_in_the_unit_of_the_target(prices):
    found = numbers.measure(prices)
    assert found.mae == pytest.approx(2.5)
    assert found.rmse == pytest.approx(3)
    assert found.r2 == pytest.approx(1 - 36 / 500)


def test_the_worst_errors_come_first_whichever_way_they_go(prices):
    assert [(one.row, one.error) for one in numbers.worst(prices)] == [
        ("2", -4),
        ("3", 4),
        ("0", 2),
        ("1", 0),
    ]


def test_where_all_truths_are_equal_there_is_no_r2(left):
    found = numbers.measure(numbers.estimates(left(rows((5, 4), (5, 7)))))
    assert (found.mae, found.r2) == (1.5, None)


@pytest.mark.parametrize("predicted", ["nan", "inf", "", "word"])
def test_predictions_that_are_no_numbers_are_not_judged(left, predicted):
    assert numbers.estimates(left(rows((5, 4), (5, predicted)))) == []


def test_a_row_that_ends_too_soon_is_not_judged(left):
    run = left(rows((5, 4)))
    with open(run.folder / "predictions.csv", "a", encoding="utf-8") as file:
        file.write("7,3\n")
    assert numbers.estimates(run) == []


def test_the_picture_names_the_target_and_the_worst_rows(prices, tmp_path):
    drawn = numbers.figure(prices, "price (€)")
    (axes,) = drawn.axes
    assert "price (€)" in axes.get_xlabel()
    assert [text.get_text() for text in axes.texts] == ["2", "3", "0", "1"]
    assert numbers.draw(prices, "$ x", tmp_path / "drawn.png").stat().st_size > 1000
