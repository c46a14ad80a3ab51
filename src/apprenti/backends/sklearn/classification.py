"""Answer of the model: a probability for each class."""

import numpy as np

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.linear import build_classifier


def build_model(config: Config, data: Data):
    return build_classifier(config, data)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def train_one_epoch(model, data: Data) -> None:
    # partial_fit goes once through all the rows, in batches, and remembers where it stands
    classes = np.arange(len(data.target["classes"]))
    model.partial_fit(as_rows(data.train_inputs), data.train_targets, classes=classes)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Return what the model says of each row."""
    return model.predict_proba(as_rows(inputs))
