"""R05: a learning rate that is too high."""

import numpy as np
from known_runs import EPOCHS, HEALTHY, answers

RATE = {"learning_rate": 0.5}


def test_a_loss_that_jumps_is_told_with_a_smaller_rate(told):
    jumps = HEALTHY["train_loss"] + 0.1 * np.cos(np.pi * EPOCHS)
    found = told("R05", **HEALTHY | {"train_loss": jumps}, **answers(0.9), settings=RATE)
    assert (found.sentence, found.severity) == ("jumps", "warning")
    assert found.commands == ("apprenti train --set learning_rate=0.05",)


def test_a_training_that_diverged_is_serious(told):
    found = told("R05", train_loss=[0.7, np.nan], valid_loss=[0.7, np.nan], settings=RATE)
    assert found.is_serious and found.sentence == "diverged"
    alone = {"train_loss": 1e7, "valid_loss": 1.0, "status": "diverged"}
    assert told("R05", **alone).sentence == "diverged"


def test_small_ripples_are_not_jumps(told):
    ripples = HEALTHY["train_loss"] * (1 + 0.005 * np.cos(np.pi * EPOCHS))
    assert not told("R05", **HEALTHY | {"train_loss": ripples}, **answers(0.9))


def test_an_own_script_that_measures_other_things_has_not_diverged(told):
    assert not told("R05", train_wins=[1, 2, 3], valid_wins=[1, 2, 3])
