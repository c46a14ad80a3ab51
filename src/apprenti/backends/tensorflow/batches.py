"""Batches: each epoch goes through all the rows, in an order of its own."""

import numpy as np
import tensorflow as tf

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def as_tensors(data: Data, config: Config) -> tuple[tf.Tensor, tf.Tensor]:
    inputs, targets = tf.constant(data.train_inputs), tf.constant(data.train_targets)
    if (
        config.loss == "binary_cross_entropy"
        or config.label_smoothing
        or (config.mixup and not config.regression)
    ):
        # Each class has its share of the truth
        targets = tf.one_hot(targets, data.description["outputs"])
    return inputs, targets


def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    pieces = tf.data.Dataset.from_tensor_slices(order).batch(config.batch_size)
    return pieces.map(lambda rows: (tf.gather(inputs, rows), tf.gather(targets, rows)))
