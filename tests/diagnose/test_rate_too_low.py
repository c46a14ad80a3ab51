"""R06: a learning rate that is too low."""

import pytest
from known_runs import EPOCHS, HEALTHY, answers

from apprenti import diagnose


def test_a_loss_that_falls_slowly_in_a_straight_line_is_told_with_a_larger_rate(told):
    slow = {"train_loss": 0.69 - 0.003 * EPOCHS, "valid_loss": 0.69 - 0.003 * EPOCHS}
    found = told("R06", **HEALTHY | slow, **answers(0.6), settings={"learning_rate": 1e-5})
    assert found.commands == ("apprenti train --set learning_rate=0.0001",)
    assert found.values["left"] == pytest.approx((0.69 - 0.087) / 0.69, abs=0.01)


def test_a_loss_that_flattens_out_is_not_told(told):
    assert not told("R06", **HEALTHY, **answers(0.9))


def test_a_loss_that_falls_fast_in_a_straight_line_is_not_told(told):
    fast = 0.7 - 0.02 * EPOCHS
    assert not told("R06", **HEALTHY | {"train_loss": fast, "valid_loss": fast}, **answers(0.9))


def test_boosting_has_no_steps_of_a_learning_rate(left):
    slow = {"train_loss": 0.69 - 0.003 * EPOCHS, "valid_loss": 0.69 - 0.003 * EPOCHS}
    run = left(**HEALTHY | slow, **answers(0.6), model="boosting", framework="sklearn")
    answered = {one.code: one for one in diagnose.diagnose(run).answers}
    for code in ("R05", "R06"):
        assert answered[code].sentence == "is_boosting"
    assert answered["R07"].is_found
