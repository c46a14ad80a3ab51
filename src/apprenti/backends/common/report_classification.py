"""What is left behind: the history, the predictions and a description of the model."""

import numpy as np

from apprenti.backends.common.data import Data


def predictions(probabilities: np.ndarray, data: Data):
    classes = data.target["classes"]
    yield "row", "truth", "predicted", "confidence"
    for row, truth, scores in zip(data.valid_rows, data.valid_targets, probabilities, strict=True):
        best = scores.argmax()
        yield row, classes[truth], classes[best], f"{scores[best]:.6f}"
