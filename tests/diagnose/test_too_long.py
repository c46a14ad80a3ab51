"""R08: a training that went on for too long."""

import numpy as np
from known_runs import HEALTHY, answers


def test_epochs_after_which_nothing_was_gained_are_told(told):
    long = {name: np.append(values, [values[-1]] * 90) for name, values in HEALTHY.items()}
    found = told("R08", **long, **answers(0.9))
    assert 10 < found.values["epoch"] < 30 and found.values["epochs"] == 120
    assert found.values["seconds"] == 119 - (found.values["epoch"] - 1)
    assert found.severity == "note"


def test_a_rise_is_left_to_overfitting_and_a_fall_is_none(told):
    assert not told("R08", **HEALTHY | {"valid_loss": np.linspace(0.3, 0.9, 30)}, **answers(0.9))
    assert not told("R08", **HEALTHY | {"valid_loss": np.linspace(0.9, 0.3, 30)}, **answers(0.9))
