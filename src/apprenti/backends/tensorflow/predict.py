"""Answering: the model is opened again, and says what it thinks of each new row."""

import json

import numpy as np
import tensorflow as tf

from apprenti.backends.common.answers_classification import write_answers
from apprenti.backends.common.mixed import prepare, recall_preparation
from apprenti.backends.common.new_table import read_new
from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.classification import predict
from apprenti.backends.tensorflow.mlp import build_model


def main(config: Config) -> None:
    with open("model/model.json", encoding="utf-8") as file:
        description = json.load(file)
    model = build_model(config, tuple(description["input_shape"]), description["outputs"])
    model.load_weights("model/model.weights.h5")
    rows, names = read_new(config)
    inputs = prepare(rows, np.arange(len(names)), recall_preparation(description))
    write_answers(names, predict(model, inputs), description)


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(Config().threads)
    main(Config())
