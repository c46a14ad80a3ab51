"""Preparation: every column gets mean 0 and standard deviation 1, so none outweighs another."""

import numpy as np


def fit_preparation(inputs: np.ndarray, train: np.ndarray) -> dict[str, np.ndarray]:
    # Only the training rows decide; a constant column is left as it is
    deviation = inputs[train].std(axis=0, dtype=np.float64)
    return {
        "mean": inputs[train].mean(axis=0, dtype=np.float64),
        "deviation": np.where(deviation > 0, deviation, 1),
    }


def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: dict) -> np.ndarray:
    return ((inputs[rows] - preparation["mean"]) / preparation["deviation"]).astype(np.float32)


def recall_preparation(description: dict) -> dict[str, np.ndarray]:
    return {name: np.array(values) for name, values in description["preparation"].items()}
