# As in train.py of tensorflow, mlp, digits

# %% Model: layers of neurons, each connected to all of the layer before (multilayer perceptron).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [keras.Input(shape), layers.Flatten()]  # Each row is laid out flat
    for units in config.hidden_units:
        stack += [layers.Dense(units, activation="relu")]  # Without ReLU, several are worth one
    return keras.Sequential([*stack, layers.Dense(outputs)])
