"""Model: one score for each class; the loss (cross-entropy) says how wrong the scores are."""

from functools import partial

import keras
import numpy as np

from apprenti.backends.common.settings import Config


class EachClass(keras.layers.Layer):
    def call(self, scores, training=False):
        # To predict, the logarithm of each sigmoid: softmax divides each by the sum of all
        return scores if training else keras.ops.log_sigmoid(scores)


def build_loss(config: Config) -> keras.Loss:
    if config.loss == "binary_cross_entropy":
        if config.label_smoothing:
            return partial(smoothed, share=config.label_smoothing)
        return binary_cross_entropy
    if config.label_smoothing:
        # A share of the truth goes to all classes, so that no score has to be extreme
        share = config.label_smoothing
        return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=share)
    if config.mixup:
        # The target is a share of each class, not the number of one class
        return keras.losses.CategoricalCrossentropy(from_logits=True)
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def binary_cross_entropy(truth, scores):
    # Each class is a question of its own, yes or no, for a sigmoid. The losses of a row add up
    each = keras.ops.binary_crossentropy(truth, scores, from_logits=True)
    return keras.ops.sum(each, axis=1)


def smoothed(truth, scores, share: float):
    # A share of the truth goes to all classes, so that no score has to be extreme
    return binary_cross_entropy((1 - share) * truth + share / truth.shape[1], scores)


def predict(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    outputs = [model(inputs[i : i + 1000], training=False) for i in range(0, len(inputs), 1000)]
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.concatenate(outputs)))
