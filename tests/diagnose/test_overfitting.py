"""R02: overfitting."""

import numpy as np
import pytest
from known_runs import EPOCHS, HEALTHY, answers


def test_the_turning_point_of_the_validation_loss_is_found(told):
    valid = 0.3 + 0.002 * (EPOCHS - 10) ** 2
    found = told("R02", **HEALTHY | {"valid_loss": valid}, **answers(0.9))
    assert (found.sentence, found.values["epoch"], found.severity) == ("turn", 11, "warning")
    assert found.values["rise"] == pytest.approx(valid[-1] / 0.3 - 1)


def test_one_lucky_epoch_is_no_turning_point(told):
    valid = HEALTHY["valid_loss"].copy()
    valid[7] = 0.1
    many = {name: np.repeat(values, 4) for name, values in HEALTHY.items()}
    many["valid_loss"] = np.repeat(HEALTHY["valid_loss"], 4)
    many["valid_loss"][40] = 0.1
    assert not told("R02", **many, **answers(0.9))


def test_where_the_training_loss_rises_too_it_is_something_else(told):
    both = 0.3 + 0.002 * (EPOCHS - 10) ** 2
    assert not told("R02", **HEALTHY | {"valid_loss": both, "train_loss": both}, **answers(0.9))


def test_a_gap_that_chance_does_not_explain_is_overfitting_without_any_curve(told):
    known = {"train_loss": 0.01, "valid_loss": 0.5, "train_accuracy": 1.0, "valid_accuracy": 0.8}
    found = told("R02", **known, **answers(0.8), model="tree", framework="sklearn")
    assert found.sentence == "gap" and 0.8 < found.values["high"] < 0.9
    few = answers(0.9, rows=10)
    assert not told("R02", **known, **few, model="tree", framework="sklearn")


def test_a_healthy_training_is_not_overfitting(told):
    assert not told("R02", **HEALTHY, **answers(0.9))
