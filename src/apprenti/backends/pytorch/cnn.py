"""Model: filters slide over the image and look for patterns (convolutional network, CNN)."""

import torch
from torch import nn

from apprenti.backends.common.settings import Config


class ChannelsFirst(nn.Module):
    def forward(self, images):
        return images.permute(0, 3, 1, 2)  # PyTorch wants colours before rows and columns


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    if config.grey:
        layers = [nn.Unflatten(1, (1, -1))]  # PyTorch wants colours first; grey counts as one
    else:
        layers = [ChannelsFirst()]
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
    layers += [nn.Flatten()]
    if config.dropout:
        layers += [nn.Dropout(config.dropout)]  # No neuron can rely on another
    for units in config.hidden_units:
        if config.batch_norm:
            if config.activation == "relu":
                layers += [nn.LazyLinear(units, bias=False), nn.BatchNorm1d(units), nn.ReLU()]
            else:
                layers += [nn.LazyLinear(units, bias=False), nn.BatchNorm1d(units), activation]
        elif config.activation == "relu":
            layers += [nn.LazyLinear(units), nn.ReLU()]
        else:
            layers += [nn.LazyLinear(units), activation]
        if config.dropout:
            layers += [nn.Dropout(config.dropout)]
    model = nn.Sequential(*layers, nn.LazyLinear(outputs)).eval()
    model(torch.zeros(1, *shape))  # A first image tells each layer how much comes in
    return model
