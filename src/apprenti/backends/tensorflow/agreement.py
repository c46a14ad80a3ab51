"""The experiment in Keras: each way to learn, from the same start, on the same batches."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.agreement import (
    STOPS,
    Arm,
    first_weights,
    in_pieces,
    in_precision,
    look,
    ways_to_learn,
)
from apprenti.backends.common.classification import balanced
from apprenti.backends.common.data import Data
from apprenti.backends.common.load import load_data
from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.classification import EachClass, predict
from apprenti.backends.tensorflow.mlp import build_model
from apprenti.backends.tensorflow.optimizer import build_optimizer
from apprenti.backends.tensorflow.train import compile_model, train_on


def weights_of(model) -> list[np.ndarray]:
    return [weights.numpy() for weights in model.trainable_variables]


def set_weights(model, config: Config) -> None:
    kinds = {"recurrent_kernel": "kernel", "beta": "bias"}
    named = [(kinds.get(w.name, w.name), tuple(w.shape)) for w in model.trainable_variables]
    drawn = first_weights(named, config)
    for weights, values in zip(model.trainable_variables, drawn, strict=True):
        weights.assign(values)


def learn(data: Data, arm: Arm, config: Config) -> dict:
    keras.config.set_floatx(arm.precision)
    keras.config.set_dtype_policy(arm.precision)
    data = in_precision(data, arm)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    if config.loss == "binary_cross_entropy":
        model = keras.Sequential([model, EachClass()])
    set_weights(model, config)
    optimizer = build_optimizer(model, config._replace(optimizer=arm.optimizer))
    compile_model(model, optimizer, len(data.train_inputs), config)
    inputs, targets = tf.constant(data.train_inputs), tf.constant(data.train_targets)
    if config.loss == "binary_cross_entropy" or config.label_smoothing:
        # Each class has its share of the truth
        targets = tf.one_hot(targets, data.description["outputs"])
    seen = look(0, weights_of(model), lambda x: predict(model, x), data, config)
    for order, epoch, step in in_pieces(len(inputs), arm, config):
        rows = tf.data.Dataset.from_tensor_slices(order).batch(config.batch_size)
        batches = rows.map(lambda rows: (tf.gather(inputs, rows), tf.gather(targets, rows)))
        train_on(model, batches, len(inputs), epoch, config, Path())
        if step in [*STOPS, arm.last_step]:
            seen |= look(step, weights_of(model), lambda x: predict(model, x), data, config)
    return seen


def main(config: Config) -> None:
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    data = load_data(config)
    if config.class_weights == "balanced":
        config = config._replace(class_weights=balanced(data.train_targets))
    for name, arm in ways_to_learn(len(data.train_inputs), config).items():
        np.savez(f"{name}.npz", **learn(data, arm, config))
        print(f"{name}: {arm.optimizer}, {arm.precision}, {arm.last_step}", flush=True)


if __name__ == "__main__":
    main(Config())
