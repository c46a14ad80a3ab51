"""What is left behind: the history, the predictions and a description of the model."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config


def write_predictions(path: Path, names, labels, outputs: np.ndarray, target: dict, config: Config):
    """Write one line for each row: truth and prediction in the unit of the data."""
    predicted = outputs[:, 0] * target["deviation"] + target["mean"]
    rows = [["row", "truth", "predicted"]]
    for name, *both in zip(names, labels, predicted, strict=True):
        rows.append([name, *(f"{number:.7g}" for number in both)])
    write_table(path, rows)
