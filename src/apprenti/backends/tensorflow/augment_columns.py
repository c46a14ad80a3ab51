"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import tensorflow as tf

from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.augment import mixed, noisy


def augment(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    if config.noise:
        rows = noisy(rows, random, config)
    if config.mixup:
        rows, targets = mixed(rows, targets, random, config)
    return rows, targets


def augmented(batches, epoch: int, config: Config):
    if config.noise or config.mixup:
        # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
        random = np.random.default_rng((config.seed, epoch, 1))
        return batches.map(lambda rows, targets: augment(rows, targets, random, config))
    return batches
