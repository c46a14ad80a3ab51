"""Model: what it predicts: a probability for each class."""

import numpy as np


def train_one_epoch(model, inputs, targets, target: dict) -> None:
    rows = inputs.reshape(len(inputs), -1)  # Each row is laid out flat
    # partial_fit goes once through all of them, in batches, and remembers where it is
    model.partial_fit(rows, targets, classes=np.arange(target["outputs"]))


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(inputs.reshape(len(inputs), -1))


def predict_stages(model, inputs: np.ndarray):
    # After each iteration of boosting, from the first on
    return model.staged_predict_proba(inputs.reshape(len(inputs), -1))
