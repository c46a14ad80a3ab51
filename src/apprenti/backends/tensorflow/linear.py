"""Model: one weight for each input and each output, nothing in between (a linear model)."""

import keras
from keras import layers

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input(shape),
            # An image becomes one long row of numbers
            layers.Flatten(),
            layers.Dense(outputs),
        ]
    )
