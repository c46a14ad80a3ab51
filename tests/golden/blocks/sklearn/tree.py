# As in train.py of sklearn, tree, digits

# %% Model: a decision tree. It asks one question after the other, each answered by yes or no.
def build_model(config: Config, count: int):
    return DecisionTreeClassifier(max_depth=config.max_depth, random_state=config.seed)
