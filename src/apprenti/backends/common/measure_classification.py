"""Measuring: how good are the predictions?"""

import numpy as np

from apprenti.backends.common.data import Data


def measure_epoch(epoch: int, predict, data: Data, seconds: float) -> dict:
    """Return one row of the history: the scores on rows learned from, and on rows never seen."""
    # Of the rows learned from, ten thousand are enough to tell, always the same ones
    train = measure("train", predict(data.train_inputs[:10_000]), data.train_targets[:10_000])
    valid = measure("valid", predict(data.valid_inputs), data.valid_targets)
    return {"epoch": epoch, **train, **valid, "seconds": round(seconds, 3)}


def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Return the loss (cross-entropy) and the accuracy, under names that begin with the part."""
    # The loss is small when the true class was given a high probability
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}
