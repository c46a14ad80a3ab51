"""Model: layers of neurons, each joined to all those of the layer before (perceptron, MLP)."""

from sklearn.neural_network import MLPClassifier

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_model(config: Config, data: Data) -> MLPClassifier:
    return MLPClassifier(
        config.hidden_units,
        solver=config.optimizer,
        learning_rate_init=config.learning_rate,
        batch_size=min(config.batch_size, len(data.train_inputs)),
        # scikit-learn pulls the weights towards 0 and adds momentum unless told not to
        alpha=0,
        momentum=0,
        nesterovs_momentum=False,
        random_state=config.seed,
    )


def count_parameters(model: MLPClassifier) -> int:
    return sum(weights.size for weights in model.coefs_ + model.intercepts_)
