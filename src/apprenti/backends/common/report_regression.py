"""What is left behind: the history, the predictions and a description of the model."""

import numpy as np

from apprenti.backends.common.data import Data


def predictions(estimates: np.ndarray, data: Data):
    mean, deviation = data.target["mean"], data.target["deviation"]
    yield "row", "truth", "predicted"
    for row, *both in zip(data.valid_rows, data.valid_targets[:, 0], estimates[:, 0], strict=True):
        # Back to the unit of the data
        yield row, *(f"{number * deviation + mean:.7g}" for number in both)
