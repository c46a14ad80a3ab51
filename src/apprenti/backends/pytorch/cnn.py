"""Model: filters slide over the image and look for patterns (convolutional network, CNN)."""

import torch
from torch import nn

from apprenti.backends.common.settings import Config


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    if config.grey:
        layers, dense = [nn.Unflatten(1, (1, -1))], [nn.Flatten()]  # Colours first; grey is one
    else:
        layers, dense = [], [nn.Flatten()]
    if config.activation == "sigmoid":
        activation = nn.Sigmoid()
    elif config.activation == "tanh":
        activation = nn.Tanh()
    for filters in config.filters:
        if config.batch_norm:
            # Batch normalisation brings what each filter finds to one scale
            layers += [nn.LazyConv2d(filters, 5, padding="same", bias=False)]  # 5 x 5 points
            if config.activation == "relu":
                layers += [nn.BatchNorm2d(filters), nn.ReLU()]
            else:
                layers += [nn.BatchNorm2d(filters), activation]
        elif config.activation == "relu":
            layers += [nn.LazyConv2d(filters, 5, padding="same"), nn.ReLU()]  # 5 x 5 points
        else:
            layers += [nn.LazyConv2d(filters, 5, padding="same"), activation]  # 5 x 5 points
        layers += [nn.MaxPool2d(2, ceil_mode=True)]  # Of 2 x 2 points the strongest stays
    if config.dropout:
        dense += [nn.Dropout(config.dropout)]  # No neuron can rely on another
    for units in config.hidden_units:
        if config.batch_norm:
            if config.activation == "relu":
                dense += [nn.LazyLinear(units, bias=False), nn.BatchNorm1d(units), nn.ReLU()]
            else:
                dense += [nn.LazyLinear(units, bias=False), nn.BatchNorm1d(units), activation]
        elif config.activation == "relu":
            dense += [nn.LazyLinear(units), nn.ReLU()]
        else:
            dense += [nn.LazyLinear(units), activation]
        if config.dropout:
            dense += [nn.Dropout(config.dropout)]
    model = nn.Sequential(*layers, *dense, nn.LazyLinear(outputs)).eval()
    if not config.grey:
        model.register_forward_pre_hook(lambda _, images: images[0].movedim(-1, 1))  # Colours first
    model(torch.zeros(1, *shape))  # A first image tells each layer how much comes in
    return model
