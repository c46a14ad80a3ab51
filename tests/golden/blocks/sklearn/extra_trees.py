# As in train.py of sklearn, extra_trees, digits

# %% Model: extra-trees. As a forest, but where each tree splits the rows is drawn at random.
# With leaves of one row, such trees learn the rows by heart
SMALLEST_LEAF = 2


def build_model(config: Config, count: int):
    return ExtraTreesClassifier(
        config.n_estimators, min_samples_leaf=SMALLEST_LEAF, random_state=config.seed
    )
