"""Model: what it predicts: one number for each row."""

import numpy as np


def train_one_epoch(model, inputs, targets, target: dict) -> None:
    rows = inputs.reshape(len(inputs), -1)  # Each row is laid out flat
    # partial_fit goes once through all of them, in batches, and remembers where it is
    model.partial_fit(rows, targets.ravel())


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict(inputs.reshape(len(inputs), -1))[:, None]


def predict_stages(model, inputs: np.ndarray):
    # After each iteration of boosting, from the first on
    return (one[:, None] for one in model.staged_predict(inputs.reshape(len(inputs), -1)))
