"""Model: what it predicts: a probability for each class."""

import numpy as np

from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.linear import build_classifier


def build_model(config: Config, count: int):
    return build_classifier(config, count)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def train_one_epoch(model, inputs, targets, target: dict) -> None:
    # partial_fit goes once through all the rows, in batches, and remembers where it stands
    model.partial_fit(as_rows(inputs), targets, classes=np.arange(target["outputs"]))


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(as_rows(inputs))
