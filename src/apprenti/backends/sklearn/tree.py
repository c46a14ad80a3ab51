"""Model: a decision tree. It asks one yes-or-no question after the other."""

from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from apprenti.backends.common.settings import Config

# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeClassifier"),
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeRegressor"),
    ("TreeNode", "sklearn.tree._tree", "Tree"),
]


def build_model(config: Config, count: int):
    if config.min_samples_leaf:
        # A leaf that needs more rows cannot learn a single one by heart
        kind = DecisionTreeRegressor if config.regression else DecisionTreeClassifier
        return kind(
            max_depth=config.max_depth,
            min_samples_leaf=config.min_samples_leaf,
            random_state=config.seed,
        )
    if config.regression:
        return DecisionTreeRegressor(max_depth=config.max_depth, random_state=config.seed)
    return DecisionTreeClassifier(max_depth=config.max_depth, random_state=config.seed)


def count_parameters(model) -> int:
    return model.tree_.node_count
