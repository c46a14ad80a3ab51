# As in train.py of sklearn, boosting, digits

# %% Model: gradient boosting. Small trees, each of which corrects the errors of those before it.
def build_model(config: Config, count: int):
    return HistGradientBoostingClassifier(
        max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
    )
