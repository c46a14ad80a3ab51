"""Model: filters slide over the image and look for patterns (convolutional network, CNN)."""

import keras
from keras import layers

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    if config.grey:
        stack = [keras.Input(shape), layers.Reshape((*shape, 1))]  # Colours last; grey is one
    else:
        stack = [keras.Input(shape)]
    for filters in config.filters:
        if config.batch_norm:
            # Batch normalisation brings what each filter finds to one scale
            scaled = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)  # 0.1 in PyTorch's way
            found = layers.Conv2D(filters, 5, padding="same", use_bias=False)  # 5 x 5 points
            if config.activation == "relu":
                stack += [found, scaled, layers.ReLU()]
            else:
                stack += [found, scaled, layers.Activation(config.activation)]
        elif config.activation == "relu":
            stack += [layers.Conv2D(filters, 5, padding="same", activation="relu")]  # 5 x 5 points
        else:
            # 5 x 5 points
            stack += [layers.Conv2D(filters, 5, padding="same", activation=config.activation)]
        stack += [layers.MaxPooling2D(padding="same")]  # Of 2 x 2 points the strongest stays
    stack += [layers.Flatten()]
    if config.dropout:
        stack += [layers.Dropout(config.dropout)]  # No neuron can rely on another
    for units in config.hidden_units:
        if config.batch_norm:
            scaled = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
            if config.activation == "relu":
                stack += [layers.Dense(units, use_bias=False), scaled, layers.ReLU()]
            else:
                activation = layers.Activation(config.activation)
                stack += [layers.Dense(units, use_bias=False), scaled, activation]
        elif config.activation == "relu":
            stack += [layers.Dense(units, activation="relu")]
        else:
            stack += [layers.Dense(units, activation=config.activation)]
        if config.dropout:
            stack += [layers.Dropout(config.dropout)]
    return keras.Sequential([*stack, layers.Dense(outputs)])
