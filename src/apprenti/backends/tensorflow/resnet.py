"""Model: a deep CNN whose blocks add a correction to their input (residual network, ResNet)."""

import keras
from keras import layers

from apprenti.backends.common.settings import Config


def conv(images, filters: int):  # Normalised: training stays steady
    found = layers.Conv2D(filters, 3, padding="same", use_bias=False)(images)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(found)  # 0.1 in PyTorch's way


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    if config.grey:
        inputs = keras.Input(shape)
        images = layers.Reshape((*shape, 1))(inputs)  # Colours last; grey is one
    else:
        images = inputs = keras.Input(shape)
    for filters in config.filters:
        images = layers.ReLU()(conv(images, filters))
        images = layers.MaxPooling2D(padding="same")(images)  # Of 2 x 2 points the strongest stays
        for _ in range(config.residual_blocks):
            correction = conv(layers.ReLU()(conv(images, filters)), filters)  # The input stays
            images = layers.ReLU()(layers.Add()([images, correction]))  # Depth does no harm
    found = layers.GlobalAveragePooling2D()(images)  # How much of each pattern is there
    if config.dropout:
        # No neuron can rely on another
        found = layers.Dropout(config.dropout)(found)
    return keras.Model(inputs, layers.Dense(outputs)(found))
