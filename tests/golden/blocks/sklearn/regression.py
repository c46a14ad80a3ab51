# As in train.py of sklearn, trivial, table-regression

# %% Model: what it predicts: one number for each row.
def build_model(config: Config, count: int):
    return build_regressor(config, count)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Return one number for each row."""
    return model.predict(as_rows(inputs))[:, None]
