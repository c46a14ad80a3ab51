"""Model: extra-trees. As a forest, but where each tree splits the rows is drawn at random."""

from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from apprenti.backends.common.settings import Config

# With leaves of one row, such trees learn the rows by heart
SMALLEST_LEAF = 2
# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.ensemble._forest", "ExtraTreesClassifier"),
    ("ObjectNode", "sklearn.ensemble._forest", "ExtraTreesRegressor"),
    ("ObjectNode", "sklearn.tree._classes", "ExtraTreeClassifier"),
    ("ObjectNode", "sklearn.tree._classes", "ExtraTreeRegressor"),
    ("TreeNode", "sklearn.tree._tree", "Tree"),
]


def build_model(config: Config, count: int):
    if config.min_samples_leaf:
        # A leaf that needs more rows cannot learn a single one by heart
        kind = ExtraTreesRegressor if config.regression else ExtraTreesClassifier
        return kind(
            config.n_estimators,
            min_samples_leaf=config.min_samples_leaf,
            random_state=config.seed,
        )
    if config.regression:
        return ExtraTreesRegressor(
            config.n_estimators, min_samples_leaf=SMALLEST_LEAF, random_state=config.seed
        )
    return ExtraTreesClassifier(
        config.n_estimators, min_samples_leaf=SMALLEST_LEAF, random_state=config.seed
    )


def count_parameters(model) -> int:
    return sum(tree.tree_.node_count for tree in model.estimators_)
