# As in train.py of tensorflow, mlp, digits

# %% Model: layers of neurons, each joined to all of the layer before (multilayer perceptron).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    # An image becomes one long row of numbers
    stack = [keras.Input(shape), keras.layers.Flatten()]
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        stack += [keras.layers.Dense(units, activation="relu")]
    return keras.Sequential([*stack, keras.layers.Dense(outputs)])
