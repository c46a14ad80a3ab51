"""Split: by time. The latest rows are the test set, those before the validation set."""

import numpy as np

from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config

TRAIN, VALID, TEST, UNUSED = range(4)


def line_up(rows: Rows, config: Config) -> np.ndarray:
    return np.argsort(rows.by, kind="stable")


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    parts = np.full(len(rows.by), UNUSED)
    known = order[: len(order) - config.test]
    parts[order[len(known) :]] = TEST
    first_valid = len(known) - config.valid
    parts[known[first_valid:]] = VALID
    # Where fewer rows are wanted for training, they are the latest
    parts[known[:first_valid][-config.train :]] = TRAIN
    return parts
