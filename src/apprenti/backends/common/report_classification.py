"""What is left behind: the history, the predictions and a description of the model."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config


def write_predictions(path: Path, names, labels, outputs: np.ndarray, target: dict, config: Config):
    """Write one line for each row: truth, prediction, the probability of each class."""
    classes = every = target["classes"]
    if config.many_classes:
        # They would make a table too wide: their probabilities have a file of their own
        np.savez_compressed(path.with_suffix(".npz"), probabilities=outputs)
        every = []
    rows = [["row", "truth", "predicted", "confidence", *(f"probability_{name}" for name in every)]]
    for name, truth, scores in zip(names, labels, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, truth, classes[scores.argmax()], *numbers])
    write_table(path, rows)
