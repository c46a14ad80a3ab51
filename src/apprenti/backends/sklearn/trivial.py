"""Model: none at all. It always predicts the same: what any model must beat (baseline)."""

from sklearn.dummy import DummyClassifier, DummyRegressor

from apprenti.backends.common.settings import Config

# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.dummy", "DummyClassifier"),
    ("ObjectNode", "sklearn.dummy", "DummyRegressor"),
]


def build_model(config: Config, count: int):
    if config.regression:
        return DummyRegressor(strategy="mean")
    # The shares of the classes among the training rows
    return DummyClassifier(strategy="prior")


def count_parameters(model) -> int:
    return (model.class_prior_ if hasattr(model, "class_prior_") else model.constant_).size
