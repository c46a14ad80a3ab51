"""Model: loaded, with its trained weights."""

import json
from pathlib import Path

import keras
import tensorflow as tf

from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.classification import EachClass
from apprenti.backends.tensorflow.mlp import build_model


def open_model(config: Config, folder: Path) -> tuple[keras.Model, dict]:
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    model = build_model(config, tuple(description["input_shape"]), description["outputs"])
    if config.loss == "binary_cross_entropy":
        model = keras.Sequential([model, EachClass()])
    model.load_weights(folder / "model.weights.h5")
    return model, description
