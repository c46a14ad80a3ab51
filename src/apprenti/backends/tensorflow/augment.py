"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import tensorflow as tf

from apprenti.backends.common.settings import Config


def noisy(rows: tf.Tensor, random: np.random.Generator, config: Config) -> tf.Tensor:
    return rows + config.noise * random.standard_normal(tuple(rows.shape), dtype=np.float32)


def mixed(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    part = np.float32(random.beta(config.mixup, config.mixup))
    other = random.permutation(len(rows))
    return [part * one + (1 - part) * tf.gather(one, other) for one in (rows, targets)]
