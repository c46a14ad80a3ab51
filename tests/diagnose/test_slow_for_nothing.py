"""R15: a slow model that is no better than a fast one."""

from known_runs import HEALTHY, answers

FAST = {"train_loss": 0.3, "valid_loss": 0.3, "train_accuracy": 0.9, "valid_accuracy": 0.9}


def test_a_slow_model_that_is_no_better_is_told(left, told):
    left(**FAST, **answers(0.9), model="linear", framework="sklearn")
    found = told("R15", left(**HEALTHY, **answers(0.9)))
    assert (found.values["seconds"], found.severity) == (29, "note")


def test_a_slow_model_that_is_better_is_not(left, told):
    left(**FAST, **answers(0.6), model="linear", framework="sklearn")
    assert not told("R15", left(**HEALTHY, **answers(0.9)))
