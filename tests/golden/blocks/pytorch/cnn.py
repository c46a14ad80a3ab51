# As in train.py of pytorch, cnn, digits

# %% Model: filters slide over the image and look for patterns (convolutional network, CNN).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    # PyTorch wants the colours before the rows and columns; grey counts as one colour
    layers, (height, width, channels) = [nn.Unflatten(1, (1, -1))], (*shape, 1)
    for filters in config.filters:
        # Each filter looks at 5 x 5 points at a time, everywhere, for one pattern
        layers += [nn.Conv2d(channels, filters, 5, padding="same"), nn.ReLU()]
        layers += [nn.MaxPool2d(2, ceil_mode=True)]  # Of 2 x 2 points the strongest stays
        height, width, channels = math.ceil(height / 2), math.ceil(width / 2), filters
    layers, size = [*layers, nn.Flatten()], height * width * channels
    for units in config.hidden_units:
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))
