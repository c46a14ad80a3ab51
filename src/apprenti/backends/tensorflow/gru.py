"""Model: reads the words one after the other and remembers what counts (GRU)."""

import keras
from keras import layers

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [
        keras.Input(shape, dtype="int32"),
        # Each word becomes a few numbers, learned too: words used alike come to look alike
        layers.Embedding(
            config.vocabulary + 2,
            config.embedding_size,
            # Keras would begin with numbers 35 times smaller, and learn more slowly than PyTorch
            embeddings_initializer=keras.initializers.RandomNormal(stddev=1),
            # Each text is read up to its last word: the padding after it changes nothing
            mask_zero=True,
        ),
    ]
    for units in config.hidden_units[:-1]:
        stack += [layers.GRU(units, return_sequences=True)]
    if config.dropout:
        # No neuron can rely on another
        stack += [layers.GRU(config.hidden_units[-1]), layers.Dropout(config.dropout)]
        return keras.Sequential([*stack, layers.Dense(outputs)])
    return keras.Sequential([*stack, layers.GRU(config.hidden_units[-1]), layers.Dense(outputs)])
