"""Model: layers of neurons, each joined to all of the layer before (multilayer perceptron)."""

import math

from torch import nn

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, size = [nn.Flatten()], math.prod(shape)  # An image becomes one long row
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))
