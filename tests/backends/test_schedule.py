"""The learning rate from epoch to epoch and from update to update: the same in both frameworks."""

import json
import math
import sys
from itertools import pairwise

import pytest

import fork_server
from apprenti.backends.common.schedule import rate_of
from apprenti.backends.common.settings import Config

EPOCHS = [1, 2, 5]
STEPS = 2
SCHEDULES = ("cosine", "constant", "step", "one_cycle")
WARM_UPS = (0, 1, 2, 9)

# Each framework in a process of its own; what it says is one line of JSON
RATES = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
from importlib import import_module
import numpy as np
from apprenti.backends.common.settings import Config
framework, counts = sys.argv[1], json.loads(sys.argv[2])
build_model = import_module(f"apprenti.backends.{framework}.linear").build_model
train = import_module(f"apprenti.backends.{framework}.train")
build_optimizer = import_module(f"apprenti.backends.{framework}.optimizer").build_optimizer
inputs, targets = np.ones((4, 3), dtype="float32"), np.array([0, 1, 0, 1])
said = {}

def watched(optimizer, rates):
    # What each update is really made with
    if framework == "pytorch":
        optimizer.register_step_pre_hook(lambda o, *_: rates.append(o.param_groups[0]["lr"]))
        return optimizer
    import tensorflow as tf
    update = optimizer.update_step
    def update_step(gradient, variable, rate):
        if len(variable.shape) == 2:
            tf.py_function(lambda rate: rates.append(float(rate)), [rate], [])
        update(gradient, variable, rate)
    optimizer.update_step = update_step
    return optimizer

def used(config, halves):
    # In two trainings, the second of which knows nothing but what a checkpoint keeps
    rates, state = [], None
    for epochs in halves:
        model = build_model(config, (3,), 2)
        optimizer = watched(build_optimizer(model, config), rates)
        if framework == "pytorch":
            import torch
            if state:
                optimizer.load_state_dict(state)
            for epoch in epochs:
                rows = [(torch.from_numpy(inputs), torch.from_numpy(targets))] * 2
                train.train_on(model, optimizer, rows, 4, epoch, config, None)
            state = optimizer.state_dict()
        else:
            import tensorflow as tf
            train.compile_model(model, optimizer, len(inputs), config)
            if state:
                for variable, value in zip(optimizer.variables, state):
                    variable.assign(value)
            for epoch in epochs:
                rows = tf.data.Dataset.from_tensor_slices((inputs, targets)).batch(2)
                train.train_on(model, rows, 4, epoch, config, None)
            state = [variable.numpy() for variable in optimizer.variables]
    return rates

for schedule in ("cosine", "constant", "step", "one_cycle"):
    for warm_up in (0, 1, 2, 9):
        for kind in ("adam", "sgd"):
            config = Config(learning_rate=0.5, schedule=schedule, epochs=5, batch_size=2)
            config = config._replace(warm_up=warm_up, optimizer=kind)
            name = f"{schedule} {warm_up} {kind}"
            said[name] = used(config, [range(1, 6)])
            if kind == "adam" and warm_up in (0, 2):
                said[f"{name} in two"] = used(config, [range(1, 4), range(4, 6)])
for schedule in ("cosine", "constant"):
    for count in counts:
        config = Config(learning_rate=0.5, schedule=schedule, epochs=count, batch_size=2)
        model, rates = build_model(config, (3,), 2), []
        for epoch in range(1, count + 1):
            if framework == "pytorch":
                import torch
                optimizer = build_optimizer(model, config)
                rows = [(torch.from_numpy(inputs), torch.from_numpy(targets))]
                train.train_on(model, optimizer, rows, 4, epoch, config, None)
                rates.append(optimizer.param_groups[0]["lr"])
            else:
                train.compile_model(model, build_optimizer(model, config), len(inputs), config)
                import tensorflow as tf
                rows = tf.data.Dataset.from_tensor_slices((inputs, targets)).batch(2)
                train.train_on(model, rows, 4, epoch, config, None)
                rates.append(float(model.optimizer.learning_rate))
        said[f"{schedule} {count}"] = rates
