"""Model: a random forest. The mean of many trees, each trained on other rows and columns."""

from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from apprenti.backends.common.settings import Config

# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.ensemble._forest", "RandomForestClassifier"),
    ("ObjectNode", "sklearn.ensemble._forest", "RandomForestRegressor"),
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeClassifier"),
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeRegressor"),
    ("TreeNode", "sklearn.tree._tree", "Tree"),
]


def build_model(config: Config, count: int):
    if config.min_samples_leaf:
        # A leaf that needs more rows cannot learn a single one by heart
        kind = RandomForestRegressor if config.regression else RandomForestClassifier
        return kind(
            config.n_estimators,
            min_samples_leaf=config.min_samples_leaf,
            random_state=config.seed,
        )
    if config.regression:
        return RandomForestRegressor(config.n_estimators, random_state=config.seed)
    return RandomForestClassifier(config.n_estimators, random_state=config.seed)


def count_parameters(model) -> int:
    return sum(tree.tree_.node_count for tree in model.estimators_)
