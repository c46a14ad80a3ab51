"""Model: gradient boosting. Small trees, each of which corrects the errors of those before it."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from apprenti.backends.common.settings import Config

PLACE = "sklearn.ensemble._hist_gradient_boosting"
LOSSES = ("HalfBinomialLoss", "HalfMultinomialLoss", "HalfSquaredError")
# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", f"{PLACE}.gradient_boosting", "HistGradientBoostingClassifier"),
    ("ObjectNode", f"{PLACE}.gradient_boosting", "HistGradientBoostingRegressor"),
    ("ObjectNode", f"{PLACE}.predictor", "TreePredictor"),
    ("ObjectNode", f"{PLACE}.binning", "_BinMapper"),
    ("ObjectNode", "sklearn.preprocessing._label", "LabelEncoder"),
    *(("ObjectNode", "sklearn._loss.loss", name) for name in LOSSES),
    *(("LossNode", "sklearn._loss._loss", f"Cy{name}") for name in LOSSES),
    # As versions of scikit-learn before 1.8 and of skops before 0.16 name them
    *(("LossNode", "_loss", f"Cy{name}") for name in LOSSES),
    ("ObjectNode", "_loss", "CyHalfMultinomialLoss"),
    ("ObjectNode", "sklearn._loss.link", "IdentityLink"),
    ("ObjectNode", "sklearn._loss.link", "Interval"),
    ("ObjectNode", "sklearn._loss.link", "LogitLink"),
    ("ObjectNode", "sklearn._loss.link", "MultinomialLogit"),
    ("RandomGeneratorNode", "numpy.random._generator", "Generator"),
]


def build_model(config: Config, count: int):
    if config.min_samples_leaf or config.train > 10_000:
        options = {
            "max_iter": config.n_estimators,
            "learning_rate": config.shrinkage,
            "random_state": config.seed,
        }
        if config.min_samples_leaf:
            # A leaf that needs more rows cannot learn a single one by heart
            options["min_samples_leaf"] = config.min_samples_leaf
        if config.train > 10_000:
            # Of so many rows scikit-learn would set a tenth aside, and stop by them
            options["early_stopping"] = False
        if config.regression:
            return HistGradientBoostingRegressor(**options)
        return HistGradientBoostingClassifier(**options)
    if config.regression:
        return HistGradientBoostingRegressor(
            max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
        )
    return HistGradientBoostingClassifier(
        max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
    )


def fit_trees(model, rows, targets, weights, valid_inputs, valid_targets, config: Config):
    """Train until the validation loss has not been lower for so many iterations."""
    # The validation set decides: without one scikit-learn would set training rows aside
    model.set_params(early_stopping=True, n_iter_no_change=config.early_stopping, tol=0)
    valid_rows = valid_inputs.reshape(len(valid_inputs), -1)
    if config.untaught:
        # Classes of no training row are unknown to it
        known = np.isin(valid_targets, targets)
        model.fit(rows, targets, weights, X_val=valid_rows[known], y_val=valid_targets[known])
    else:
        model.fit(rows, targets, weights, X_val=valid_rows, y_val=valid_targets.ravel())
    return model


def count_trees(model) -> tuple[int, int]:
    return len(model._predictors), model.max_iter


def keep_trees(model, count: int):
    del model._predictors[count:]
    return model


def count_parameters(model) -> int:
    return sum(len(tree.nodes) for trees in model._predictors for tree in trees)
