"""Model: one score for each class; the loss (cross-entropy) says how wrong the scores are."""

import keras
import numpy as np

from apprenti.backends.common.settings import Config


def build_loss(config: Config) -> keras.Loss:
    if config.label_smoothing:
        # A share of the truth goes to all classes, so that no score has to be extreme
        share = config.label_smoothing
        return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=share)
    if config.mixup:
        # The target is a share of each class, not the number of one class
        return keras.losses.CategoricalCrossentropy(from_logits=True)
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def predict(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    outputs = [model(inputs[i : i + 1000], training=False) for i in range(0, len(inputs), 1000)]
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.concatenate(outputs)))
