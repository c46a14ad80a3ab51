# As in train.py of tensorflow, resnet, digits

# %% Model: a deep CNN whose blocks add a correction to their input (residual network, ResNet).
def convolution(images, filters: int):
    # Batch normalisation brings what each filter finds to one scale, so training stays steady
    found = layers.Conv2D(filters, 3, padding="same", use_bias=False)(images)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(found)  # 0.1 in PyTorch's way


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    images = inputs = keras.Input(shape)
    # Keras wants the colours after the rows and columns; grey counts as one colour
    images = layers.Reshape((*shape, 1))(inputs)
    for filters in config.filters:
        images = layers.ReLU()(convolution(images, filters))
        images = layers.MaxPooling2D(padding="same")(images)  # Of 2 x 2 points the strongest stays
        for _ in range(config.residual_blocks):
            correction = layers.ReLU()(convolution(images, filters))
            correction = convolution(correction, filters)
            # The input also goes on unchanged: that is why a deep network can still learn
            images = layers.ReLU()(layers.Add()([images, correction]))
    # How much of each pattern is there, wherever it is
    found = layers.GlobalAveragePooling2D()(images)
    return keras.Model(inputs, layers.Dense(outputs)(found))
