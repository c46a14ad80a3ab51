"""All that a run says on its validation set: from its files alone, as words, JSON and pictures."""

import json
import math

import pytest

from apprenti.errors import RunDamaged
from apprenti.evaluate.evaluation import evaluate
from apprenti.writing import plain


@pytest.fixture
def digits(left, sure):
    """A run that took the digits 8 and 9 for 1, and was surest of the nine."""
    rows = [sure(str(n), str(n), **{str(k): float(k == n) for k in range(10)}) for n in range(10)]
    for place, truth, confidence in ((8, "8", 0.7), (9, "9", 0.9)):
        chances = {str(k): 0.0 for k in range(10)} | {"1": confidence, truth: 1 - confidence}
        rows[place] = {**sure(truth, "1", **chances), "row": place}
    return left(rows)


def test_the_surest_mistakes_come_first_and_as_many_as_are_wanted(digits):
    found = evaluate(digits, worst=1)
    assert [one.row for one in found.mistakes] == ["9", "8"]
    assert [one.row for one in found.worst] == ["9"]
    told = found.as_json()
    assert told["mistaken"] == 2
    assert [one["row"] for one in told["mistakes"]] == ["9"]
    assert evaluate(digits, worst=0).worst == []


def test_json_has_numbers_as_numbers_and_nothing_that_json_cannot_write(digits):
    told = json.loads(json.dumps(plain(evaluate(digits).as_json()), allow_nan=False))
    assert told["task"] == "classification"
    assert told["accuracy"] == 0.8
    assert told["confusion"]["counts"][9][1] == 1
    assert told["classes"][1] | {"auc": 0} == {
        "name": "1",
        "precision": 1 / 3,
        "recall": 1.0,
        "f1": 0.5,
        "rows": 1,
        "taken": 3,
        "auc": 0,
    }
    assert told["confusions"][0]["predicted"] == "1"


def test_a_picture_of_the_matrix_is_drawn_and_of_images_one_of_the_mistakes(digits):
    drawn = evaluate(digits).draw(digits.folder)
    assert [path.name for path in drawn] == ["confusion.png", "mistakes.png"]
    assert all(path.stat().st_size > 1000 for path in drawn)


def test_of_numbers_the_target_and_its_unit_are_told(left, tmp_path):
    rows = [{"row": n, "truth": n, "predicted": n + (n == 3)} for n in range(6)]
    run = left(rows, data={"source": "gone.csv", "target": "price", "task": "regression"})
    found = evaluate(run, worst=2)
    told = found.as_json()
    assert (told["task"], told["target"], told["mae"]) == ("regression", "price", 1 / 6)
    assert told["worst"][0] == {"row": "3", "truth": 3.0, "predicted": 4.0, "error": 1.0}
    assert "gone.csv" in found.rows.why_not
    assert [path.name for path in found.draw(tmp_path)] == ["predicted_against_true.png"]


def test_what_somebodys_own_script_tells_otherwise_is_not_judged(left):
    assert evaluate(left([{"row": 1, "cluster": 3}])) is None
    assert evaluate(left([{"row": 1, "truth": "a", "predicted": "b"}])) is None


def test_a_row_of_predictions_that_ends_too_soon_is_told_as_damage(digits):
    with open(digits.folder / "predictions.csv", "a", encoding="utf-8") as file:
        file.write("11\n")
    with pytest.raises(RunDamaged):
        evaluate(digits)


def test_of_a_run_that_diverged_the_measures_are_told_all_the_same(left, sure):
    nan = math.nan
    found = evaluate(left([sure("a", "a", a=nan, b=nan), sure("b", "a", a=nan, b=nan)]))
    assert found.measures.accuracy == 0.5
    assert found.mistakes == []
