"""Preparation: pixels from 0 to 1, because networks learn better from small numbers."""

import numpy as np


def fit_preparation(inputs: np.ndarray) -> dict[str, np.ndarray]:
    # The largest value of the training rows becomes 1
    largest = np.abs(inputs).max()
    return {"scale": np.float32(largest if largest > 0 else 1)}


def prepare(inputs: np.ndarray, preparation: dict[str, np.ndarray]) -> np.ndarray:
    return np.divide(inputs, preparation["scale"], dtype=np.float32)
