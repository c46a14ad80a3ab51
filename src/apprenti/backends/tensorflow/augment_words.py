"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.augment import mixed, noisy


def augment(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    if config.word_dropout:
        kept = random.random(tuple(rows.shape)) >= config.word_dropout
        # Texts that lose words still count like the others
        rows = keras.ops.normalize(tf.where(kept, rows, 0.0))
    if config.noise:
        rows = noisy(rows, random, config)
    if config.mixup:
        rows, targets = mixed(rows, targets, random, config)
    return rows, targets


def augmented(batches, epoch: int, config: Config):
    if config.word_dropout or config.noise or config.mixup:
        # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
        random = np.random.default_rng((config.seed, epoch, 1))

        def changed(*batch):
            kinds = [part.dtype for part in batch]
            made = tf.py_function(lambda *both: augment(*both, random, config), batch, kinds)
            return tuple(tf.ensure_shape(a, b.shape) for a, b in zip(made, batch, strict=True))

        return batches.map(changed)
    return batches
