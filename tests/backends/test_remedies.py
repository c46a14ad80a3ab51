"""What acts in the loss or in the update: weight decay, L1, clipping, smoothing, class weights."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from apprenti.backends.common.classification import balanced
from apprenti.model.catalogue import NETWORKS

ALL = {
    "weight_decay": 0.5,
    "l1": 0.02,
    "clip_norm": 0.3,
    "label_smoothing": 0.2,
    "class_weights": "balanced",
}
MODELS = ("linear", "mlp", "cnn", "resnet", "gru", "conv1d")
NEARLY = 1e-5

# Each framework in a process of its own; what it says is one line of JSON
HEAD = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
from importlib import import_module
import numpy as np
from apprenti.backends.common.classification import balanced
from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config
framework, asked = sys.argv[1], json.loads(sys.argv[2])
of = lambda name: import_module(f"apprenti.backends.{framework}.{name}")
agreement = of("agreement")
random = np.random.default_rng(0)

def data_for(model, count=90):
    if model in ("gru", "conv1d"):  # Few words, so that each is in a batch many times
        inputs = random.integers(1, 6, (count, 7))
    else:
        shape = (8, 8, 2) if model in ("cnn", "resnet") else (5,)
        inputs = random.normal(size=(count, *shape)).astype("float32")
    targets = np.r_[np.zeros(count // 9 * 6), np.ones(count // 9 * 2), np.full(count // 9, 2)]
    targets = targets.astype(int)
    return Data(inputs, inputs[::3], targets, targets[::3], (np.arange(3), []), {"outputs": 3})

def config_of(**more):
    usual = dict(hidden_units=(6,), filters=(3,), residual_blocks=1, vocabulary=5, batch_size=10,
                 embedding_size=4, learning_rate=0.05, epochs=3, schedule="constant", train=90)
    return Config(**{**usual, **more})

def learned(model, arm, more):
    config, data = config_of(**more), data_for(model)
    if config.class_weights == "balanced":
        config = config._replace(class_weights=balanced(data.train_targets))
    agreement.build_model = of(model).build_model
    found = agreement.learn(data, agreement.Arm(*arm), config)
    last = arm[2]
    return found[f"weights_0"].tolist(), found[f"weights_{last}"].tolist()
"""

LEARN = (
    HEAD
    + """
print(json.dumps([learned(*one) for one in asked]))
"""
)


def said_by(framework, script, asked, folder):
    command = [sys.executable, "-c", script, framework, json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_quick(tmp_path):
    asked = [(m, ("sgd", "float64", 27), ALL) for m in MODELS]
    found = {f: said_by(f, LEARN, asked, tmp_path) for f in NETWORKS}
    for i, m in enumerate(MODELS):
        (a0, a), (b0, b) = (found[f][i] for f in NETWORKS)
        print(m, np.abs(np.subtract(a0, b0)).max(), np.abs(np.subtract(a, b)).max(), np.abs(np.subtract(a,a0)).max(), (np.array(a)==0).mean(), (np.array(b)==0).mean())
