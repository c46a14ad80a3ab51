# As in train.py of pytorch, linear, digits

# %% Model: one weight for each input and each output, nothing in between (a linear model).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layer = nn.Linear(math.prod(shape), outputs)
    # Without hidden layers there is one optimum, whatever the start: zeros will do
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    # Each row is laid out flat
    return nn.Sequential(nn.Flatten(), layer)
