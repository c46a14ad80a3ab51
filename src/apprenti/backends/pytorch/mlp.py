"""Model: layers of neurons, each connected to all of the layer before (multilayer perceptron)."""

import math

from torch import nn

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, size = [nn.Flatten()], math.prod(shape)  # Each row is laid out flat
    if config.activation == "sigmoid":
        activation = nn.Sigmoid()
    elif config.activation == "tanh":
        activation = nn.Tanh()
    for units in config.hidden_units:
        if config.batch_norm:
            # Batch normalisation brings each neuron to one scale, with a bias of its own
            if config.activation == "relu":
                layers += [nn.Linear(size, units, bias=False), nn.BatchNorm1d(units), nn.ReLU()]
            else:
                layers += [nn.Linear(size, units, bias=False), nn.BatchNorm1d(units), activation]
        elif config.activation == "relu":
            layers += [nn.Linear(size, units), nn.ReLU()]  # Without ReLU, several are worth one
        else:
            layers += [nn.Linear(size, units), activation]  # Without it, several are worth one
        if config.dropout:
            layers += [nn.Dropout(config.dropout)]  # No neuron can rely on another
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))
