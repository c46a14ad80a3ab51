"""Model: its initial weights are drawn at random; learning begins with them."""

import keras

from apprenti.backends.common.settings import Config


def draw_weights(model: keras.Model, config: Config) -> None:
    for weights in model.trainable_variables:
        if config.initial_weights == "normal":
            if weights.name in ("kernel", "bias"):
                # Standard deviation 1: with many inputs, sigmoid and tanh begin saturated
                draw = keras.initializers.RandomNormal(stddev=1)
                weights.assign(draw(weights.shape))
        elif weights.name == "kernel":  # Biases begin at 0
            if config.initial_weights == "he":
                # So small that ReLU keeps the scale, layer after layer (He et al., 2015)
                draw = keras.initializers.HeUniform()
            else:
                # So small that sigmoid and tanh keep the scale (Glorot and Bengio, 2010)
                draw = keras.initializers.GlorotUniform()
            weights.assign(draw(weights.shape))
