# As in agreement.py of tensorflow, linear, digits

# %% Training: Keras goes through one epoch, we look at the result and go on.
def build_optimizer(model: keras.Model, config: Config) -> keras.Optimizer:
    if config.optimizer == "adam":
        return keras.optimizers.Adam(config.learning_rate)
    return keras.optimizers.SGD(config.learning_rate)
