"""Measuring: how good are the predictions?"""

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure_classification import measure


def measure_epoch(epoch: int, predict, data: Data, seconds: float) -> dict:
    """Return one row of the history: the scores on rows learned from, and on rows never seen."""
    # Of the rows learned from, ten thousand are enough to tell, always the same ones
    train = measure("train", predict(data.train_inputs[:10_000]), data.train_targets[:10_000])
    valid = measure("valid", predict(data.valid_inputs), data.valid_targets)
    return {"epoch": epoch, **train, **valid, "seconds": round(seconds, 3)}
