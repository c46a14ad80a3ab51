"""Preparation: pixels from 0 to 1, because networks learn better from small numbers."""

import numpy as np


def fit_preparation(inputs: np.ndarray, train: np.ndarray) -> dict[str, np.ndarray]:
    # The largest value of the training rows becomes 1
    largest = np.abs(inputs[train]).max()
    return {"scale": np.float32(largest if largest > 0 else 1)}


def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: dict) -> np.ndarray:
    return np.divide(inputs[rows], preparation["scale"], dtype=np.float32)


def recall_preparation(description: dict) -> dict[str, np.ndarray]:
    return {"scale": np.float32(description["preparation"]["scale"])}
