"""Predictions: one line for each new row."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config


def write_answers(path: Path, names, outputs: np.ndarray, target: dict, config: Config):
    # Back to the unit of the data
    numbers = outputs[:, 0] * target["deviation"] + target["mean"]
    rows = [(name, f"{number:.7g}") for name, number in zip(names, numbers, strict=True)]
    write_table(path, ["row", "predicted"], rows)
