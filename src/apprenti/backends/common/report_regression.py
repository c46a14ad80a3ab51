"""What is left behind: the history, the predictions and a description of the model."""

import numpy as np

from apprenti.backends.common.data import Data
from apprenti.backends.common.report import write_table


def write_predictions(estimates: np.ndarray, data: Data) -> None:
    rows, mean, deviation = [], data.target["mean"], data.target["deviation"]
    for row, *both in zip(data.valid_rows, data.valid_targets[:, 0], estimates[:, 0], strict=True):
        # Back to the unit of the data
        truth, predicted = (f"{number * deviation + mean:.7g}" for number in both)
        rows.append({"row": row, "truth": truth, "predicted": predicted})
    write_table("predictions.csv", rows)
