"""Model: k nearest neighbours. It learns nothing: it looks up the most similar rows it knows."""

from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from apprenti.backends.common.settings import Config

# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.neighbors._classification", "KNeighborsClassifier"),
    ("ObjectNode", "sklearn.neighbors._regression", "KNeighborsRegressor"),
    ("ObjectNode", "sklearn.neighbors._kd_tree", "KDTree"),
    ("ObjectNode", "sklearn.metrics._dist_metrics", "EuclideanDistance64"),
]


def build_model(config: Config, count: int):
    if config.regression:
        return KNeighborsRegressor(config.n_neighbors)
    return KNeighborsClassifier(config.n_neighbors)


def count_parameters(model) -> int:
    return model._fit_X.size
