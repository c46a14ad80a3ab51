"""Model: a deep CNN whose blocks add a correction to their input (residual network, ResNet)."""

import torch
from torch import nn

from apprenti.backends.common.settings import Config


class Residual(nn.Sequential):
    def forward(self, images):
        return torch.relu(images + super().forward(images))  # The input stays: depth does no harm


def conv(channels: int, filters: int) -> list[nn.Module]:  # Normalised: training stays steady
    return [nn.Conv2d(channels, filters, 3, padding="same", bias=False), nn.BatchNorm2d(filters)]


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    if config.grey:
        layers, channels = [nn.Unflatten(1, (1, -1))], 1  # Colours first; grey is one
    else:
        layers, channels = [], shape[2]
    for filters in config.filters:
        layers += [*conv(channels, filters), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]  # Halved
        for _ in range(config.residual_blocks):
            layers += [Residual(*conv(filters, filters), nn.ReLU(), *conv(filters, filters))]
        channels = filters
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]  # How much of each pattern is there
    if config.dropout:
        # No neuron can rely on another
        output = nn.Sequential(nn.Dropout(config.dropout), nn.Linear(channels, outputs))
        if config.grey:
            return nn.Sequential(*layers, output)
        model = nn.Sequential(*layers, output)
    else:
        if config.grey:
            return nn.Sequential(*layers, nn.Linear(channels, outputs))
        model = nn.Sequential(*layers, nn.Linear(channels, outputs))
    model.register_forward_pre_hook(lambda _, images: images[0].movedim(-1, 1))  # Colours first
    return model
