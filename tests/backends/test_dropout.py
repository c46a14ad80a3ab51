"""Dropout and batch normalisation: the same layers, with the same numbers, in both frameworks."""

import json
import sys

import numpy as np
import pytest

import fork_server
from apprenti.model.catalogue import NETWORKS, NORMALISED

MODELS = {
    "mlp": ([8, 8], {"hidden_units": [6, 5]}),
    "cnn": ([8, 8], {"filters": [3, 4], "hidden_units": [6]}),
    "resnet": ([8, 8], {"filters": [3, 4]}),
    "gru": ([7], {"hidden_units": [6, 5], "vocabulary": 20, "embedding_size": 4}),
    "conv1d": ([7], {"hidden_units": [6, 5], "vocabulary": 20, "embedding_size": 4}),
}
SHARE, CLASSES = 0.3, 3

# Each framework in a process of its own; what it says is one line of JSON
LOOK = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
from importlib import import_module
import numpy as np
from apprenti.backends.common.settings import Config
framework, models, share, classes = sys.argv[1], *map(json.loads, sys.argv[2:])
predict = import_module(f"apprenti.backends.{framework}.classification").predict
random = np.random.default_rng(0)

if framework == "pytorch":
    import torch
    from torch import nn

    torch.manual_seed(0)

    def learns(network, rows):
        network.train()
        return network(torch.from_numpy(rows)).detach().numpy()

    def parameters(network):
        return sum(weights.numel() for weights in network.parameters())

    def dropped(network):
        found = [one for one in network.modules() if isinstance(one, nn.Dropout)]
        return len(found), found[0].train()(torch.ones(200, 500)).numpy()

    def averages(network, rows):
        scaled = next(one for one in network.modules() if isinstance(one, nn.BatchNorm1d))
        seen = next(one for one in network.modules() if isinstance(one, nn.Linear))
        inputs = seen(torch.from_numpy(rows.reshape(len(rows), -1))).detach().numpy()
        learns(network, rows)
        found = scaled.running_mean, scaled.running_var
        return inputs, [one.numpy().tolist() for one in found], len(rows) / (len(rows) - 1)
else:
    import keras

    keras.utils.set_random_seed(0)

    def learns(network, rows):
        return network(rows, training=True).numpy()

    def parameters(network):
        return sum(weights.numpy().size for weights in network.trainable_variables)

    def dropped(network):
        found = [one for one in network.layers if isinstance(one, keras.layers.Dropout)]
        return len(found), found[0](np.ones((200, 500), np.float32), training=True).numpy()

    def averages(network, rows):
        layers = network.layers
        scaled = next(one for one in layers if isinstance(one, keras.layers.BatchNormalization))
        seen = next(one for one in layers if isinstance(one, keras.layers.Dense))
        inputs = seen(rows.reshape(len(rows), -1)).numpy()
        learns(network, rows)
        found = scaled.moving_mean, scaled.moving_variance
        return inputs, [one.numpy().tolist() for one in found], 1

said = {}
for model, (shape, settings) in models.items():
    lists = {name: tuple(v) for name, v in settings.items() if isinstance(v, list)}
    config = Config(**{"grey": len(shape) == 2, **settings, **lists})
    build = import_module(f"apprenti.backends.{framework}.{model}").build_model
    rows = random.random((30, *shape)).astype(np.float32)
    if len(shape) == 1:
        rows = random.integers(1, 20, (30, *shape)).astype(np.int32)
    plain = build(config, tuple(shape), classes)
    network = build(config._replace(dropout=share), tuple(shape), classes)
    count, ones = dropped(network)
    said[model] = {
        "parameters": [parameters(plain), parameters(network)],
        "steady": [predict(network, rows).tobytes() == predict(network, rows).tobytes()],
        "learns": [(learns(network, rows) == learns(network, rows)).mean()],
        "layers": count,
        "zeros": float((ones == 0).mean()),
        "others": float(ones[ones > 0].mean()),
    }
    if model in ("mlp", "cnn", "conv1d"):
        network = build(config._replace(batch_norm=True), tuple(shape), classes)
        said[model]["normalised"] = parameters(network)
        before = predict(network, rows)
        learns(network, rows)
        said[model]["remembers"] = not np.array_equal(before, predict(network, rows))
    if model == "mlp":
        network = build(config._replace(batch_norm=True), tuple(shape), classes)
        inputs, found, unbiased = averages(network, rows)
        said[model]["averages"] = {
            "found": found,
            "formula": [
                (0.1 * inputs.mean(axis=0)).tolist(),
                (0.9 + 0.1 * inputs.var(axis=0) * unbiased).tolist(),
            ],
        }
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def looked():
    found = {}
    for framework in NETWORKS:
        given = [json.dumps(one) for one in (MODELS, SHARE, CLASSES)]
        command = [sys.executable, "-c", LOOK, framework, *given]
        done = fork_server.run(command)
        assert done.returncode == 0, done.stderr
        found[framework] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(params=NETWORKS)
def found(looked, request):
    return looked[request.param]


@pytest.mark.parametrize("model", MODELS)
def test_dropout_is_off_when_predicting_and_on_when_training(found, model):
    assert found[model]["steady"] == [True]
    assert found[model]["learns"][0] < 0.5


@pytest.mark.parametrize("model", MODELS)
def test_the_share_of_zeros_is_the_one_asked_for_and_the_sum_is_kept(found, model):
    assert found[model]["zeros"] == pytest.approx(SHARE, abs=0.01)
    assert found[model]["others"] == pytest.approx(1 / (1 - SHARE), rel=1e-5)


def test_dropout_stands_in_the_same_places_in_both_frameworks_and_has_no_parameters(looked):
    for model in MODELS:
        counts = {name: looked[name][model]["layers"] for name in NETWORKS}
        assert set(counts.values()) == {{"mlp": 2, "cnn": 2}.get(model, 1)}, counts
        plain, dropped = looked["pytorch"][model]["parameters"]
        assert looked["tensorflow"][model]["parameters"] == [plain, dropped]
        assert plain == dropped


def test_batch_normalisation_takes_the_place_of_the_bias_in_both_frameworks(looked):
    for model in NORMALISED:
        assert len({looked[name][model]["normalised"] for name in NETWORKS}) == 1
    # A scale and a shift for each neuron, where a bias was
    by_hand = (64 * 6 + 2 * 6) + (6 * 5 + 2 * 5) + (5 + 1) * CLASSES
    assert looked["pytorch"]["mlp"]["normalised"] == by_hand


def test_the_running_averages_are_those_of_the_formula(found):
    """With momentum 0.1, as PyTorch counts it; the variance by n - 1 there, by n in Keras."""
    averages = found["mlp"]["averages"]
    np.testing.assert_allclose(averages["found"], averages["formula"], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("model", NORMALISED)
def test_predictions_go_by_the_averages_of_the_training(found, model):
    assert found[model]["remembers"]
