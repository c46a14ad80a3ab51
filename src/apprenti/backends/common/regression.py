"""Target: a number. The model predicts it, and is measured by how far off it is (regression)."""

import numpy as np


def code_labels(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> tuple[dict, list]:
    """Return what turns outputs back into the unit of the data, and the targets of both sets."""
    # Networks learn best when the targets, too, have mean 0 and standard deviation 1
    mean, deviation = labels[train].mean(), labels[train].std() or 1.0
    if not np.isfinite(deviation):
        raise SystemExit("The numbers to predict are too large: their spread cannot be computed.")
    target = {"mean": float(mean), "deviation": float(deviation), "outputs": 1}
    targets = [np.float32((labels[some, None] - mean) / deviation) for some in (train, valid)]
    return target, targets


def make_targets(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> tuple:
    # Networks learn best when the targets, too, have mean 0 and standard deviation 1
    average, spread = labels[train].mean(), labels[train].std() or 1.0
    scaled = np.float32((labels[:, None] - average) / spread)
    train_targets, valid_targets = scaled[train], scaled[valid]
    return train_targets, valid_targets, None


def code_test(labels: list, outputs: np.ndarray, target: dict) -> tuple[np.ndarray, np.ndarray]:
    """Return the targets of the test rows, and what the model gives for them."""
    scaled = (np.array(labels)[:, None] - target["mean"]) / target["deviation"]
    return np.float32(scaled), outputs
