# As in train.py of sklearn, forest, digits

# %% Model: a random forest. The mean of many trees, each trained on other rows and columns.
def build_model(config: Config, count: int):
    return RandomForestClassifier(config.n_estimators, random_state=config.seed)
