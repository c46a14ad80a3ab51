"""R12: probabilities that are no frequencies."""

import numpy as np
from known_runs import HEALTHY, answers


def test_a_model_that_is_too_sure_and_one_that_is_not_sure_enough_are_told(told):
    found = told("R12", **HEALTHY, **answers(0.7), sure=[0.99] * 400)
    assert found.sentence == "sure" and abs(found.values["error"] - 0.29) < 0.03
    assert told("R12", **HEALTHY, **answers(0.98), sure=[0.7] * 400).sentence == "unsure"


def test_a_model_that_is_as_sure_as_it_is_right_is_not(told):
    random = np.random.default_rng(0)
    sure = random.uniform(0.5, 1, 400)
    right = random.random(400) < sure
    said = {"truth": ["a"] * 400, "predicted": ["a" if one else "b" for one in right]}
    assert not told("R12", **HEALTHY, **said, sure=list(sure))


def test_few_rows_are_not_judged(told):
    assert not told("R12", **HEALTHY, **answers(0.5, rows=60), sure=[0.99] * 60)
