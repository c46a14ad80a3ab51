"""Model: one weight for each input and each class, nothing in between (logistic regression)."""

from torch import nn

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_model(config: Config, data: Data) -> nn.Module:
    return nn.Sequential(
        # An image becomes one long row of numbers
        nn.Flatten(),
        nn.Linear(data.train_inputs[0].size, len(data.classes)),
    )
