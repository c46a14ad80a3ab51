"""Model: filters slide over the image and look for patterns (convolutional network, CNN)."""

import math

from torch import nn

from apprenti.backends.common.settings import Config


class ChannelsFirst(nn.Module):
    def forward(self, images):
        return images.permute(0, 3, 1, 2)  # PyTorch wants colours before rows and columns


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    if config.grey:
        # PyTorch wants the colours before the rows and columns; grey counts as one colour
        layers, (height, width, channels) = [nn.Unflatten(1, (1, -1))], (*shape, 1)
    else:
        layers, (height, width, channels) = [ChannelsFirst()], shape
    if config.activation == "sigmoid":
        activation = nn.Sigmoid()
    elif config.activation == "tanh":
        activation = nn.Tanh()
    for filters in config.filters:
        # Each filter looks at 5 x 5 points at a time, everywhere, for one pattern
        if config.batch_norm:
            # Batch normalisation brings what each filter finds to one scale
            layers += [nn.Conv2d(channels, filters, 5, padding="same", bias=False)]
            if config.activation == "relu":
                layers += [nn.BatchNorm2d(filters), nn.ReLU()]
            else:
                layers += [nn.BatchNorm2d(filters), activation]
        elif config.activation == "relu":
            layers += [nn.Conv2d(channels, filters, 5, padding="same"), nn.ReLU()]
        else:
            layers += [nn.Conv2d(channels, filters, 5, padding="same"), activation]
        layers += [nn.MaxPool2d(2, ceil_mode=True)]  # Of 2 x 2 points the strongest stays
        height, width, channels = math.ceil(height / 2), math.ceil(width / 2), filters
    layers, size = [*layers, nn.Flatten()], height * width * channels
    if config.dropout:
        # While training, a random share of the neurons is 0: none can rely on another
        layers += [nn.Dropout(config.dropout)]
    for units in config.hidden_units:
        if config.batch_norm:
            if config.activation == "relu":
                layers += [nn.Linear(size, units, bias=False), nn.BatchNorm1d(units), nn.ReLU()]
            else:
                layers += [nn.Linear(size, units, bias=False), nn.BatchNorm1d(units), activation]
        elif config.activation == "relu":
            layers += [nn.Linear(size, units), nn.ReLU()]
        else:
            layers += [nn.Linear(size, units), activation]
        if config.dropout:
            layers += [nn.Dropout(config.dropout)]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))
