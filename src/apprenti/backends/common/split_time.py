"""Split: by time. The latest rows are the test set, those before the validation set."""

import numpy as np
import pandas as pd

from apprenti.backends.common.moments import moments
from apprenti.backends.common.settings import Config


def split(by: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    times = moments(pd.Series(by), config)
    # Rows without a time come last, and are in no set
    order = np.argsort(times.to_numpy(), kind="stable")[: times.count()]
    times = times.iloc[order].to_numpy()
    # Rows of one time stay together: a set begins where the time changes
    begins = np.flatnonzero(np.concatenate([[True], times[1:] != times[:-1]]))
    first_test = nearest(begins[2:], len(order) - config.test) if config.test else len(order)
    earlier = begins[(begins > 0) & (begins < first_test)]
    if config.folds:
        # Each fold validates on the rows that follow those it learns from
        first_valid, after = cut(earlier, first_test, config.folds)[config.fold :][:2]
    else:
        first_valid = nearest(earlier, first_test - config.valid)
    # If fewer rows are wanted for training, they are the latest
    train, test = order[:first_valid][-config.train :], order[first_test:]
    if config.folds:
        valid = np.sort(order[first_valid:after])
    else:
        valid = np.sort(order[first_valid:first_test])
    return train, valid, test


def nearest(places: np.ndarray, wanted: int) -> int:
    return places[np.abs(places - wanted).argmin()]


def cut(places: np.ndarray, end: int, folds: int) -> list[int]:
    """Return where each fold begins, and where the last one ends: alike in rows if they can be."""
    cuts = []
    for n in range(1, folds + 1):
        # Each fold has a time at least, and leaves one for each that follows
        some = places[len(cuts) : len(places) - folds + n]
        some = some[some > cuts[-1]] if cuts else some
        cuts.append(nearest(some, end * n // (folds + 1)))
    return [*cuts, end]
