"""Split: by time. The latest rows are the test set, those before the validation set."""

import numpy as np
import pandas as pd

from apprenti.backends.common.moments import moments
from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config

TRAIN, VALID, TEST, UNUSED = range(4)


def line_up(rows: Rows, config: Config) -> np.ndarray:
    # Rows without a time come last
    times = moments(pd.Series(rows.by), config)
    return np.argsort(times.to_numpy(), kind="stable")


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    parts = np.full(len(rows.by), UNUSED)
    times = moments(pd.Series(rows.by), config).iloc[order].dropna().to_numpy()
    known, first_test = order[: len(times)], len(times)
    # Rows of one moment stay together: a part begins where the time changes
    begins = np.flatnonzero(np.concatenate([[True], times[1:] != times[:-1]]))
    if config.test:
        first_test = nearest(begins[2:], first_test - config.test)
    parts[known[first_test:]] = TEST
    earlier = begins[(begins > 0) & (begins < first_test)]
    first_valid = nearest(earlier, first_test - config.valid)
    parts[known[first_valid:first_test]] = VALID
    # Where fewer rows are wanted for training, they are the latest
    parts[known[:first_valid][-config.train :]] = TRAIN
    return parts


def nearest(places: np.ndarray, wanted: int) -> int:
    return places[np.abs(places - wanted).argmin()]
