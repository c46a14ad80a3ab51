"""Model: layers of neurons, each connected to all of the layer before (multilayer perceptron)."""

import keras
from keras import layers

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [keras.Input(shape), layers.Flatten()]  # An image becomes one long row
    for units in config.hidden_units:
        if config.activation == "relu":
            stack += [layers.Dense(units, activation="relu")]  # Without ReLU, several are worth one
        else:
            # Without an activation, several are worth one
            stack += [layers.Dense(units, activation=config.activation)]
    return keras.Sequential([*stack, layers.Dense(outputs)])
