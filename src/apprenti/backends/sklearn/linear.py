"""Model: one weight for each input and each output, nothing in between (a linear model)."""

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_classifier(config: Config, data: Data):
    return LogisticRegression(max_iter=config.iterations)


def build_regressor(config: Config, data: Data):
    return LinearRegression()


def count_parameters(model) -> int:
    return model.coef_.size + np.size(model.intercept_)
