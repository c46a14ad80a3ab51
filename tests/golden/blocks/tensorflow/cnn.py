# As in train.py of tensorflow, cnn, digits

# %% Model: filters slide over the image and look for patterns (convolutional network, CNN).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [keras.Input(shape), layers.Reshape((*shape, 1))]  # Colours last; grey is one
    for filters in config.filters:
        stack += [layers.Conv2D(filters, 5, padding="same", activation="relu")]  # 5 x 5 points
        stack += [layers.MaxPooling2D(padding="same")]  # Of 2 x 2 points the strongest stays
    stack += [layers.Flatten()]
    for units in config.hidden_units:
        stack += [layers.Dense(units, activation="relu")]
    return keras.Sequential([*stack, layers.Dense(outputs)])
