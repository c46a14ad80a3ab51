"""R07: a training that was stopped too early."""

import numpy as np
import pytest
from known_runs import HEALTHY, answers

from apprenti.backends.common.schedule import rate_of
from apprenti.backends.common.settings import Config
from apprenti.diagnose import Evidence


def test_a_validation_loss_that_still_falls_asks_for_more_epochs(told):
    few = {name: values[:5] for name, values in HEALTHY.items()}
    found = told("R07", **few, **answers(0.9))
    assert (found.severity, found.values["more"]) == ("note", 10)
    assert found.commands == ("apprenti train --set epochs=10",)


def test_a_validation_loss_that_is_level_does_not(told):
    assert not told("R07", **HEALTHY, **answers(0.9))
    rising = HEALTHY | {"valid_loss": np.linspace(0.5, 0.9, 30)}
    assert not told("R07", **rising, **answers(0.9))


def test_a_schedule_that_ends_in_small_steps_is_no_sign_of_an_end(told):
    few = {name: values[:5] for name, values in HEALTHY.items()}
    level = few | {"valid_loss": [0.9, 0.7, 0.6, 0.585, 0.58]}
    cosine = {"schedule": "cosine", "epochs": 5}
    assert told("R07", **level, **answers(0.9), settings=cosine)
    assert not told("R07", **level, **answers(0.9), settings={"schedule": "constant"})


@pytest.mark.parametrize(("model", "trees"), [("boosting", 10), ("stochastic_boosting", 5)])
def test_boosting_that_still_gets_better_is_to_have_more_trees(told, model, trees):
    few = {name: values[:5] for name, values in HEALTHY.items()}
    # Its iterations have no schedule, whatever the settings for networks say
    beside = {"schedule": "cosine", "epochs": 5}
    given = {"model": model, "framework": "sklearn", "settings": beside}
    found = told("R07", **few, **answers(0.9), **given)
    assert found.commands == (f"apprenti train --set n_estimators={trees}",)


@pytest.mark.parametrize("schedule", ["cosine", "step", "one_cycle", "constant"])
@pytest.mark.parametrize("warm_up", [0, 4])
def test_the_rates_that_are_supposed_are_those_of_scripts(left, schedule, warm_up):
    planned = {"schedule": schedule, "warm_up": warm_up, "epochs": 30}
    found = Evidence(left(**HEALTHY, **answers(0.9), settings=planned)).rates
    config, many = Config(learning_rate=1.0, **planned), 100_000
    middles = [rate_of(many * epoch + many // 2, many, config) for epoch in range(30)]
    assert found == pytest.approx(middles, abs=1e-5)
