# As in train.py of sklearn, tree, digits

# %% Model: a decision tree. It asks one yes-or-no question after the other.
def build_model(config: Config, count: int):
    return DecisionTreeClassifier(max_depth=config.max_depth, random_state=config.seed)
