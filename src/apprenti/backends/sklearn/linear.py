"""Model: one weight for each input and each output, nothing in between (a linear model)."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, RidgeCV

from apprenti.backends.common.settings import Config

# The penalty on large weights (ridge regression); the best of these is kept
STRENGTHS = [0.001, 0.01, 0.1, 1, 10, 100, 1000, 10_000, 100_000]
# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.linear_model._logistic", "LogisticRegression"),
    ("ObjectNode", "sklearn.linear_model._ridge", "RidgeCV"),
]


def build_model(config: Config, count: int):
    if config.regression:
        # Each penalty is evaluated on every training row, as if it had been left out
        return RidgeCV(STRENGTHS, gcv_mode="svd")
    # It stops after a fixed number of iterations, and that is wanted
    warnings.simplefilter("ignore", ConvergenceWarning)
    if config.C != 1:
        # The smaller C, the smaller the weights are kept
        return LogisticRegression(C=config.C, max_iter=config.iterations)
    return LogisticRegression(max_iter=config.iterations)


def count_parameters(model) -> int:
    return model.coef_.size + np.size(model.intercept_)
