"""Updates: how far an epoch moves each layer, and whether its units can still learn."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.settings import Config
from apprenti.backends.common.updates import write_updates
from apprenti.backends.tensorflow.classification import build_loss


def kernels_of(model: keras.Model) -> list:
    found = model.trainable_variables
    return [weights for weights in found if len(weights.shape) > 1]  # Without the biases


def copy_of(model: keras.Model) -> list[np.ndarray]:
    return [weights.numpy() for weights in kernels_of(model)]


def record_updates(folder: Path, model, before: list, data, epoch: int, config: Config) -> None:
    weights = [variable.value for variable in kernels_of(model)]
    rows = tf.convert_to_tensor(data.train_inputs[:256])
    if config.loss == "binary_cross_entropy":
        model = model.layers[0]  # Its scores, as the loss wants them
    with tf.GradientTape() as tape:
        said, stuck = outputs_and_stuck(model, rows)
        targets = tf.constant(data.train_targets[:256])
        if (
            config.loss == "binary_cross_entropy"
            or config.label_smoothing
            or (config.mixup and not config.regression)
        ):
            targets = tf.one_hot(targets, said.shape[-1])  # As the loss wants them
        loss = build_loss(config)(targets, said)
        if config.loss == "binary_cross_entropy":
            loss = tf.reduce_mean(loss)
    slopes = tape.gradient(loss, weights)
    changes = []
    for old, new, slope in zip(before, weights, slopes, strict=True):
        # As shares of the size of the weights: 0.01 means that a layer changed by a hundredth
        size = tf.norm(old)
        update, gradient = tf.norm(new - old), tf.norm(tf.convert_to_tensor(slope))
        changes.append((float(update / size), float(gradient / size)))
    write_updates(folder, epoch, changes, stuck)


def outputs_and_stuck(model: keras.Model, rows: tf.Tensor) -> tuple[tf.Tensor, list[float]]:
    """Return what the model says, and of each activation the share of units that are stuck."""
    # Stuck: its slope is 0, or nearly, for every row, so that no row can teach it anything
    found, said = [], rows
    if not isinstance(model, keras.Sequential):
        return model(rows, training=False), found
    for layer in model.layers:
        said = layer(said, training=False)
        kind = getattr(getattr(layer, "activation", None), "__name__", "")
        if kind in ("relu", "sigmoid", "tanh"):
            values = said.numpy()
            flat = values <= 0 if kind == "relu" else np.abs(values) > 0.99
            if kind == "sigmoid":
                flat |= values < 0.01
            units = flat.reshape(-1, flat.shape[-1]).all(axis=0)  # A filter is one unit
            found.append(round(float(units.mean()), 4))
    return said, found
