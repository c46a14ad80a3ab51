"""Preparation: the words of the training texts, the rare ones counting for more."""

import numpy as np

from apprenti.backends.common.settings import Config
from apprenti.backends.common.word_columns import weigh_words, word_columns


def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    return weigh_words(inputs[train], config)


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return word_columns(inputs[some], preparation)
