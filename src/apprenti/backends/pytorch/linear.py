"""Model: one weight for each input and each output, nothing in between (a linear model)."""

import math

from torch import nn

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    return nn.Sequential(
        # An image becomes one long row of numbers
        nn.Flatten(),
        nn.Linear(math.prod(shape), outputs),
    )
