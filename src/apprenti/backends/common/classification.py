"""Answer: a class. The model gives each class a probability, and the highest wins."""

from typing import Any

import numpy as np


def code_targets(labels: np.ndarray, split: tuple) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Return the targets of both parts, and what turns them back into answers."""
    classes = np.unique(labels[np.concatenate(split)])
    # Each label becomes the number of its class, counted from 0
    coded = [np.searchsorted(classes, labels[rows]) for rows in split]
    return coded, {"classes": classes.tolist(), "outputs": len(classes)}
