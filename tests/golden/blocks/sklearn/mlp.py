# As in train.py of sklearn, mlp, digits

# %% Model: layers of neurons, each connected to all of the layer before (multilayer perceptron).
def build_model(config: Config, count: int):
    options = {
        "hidden_layer_sizes": config.hidden_units,
        "solver": config.optimizer,
        "learning_rate_init": config.learning_rate,
        "batch_size": min(config.batch_size, count),
        # By default scikit-learn adds weight decay (L2 regularisation) and momentum
        "alpha": 0,
        "momentum": 0,
        "nesterovs_momentum": False,
        "random_state": config.seed,
    }
    return MLPClassifier(**options)
