"""What is left behind: the history, the predictions and a description of the model."""

import numpy as np

from apprenti.backends.common.data import Data
from apprenti.backends.common.report import write_table


def write_predictions(probabilities: np.ndarray, data: Data) -> None:
    rows, classes = [], data.target["classes"]
    for row, truth, scores in zip(data.valid_rows, data.valid_targets, probabilities, strict=True):
        best = scores.argmax()
        names = {"truth": classes[truth], "predicted": classes[best]}
        rows.append({"row": row, **names, "confidence": f"{scores[best]:.6f}"})
    write_table("predictions.csv", rows)
