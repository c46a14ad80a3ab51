"""Preparation: pixels from 0 to 1, because networks learn better from small numbers."""

import numpy as np

from apprenti.backends.common.settings import Config


def prepare_both(inputs: np.ndarray, train, valid, config: Config) -> tuple:
    unit = float(np.abs(inputs[train]).max() or 1)  # The largest becomes 1
    train_inputs, valid_inputs = np.float32(inputs[train]) / unit, np.float32(inputs[valid]) / unit
    return train_inputs, valid_inputs, None
