# As in train.py of pytorch, resnet, digits

# %% Model: a deep CNN whose blocks add a correction to their input (residual network, ResNet).
class Residual(nn.Sequential):
    def forward(self, images):
        return torch.relu(images + super().forward(images))  # The input stays: depth does no harm


def conv(channels: int, filters: int) -> list[nn.Module]:  # Normalised: training stays steady
    return [nn.Conv2d(channels, filters, 3, padding="same", bias=False), nn.BatchNorm2d(filters)]


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, channels = [nn.Unflatten(1, (1, -1))], 1  # Colours first; grey is one
    for filters in config.filters:
        layers += [*conv(channels, filters), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]  # Halved
        for _ in range(config.residual_blocks):
            layers += [Residual(*conv(filters, filters), nn.ReLU(), *conv(filters, filters))]
        channels = filters
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]  # How much of each pattern is there
    return nn.Sequential(*layers, nn.Linear(channels, outputs))
