"""Model: one weight for each input and each class, nothing in between (logistic regression)."""

from sklearn.linear_model import LogisticRegression

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_model(config: Config, data: Data) -> LogisticRegression:
    return LogisticRegression(max_iter=config.iterations)


def count_parameters(model: LogisticRegression) -> int:
    return model.coef_.size + model.intercept_.size
