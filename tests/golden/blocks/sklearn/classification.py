# As in train.py of sklearn, trivial, digits

# %% Model: what it predicts: a probability for each class.
def build_model(config: Config, count: int):
    return build_classifier(config, count)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    return model.predict_proba(as_rows(inputs))
