# As in train.py of sklearn, linear, digits

# %% Model: one weight for each input and each output, nothing in between (a linear model).
def build_model(config: Config, count: int):
    # It stops after a fixed number of iterations, and that is wanted
    warnings.simplefilter("ignore", ConvergenceWarning)
    return LogisticRegression(max_iter=config.iterations)
