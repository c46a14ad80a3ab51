"""Model: layers of neurons, each connected to all of the layer before (multilayer perceptron)."""

import math

from torch import nn

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, size = [nn.Flatten()], math.prod(shape)  # An image becomes one long row
    if config.activation != "relu":
        curve = nn.Sigmoid() if config.activation == "sigmoid" else nn.Tanh()
    for units in config.hidden_units:
        if config.activation == "relu":
            layers += [nn.Linear(size, units), nn.ReLU()]  # Without ReLU, several are worth one
        else:
            layers += [nn.Linear(size, units), curve]  # Without it, several are worth one
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))
