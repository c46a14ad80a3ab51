"""The networks for images: the same in both frameworks, for images of any size and colour."""

import json
import sys

import numpy as np
import pytest

import fork_server
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import NETWORKS, OF_IMAGES
from apprenti.train.plan import plan

SHAPES = [(28, 28), (28, 28, 1), (9, 14, 3), (1, 1)]
CLASSES = 3

# Each framework in a process of its own; what it says is one line of JSON
BUILD = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
from importlib import import_module
import numpy as np
from apprenti.backends.common.settings import Config
framework, shapes, classes = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
predict = import_module(f"apprenti.backends.{framework}.classification").predict
said = {}
for model in ("cnn", "resnet"):
    build_model = import_module(f"apprenti.backends.{framework}.{model}").build_model
    for shape in shapes:
        config = Config(filters=(4, 6), grey=len(shape) == 2)
        network = build_model(config, tuple(shape), classes)
        if framework == "pytorch":
            learned = sum(weights.numel() for weights in network.parameters())
        else:
            learned = sum(weights.numpy().size for weights in network.trainable_variables)
        images = np.random.default_rng(0).random((5, *shape)).astype(np.float32)
        answers = predict(network, images)
        said[f"{model} {shape}"] = [learned, list(answers.shape), float(answers.sum())]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def built():
    found = {}
    for framework in NETWORKS:
        command = [sys.executable, "-c", BUILD, framework, json.dumps(SHAPES), str(CLASSES)]
        done = fork_server.run(command)
        assert done.returncode == 0, done.stderr
        found[framework] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_both_frameworks_learn_the_same_number_of_parameters(built):
    ours, theirs = (
        {case: learned for case, (learned, _, _) in built[name].items()} for name in NETWORKS
    )
    assert ours == theirs
    assert len(ours) == len(OF_IMAGES) * len(SHAPES)


def test_the_parameters_of_a_network_can_be_counted_by_hand(built):
    dense = (7 * 7 * 6) * 128 + 128 + 128 * CLASSES + CLASSES
    assert built["pytorch"]["cnn [28, 28]"][0] == (25 + 1) * 4 + (25 * 4 + 1) * 6 + dense
    # Each convolution has two numbers more for each filter, from batch normalisation, and no bias
    stages = (9 + 2) * 4 + 4 * (9 * 4 + 2) * 4 + (9 * 4 + 2) * 6 + 4 * (9 * 6 + 2) * 6
    assert built["pytorch"]["resnet [28, 28]"][0] == stages + 6 * CLASSES + CLASSES


def test_a_grey_image_may_have_a_colour_or_none(built):
    for model in OF_IMAGES:
        counts = {built["pytorch"][f"{model} {shape}"][0] for shape in ([28, 28], [28, 28, 1])}
        assert len(counts) == 1


@pytest.mark.parametrize("framework", NETWORKS)
def test_each_image_gets_a_probability_for_each_class(built, framework):
    for case, (_, shape, total) in built[framework].items():
        assert shape == [5, CLASSES], case
        assert total == pytest.approx(5, abs=1e-4), case


@pytest.mark.parametrize("model", OF_IMAGES)
def test_columns_are_not_images(make_project, columns_npz, model):
    with pytest.raises(ApprentiError) as caught:
        plan(make_project(columns_npz, framework="pytorch", kind=model))
    assert (caught.value.key, caught.value.values["shape"]) == ("not_images", (4,))
    assert "--set kind=mlp" in str(caught.value)


def test_a_batch_of_a_single_point_is_refused_before_it_fails(make_project, tmp_path):
    np.savez(tmp_path / "tiny.npz", x=np.zeros((60, 4, 4)), y=np.arange(60) % 2)
    settings = {"kind": "resnet", "data.split.train": 33}
    with pytest.raises(ApprentiError) as caught:
        plan(make_project(tmp_path / "tiny.npz", **settings))
    assert caught.value.key == "batch_of_one"
    assert plan(make_project(tmp_path / "tiny.npz", **settings, filters=[4])).script
    assert plan(make_project(tmp_path / "tiny.npz", **settings, batch_size=30)).script
