"""Preparation: every column gets mean 0 and standard deviation 1, so none outweighs another."""

import numpy as np


def fit_preparation(inputs: np.ndarray) -> dict[str, np.ndarray]:
    # Only the training rows decide; a constant column is left as it is
    deviation = inputs.std(axis=0, dtype=np.float64)
    return {
        "mean": inputs.mean(axis=0, dtype=np.float64),
        "deviation": np.where(deviation > 0, deviation, 1),
    }


def prepare(inputs: np.ndarray, preparation: dict[str, np.ndarray]) -> np.ndarray:
    return ((inputs - preparation["mean"]) / preparation["deviation"]).astype(np.float32)
