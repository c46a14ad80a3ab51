"""Answer: a number. The model estimates it, and is measured by how far off it is (regression)."""

from typing import Any

import numpy as np


def code_targets(labels: np.ndarray, split: tuple) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Return the targets of both parts, and what turns them back into answers."""
    mean, deviation = labels[split[0]].mean(), labels[split[0]].std() or 1.0
    # Networks learn best when the answers, too, have mean 0 and standard deviation 1
    scaled = ((labels[:, None] - mean) / deviation).astype(np.float32)
    target = {"mean": float(mean), "deviation": float(deviation), "outputs": 1}
    return [scaled[rows] for rows in split], target
