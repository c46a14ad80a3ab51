"""Model: layers of neurons, each joined to all those of the layer before (perceptron, MLP)."""

from torch import nn

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_model(config: Config, data: Data) -> nn.Module:
    # An image becomes one long row of numbers
    layers, size = [nn.Flatten()], data.train_inputs[0].size
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    # One score for each class; the loss turns the scores into probabilities
    return nn.Sequential(*layers, nn.Linear(size, len(data.classes)))
