"""Model: layers of neurons, each joined to all those of the layer before (perceptron, MLP)."""

import keras
from keras import layers

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_model(config: Config, data: Data) -> keras.Model:
    # An image becomes one long row of numbers
    stack = [keras.Input(data.train_inputs.shape[1:]), layers.Flatten()]
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        stack += [layers.Dense(units, activation="relu")]
    # One score for each class; the loss turns the scores into probabilities
    return keras.Sequential([*stack, layers.Dense(len(data.classes))])
