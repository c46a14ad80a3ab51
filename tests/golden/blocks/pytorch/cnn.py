# As in train.py of pytorch, cnn, digits

# %% Model: filters slide over the image and look for patterns (convolutional network, CNN).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, dense = [nn.Unflatten(1, (1, -1))], [nn.Flatten()]  # Colours first; grey is one
    for filters in config.filters:
        layers += [nn.LazyConv2d(filters, 5, padding="same"), nn.ReLU()]  # 5 x 5 points
        layers += [nn.MaxPool2d(2, ceil_mode=True)]  # Of 2 x 2 points the strongest stays
    for units in config.hidden_units:
        dense += [nn.LazyLinear(units), nn.ReLU()]
    model = nn.Sequential(*layers, *dense, nn.LazyLinear(outputs)).eval()
    model(torch.zeros(1, *shape))  # A first image tells each layer how much comes in
    return model
