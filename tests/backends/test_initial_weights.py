"""Initial weights: drawn as is said, in every layer of every network, alike in both frameworks."""

import json
import subprocess
import sys
from itertools import pairwise

import pytest

from apprenti.model.catalogue import DRAWN, NETWORKS

MODELS = {
    "mlp": ([20, 20], {"hidden_units": [300, 300, 300]}),
    "cnn": ([8, 8], {"filters": [40, 50], "hidden_units": [60]}),
    "resnet": ([8, 8], {"filters": [30, 40]}),
    "conv1d": ([7], {"hidden_units": [50, 60], "vocabulary": 20, "embedding_size": 40}),
}
CLASSES = 30
"""So many that the last layer, too, has weights enough for a standard deviation."""

# Each framework in a process of its own; what it says is one line of JSON
LOOK = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
from importlib import import_module
import numpy as np
from apprenti.backends.common.settings import Config
framework, models, classes = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
blocks = f"apprenti.backends.{framework}"
draw_weights = import_module(f"{blocks}.initial_weights").draw_weights

if framework == "pytorch":
    import torch
    from torch import nn

    def begin():
        torch.manual_seed(3)

    def layers(network):
        kinds = nn.Linear, nn.Conv1d, nn.Conv2d
        for one in network.modules():
            if isinstance(one, kinds):
                axes = [*range(2, one.weight.ndim), 1, 0]
                yield [values.detach().numpy() for values in one.parameters()], axes

    def scales(network):
        kinds = nn.BatchNorm1d, nn.BatchNorm2d
        found = [one for one in network.modules() if isinstance(one, kinds)]
        return [values.detach().numpy() for one in found for values in (one.weight, one.bias)]

    def words(network):
        found = [one for one in network.modules() if isinstance(one, nn.Embedding)]
        return [one.weight.detach().numpy() for one in found]
else:
    import keras

    def begin():
        keras.utils.set_random_seed(3)

    def layers(network):
        for one in network.layers:
            if hasattr(one, "kernel"):
                axes = range(len(one.kernel.shape))
                yield [values.numpy() for values in one.trainable_variables], axes

    def scales(network):
        found = [one for one in network.layers if hasattr(one, "gamma")]
        return [values.numpy() for one in found for values in (one.gamma, one.beta)]

    def words(network):
        return [one.embeddings.numpy() for one in network.layers if hasattr(one, "embeddings")]

def drawn(model, name):
    shape, settings = models[model]
    lists = {name: tuple(value) for name, value in settings.items() if isinstance(value, list)}
    own = {**settings, **lists, "grey": len(shape) == 2, "initial_weights": name}
    config = Config(**own)
    begin()
    network = import_module(f"{blocks}.{model}").build_model(config, tuple(shape), classes)
    before = words(network)
    draw_weights(network, config)
    assert all(map(np.array_equal, before, words(network)))
    return network

said = {}
for model in models:
    for name in ("glorot", "he", "normal"):
        network = drawn(model, name)
        found, again = [*layers(network)], [*layers(drawn(model, name))]
        described = []
        for (kernel, *bias), axes in found:
            *places, inputs, outputs = (kernel.shape[axis] for axis in axes)
            area = int(np.prod(places))
            described.append({
                "inputs": area * inputs,
                "outputs": area * outputs,
                "deviation": float(kernel.std()),
                "mean": float(kernel.mean()),
                "largest": float(np.abs(kernel).max()),
                "bias": [float(one.std()) for one in bias],
                "begin": kernel.transpose(*axes).ravel()[:5].tolist(),
            })
        said[f"{model} {name}"] = {
            "layers": described,
            "same": all(np.array_equal(a[0][0], b[0][0]) for a, b in zip(found, again)),
            "scales": [[float(one.min()), float(one.max())] for one in scales(network)],
        }
print(json.dumps(said))
"""


@pytest.fixture(scope="module", params=NETWORKS)
def found(request):
    asked = [request.param, json.dumps(MODELS), str(CLASSES)]
    command = [sys.executable, "-c", LOOK, *asked]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def test_every_network_that_has_such_a_setting_is_looked_at():
    assert set(DRAWN) == set(MODELS)


def formula(name, layer):
    wanted = {"glorot": 2 / (layer["inputs"] + layer["outputs"]), "he": 2 / layer["inputs"]}
    return wanted.get(name, 1) ** 0.5


@pytest.mark.parametrize("name", ["glorot", "he", "normal"])
@pytest.mark.parametrize("model", MODELS)
def test_the_weights_of_each_layer_have_the_spread_of_the_formula(found, model, name):
    layers = found[f"{model} {name}"]["layers"]
    assert len(layers) >= 3
    for layer in layers:
        wanted = formula(name, layer)
        assert layer["deviation"] == pytest.approx(wanted, rel=0.05)
        assert abs(layer["mean"]) < 0.1 * wanted
        # A uniform distribution ends at sqrt(3) deviations, a normal one goes on
        assert (layer["largest"] < 1.74 * wanted) == (name != "normal")


@pytest.mark.parametrize("model", MODELS)
def test_biases_are_0_or_as_large_as_the_weights(found, model):
    for name in ("glorot", "he"):
        layers = found[f"{model} {name}"]["layers"]
        assert {bias for layer in layers for bias in layer["bias"]} == {0}
    deviations = [b for layer in found[f"{model} normal"]["layers"] for b in layer["bias"]]
    assert deviations
    assert all(0.4 < one < 1.7 for one in deviations)


def test_each_layer_is_drawn_anew_and_the_same_seed_draws_the_same(found):
    for drawn in found.values():
        assert drawn["same"]
        begins = [layer["begin"] for layer in drawn["layers"]]
        assert all(one != other for one, other in pairwise(begins))


@pytest.mark.parametrize("name", ["glorot", "he", "normal"])
def test_batch_normalisation_begins_as_ever(found, name):
    assert set(map(tuple, found[f"resnet {name}"]["scales"])) == {(1, 1), (0, 0)}
