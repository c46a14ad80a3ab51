"""Model: what it predicts: a probability for each class, 0 for those of no training row."""

import numpy as np


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return with_untaught(model, model.predict_proba(inputs.reshape(len(inputs), -1)))


def predict_stages(model, inputs: np.ndarray):
    # After each iteration of boosting, from the first on
    for learned in model.staged_predict_proba(inputs.reshape(len(inputs), -1)):
        yield with_untaught(model, learned)


def with_untaught(model, learned: np.ndarray) -> np.ndarray:
    # scikit-learn has columns for the classes that it has seen alone
    probabilities = np.zeros((len(learned), model.outputs), learned.dtype)
    probabilities[:, model.classes_] = learned
    return probabilities
