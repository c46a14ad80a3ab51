"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import tensorflow as tf

from apprenti.backends.common.settings import Config


def noisy(rows: tf.Tensor, random: np.random.Generator, config: Config) -> tf.Tensor:
    def draw(rows):
        return random.standard_normal(rows.shape, dtype=np.float32)

    noise = tf.numpy_function(draw, [rows], tf.float32)
    return rows + config.noise * tf.reshape(noise, tf.shape(rows))


def mixed(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    def draw(rows):
        share = random.beta(config.mixup, config.mixup)
        return np.float32(share), random.permutation(len(rows))

    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    share, other = tf.numpy_function(draw, [rows], (tf.float32, tf.int64))
    share, other = tf.reshape(share, ()), tf.reshape(other, (-1,))
    return [share * each + (1 - share) * tf.gather(each, other) for each in (rows, targets)]
