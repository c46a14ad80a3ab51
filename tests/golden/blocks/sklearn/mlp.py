# As in train.py of sklearn, mlp, digits

# %% Model: layers of neurons, each connected to all of the layer before (multilayer perceptron).
def build_model(config: Config, count: int):
    # By default scikit-learn adds weight decay (L2 regularisation) and momentum
    options = {"alpha": 0, "momentum": 0, "nesterovs_momentum": False, "random_state": config.seed}
    options |= {"hidden_layer_sizes": config.hidden_units, "solver": config.optimizer}
    options |= {"learning_rate_init": config.learning_rate}
    options |= {"batch_size": min(config.batch_size, count)}
    return MLPClassifier(**options)
