# As in train.py of pytorch, mlp, digits

# %% Model: layers of neurons, each connected to all of the layer before (multilayer perceptron).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, size = [nn.Flatten()], math.prod(shape)  # Each row is laid out flat
    for units in config.hidden_units:
        layers += [nn.Linear(size, units), nn.ReLU()]  # Without ReLU, several are worth one
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))
