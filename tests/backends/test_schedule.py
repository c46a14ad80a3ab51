"""The learning rate from epoch to epoch: the same in both frameworks."""

import json
import subprocess
import sys

import pytest

from apprenti.model.catalogue import NETWORKS

EPOCHS = [1, 2, 5]

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


@pytest.fixture(scope="module", params=NETWORKS)
def rates(request, tmp_path_factory):
    command = [sys.executable, "-c", RATES, request.param, json.dumps(EPOCHS)]
    folder = tmp_path_factory.mktemp("rates")
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
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
