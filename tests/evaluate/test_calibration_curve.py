"""Calibration: bins as scikit-learn's, and no alarm where probabilities come true."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from apprenti.evaluate import calibration, calibration_picture
from apprenti.evaluate.parts import TEST
from apprenti.language import LANGUAGES, choose


def two_classes(left, sure, came_true, **choices):
    rows = [
        {
            "row": place,
            "truth": "dog" if true else "cat",
            "predicted": "dog" if one >= 0.5 else "cat",
            "confidence": f"{max(one, 1 - one):.6f}",
            "probability_cat": f"{1 - one:.6f}",
            "probability_dog": f"{one:.6f}",
        }
        for place, (one, true) in enumerate(zip(sure, came_true, strict=True))
    ]
    return left(rows, **choices)


def test_the_bins_are_those_of_scikit_learn():
    random = np.random.default_rng(0)
    sure = np.round(random.random(500), 1)
    true = random.random(500) < sure
    bins, *_ = calibration.measure(sure, true)
    shares, given = calibration_curve(true, sure, n_bins=calibration.BINS)
    assert [one.share for one in bins] == pytest.approx(list(shares), abs=1e-9)
    assert [one.given for one in bins] == pytest.approx(list(given), abs=1e-9)
    assert all(one.low <= one.share <= one.high for one in bins)
    assert sum(one.rows for one in bins) == 500


def test_probabilities_that_come_true_are_found_wanting_one_time_in_twenty():
    random = np.random.default_rng(1)
    for rows, shape in ((100, (1, 1)), (1000, (5, 0.5)), (1000, (0.3, 0.3))):
        alarms = 0
        for _ in range(400):
            sure = random.beta(*shape, size=rows)
            _, error, by_chance = calibration.measure(sure, random.random(rows) < sure)
            alarms += error > by_chance
        assert 0.02 <= alarms / 400 <= 0.09


def test_a_model_that_is_too_sure_or_not_sure_enough_is_told_so(left):
    choose("en")
    random = np.random.default_rng(2)
    true = random.beta(0.5, 0.5, size=2000)
    came_true = random.random(2000) < true
    odds = np.log(true / (1 - true))
    for factor, outcome in ((1, "calibrated"), (3, "too_sure"), (0.3, "not_sure_enough")):
        sure = 1 / (1 + np.exp(-np.clip(factor * odds, -30, 30)))
        found = calibration.calibration(two_classes(left, sure, came_true))
        assert found.outcome == outcome
        assert found.sentences
    assert found.as_json()["outcome"] == "not_sure_enough"


def test_of_several_classes_it_is_that_of_the_predicted_class(left, sure):
    rows = [sure(name, "a", a=0.5, b=0.3, c=0.2) for name in "aabc" * 20]
    found = calibration.calibration(left(rows))
    assert (found.of, found.confidence, found.right) == ("", 0.5, 0.5)
    assert found.error == pytest.approx(0)


def test_of_few_rows_or_numbers_nothing_is_said(left, sure):
    few = calibration.calibration(left([sure("a", "a", a=0.9, b=0.1)]))
    assert few.outcome == "unknown"
    assert few.sentences
    numbers = left([{"row": n, "truth": n, "predicted": n} for n in range(9)])
    assert calibration.calibration(numbers) is None
    assert calibration.calibration(numbers, TEST) is None


def test_weighted_classes_are_said(left):
    choices = {"train": {"framework": "sklearn", "class_weights": "balanced"}}
    found = calibration.calibration(two_classes(left, [0.2, 0.8] * 40, [0, 1] * 40, **choices))
    assert found.weighted
    assert len(found.sentences) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_drawn_in_both_languages_with_any_name(left, tmp_path, language):
    choose(language)
    found = calibration.calibration(two_classes(left, [0.2, 0.8, 1.0] * 40, [0, 1, 1] * 40))
    found = found._replace(of="$dog$ <b>" * 9)
    path = calibration_picture.draw(found, tmp_path / "calibration.png", TEST)
    assert path.stat().st_size > 1000
