# As in train.py of tensorflow, linear, digits

# %% Training: Keras goes through one epoch, we look at the result and go on.
def build_optimizer(model: keras.Model, config: Config) -> keras.Optimizer:
    return keras.optimizers.Adam(config.learning_rate)
