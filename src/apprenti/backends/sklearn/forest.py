"""Model: a random forest. Many trees, each of other rows and other columns, answer together."""

from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_classifier(config: Config, data: Data):
    return RandomForestClassifier(config.n_estimators, random_state=config.seed)


def build_regressor(config: Config, data: Data):
    return RandomForestRegressor(config.n_estimators, random_state=config.seed)


def count_parameters(model) -> int:
    return sum(tree.tree_.node_count for tree in model.estimators_)
