"""Model: layers of neurons, each joined to all those of the layer before (perceptron, MLP)."""

from sklearn.neural_network import MLPClassifier, MLPRegressor

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_classifier(config: Config, data: Data) -> MLPClassifier:
    return MLPClassifier(**choices(config, data))


def build_regressor(config: Config, data: Data) -> MLPRegressor:
    return MLPRegressor(**choices(config, data))


def choices(config: Config, data: Data) -> dict:
    return {
        "hidden_layer_sizes": config.hidden_units,
        "solver": config.optimizer,
        "learning_rate_init": config.learning_rate,
        "batch_size": min(config.batch_size, len(data.train_inputs)),
        # scikit-learn pulls the weights towards 0 and adds momentum unless told not to
        "alpha": 0,
        "momentum": 0,
        "nesterovs_momentum": False,
        "random_state": config.seed,
    }


def count_parameters(model) -> int:
    return sum(weights.size for weights in model.coefs_ + model.intercepts_)
