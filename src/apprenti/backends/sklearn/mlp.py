"""Model: layers of neurons, each connected to all of the layer before (multilayer perceptron)."""

from sklearn.neural_network import MLPClassifier, MLPRegressor

from apprenti.backends.common.settings import Config

# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.neural_network._multilayer_perceptron", "MLPClassifier"),
    ("ObjectNode", "sklearn.neural_network._multilayer_perceptron", "MLPRegressor"),
    ("ObjectNode", "sklearn.neural_network._stochastic_optimizers", "AdamOptimizer"),
    ("ObjectNode", "sklearn.neural_network._stochastic_optimizers", "SGDOptimizer"),
    ("ObjectNode", "sklearn.preprocessing._label", "LabelBinarizer"),
    ("RandomStateNode", "numpy.random.mtrand", "RandomState"),
]


def build_model(config: Config, count: int):
    # By default scikit-learn adds weight decay (L2 regularisation) and momentum
    options = {"alpha": 0, "momentum": 0, "nesterovs_momentum": False, "random_state": config.seed}
    options |= {"hidden_layer_sizes": config.hidden_units, "solver": config.optimizer}
    options |= {"learning_rate_init": config.learning_rate}
    options |= {"batch_size": min(config.batch_size, count)}
    if config.activation != "relu":
        # scikit-learn calls the sigmoid "logistic"
        options["activation"] = "logistic" if config.activation == "sigmoid" else "tanh"
    if config.regression:
        return MLPRegressor(**options)
    return MLPClassifier(**options)


def count_parameters(model) -> int:
    return sum(weights.size for weights in model.coefs_ + model.intercepts_)
