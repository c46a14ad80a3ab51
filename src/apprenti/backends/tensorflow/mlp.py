"""Model: layers of neurons, each joined to all of the layer before (multilayer perceptron)."""

import keras

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [keras.Input(shape), keras.layers.Flatten()]  # An image becomes one long row
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        stack += [keras.layers.Dense(units, activation="relu")]
    return keras.Sequential([*stack, keras.layers.Dense(outputs)])
