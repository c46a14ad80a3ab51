"""Model: filters slide over the words and look for short phrases (convolutional network)."""

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
        ),
    ]
    for units in config.hidden_units:
        # Each filter looks at three words in a row, everywhere, for one phrase
        if config.batch_norm:
            # Batch normalisation brings what each filter finds to one scale
            scaled = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)  # 0.1 in PyTorch's way
            found = layers.Conv1D(units, 3, padding="same", use_bias=False)
            if config.activation == "relu":
                stack += [found, scaled, layers.ReLU()]
            else:
                stack += [found, scaled, layers.Activation(config.activation)]
        elif config.activation == "relu":
            stack += [layers.Conv1D(units, 3, padding="same", activation="relu")]
        else:
            stack += [layers.Conv1D(units, 3, padding="same", activation=config.activation)]
    if config.dropout:
        # Of all places the one where a filter found most; padding was read like a word
        stack += [layers.GlobalMaxPooling1D()]
        # No neuron can rely on another
        return keras.Sequential([*stack, layers.Dropout(config.dropout), layers.Dense(outputs)])
    # Of all places the one where a filter found most; padding was read like a word
    return keras.Sequential([*stack, layers.GlobalMaxPooling1D(), layers.Dense(outputs)])
