"""Training: Keras goes through one epoch, we look at the result and go on."""

import keras
import tensorflow as tf

from apprenti.backends.common.settings import Config


def build_optimizer(model: keras.Model, config: Config) -> keras.Optimizer:
    if not (config.clip_norm or config.weight_decay or config.l1):
        if config.optimizer == "adam":
            return keras.optimizers.Adam(config.learning_rate)
        return keras.optimizers.SGD(config.learning_rate)
    if config.optimizer == "adam":
        optimizer = keras.optimizers.Adam(config.learning_rate)
    else:
        optimizer = keras.optimizers.SGD(config.learning_rate)
    if config.clip_norm:
        optimizer.global_clipnorm = config.clip_norm  # Too long a gradient is shortened
        if config.embedded:
            # Of a word that a batch has twice, Keras would measure each half of the gradient
            apply, whole = optimizer.apply, tf.convert_to_tensor
            optimizer.apply = lambda gradients, weights: apply([*map(whole, gradients)], weights)
    if config.weight_decay or config.l1:
        left_alone = ["bias", "beta", "gamma"]
    if config.weight_decay:
        optimizer.weight_decay = config.weight_decay  # Each weight loses the same share
        optimizer.exclude_from_weight_decay(var_names=left_alone)
    if config.l1:
        for one in [w for w in model.trainable_variables if w.name not in left_alone]:
            # Each weight loses the same amount, but does not go past 0
            one.constraint = lambda w: keras.ops.soft_shrink(w, optimizer.learning_rate * config.l1)
    return optimizer
