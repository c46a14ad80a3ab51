"""Batches: each epoch goes through all the rows, which are read from the disk."""

from functools import partial

import numpy as np
import tensorflow as tf

from apprenti.backends.common.data import Data
from apprenti.backends.common.on_disk import OnDisk
from apprenti.backends.common.pools import pools
from apprenti.backends.common.settings import Config


def as_tensors(data: Data, config: Config) -> tuple[OnDisk, np.ndarray]:
    # They become tensors when they are read
    inputs, targets = data.train_inputs, data.train_targets
    if (
        config.loss == "binary_cross_entropy"
        or config.label_smoothing
        or (config.mixup and not config.regression)
    ):
        # Each class has its share of the truth
        targets = np.eye(data.description["outputs"], dtype=np.float32)[targets]
    return inputs, targets


def shuffled(inputs, targets, epoch: int, config: Config):
    kinds = tf.float32, targets.dtype
    shapes = [(None, *part.shape[1:]) for part in (inputs, targets)]
    read, size = partial(pools, inputs, targets, epoch, config), config.batch_size
    signature = tuple(map(tf.TensorSpec, shapes, kinds))
    mixed = tf.data.Dataset.from_generator(read, output_signature=signature)

    def cut(rows, answers):
        starts = tf.data.Dataset.range(0, tf.shape(rows, tf.int64)[0], size)
        return starts.map(lambda i: (rows[i : i + size], answers[i : i + size]))

    steps = -(-len(inputs) // size)
    return mixed.flat_map(cut).apply(tf.data.experimental.assert_cardinality(steps))
