# As in train.py of sklearn, stochastic_boosting, digits

# %% Model: stochastic gradient boosting. Each small tree sees half of the rows, drawn at random.
# Trees that differ from one another make fewer errors together
ROWS, COLUMNS = 0.5, 0.3


def build_model(config: Config, count: int):
    options = {
        # Half steps, and twice as many of them: slower, and surer
        "learning_rate": config.shrinkage / 2,
        "n_estimators": 2 * config.n_estimators,
        "subsample": ROWS,
        "max_features": COLUMNS,
        "max_depth": 5,
        "min_samples_leaf": 3,
        "random_state": config.seed,
    }
    return GradientBoostingClassifier(**options)
