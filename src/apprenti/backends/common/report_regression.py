"""What is left behind: the history, the predictions and a description of the model."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config


def write_predictions(path: Path, known, outputs: np.ndarray, target: dict, config: Config):
    # Back to the unit of the data
    predicted = outputs[:, 0] * target["deviation"] + target["mean"]
    answers = zip(*known, predicted, strict=True)
    rows = [[name, *(f"{number:.7g}" for number in both)] for name, *both in answers]
    write_table(path, ["row", "truth", "predicted"], rows)
