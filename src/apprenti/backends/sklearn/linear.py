"""Model: one weight for each input and each output, nothing in between (a linear model)."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression, LogisticRegression

from apprenti.backends.common.settings import Config

# What its file may hold besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.linear_model._logistic", "LogisticRegression"),
    ("ObjectNode", "sklearn.linear_model._base", "LinearRegression"),
]


def build_classifier(config: Config, count: int):
    # It stops after a fixed number of iterations, and that is wanted
    warnings.simplefilter("ignore", ConvergenceWarning)
    return LogisticRegression(max_iter=config.iterations)


def build_regressor(config: Config, count: int):
    return LinearRegression()


def count_parameters(model) -> int:
    return model.coef_.size + np.size(model.intercept_)