print(json.dumps(said))
"""


@pytest.fixture(
    scope="module", params=["pytorch", pytest.param("tensorflow", marks=pytest.mark.slow)]
)
def rates(request, tmp_path_factory):
    command = [sys.executable, "-c", RATES, request.param, json.dumps(EPOCHS)]
    folder = tmp_path_factory.mktemp("rates")
    done = fork_server.run(command, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_constant_rate_stays_what_it_is(rates):
    for epochs in EPOCHS:
        assert rates[f"constant {epochs}"] == [0.5] * epochs


def test_the_cosine_begins_at_the_learning_rate_and_never_reaches_0(rates):
    # Each epoch a new optimizer: the rate depends on nothing but the epoch and the settings
    assert rates["cosine 1"] == [0.5]
    assert rates["cosine 2"] == pytest.approx([0.5, 0.25])
    shares = [rate / 0.5 for rate in rates["cosine 5"]]
    assert shares == pytest.approx([1, 0.904508, 0.654508, 0.345492, 0.095492], abs=1e-5)


def by_formula(schedule, warm_up, epochs=5):
    """Return the rate of each update, STEPS in each epoch, as the schedules are published."""
    found = []
    for update in range(epochs * STEPS):
        if update < warm_up * STEPS:
            found.append((update + 1) / (warm_up * STEPS))
            continue
        last, over = (epochs - warm_up) * STEPS, update - warm_up * STEPS
        # Without warm-up the cosine changes from epoch to epoch
        share = over / last if warm_up else (update // STEPS) / epochs
        if schedule == "cosine":
            found.append((1 + math.cos(math.pi * share)) / 2)
        elif schedule == "step":
            found.append(10.0 ** -((2 * over >= last) + (4 * over >= 3 * last)))
        elif schedule == "one_cycle":
            done = over / last
            up, down = 0.04 + (1 - 0.04) * done / 0.3, 1 - (done - 0.3) / 0.7
            found.append(up if done < 0.3 else down)
        else:
            found.append(1.0)
    return [0.5 * share for share in found]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("warm_up", WARM_UPS)
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_each_update_is_made_with_the_rate_of_the_formula(rates, schedule, warm_up, optimizer):
    used, expected = rates[f"{schedule} {warm_up} {optimizer}"], by_formula(schedule, warm_up)
    assert len(used) == len(expected) == 5 * STEPS
    assert used == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("warm_up", [0, 2])
def test_a_training_that_goes_on_from_a_checkpoint_goes_on_with_its_rates(rates, schedule, warm_up):
    name = f"{schedule} {warm_up} adam"
    assert rates[f"{name} in two"] == rates[name]


def test_warm_up_begins_near_0_and_reaches_the_learning_rate():
    config = Config(learning_rate=0.1, schedule="constant", warm_up=3, epochs=10)
    rates = [rate_of(update, 100, config) for update in range(1000)]
    assert rates[0] == pytest.approx(0.1 / 300)
    assert rates[299:] == pytest.approx([0.1] * 701)
    assert all(one < other for one, other in pairwise(rates[:300]))


def test_one_cycle_is_highest_after_three_tenths_and_ends_at_almost_0():
    config = Config(learning_rate=0.1, schedule="one_cycle", epochs=10)
    rates = [rate_of(update, 100, config) for update in range(1000)]
    assert rates[0] == pytest.approx(0.004)
    assert rates.index(max(rates)) == 300
    assert max(rates) == pytest.approx(0.1)
    assert 0 < rates[-1] < 0.001
    assert all(rate_of(0, 1, config._replace(epochs=count)) > 0 for count in (1, 2, 3))


def test_a_step_is_divided_by_ten_after_a_half_and_again_after_three_quarters():
    config = Config(learning_rate=0.1, schedule="step", epochs=8)
    first_of_each = [rate_of(epoch * 10, 10, config) for epoch in range(8)]
    assert first_of_each == pytest.approx([0.1] * 4 + [0.01] * 2 + [0.001] * 2)
