"""Model: stochastic gradient boosting. Each small tree sees half of the rows, drawn at random."""

from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

from apprenti.backends.common.early_stopping import has_patience_ended
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import predict_stages

# Trees that differ from one another make fewer errors together
ROWS, COLUMNS = 0.5, 0.3
LOSSES = ("HalfBinomialLoss", "HalfMultinomialLoss", "HalfSquaredError")
LINKS = ("IdentityLink", "Interval", "LogitLink", "MultinomialLogit")
# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.ensemble._gb", "GradientBoostingClassifier"),
    ("ObjectNode", "sklearn.ensemble._gb", "GradientBoostingRegressor"),
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeRegressor"),
    ("TreeNode", "sklearn.tree._tree", "Tree"),
    ("ObjectNode", "sklearn.dummy", "DummyClassifier"),
    ("ObjectNode", "sklearn.dummy", "DummyRegressor"),
    *(("ObjectNode", "sklearn._loss.loss", name) for name in LOSSES),
    *(("LossNode", "sklearn._loss._loss", f"Cy{name}") for name in LOSSES),
    # As versions of scikit-learn before 1.8 and of skops before 0.16 name them
    *(("LossNode", "_loss", f"Cy{name}") for name in LOSSES),
    ("ObjectNode", "_loss", "CyHalfMultinomialLoss"),
    *(("ObjectNode", "sklearn._loss.link", name) for name in LINKS),
    ("RandomStateNode", "numpy.random.mtrand", "RandomState"),
]


def build_model(config: Config, count: int):
    options = choices(config)
    if config.regression:
        return GradientBoostingRegressor(**options)
    return GradientBoostingClassifier(**options)


def choices(config: Config) -> dict:
    return {
        # Half steps, and twice as many of them: slower, and surer
        "learning_rate": config.shrinkage / 2,
        "n_estimators": 2 * config.n_estimators,
        "subsample": ROWS,
        "max_features": COLUMNS,
        "max_depth": 5,
        "min_samples_leaf": config.min_samples_leaf if config.min_samples_leaf else 3,
        "random_state": config.seed,
    }


def fit_trees(model, rows, targets, weights, valid_inputs, valid_targets, config: Config):
    """Train until the validation loss has not been lower for so many iterations."""
    after_each, seen = predict_stages(model, valid_inputs), []

    def is_over(number: int, model, places: dict) -> bool:
        # Asked after each iteration: what does the model say of the validation set by then?
        seen.append(measure("valid", next(after_each), valid_targets))
        return has_patience_ended(seen, config)

    model.fit(rows, targets, weights, monitor=is_over)
    return model


def count_trees(model) -> tuple[int, int]:
    return len(model.estimators_), model.n_estimators


def keep_trees(model, count: int):
    model.estimators_ = model.estimators_[:count]
    return model


def count_parameters(model) -> int:
    return sum(tree.tree_.node_count for tree in model.estimators_.ravel())
