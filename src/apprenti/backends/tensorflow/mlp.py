"""Model: layers of neurons, each connected to all of the layer before (multilayer perceptron)."""

import keras
from keras import layers

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [keras.Input(shape), layers.Flatten()]  # Each row is laid out flat
    for units in config.hidden_units:
        if config.batch_norm:
            # Batch normalisation brings each neuron to one scale, with a bias of its own
            scaled = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)  # 0.1 in PyTorch's way
            if config.activation == "relu":
                stack += [layers.Dense(units, use_bias=False), scaled, layers.ReLU()]
            else:
                activation = layers.Activation(config.activation)
                stack += [layers.Dense(units, use_bias=False), scaled, activation]
        elif config.activation == "relu":
            stack += [layers.Dense(units, activation="relu")]  # Without ReLU, several are worth one
        else:
            # Without an activation, several are worth one
            stack += [layers.Dense(units, activation=config.activation)]
        if config.dropout:
            stack += [layers.Dropout(config.dropout)]  # No neuron can rely on another
    return keras.Sequential([*stack, layers.Dense(outputs)])
