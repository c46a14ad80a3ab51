"""Model: one weight for each input and each class, nothing in between (logistic regression)."""

import keras
from keras import layers

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_model(config: Config, data: Data) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input(data.train_inputs.shape[1:]),
            # An image becomes one long row of numbers
            layers.Flatten(),
            layers.Dense(len(data.classes)),
        ]
    )
