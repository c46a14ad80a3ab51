"""Model: gradient boosting. Small trees, each of which corrects the errors of those before it."""

from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from apprenti.backends.common.settings import Config


def build_classifier(config: Config, count: int):
    return HistGradientBoostingClassifier(
        max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
    )


def build_regressor(config: Config, count: int):
    return HistGradientBoostingRegressor(
        max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
    )


def count_parameters(model) -> int:
    return sum(len(tree.nodes) for trees in model._predictors for tree in trees)
