"""Training: Keras goes through one epoch, we look at the result and go on."""

import keras
import tensorflow as tf

from apprenti.backends.common.settings import Config


def build_optimizer(model: keras.Model, config: Config) -> keras.Optimizer:
    if config.clip_norm or config.weight_decay or config.l1:
        kind = keras.optimizers.Adam if config.optimizer == "adam" else keras.optimizers.SGD
        optimizer, left_alone = kind(config.learning_rate), ["bias", "beta", "gamma"]
        if config.clip_norm:
            # Too long a gradient is shortened: never too far at once
            optimizer.global_clipnorm = config.clip_norm
            apply, whole = optimizer.apply, tf.convert_to_tensor
            # Of a word that a batch has twice, Keras would measure each half of the gradient
            optimizer.apply = lambda gradients, weights: apply([*map(whole, gradients)], weights)
        if config.weight_decay:
            optimizer.weight_decay = config.weight_decay  # Each weight loses the same share
            optimizer.exclude_from_weight_decay(var_names=left_alone)
        if config.l1:
            for weights in model.trainable_variables:
                if weights.name not in left_alone:
                    # Each weight loses the same amount, but does not go past 0
                    weights.constraint = lambda found: keras.ops.soft_shrink(
                        found, optimizer.learning_rate * config.l1
                    )
        return optimizer
    if config.optimizer == "adam":
        return keras.optimizers.Adam(config.learning_rate)
    return keras.optimizers.SGD(config.learning_rate)
